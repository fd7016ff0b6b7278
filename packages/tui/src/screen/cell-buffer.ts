import { BLANK, CONTINUATION, UNKNOWN } from "./glyph-table.ts";

/** The cells of a screen, row by row. A wide glyph is always whole: its right half is a CONTINUATION, and nothing else is. */
export class CellBuffer {
  readonly width: number;
  readonly height: number;
  readonly glyphs: Int32Array;
  readonly styles: Uint16Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.glyphs = new Int32Array(width * height).fill(BLANK);
    this.styles = new Uint16Array(width * height);
  }

  clear(): void {
    this.glyphs.fill(BLANK);
    this.styles.fill(0);
  }

  /** Says that the terminal may show anything. */
  forget(): void {
    this.glyphs.fill(UNKNOWN);
    this.styles.fill(0);
  }

  /** Puts a glyph of 1 or 2 cells, which fits; halves of wide glyphs it covers become blank. */
  put(index: number, glyph: number, cell: { readonly width: number; readonly style: number }): void {
    const { glyphs, styles } = this;
    const last = index + cell.width - 1;
    if (glyphs[index] === CONTINUATION) glyphs[index - 1] = BLANK;
    if (last + 1 < glyphs.length && glyphs[last + 1] === CONTINUATION) glyphs[last + 1] = BLANK;
    glyphs[index] = glyph;
    styles[index] = cell.style;
    if (cell.width === 2) {
      glyphs[last] = CONTINUATION;
      styles[last] = cell.style;
    }
  }

  /** Blanks `length` cells of a row from `index` on. */
  blank(index: number, length: number, style: number): void {
    if (length <= 0) return;
    const { glyphs, styles } = this;
    const end = index + length;
    if (glyphs[index] === CONTINUATION) glyphs[index - 1] = BLANK;
    if (end < glyphs.length && glyphs[end] === CONTINUATION) glyphs[end] = BLANK;
    glyphs.fill(BLANK, index, end);
    styles.fill(style, index, end);
  }

  /** Moves the rows from `top` to before `bottom` by `shift` rows, up when positive; what comes free is blank. */
  scroll(top: number, bottom: number, shift: number): void {
    const { width } = this;
    for (const cells of [this.glyphs, this.styles]) {
      const free = cells === this.glyphs ? BLANK : 0;
      if (shift > 0) {
        cells.copyWithin(top * width, (top + shift) * width, bottom * width);
        cells.fill(free, (bottom - shift) * width, bottom * width);
      } else {
        cells.copyWithin((top - shift) * width, top * width, (bottom + shift) * width);
        cells.fill(free, top * width, (top - shift) * width);
      }
    }
  }
}
