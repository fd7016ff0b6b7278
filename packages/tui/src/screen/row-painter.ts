import type { CellBuffer } from "./cell-buffer.ts";
import { BLANK, CONTINUATION, type GlyphTable } from "./glyph-table.ts";
import type { ScreenCursor } from "./screen-cursor.ts";
import type { StyleTable } from "./style-table.ts";

export interface RowContext {
  /** What the terminal shows. */
  readonly front: CellBuffer;
  /** What it is to show; of the same size. */
  readonly back: CellBuffer;
  readonly cursor: ScreenCursor;
  readonly glyphs: GlyphTable;
  readonly styles: StyleTable;
  /** Erasing leaves the background colour behind. */
  readonly backgroundErase: boolean;
}

/** Unchanged cells between two changes that are written along with them. */
const GAP = 3;
/** Blanks at the end of a row that are written rather than erased. */
const FEW_BLANKS = 3;

/** Sends what differs in the row. */
export function paintRow(context: RowContext, row: number): void {
  const { back } = context;
  const base = row * back.width;
  const end = base + back.width;
  let tail: number | undefined;
  for (let cell = nextDifference(context, base, end); cell < end; cell = nextDifference(context, cell, end)) {
    tail ??= tailStart(context, base, end);
    if (cell >= tail && end - cell > FEW_BLANKS) {
      eraseFrom(context, cell, row);
      return;
    }
    if (back.glyphs[cell] === CONTINUATION) cell -= 1;
    const stop = runEnd(context, cell, end - tail > FEW_BLANKS && cell < tail ? tail : end);
    writeRun(context, cell, stop);
    if (stop === end) context.cursor.lose();
    cell = stop;
  }
}

function differs({ front, back }: RowContext, cell: number): boolean {
  return front.glyphs[cell] !== back.glyphs[cell] || front.styles[cell] !== back.styles[cell];
}

function nextDifference(context: RowContext, from: number, end: number): number {
  let cell = from;
  while (cell < end && !differs(context, cell)) cell += 1;
  return cell;
}

/** Where the blanks at the end of the row begin, as far as erasing makes the same ones. */
function tailStart({ back, styles, backgroundErase }: RowContext, base: number, end: number): number {
  const style = back.styles[end - 1] ?? 0;
  const erasable = styles.erasable(style);
  if (erasable === "never" || (erasable === "with-background" && !backgroundErase)) return end;
  let cell = end;
  while (cell > base && back.glyphs[cell - 1] === BLANK && back.styles[cell - 1] === style) cell -= 1;
  return cell;
}

function eraseFrom({ back, cursor }: RowContext, cell: number, row: number): void {
  cursor.moveTo(cell - row * back.width, row);
  cursor.style(back.styles[cell] ?? 0);
  cursor.send("\u001b[K");
}

/** The end of what is written in one go from `start` on: changes, short gaps between them, cells that glyphs may cover by mistake. */
function runEnd(context: RowContext, start: number, limit: number): number {
  const { front, back, glyphs } = context;
  let end = start;
  for (let cell = start; cell < limit && cell <= end + GAP; cell++) {
    if (differs(context, cell)) {
      const reach = Math.max(glyphs.spill(front.glyphs[cell] ?? BLANK), glyphs.spill(back.glyphs[cell] ?? BLANK));
      end = Math.max(end, cell + reach);
    } else if (cell >= end && !continues(context, cell)) break;
  }
  end = Math.min(end, limit);
  while (end < limit && back.glyphs[end] === CONTINUATION) end += 1;
  return end;
}

/** Writing the unchanged cell takes one byte: a plain glyph in the style of the one before. */
function continues({ back, glyphs }: RowContext, cell: number): boolean {
  const glyph = back.glyphs[cell] ?? BLANK;
  return glyph >= 0 && glyph < 0x80 && !glyphs.isRisky(glyph) && back.styles[cell] === back.styles[cell - 1];
}

function writeRun(context: RowContext, start: number, end: number): void {
  const { back, cursor, glyphs } = context;
  const row = Math.floor(start / back.width);
  const base = row * back.width;
  let text = "";
  let cells = 0;
  const flush = (end: number): void => {
    cursor.moveTo(end - cells - base, row);
    if (cells > 0) cursor.write(text, cells);
    text = "";
    cells = 0;
  };
  let current = -1;
  for (let cell = start; cell < end; cell++) {
    const glyph = back.glyphs[cell] ?? BLANK;
    if (glyph === CONTINUATION) continue;
    const style = back.styles[cell] ?? 0;
    if (style !== current) {
      if (cells > 0) flush(cell);
      cursor.style(style);
      current = style;
    }
    const wide = back.glyphs[cell + 1] === CONTINUATION;
    if (glyphs.isRisky(glyph)) {
      flush(cell);
      if (wide) clearBelow(context, cell);
      cursor.writeAlone(glyphs.text(glyph), cell - base);
    } else {
      text += glyphs.text(glyph);
      cells += wide ? 2 : 1;
    }
  }
  if (cells > 0) flush(end);
}

/** A terminal that takes the glyph for narrow would leave what stands in its right half. */
function clearBelow({ front, cursor }: RowContext, cell: number): void {
  if (front.glyphs[cell + 1] !== BLANK) cursor.write("  ", 2);
}
