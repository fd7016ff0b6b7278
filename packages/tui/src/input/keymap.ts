import { nearestName } from "../text/nearest-name.ts";
import type { KeyEvent } from "./event.ts";

/** Where a key is pressed. */
export type KeyContext = "global" | "composer" | "history" | "approval" | "list" | "overlay";

export interface Binding {
  readonly action: string;
  readonly context: KeyContext;
  /** As "ctrl-c", "alt-enter", "shift-tab", "pageup", "?", "shift-g". */
  readonly keys: readonly string[];
  /** One line for the help. */
  readonly help: string;
}

export interface Keymap {
  /** The action the key has in this very context, or undefined. */
  find(context: KeyContext, key: KeyEvent): string | undefined;
  /** All bindings as in force, in the table's order. */
  readonly bindings: readonly Binding[];
}

export interface KeymapResult {
  readonly keymap: Keymap;
  /** One sentence per entry of the user's table that was not followed, or that left an action without a key. */
  readonly problems: readonly string[];
}

/** Keys by action: "action", or "context.action" where several contexts have one of that name. [] = no key. */
export type UserKeys = Readonly<Record<string, string | readonly string[]>>;

const NAMED = new Set(
  "enter tab escape backspace delete insert space up down left right home end pageup pagedown f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12".split(
    " ",
  ),
);
const ALIASES: Readonly<Record<string, string>> = {
  esc: "escape",
  return: "enter",
  del: "delete",
  ins: "insert",
  pgup: "pageup",
  pgdn: "pagedown",
};
const MODIFIERS = ["ctrl", "alt", "shift"] as const;

/**
 * The default bindings with the user's changes. A key the user gives to an action is taken from the default that had it in the same
 * context; of two of the user's own the first keeps it.
 */
export function makeKeymap(bindings: readonly Binding[], user: UserKeys = {}): KeymapResult {
  const problems: string[] = [];
  const chosen = userBindings(bindings, user, problems);
  const taken = new Map<string, string>();
  const changed = bindings.map((binding, index) => {
    const keys = chosen.get(index);
    if (keys === undefined) return binding;
    return { ...binding, keys: keys.filter((key) => claim(taken, key, { binding, problems })) };
  });
  const inForce = changed.map((binding, index) => (chosen.has(index) ? binding : withoutTaken(binding, taken, problems)));
  const actions = new Map(
    inForce.flatMap(({ context, action, keys }) => keys.map((key) => [`${context} ${normalKey(key) ?? key}`, action])),
  );
  const find = (context: KeyContext, key: KeyEvent): string | undefined => actions.get(`${context} ${keyName(key)}`);
  return { keymap: { find, bindings: inForce }, problems };
}

/** The key as bindings name it: of shift only where it does not show in the character itself. */
export function keyName({ name, ctrl, alt, shift }: KeyEvent): string {
  const withShift = shift && (NAMED.has(name) || isLetter(name));
  return [...(ctrl ? ["ctrl"] : []), ...(alt ? ["alt"] : []), ...(withShift ? ["shift"] : []), name].join("-");
}

/** The name of a key in its normal form; undefined when there is no such key. */
function normalKey(text: string): string | undefined {
  const parts = new Set<string>();
  let rest = text.trim();
  for (let match = /^(ctrl|control|alt|meta|option|shift)[-+](?=.)/i.exec(rest); match !== null;) {
    const modifier = (match[1] ?? "").toLowerCase();
    parts.add(modifier === "control" ? "ctrl" : modifier === "meta" || modifier === "option" ? "alt" : modifier);
    rest = rest.slice(match[0].length);
    match = /^(ctrl|control|alt|meta|option|shift)[-+](?=.)/i.exec(rest);
  }
  const lower = rest.toLowerCase();
  const name = ALIASES[lower] ?? (rest === " " ? "space" : lower);
  const isCharacter = Array.from(name).length === 1;
  if (!isCharacter && !NAMED.has(name)) return undefined;
  if (isLetter(name) && rest !== lower && parts.size === 0) parts.add("shift");
  if (isCharacter && !isLetter(name)) parts.delete("shift");
  return [...MODIFIERS.filter((modifier) => parts.has(modifier)), name].join("-");
}

function isLetter(name: string): boolean {
  return name.toLowerCase() !== name.toUpperCase() && Array.from(name).length === 1;
}

/** The user's keys by the place of the binding in the table. */
function userBindings(bindings: readonly Binding[], user: UserKeys, problems: string[]): Map<number, string[]> {
  const chosen = new Map<number, string[]>();
  for (const [entry, value] of Object.entries(user)) {
    const places = bindings.flatMap(({ action, context }, index) => (entry === action || entry === `${context}.${action}` ? [index] : []));
    if (places.length === 0) problems.push(`There is no action "${entry}"${nearAction(bindings, entry)}`);
    const keys = (typeof value === "string" ? [value] : value).flatMap((key) => {
      const normal = normalKey(key);
      if (normal === undefined) problems.push(`"${key}" of "${entry}" is no key; keys are named as in "ctrl-k", "alt-enter", "f2", "?".`);
      return normal === undefined ? [] : [normal];
    });
    for (const place of places) chosen.set(place, keys);
  }
  return chosen;
}

function claim(
  taken: Map<string, string>,
  key: string,
  { binding, problems }: { readonly binding: Binding; readonly problems: string[] },
): boolean {
  const place = `${binding.context} ${key}`;
  const owner = taken.get(place);
  if (owner === undefined) taken.set(place, binding.action);
  else problems.push(`"${key}" is given to both "${owner}" and "${binding.action}" (${binding.context}); "${owner}" has it.`);
  return owner === undefined;
}

function withoutTaken(binding: Binding, taken: ReadonlyMap<string, string>, problems: string[]): Binding {
  const keys = binding.keys.filter((key) => !taken.has(`${binding.context} ${normalKey(key) ?? key}`));
  if (keys.length === binding.keys.length) return binding;
  if (keys.length === 0) problems.push(`"${binding.action}" (${binding.context}) has no key left.`);
  return { ...binding, keys };
}

/** The action whose name comes near, or begins alike, if any. */
function nearAction(bindings: readonly Binding[], entry: string): string {
  const word = entry.split(".").at(-1) ?? entry;
  const names = bindings.map(({ action }) => action);
  const near = nearestName(word, names) ?? names.find((name) => name.startsWith(word.slice(0, 3)) || name.includes(word));
  return near === undefined ? "; /keymap lists them." : `; did you mean "${near}"?`;
}
