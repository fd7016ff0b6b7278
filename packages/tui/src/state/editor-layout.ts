import { graphemes } from "../text/width.ts";
import { moveTo, type Editor } from "./editor.ts";

/** A row of the composer: the part of the text from `start` to `end`, without its line break. */
export interface EditorRow {
  readonly start: number;
  readonly end: number;
}

/** The text in rows of at most `width` cells, broken after blanks where there are some. At least one row. */
export function editorRows(text: string, width: number): EditorRow[] {
  const rows: EditorRow[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    rows.push(...lineRows(line, start, Math.max(1, width)));
    start += line.length + 1;
  }
  return rows;
}

/** Where the cursor stands in rows of `width` cells. */
export function cursorCell({ text, cursor }: Editor, width: number): { readonly row: number; readonly column: number } {
  const rows = editorRows(text, width);
  const row = rows.findLastIndex(({ start }) => start <= cursor);
  const { start } = rows[row] ?? { start: 0 };
  return { row, column: cellsOf(text.slice(start, cursor)) };
}

/** The cursor a row up or down, at the column it came from; undefined at the first and the last row. */
export function moveRow(editor: Editor, by: -1 | 1, width: number): Editor | undefined {
  const rows = editorRows(editor.text, width);
  const { row, column } = cursorCell(editor, width);
  const target = rows[row + by];
  if (target === undefined) return undefined;
  const goal = editor.goalColumn ?? column;
  let offset = target.start;
  let used = 0;
  for (const piece of graphemes(editor.text.slice(target.start, target.end))) {
    if (used + piece.width > goal) break;
    used += piece.width;
    offset += piece.text.length;
  }
  // The end of a wrapped row is the start of the next.
  const isWrapped = rows[row + by + 1]?.start === target.end && offset === target.end;
  return moveTo(editor, isWrapped ? Math.max(target.start, offset - 1) : offset, goal);
}

function lineRows(line: string, offset: number, width: number): EditorRow[] {
  const rows: EditorRow[] = [];
  let start = 0;
  let used = 0;
  let at = 0;
  let breakAt = 0;
  for (const piece of graphemes(line)) {
    if (used + piece.width > width) {
      const end = breakAt > start ? breakAt : at;
      rows.push({ start: offset + start, end: offset + end });
      used = cellsOf(line.slice(end, at));
      start = end;
      breakAt = end;
    }
    at += piece.text.length;
    used += piece.width;
    if (piece.text === " ") breakAt = at;
  }
  rows.push({ start: offset + start, end: offset + line.length });
  return rows;
}

function cellsOf(text: string): number {
  let cells = 0;
  for (const piece of graphemes(text)) cells += piece.width;
  return cells;
}
