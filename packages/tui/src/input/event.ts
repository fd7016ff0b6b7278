/** Keys that are not one printable character. A printable one is named by itself, letters in lower case: "a", "1", "é", "?". */
export type NamedKey =
  | "enter"
  | "tab"
  | "escape"
  | "backspace"
  | "delete"
  | "insert"
  | "space"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "pageup"
  | "pagedown"
  | `f${number}`;

export interface KeyEvent {
  readonly kind: "key";
  /** A `NamedKey` or the character of the key in lower case. */
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** What the key types: a whole grapheme part as sent, with case; absent for keys that type nothing (control, alt, named keys but space). */
  readonly text?: string | undefined;
}

export interface PasteEvent {
  readonly kind: "paste";
  /** Line ends are "\n". Other control characters are as they came. */
  readonly text: string;
}

export interface MouseEvent {
  readonly kind: "mouse";
  readonly action: "press" | "release" | "drag" | "wheel";
  readonly button: "left" | "middle" | "right" | "none";
  /** 1 = down, -1 = up, 0 = not a wheel event. */
  readonly wheel: -1 | 0 | 1;
  /** The cell, from 0. */
  readonly x: number;
  readonly y: number;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** A burst of wheel events within 100 ms, as one movement. Positive = down. */
export interface ScrollEvent {
  readonly kind: "scroll";
  readonly lines: number;
  readonly x: number;
  readonly y: number;
}

export interface FocusEvent {
  readonly kind: "focus";
  readonly focused: boolean;
}

export interface ResizeEvent {
  readonly kind: "resize";
  readonly columns: number;
  readonly rows: number;
}

/** The process came back from being stopped; everything is repainted by itself. */
export interface ResumeEvent {
  readonly kind: "resume";
}

/** The terminal is gone, as when its window was closed, or a signal asks for the end: the process is to exit, with 128 + n after a signal. */
export interface EndEvent {
  readonly kind: "end";
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;
}

/** What an interface has to react to. */
export type InputEvent = KeyEvent | PasteEvent | MouseEvent | ScrollEvent | FocusEvent | ResizeEvent | ResumeEvent | EndEvent;

/** What the terminal answered to a question. Never typed; the terminal's owner keeps it to itself. */
export type TerminalReply =
  /** OSC 10 and 11: 0xRRGGBB. */
  | { readonly type: "color"; readonly which: "foreground" | "background"; readonly rgb: number }
  | { readonly type: "kitty-keyboard"; readonly flags: number }
  /** DECRQM: 0 = unknown, 1 = set, 2 = reset, 3 and 4 = permanently so. */
  | { readonly type: "mode"; readonly mode: number; readonly state: number }
  | { readonly type: "cursor"; readonly x: number; readonly y: number }
  | { readonly type: "primary-attributes"; readonly parameters: readonly number[] }
  | { readonly type: "name"; readonly text: string }
  /** DSR 997: the colour scheme of the system changed. */
  | { readonly type: "color-scheme"; readonly scheme: "dark" | "light" }
  | { readonly type: "unknown"; readonly text: string };

export interface ReplyEvent {
  readonly kind: "reply";
  readonly reply: TerminalReply;
}

/** What the decoder makes of bytes. */
export type DecodedEvent = KeyEvent | PasteEvent | MouseEvent | FocusEvent | ReplyEvent;
