import type { Line } from "../text/line.ts";
import type { Style } from "./style.ts";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A rectangle of the frame being drawn, with its own coordinates from 0,0. What lies outside is cut, never an error. Every frame starts
 * blank: a view draws all it wants to be seen, the painter finds out what changed.
 */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Writes a line, or text in the surface's style; returns the column after it. A wide character that does not fit whole is left out. */
  write(x: number, y: number, content: Line | string): number;
  /** Blanks the surface, or the part of it within `rect`, in this style (over the surface's own). */
  fill(style: Style, rect?: Rect): void;
  /** A part of this surface, cut to it. With a style: spans written there inherit it. */
  sub(rect: Rect, style?: Style): Surface;
  /** Puts the terminal's real cursor here when the frame is shown. Without a call it is hidden. Outside of the surface: nothing happens. */
  placeCursor(x: number, y: number, shape?: CursorShape): void;
}

export type CursorShape = "block" | "bar" | "underline";
