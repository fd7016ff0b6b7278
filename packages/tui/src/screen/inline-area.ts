import type { CellBuffer } from "./cell-buffer.ts";
import { BLANK } from "./glyph-table.ts";

/** From the cursor's row of the live area to the first cell of the area. */
export function toOrigin(cursorRow: number): string {
  return cursorRow > 0 ? `\r\u001b[${cursorRow}A` : "\r";
}

/**
 * Erases from the start of the cursor's row on, and stays there. From the second column: of a screen that is erased whole, from its first
 * cell, tmux keeps a copy in the scrollback.
 */
export const ERASE_BELOW = "\u001b[K\u001b[C\u001b[J\r";

/** Makes room for so many blank rows from the cursor's on, scrolling when it is near the bottom, and returns to the first. */
export function reserveRows(rows: number): string {
  return `${ERASE_BELOW}${"\r\n".repeat(rows - 1)}${rows > 1 ? `\u001b[${rows - 1}A` : ""}`;
}

/** How many rows above the cursor the area begins, after the terminal has wrapped its rows to another width. */
export function rowsAfterReflow(front: CellBuffer, cursorRow: number, width: number): number {
  let rows = 0;
  for (let row = 0; row < cursorRow; row++) rows += Math.max(1, Math.ceil(usedCells(front, row) / width));
  return rows;
}

function usedCells({ glyphs, styles, width }: CellBuffer, row: number): number {
  let used = width;
  while (used > 0 && glyphs[row * width + used - 1] === BLANK && styles[row * width + used - 1] === 0) used -= 1;
  return used;
}
