import type { Binding, KeyContext } from "../input/keymap.ts";
import type { State } from "../state/model.ts";
import { SLASH_COMMANDS } from "../state/slash-commands.ts";
import { VIM_KEYS } from "../vim/key-help.ts";
import type { Line } from "../text/line.ts";
import { lineWidth } from "../text/line.ts";
import { wrapLine } from "../text/wrap.ts";

const CONTEXTS: readonly (readonly [KeyContext, string])[] = [
  ["composer", "Composer"],
  ["global", "Everywhere"],
  ["history", "History pane (tab)"],
  ["approval", "Review"],
  ["list", "Lists"],
  ["overlay", "Full-screen views"],
];

/** Every command and every key in force, from the tables that make them work. */
export function helpLines(state: State, width: number): Line[] {
  return [
    heading("Commands"),
    ...SLASH_COMMANDS.flatMap(({ name, argument, help }) => entry(`/${name}${argument === "" ? "" : ` ${argument}`}`, help, width)),
    ...entry("@name", "put in the path of a file", width),
    ...entry("!command", "run a command yourself; the model sees it with your next message", width),
    ...entry("\\ enter", "new line, where the terminal knows no other", width),
    ...keyLines(state, ({ keys, help }) => entry(keysText(keys), help, width)),
    [],
    heading(`Composer with vi keys (/vim${state.vim === undefined ? "" : ", on"})`),
    ...VIM_KEYS.flatMap(([keys, help]) => entry(keys, help, width)),
    [],
    ...wrapLine([{ text: "Other keys? /keymap tells how they are changed.", style: { fg: "muted" } }], { width }),
  ];
}

/** Every key in force with the name of its action, and how it is changed. */
export function keymapLines(state: State, width: number): Line[] {
  const how = [
    "Keys are changed in config.toml, by the names at the right:",
    "",
    "  [tui.keymap]",
    '  submit = ["alt-enter"]',
    '  "history.page-up" = ["b", "ctrl-b"]   # where several places have the name',
    "  suspend = []                          # no key",
  ];
  return [
    ...how.flatMap((text): Line[] => (text === "" ? [[]] : wrapLine([{ text, style: { fg: "muted" } }], { width }))),
    ...keyLines(state, (binding) => bindingLines(binding, width)),
  ];
}

function keyLines(state: State, show: (binding: Binding) => Line[]): Line[] {
  const { bindings } = state.settings.keymap;
  return CONTEXTS.flatMap(([context, title]) => [[], heading(title), ...bindings.filter((each) => each.context === context).flatMap(show)]);
}

/** Keys as people know them; the configuration takes these names as well. */
function keysText(keys: readonly string[]): string {
  if (keys.length === 0) return "(none)";
  return keys.join("  ").replaceAll("escape", "esc").replaceAll("pageup", "pgup").replaceAll("pagedown", "pgdn");
}

function heading(text: string): Line {
  return [{ text, style: { fg: "heading", bold: true } }];
}

function bindingLines({ action, keys, help }: Binding, width: number): Line[] {
  const lines = entry(keysText(keys), help, width);
  const last = lines.at(-1) ?? [];
  const style = { fg: "accent" } as const;
  const gap = width - lineWidth(last) - action.length - 1;
  // At the right where there is room, else below.
  if (gap >= 2) return [...lines.slice(0, -1), [...last, { text: " ".repeat(gap) }, { text: action, style }]];
  return [...lines, [{ text: " ".repeat(Math.max(0, width - action.length - 1)) }, { text: action, style }]];
}

const KEYS = 30;

function entry(keys: string, help: string, width: number): Line[] {
  if (width < 60) {
    return [
      ...wrapLine([{ text: keys, style: { fg: "accent" } }], { width, first: [{ text: "  " }] }),
      ...wrapLine([{ text: help }], { width, first: [{ text: "    " }] }),
    ];
  }
  if (keys.length > KEYS - 2)
    return [
      [{ text: `  ${keys}`, style: { fg: "accent" } }],
      ...wrapLine([{ text: help }], { width, first: [{ text: " ".repeat(KEYS + 2) }] }),
    ];
  return wrapLine([{ text: help }], { width, first: [{ text: `  ${keys.padEnd(KEYS)}`, style: { fg: "accent" } }] });
}
