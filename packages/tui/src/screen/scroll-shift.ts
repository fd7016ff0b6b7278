import type { CellBuffer } from "./cell-buffer.ts";
import { BLANK } from "./glyph-table.ts";

/** A part of the screen that moved: what is to stand in the rows from `top` to before `bottom` stands `shift` rows further down now. */
export interface ScrollShift {
  /** The rows the terminal has to scroll, shifted and freed ones together. */
  readonly top: number;
  readonly bottom: number;
  /** Positive = up. */
  readonly shift: number;
}

/** Fewer rows than this are not worth the bytes of a scroll. */
const LEAST_ROWS = 3;

/** The scroll that spares most rows, if any. Rows are known by their hashes and compared whole before they count. */
export function findScrollShift(front: CellBuffer, back: CellBuffer): ScrollShift | undefined {
  const changed = changedRows(front, back);
  if (changed === undefined) return undefined;
  const shift = likelyShift(front, back, changed);
  return shift === undefined ? undefined : longestMatch(front, back, { ...changed, shift });
}

interface RowRange {
  readonly top: number;
  readonly bottom: number;
}

function changedRows(front: CellBuffer, back: CellBuffer): RowRange | undefined {
  let top = 0;
  let bottom = back.height;
  while (top < bottom && sameRow(front, top, { buffer: back, row: top })) top += 1;
  while (bottom > top && sameRow(front, bottom - 1, { buffer: back, row: bottom - 1 })) bottom -= 1;
  return bottom - top > LEAST_ROWS ? { top, bottom } : undefined;
}

/** The distance that most rows with something in them agree on. */
function likelyShift(front: CellBuffer, back: CellBuffer, { top, bottom }: RowRange): number | undefined {
  const places = new Map<number, number>();
  for (let row = top; row < bottom; row++) {
    const hash = rowHash(front, row);
    // A row that stands there twice says nothing about distances.
    if (hash !== 0) places.set(hash, places.has(hash) ? -1 : row);
  }
  const votes = new Map<number, number>();
  let best: number | undefined;
  for (let row = top; row < bottom; row++) {
    const place = places.get(rowHash(back, row)) ?? -1;
    if (place < 0 || place === row) continue;
    const count = (votes.get(place - row) ?? 0) + 1;
    votes.set(place - row, count);
    if (best === undefined || count > (votes.get(best) ?? 0)) best = place - row;
  }
  return best;
}

/** The longest run of rows that are found at the distance. */
function longestMatch(front: CellBuffer, back: CellBuffer, range: RowRange & { readonly shift: number }): ScrollShift | undefined {
  const { shift } = range;
  const first = Math.max(range.top, range.top - shift);
  const last = Math.min(range.bottom, range.bottom - shift);
  let best: RowRange = { top: 0, bottom: 0 };
  let start = first;
  for (let row = first; row <= last; row++) {
    if (row < last && sameRow(front, row + shift, { buffer: back, row })) continue;
    if (row - start > best.bottom - best.top) best = { top: start, bottom: row };
    start = row + 1;
  }
  if (worthOf(back, best) < LEAST_ROWS) return undefined;
  return { top: Math.min(best.top, best.top + shift), bottom: Math.max(best.bottom, best.bottom + shift), shift };
}

function worthOf(back: CellBuffer, { top, bottom }: RowRange): number {
  let rows = 0;
  for (let row = top; row < bottom; row++) if (rowHash(back, row) !== 0) rows += 1;
  return rows;
}

function sameRow(front: CellBuffer, row: number, other: { readonly buffer: CellBuffer; readonly row: number }): boolean {
  const { width, glyphs, styles } = front;
  const from = row * width;
  const to = other.row * width;
  for (let x = 0; x < width; x++) {
    if (glyphs[from + x] !== other.buffer.glyphs[to + x] || styles[from + x] !== other.buffer.styles[to + x]) return false;
  }
  return true;
}

/** 0 for a blank row. */
function rowHash(buffer: CellBuffer, row: number): number {
  const { width, glyphs, styles } = buffer;
  const base = row * width;
  let hash = 0;
  for (let x = 0; x < width; x++) {
    const glyph = glyphs[base + x] ?? BLANK;
    const style = styles[base + x] ?? 0;
    if (glyph !== BLANK || style !== 0) hash = Math.imul(hash ^ (glyph + (style << 21) + x * 31), 0x01000193) | 1;
  }
  return hash;
}
