import { canvasSurface, type Canvas, type CursorPlace } from "./buffer-surface.ts";
import { CellBuffer } from "./cell-buffer.ts";
import { GlyphTable } from "./glyph-table.ts";
import { Painter, type PainterOptions } from "./painter.ts";
import { StyleTable } from "./style-table.ts";
import type { Surface } from "./surface.ts";
import { THEMES, type ColorDepth, type ThemeName } from "./theme.ts";

export interface ScreenOptions extends PainterOptions {
  readonly theme: ThemeName;
  readonly colorDepth: ColorDepth;
}

/** Tables beyond this size are begun anew, so that a long session's memory stays bounded. */
const TABLE_LIMIT = 8192;

/** The frame being drawn, the one that is shown, and the bytes between them. */
export class Screen {
  readonly painter: Painter;
  #theme: ThemeName;
  readonly #colorDepth: ColorDepth;
  #canvas: Canvas;

  constructor(options: ScreenOptions) {
    this.#theme = options.theme;
    this.#colorDepth = options.colorDepth;
    this.#canvas = this.#newCanvas(0, 0);
    this.painter = new Painter(this.#canvas, options);
  }

  get width(): number {
    return this.#canvas.buffer.width;
  }

  get height(): number {
    return this.#canvas.buffer.height;
  }

  /** The frame drawn last. */
  get cells(): CellBuffer {
    return this.#canvas.buffer;
  }

  get cursor(): CursorPlace | undefined {
    return this.#canvas.cursor;
  }

  /** The screen is blank and has this size. */
  start(width: number, height: number): void {
    this.#resizeCanvas(width, height);
    this.painter.startBlank(width, height);
  }

  /** What the terminal shows is not known any more: after a resize, another program, a change of theme. */
  forget(width: number, height: number): void {
    this.#resizeCanvas(width, height);
    this.painter.forget({ width, height });
  }

  setTheme(theme: ThemeName): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#renewTables();
  }

  /** Draws a frame and returns the bytes that show it. */
  draw(view: (surface: Surface) => void): string {
    if (this.#canvas.glyphs.size > TABLE_LIMIT || this.#canvas.styles.size > TABLE_LIMIT) this.#renewTables();
    this.#canvas.buffer.clear();
    this.#canvas.cursor = undefined;
    view(canvasSurface(this.#canvas));
    return this.painter.paint(this.#canvas.buffer, this.#canvas.cursor);
  }

  /** The text of a cell of the frame drawn last; "" for the right half of a wide one. */
  textAt(x: number, y: number): string {
    const glyph = this.cells.glyphs[y * this.width + x] ?? 0x20;
    return glyph < 0 ? "" : this.#canvas.glyphs.text(glyph);
  }

  #renewTables(): void {
    const { width, height } = this;
    this.#canvas = this.#newCanvas(width, height);
    this.painter.forget({ width, height }, this.#canvas);
  }

  #resizeCanvas(width: number, height: number): void {
    this.#canvas = { ...this.#canvas, buffer: new CellBuffer(width, height), cursor: undefined };
  }

  #newCanvas(width: number, height: number): Canvas {
    return {
      buffer: new CellBuffer(width, height),
      glyphs: new GlyphTable(),
      styles: new StyleTable(THEMES[this.#theme], this.#colorDepth),
      cursor: undefined,
    };
  }
}
