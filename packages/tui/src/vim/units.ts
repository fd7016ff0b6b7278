import { tokenRanges, type Editor } from "../state/editor.ts";
import { graphemes } from "../text/width.ts";

/** What the cursor moves over at once: a character as a reader sees it, a token, a line break. */
export interface Unit {
  readonly start: number;
  readonly text: string;
  readonly kind: "word" | "sign" | "blank" | "break" | "token";
}

/** A text in units. An index beyond the last unit is the end of the text. */
export interface Units {
  readonly all: readonly Unit[];
  readonly length: number;
}

export function unitsOf(editor: Editor): Units {
  const all: Unit[] = [];
  let at = 0;
  const add = (text: string): void => {
    for (const line of text.split(/(\n)/)) {
      for (const piece of line === "\n" ? [{ text: "\n" }] : graphemes(line)) {
        all.push({ start: at, text: piece.text, kind: kindOf(piece.text) });
        at += piece.text.length;
      }
    }
  };
  for (const { start, end, token } of tokenRanges(editor)) {
    add(editor.text.slice(at, start));
    all.push({ start, text: token.label, kind: "token" });
    at = end;
  }
  add(editor.text.slice(at));
  return { all, length: editor.text.length };
}

function kindOf(text: string): Unit["kind"] {
  if (text === "\n") return "break";
  if (/^\s/.test(text)) return "blank";
  return /^[\p{L}\p{N}_]/u.test(text) ? "word" : "sign";
}

/** The index of the unit at an offset. */
export function indexAt({ all }: Units, offset: number): number {
  const index = all.findIndex(({ start }) => start >= offset);
  return index === -1 ? all.length : index;
}

export function offsetOf({ all, length }: Units, index: number): number {
  return all[index]?.start ?? length;
}

/** The first index of the line that holds `index`. */
export function lineStart({ all }: Units, index: number): number {
  let at = index;
  while (at > 0 && all[at - 1]?.kind !== "break") at -= 1;
  return at;
}

/** The index of the line's break, or the end of the text. */
export function lineEnd({ all }: Units, index: number): number {
  let at = index;
  while (at < all.length && all[at]?.kind !== "break") at += 1;
  return at;
}

/** The first index in the line that is no blank. */
export function firstInLine(units: Units, index: number): number {
  const end = lineEnd(units, index);
  let at = lineStart(units, index);
  while (at < end && units.all[at]?.kind === "blank") at += 1;
  return at;
}

/** The nearest index that a block cursor may stand on: behind the last character of a line it may not. */
export function onUnit(units: Units, index: number): number {
  const at = Math.max(0, Math.min(index, units.all.length));
  const isBehind = at === units.all.length || units.all[at]?.kind === "break";
  return isBehind && at > lineStart(units, at) ? at - 1 : at;
}
