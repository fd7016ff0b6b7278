import type { StyleTable } from "./style-table.ts";

/** A position that is not known, after something whose width terminals disagree on. */
export const LOST = -1;

/** Where the terminal's cursor is and in which style it writes, and the bytes that bring both where they have to be. */
export class ScreenCursor {
  /** Without it rows are reached by relative moves only: the first row is wherever the live area begins. */
  readonly #absolute: boolean;
  #styles: StyleTable;
  #x = 0;
  #y = 0;
  #style = 0;
  /** The last thing sent was a glyph: the next may join it. */
  #afterGlyph = false;
  #bytes = "";

  constructor(styles: StyleTable, options: { readonly absolute: boolean }) {
    this.#styles = styles;
    this.#absolute = options.absolute;
  }

  get row(): number {
    return this.#y;
  }

  /** What was collected since the last call. */
  take(): string {
    const bytes = this.#bytes;
    this.#bytes = "";
    return bytes;
  }

  /** Says where the cursor is; the style is plain. */
  reset(x: number, y: number, styles: StyleTable = this.#styles): void {
    this.#styles = styles;
    this.#x = x;
    this.#y = y;
    this.#style = 0;
    this.#afterGlyph = false;
  }

  /** Sends something that leaves position and style alone. */
  send(bytes: string): void {
    this.#bytes += bytes;
    this.#afterGlyph = false;
  }

  style(id: number): void {
    if (id === this.#style) return;
    const bytes = this.#styles.transition(this.#style, id);
    this.#style = id;
    if (bytes !== "") this.send(bytes);
  }

  /** No link stays open behind a frame: what others write next is not part of it. */
  closeLink(): void {
    if (this.#styles.isLink(this.#style)) this.style(0);
  }

  moveTo(x: number, y: number): void {
    if (x === this.#x && y === this.#y) return;
    this.send(y === this.#y ? this.#alongRow(x) : this.#toRow(x, y));
    this.#x = x;
    this.#y = y;
  }

  /** Writes text of plain characters that take `cells`. */
  write(text: string, cells: number): void {
    this.#bytes += text;
    this.#x += cells;
    this.#afterGlyph = true;
  }

  /** Writes a glyph that has to stand alone, at the given place. */
  writeAlone(text: string, x: number): void {
    if (this.#afterGlyph) this.#x = LOST;
    this.moveTo(x, this.#y);
    this.write(text, 0);
    this.#x = LOST;
  }

  /** What was sent has moved the cursor there. */
  placed(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
  }

  /** The position in the row is no longer certain. */
  lose(): void {
    this.#x = LOST;
  }

  #alongRow(x: number): string {
    if (x === 0) return "\r";
    const absolute = `\u001b[${x + 1}G`;
    if (this.#x === LOST) return absolute;
    if (x === this.#x - 1) return "\b";
    const distance = Math.abs(x - this.#x);
    const relative = `\u001b[${distance === 1 ? "" : distance}${x > this.#x ? "C" : "D"}`;
    return relative.length < absolute.length ? relative : absolute;
  }

  #toRow(x: number, y: number): string {
    const down = y - this.#y;
    if (down === 1 && x === 0 && this.#y !== LOST) return "\r\n";
    if (this.#absolute) return `\u001b[${y + 1}${x === 0 ? "" : `;${x + 1}`}H`;
    const rows = `\u001b[${Math.abs(down) === 1 ? "" : Math.abs(down)}${down > 0 ? "B" : "A"}`;
    return rows + (x === this.#x ? "" : this.#alongRow(x));
  }
}
