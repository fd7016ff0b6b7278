/** A place in a text, both counted from 1; columns are UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function lineAndColumn(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

const CONTEXT_BEFORE = 80;
const CONTEXT_AFTER = 60;

/** The line at `place` with its number, and a caret under the column. Control characters and what looks like a key are covered. */
export function excerpt(text: string, place: Place): string {
  const line = maskSecrets((text.split("\n")[place.line - 1] ?? "").replace(/\r$/, ""));
  const start = Math.max(0, place.column - 1 - CONTEXT_BEFORE);
  const end = place.column - 1 + CONTEXT_AFTER;
  const shown = `${start > 0 ? "…" : ""}${printable(line.slice(start, end))}${end < line.length ? "…" : ""}`;
  const before = `${start > 0 ? "…" : ""}${line.slice(start, place.column - 1)}`;
  const gutter = `${place.line} | `;
  const indent = before.replace(/[^\t]/g, " ").padEnd(place.column - 1 - start + (start > 0 ? 1 : 0));
  return `${gutter}${shown}\n${" ".repeat(gutter.length)}${indent}^`;
}

/** Covers what looks like an API key or a bearer token, character by character so that columns stay. */
export function maskSecrets(text: string): string {
  return text
    .replace(/\b(?:sk|gsk|xai|ghp|pat)[-_][A-Za-z0-9_-]{6,}|\bAIza[A-Za-z0-9_-]{10,}/g, cover)
    .replace(/(?<=\b(?:Bearer|Basic)\s+)[^\s"',}]+/gi, cover);
}

/** Control characters replaced, so that a damaged file cannot steer the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "\uFFFD");
}

function cover(match: string): string {
  return "*".repeat(match.length);
}
