import type { CursorPlace } from "./buffer-surface.ts";
import { CellBuffer } from "./cell-buffer.ts";
import type { GlyphTable } from "./glyph-table.ts";
import { paintRow, type RowContext } from "./row-painter.ts";
import { LOST, ScreenCursor } from "./screen-cursor.ts";
import { findScrollShift } from "./scroll-shift.ts";
import type { StyleTable } from "./style-table.ts";
import type { CursorShape } from "./surface.ts";

/** What the terminal can do, as far as the bytes depend on it. */
export interface PainterOptions {
  /** On the alternate screen rows have fixed numbers and may be scrolled; inline the live area begins wherever it is. */
  readonly inline: boolean;
  /** Erasing leaves the background colour behind. */
  readonly backgroundErase: boolean;
}

/** Frames shorter than this reach the terminal whole anyway. */
const SHORT_FRAME = 64;
const SHAPES: Readonly<Record<CursorShape, number>> = { block: 2, underline: 4, bar: 6 };

/** Keeps what the terminal shows and finds the fewest bytes that make it show something else. */
export class Painter {
  readonly #options: PainterOptions;
  readonly #cursor: ScreenCursor;
  #glyphs: GlyphTable;
  #styles: StyleTable;
  #front: CellBuffer;
  #cursorShown = true;
  #shape: CursorShape | undefined;
  /** Set by the terminal's answer: it shows a frame only when it is complete. */
  synchronized = false;

  /** The screen is blank and the cursor in its first cell. */
  constructor(tables: { readonly glyphs: GlyphTable; readonly styles: StyleTable }, options: PainterOptions) {
    this.#glyphs = tables.glyphs;
    this.#styles = tables.styles;
    this.#options = options;
    this.#cursor = new ScreenCursor(tables.styles, { absolute: !options.inline });
    this.#front = new CellBuffer(0, 0);
  }

  /** What the terminal shows, as far as is known. */
  get front(): CellBuffer {
    return this.#front;
  }

  get cursorRow(): number {
    return this.#cursor.row;
  }

  /** The screen is blank again, with the cursor in the first cell of the area and a plain style. */
  startBlank(width: number, height: number): void {
    this.#front = new CellBuffer(width, height);
    this.#cursor.reset(0, 0, this.#styles);
    this.#cursorShown = true;
    this.#shape = undefined;
  }

  /** Nothing is known of what the terminal shows. The next frame writes every cell. With tables: they replace the ones used before. */
  forget(
    size: { readonly width: number; readonly height: number },
    tables?: { readonly glyphs: GlyphTable; readonly styles: StyleTable },
  ): void {
    if (tables !== undefined) {
      this.#glyphs = tables.glyphs;
      this.#styles = tables.styles;
    }
    this.#front = new CellBuffer(size.width, size.height);
    this.#front.forget();
    this.#cursor.send("\u001b[m");
    if (this.#options.inline) this.#cursor.reset(LOST, this.#cursor.row, this.#styles);
    else this.#cursor.reset(LOST, LOST, this.#styles);
    this.#shape = undefined;
  }

  /** The bytes that turn what is shown into `back`; "" when nothing changes. */
  paint(back: CellBuffer, cursor: CursorPlace | undefined): string {
    if (!this.#options.inline) this.#scroll(back);
    const context: RowContext = {
      front: this.#front,
      back,
      cursor: this.#cursor,
      glyphs: this.#glyphs,
      styles: this.#styles,
      backgroundErase: this.#options.backgroundErase,
    };
    for (let row = 0; row < back.height; row++) paintRow(context, row);
    this.#cursor.closeLink();
    this.#front.glyphs.set(back.glyphs);
    this.#front.styles.set(back.styles);
    const body = this.#cursor.take();
    this.#placeCursor(cursor);
    return this.#framed(body, this.#cursor.take());
  }

  #framed(body: string, cursor: string): string {
    const shown = this.#cursorShown;
    const frame = body + cursor;
    if (frame.length < SHORT_FRAME) return frame;
    if (this.synchronized) return `\u001b[?2026h${frame}\u001b[?2026l`;
    return shown && !cursor.includes("\u001b[?25h") ? `\u001b[?25l${frame}\u001b[?25h` : frame;
  }

  #placeCursor(cursor: CursorPlace | undefined): void {
    if (cursor === undefined) {
      if (this.#cursorShown) this.#cursor.send("\u001b[?25l");
      this.#cursorShown = false;
      return;
    }
    this.#cursor.moveTo(cursor.x, cursor.y);
    if (this.#shape !== cursor.shape) this.#cursor.send(`\u001b[${SHAPES[cursor.shape]} q`);
    this.#shape = cursor.shape;
    if (!this.#cursorShown) this.#cursor.send("\u001b[?25h");
    this.#cursorShown = true;
  }

  #scroll(back: CellBuffer): void {
    const found = findScrollShift(this.#front, back);
    if (found === undefined) return;
    const { top, bottom, shift } = found;
    this.#cursor.style(0);
    this.#cursor.send(`\u001b[${top + 1};${bottom}r\u001b[${Math.abs(shift) === 1 ? "" : Math.abs(shift)}${shift > 0 ? "S" : "T"}\u001b[r`);
    // Setting the region sent the cursor home.
    this.#cursor.placed(0, 0);
    this.#front.scroll(top, bottom, shift);
  }
}
