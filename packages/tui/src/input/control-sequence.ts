import type { DecodedEvent, MouseEvent, TerminalReply } from "./event.ts";
import { codeKey, LETTER_KEYS, modifiersOf, namedKey, TILDE_KEYS, type Modifiers } from "./key-names.ts";

/** A complete CSI sequence. */
export interface ControlSequence {
  /** "<", "?", ">" or "=" before the parameters. */
  readonly prefix: string;
  /** Parameters; where one has parts, as in 1:3, all of them. */
  readonly parameters: readonly (readonly number[])[];
  readonly intermediates: string;
  readonly final: string;
  readonly text: string;
}

export function parseControlSequence(text: string): ControlSequence {
  const [, prefix = "", parameters = "", intermediates = "", final = ""] = /^\u001b\[([<=>?]?)([0-9:;]*)([ -/]*)(.)$/s.exec(text) ?? [];
  return {
    prefix,
    parameters: parameters === "" ? [] : parameters.split(";").map((part) => part.split(":").map(Number)),
    intermediates,
    final,
    text,
  };
}

/** What the sequence means; undefined for what means nothing, as the release of a key. `alt`: an escape came before it. */
export function controlSequenceEvent(sequence: ControlSequence, alt: boolean): DecodedEvent | undefined {
  const { prefix, final } = sequence;
  if (prefix === "<" && (final === "M" || final === "m")) return mouseEvent(sequence);
  if (prefix !== "" || sequence.intermediates !== "") return { kind: "reply", reply: replyOf(sequence) };
  if (final === "I" || final === "O") return { kind: "focus", focused: final === "I" };
  if (final === "~" || final === "u" || final in LETTER_KEYS) return keyEvent(sequence, alt);
  return { kind: "reply", reply: replyOf(sequence) };
}

function keyEvent(sequence: ControlSequence, alt: boolean): DecodedEvent | undefined {
  const { final, parameters } = sequence;
  const [first = 1] = parameters[0] ?? [];
  const [modifier, kind] = parameters[1] ?? [];
  // The release of a key, in the kitty protocol.
  if (kind === 3) return undefined;
  if (final === "R" && parameters.length === 2 && first !== 1) return { kind: "reply", reply: replyOf(sequence) };
  const own = modifiersOf(modifier);
  const modifiers = alt ? { ...own, alt: true } : own;
  if (final === "u") return codeKey(first, modifiers);
  if (final === "~") return tildeKey(sequence, modifiers);
  return namedKey(LETTER_KEYS[final] ?? "", final === "Z" ? { ...modifiers, shift: true } : modifiers);
}

/** 27 ; modifiers ; code point is how xterm sends modified keys that have no sequence of their own. */
function tildeKey({ parameters }: ControlSequence, modifiers: Modifiers): DecodedEvent | undefined {
  const [first = 1] = parameters[0] ?? [];
  if (first === 27) return codeKey(parameters[2]?.[0] ?? 0, modifiers);
  const name = TILDE_KEYS[first];
  return name === undefined ? undefined : namedKey(name, modifiers);
}

/** SGR mouse reports: bits 0 and 1 the button, 2 shift, 3 alt, 4 ctrl, 5 motion, 6 wheel. */
function mouseEvent({ parameters, final }: ControlSequence): MouseEvent | undefined {
  const [bits = 0, column = 1, row = 1] = parameters.map(([first = 0]) => first);
  const wheel = (bits & 64) !== 0;
  if (wheel && (bits & 2) !== 0) return undefined;
  return {
    kind: "mouse",
    action: wheel ? "wheel" : (bits & 32) !== 0 ? "drag" : final === "M" ? "press" : "release",
    button: wheel ? "none" : ((["left", "middle", "right"] as const)[bits & 3] ?? "none"),
    wheel: wheel ? ((bits & 1) === 0 ? -1 : 1) : 0,
    x: Math.max(0, column - 1),
    y: Math.max(0, row - 1),
    shift: (bits & 4) !== 0,
    alt: (bits & 8) !== 0,
    ctrl: (bits & 16) !== 0,
  };
}

function replyOf({ prefix, parameters, intermediates, final, text }: ControlSequence): TerminalReply {
  const numbers = parameters.map(([first = 0]) => first);
  const [first = 0, second = 0] = numbers;
  if (prefix === "" && final === "R") return { type: "cursor", x: second - 1, y: first - 1 };
  if (prefix !== "?") return { type: "unknown", text };
  if (final === "u") return { type: "kitty-keyboard", flags: first };
  if (final === "c") return { type: "primary-attributes", parameters: numbers };
  if (final === "y" && intermediates === "$") return { type: "mode", mode: first, state: second };
  if (final === "n" && first === 997) return { type: "color-scheme", scheme: second === 2 ? "light" : "dark" };
  return { type: "unknown", text };
}

/** The meaning of an OSC, DCS, APC, PM or SOS string: terminals send them as answers only. */
export function stringReply(text: string): TerminalReply {
  const color = /^\u001b\](1[01]);rgba?:([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)/i.exec(text);
  if (color !== null) {
    const [, which, ...parts] = color;
    const [red = 0, green = 0, blue = 0] = parts.map((part) => Math.round((Number.parseInt(part, 16) * 255) / (16 ** part.length - 1)));
    return { type: "color", which: which === "11" ? "background" : "foreground", rgb: (red << 16) | (green << 8) | blue };
  }
  const name = /^\u001bP>\|(.*?)(?:\u001b\\|\u0007)?$/s.exec(text);
  return name === null ? { type: "unknown", text } : { type: "name", text: name[1] ?? "" };
}
