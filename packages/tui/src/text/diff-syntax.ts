import { harmlessText } from "./ansi.ts";
import type { DiffRow, TextRow } from "./diff-rows.ts";
import type { Span } from "./line.ts";
import type { Highlight } from "./markdown.ts";
import { expandTabs } from "./wrap.ts";

/** Rows that are coloured together: what begins before them, as a long comment, is not seen. */
const CHUNK_ROWS = 80;
/** Longer chunks, as of minified code, stay in one colour. */
const CHUNK_LENGTH = 8_000;
/** Nobody reads on that far, and it would cost seconds. */
const MOST_ROWS = 1_500;

/** The rows' texts in the colours of their language, each side of the diff by itself; what has no colours (yet) is left out. */
export function syntaxSpans(
  rows: readonly DiffRow[],
  { highlight, language }: { readonly highlight: Highlight; readonly language: string },
): ReadonlyMap<DiffRow, readonly Span[]> {
  const colored = new Map<DiffRow, readonly Span[]>();
  for (const chunk of chunks(rows.slice(0, MOST_ROWS))) {
    // What both sides have takes the colours of the side that is coming.
    for (const gone of ["added", "removed"] as const) {
      const side = chunk.filter(({ kind }) => kind !== gone);
      if (gone === "added" && side.length === chunk.length && side.every(({ kind }) => kind === "context")) continue;
      const code = side.map(rowText).join("\n");
      if (side.length === 0 || code.length > CHUNK_LENGTH) continue;
      const lines = highlight(code, language);
      if (lines?.length === side.length) side.forEach((row, index) => colored.set(row, lines[index] ?? []));
    }
  }
  return colored;
}

/** The text as a diff shows it. */
export function rowText({ text }: TextRow): string {
  return expandTabs(harmlessText(text));
}

function chunks(rows: readonly DiffRow[]): TextRow[][] {
  const all: TextRow[][] = [[]];
  for (const row of rows) {
    if (row.kind === "gap" || (all.at(-1)?.length ?? 0) >= CHUNK_ROWS) all.push([]);
    if ("number" in row) all.at(-1)?.push(row);
  }
  return all;
}
