import type { KeyEvent, NamedKey } from "./event.ts";

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

export const NO_MODIFIERS: Modifiers = { shift: false, alt: false, ctrl: false };

/** Finals of CSI and SS3 sequences. */
export const LETTER_KEYS: Readonly<Record<string, NamedKey>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "tab",
};

/** First parameters of CSI … ~. */
export const TILDE_KEYS: Readonly<Record<number, NamedKey>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  ...Object.fromEntries([11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((code, index) => [code, `f${index + 1}`])),
};

const KEYPAD = ["left", "right", "up", "down", "pageup", "pagedown", "home", "end", "insert", "delete"] as const;

/** Codes that are keys rather than characters, in the kitty protocol and others that send code points. */
const CODE_KEYS: Readonly<Record<number, NamedKey>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  32: "space",
  127: "backspace",
  57414: "enter",
  ...Object.fromEntries(KEYPAD.map((name, index) => [57417 + index, name])),
};

const KEYPAD_CHARACTERS = "0123456789./*-+";
const FIRST_PRIVATE = 57344;
const LAST_PRIVATE = 63743;

/** The modifiers of a sequence's parameter: 1 + shift 1, alt 2, ctrl 4, meta 32. */
export function modifiersOf(parameter: number | undefined): Modifiers {
  const bits = Math.max(0, (parameter ?? 1) - 1);
  return { shift: (bits & 1) !== 0, alt: (bits & (2 | 32)) !== 0, ctrl: (bits & 4) !== 0 };
}

export function namedKey(name: string, modifiers: Modifiers = NO_MODIFIERS): KeyEvent {
  const { ctrl, alt, shift } = modifiers;
  const key = { kind: "key", name, ctrl, alt, shift } as const;
  return name === "space" && !ctrl && !alt ? { ...key, text: " " } : key;
}

/** The key that types the character. */
function characterKey(character: string, modifiers: Modifiers = NO_MODIFIERS): KeyEvent {
  if (character === " ") return namedKey("space", modifiers);
  const name = character.toLowerCase();
  const { ctrl, alt } = modifiers;
  const shift = modifiers.shift || name !== character;
  const text = modifiers.shift && name === character ? character.toUpperCase() : character;
  const key = { kind: "key", name, ctrl, alt, shift } as const;
  return ctrl || alt ? key : { ...key, text };
}

/** The key of a code point sent with its modifiers; undefined for keys that mean nothing here, as a modifier alone. */
export function codeKey(code: number, modifiers: Modifiers): KeyEvent | undefined {
  const name = CODE_KEYS[code];
  if (name !== undefined) return namedKey(name, modifiers);
  if (code >= 57399 && code < 57399 + KEYPAD_CHARACTERS.length) return characterKey(KEYPAD_CHARACTERS.charAt(code - 57399), modifiers);
  if ((code >= FIRST_PRIVATE && code <= LAST_PRIVATE) || code > 0x10ffff || code < 32) return undefined;
  return characterKey(String.fromCodePoint(code), modifiers);
}

/** The key of a character as terminals without a keyboard protocol send it, control characters included. */
export function plainKey(character: string, alt: boolean): KeyEvent {
  const code = character.codePointAt(0) ?? 0;
  const modifiers = { ...NO_MODIFIERS, alt };
  if (code === 13 || code === 9 || code === 27 || code === 127) return namedKey(CODE_KEYS[code] ?? "", modifiers);
  if (code === 0) return namedKey("space", { ...modifiers, ctrl: true });
  if (code < 32) return characterKey(String.fromCharCode(code + 64).toLowerCase(), { ...modifiers, ctrl: true });
  return characterKey(character, modifiers);
}
