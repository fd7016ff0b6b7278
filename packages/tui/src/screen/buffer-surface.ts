import { clusterEnd, clusterWidth } from "../text/cluster.ts";
import type { Line } from "../text/line.ts";
import type { CellBuffer } from "./cell-buffer.ts";
import { BLANK, type GlyphTable } from "./glyph-table.ts";
import type { StyleTable } from "./style-table.ts";
import type { Style } from "./style.ts";
import type { CursorShape, Rect, Surface } from "./surface.ts";

/** Where the real cursor goes. */
export interface CursorPlace {
  readonly x: number;
  readonly y: number;
  readonly shape: CursorShape;
}

/** A frame being drawn. */
export interface Canvas {
  readonly buffer: CellBuffer;
  readonly glyphs: GlyphTable;
  readonly styles: StyleTable;
  cursor: CursorPlace | undefined;
}

/** The part of a canvas that may be drawn on; `right` and `bottom` are outside. */
interface Clip {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The surface that covers the whole canvas. */
export function canvasSurface(canvas: Canvas): Surface {
  const { width, height } = canvas.buffer;
  return new BufferSurface(canvas, { x: 0, y: 0, width, height }, { clip: { left: 0, top: 0, right: width, bottom: height }, style: 0 });
}

class BufferSurface implements Surface {
  readonly width: number;
  readonly height: number;
  readonly #canvas: Canvas;
  readonly #x: number;
  readonly #y: number;
  readonly #clip: Clip;
  readonly #style: number;

  constructor(canvas: Canvas, rect: Rect, { clip, style }: { readonly clip: Clip; readonly style: number }) {
    this.#canvas = canvas;
    this.#x = rect.x;
    this.#y = rect.y;
    this.width = Math.max(0, rect.width);
    this.height = Math.max(0, rect.height);
    this.#clip = clip;
    this.#style = style;
  }

  write(x: number, y: number, content: Line | string): number {
    const row = this.#y + y;
    if (row < this.#clip.top || row >= this.#clip.bottom) return x;
    let column = this.#x + x;
    if (typeof content === "string") return this.#writeText(content, { column, row, style: this.#style }) - this.#x;
    const { styles } = this.#canvas;
    for (const { text, style } of content) {
      if (column >= this.#clip.right) break;
      const id = style === undefined ? this.#style : styles.merge(this.#style, styles.intern(style));
      column = this.#writeText(text, { column, row, style: id });
    }
    return column - this.#x;
  }

  fill(style: Style, rect: Rect = { x: 0, y: 0, width: this.width, height: this.height }): void {
    const { buffer, styles } = this.#canvas;
    const clip = intersection(this.#clip, this.#placed(rect));
    const id = styles.merge(this.#style, styles.intern(style));
    for (let row = clip.top; row < clip.bottom; row++) buffer.blank(row * buffer.width + clip.left, clip.right - clip.left, id);
  }

  sub(rect: Rect, style?: Style): Surface {
    const { styles } = this.#canvas;
    const placed = this.#placed(rect);
    return new BufferSurface(this.#canvas, placed, {
      clip: intersection(this.#clip, placed),
      style: style === undefined ? this.#style : styles.merge(this.#style, styles.intern(style)),
    });
  }

  placeCursor(x: number, y: number, shape: CursorShape = "bar"): void {
    const place = { x: this.#x + x, y: this.#y + y, shape };
    const { left, top, right, bottom } = this.#clip;
    if (place.x >= left && place.x < right && place.y >= top && place.y < bottom) this.#canvas.cursor = place;
  }

  #placed(rect: Rect): Rect {
    return { ...rect, x: this.#x + rect.x, y: this.#y + rect.y };
  }

  /** Returns the column after the text, or where it was cut. */
  #writeText(text: string, at: { readonly column: number; readonly row: number; readonly style: number }): number {
    const { buffer, glyphs } = this.#canvas;
    const { left, right } = this.#clip;
    const { style } = at;
    const base = at.row * buffer.width;
    const narrow = { width: 1, style };
    const wide = { width: 2, style };
    let { column } = at;
    for (let index = 0; index < text.length;) {
      if (column >= right) return column;
      const code = text.charCodeAt(index);
      if (code >= 0x20 && code < 0x7f && !(text.charCodeAt(index + 1) >= 0x300)) {
        if (column >= left) buffer.put(base + column, code, narrow);
        column += 1;
        index += 1;
        continue;
      }
      const end = clusterEnd(text, index);
      const cluster = text.slice(index, end);
      const width = clusterWidth(cluster);
      index = end;
      if (width === 0) continue;
      if (column + width > right) {
        buffer.blank(base + column, right - column, style);
        return right;
      }
      if (column >= left) buffer.put(base + column, glyphs.intern(cluster), width === 2 ? wide : narrow);
      else if (column + width > left) buffer.put(base + left, BLANK, narrow);
      column += width;
    }
    return column;
  }
}

function intersection(clip: Clip, rect: Rect): Clip {
  const left = Math.max(clip.left, rect.x);
  const top = Math.max(clip.top, rect.y);
  return {
    left,
    top,
    right: Math.max(left, Math.min(clip.right, rect.x + Math.max(0, rect.width))),
    bottom: Math.max(top, Math.min(clip.bottom, rect.y + Math.max(0, rect.height))),
  };
}
