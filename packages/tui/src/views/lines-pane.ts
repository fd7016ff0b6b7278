import type { Surface } from "../screen/surface.ts";
import type { Line } from "../text/line.ts";
import { plainText } from "../text/line.ts";
import { drawScrollbar } from "./scrollbar.ts";
import { markMatches } from "./draw-lines.ts";
import type { ScrollPane } from "./scroll-pane.ts";

/** A text that is made for a width and scrolled through: help, status, a diff. */
export class LinesPane implements ScrollPane {
  readonly #make: (width: number) => readonly Line[];
  #width = -1;
  #height = 1;
  #lines: readonly Line[] = [];
  #top = 0;
  #marked = "";

  constructor(make: (width: number) => readonly Line[]) {
    this.#make = make;
  }

  /** The text has changed. */
  refresh(): void {
    this.#width = -1;
  }

  draw(surface: Surface): void {
    const width = surface.width - 3;
    if (width !== this.#width) this.#lines = this.#make(width);
    this.#width = width;
    this.#height = surface.height;
    this.#moveTo(this.#top);
    for (let row = 0; row < surface.height; row++) {
      const line = this.#lines[this.#top + row];
      if (line !== undefined) surface.write(1, row, markMatches(line, this.#marked));
    }
    drawScrollbar(surface, { above: this.#top, total: this.#lines.length, focused: true });
  }

  scrollBy(rows: number): void {
    this.#moveTo(this.#top + rows);
  }

  scrollPages(pages: number): void {
    this.#moveTo(this.#top + pages * Math.max(1, this.#height - 1));
  }

  scrollToStart(): void {
    this.#moveTo(0);
  }

  scrollToEnd(): void {
    this.#moveTo(Number.MAX_SAFE_INTEGER);
  }

  find(text: string, direction: -1 | 0 | 1): boolean {
    const wanted = text.toLowerCase();
    if (wanted === "") return false;
    const count = this.#lines.length;
    for (let step = direction === 0 ? 0 : 1; step <= count; step++) {
      const at = (this.#top + (direction === -1 ? -step : step) + count) % count;
      if (
        !plainText(this.#lines[at] ?? [])
          .toLowerCase()
          .includes(wanted)
      )
        continue;
      this.#top = at;
      return true;
    }
    return false;
  }

  mark(text: string): void {
    this.#marked = text;
  }

  #moveTo(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#lines.length - this.#height));
  }
}
