import type { Surface } from "../screen/surface.ts";

/** A part of the screen that shows a window of something longer. */
export interface ScrollPane {
  draw(surface: Surface): void;
  /** Positive = down. */
  scrollBy(rows: number): void;
  scrollPages(pages: number): void;
  scrollToStart(): void;
  scrollToEnd(): void;
  /** Brings the next row with the text to the top; `direction` 0 may find the row that is on top. False = there is none. */
  find(text: string, direction: -1 | 0 | 1): boolean;
  /** Marks the rows that hold this text; empty = none. */
  mark(text: string): void;
}
