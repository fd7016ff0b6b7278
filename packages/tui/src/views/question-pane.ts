import type { Surface } from "../screen/surface.ts";
import type { State } from "../state/model.ts";
import { plural } from "../text/format.ts";
import { plainText, type Line } from "../text/line.ts";
import { drawScrollbar } from "./scrollbar.ts";
import type { ScrollPane } from "./scroll-pane.ts";

/** Whether rows and pages move the question: of a patch it is the diff above that is read. */
export function readsQuestion({ approvals, answer }: State, pane: QuestionPane): boolean {
  const [approval] = approvals;
  return approval !== undefined && (approval.kind !== "patch" || answer.explained) && pane.scrolls;
}

/** Rows that one page leaves in sight. */
const OVERLAP = 2;

/** What is asked. Of more than there is room for the beginning and the end, which says why, stand there at first; all of it can be scrolled to. */
export class QuestionPane implements Pick<ScrollPane, "scrollBy" | "scrollPages"> {
  #question = "";
  /** The first row in sight; undefined while the middle is left out. */
  #top: number | undefined;
  #height = 1;
  #total = 0;

  /** Whether there is more than is in sight. */
  get scrolls(): boolean {
    return this.#total > this.#height;
  }

  /** Draws in the left part of `surface`; its last column is the scrollbar's. Another question (by `id`) begins at its beginning. */
  draw(surface: Surface, lines: readonly Line[], { id, keys }: { readonly id: string; readonly keys: string }): void {
    if (id !== this.#question) this.#top = undefined;
    this.#question = id;
    this.#height = surface.height;
    this.#total = lines.length;
    // A larger screen shows more.
    if (this.#top !== undefined) this.#top = Math.max(0, Math.min(this.#top, lines.length - surface.height));
    const shown = this.#top === undefined || !this.scrolls ? folded(lines, surface.height, keys) : this.#window(lines, this.#top);
    for (const [row, line] of shown.entries()) surface.write(0, row, line);
    if (this.#top !== undefined) drawScrollbar(surface, { above: this.#top, total: lines.length, focused: true });
  }

  scrollBy(rows: number): void {
    const top = (this.#top ?? 0) + rows;
    this.#top = top <= 0 ? undefined : Math.min(top, this.#total - this.#height);
  }

  scrollPages(pages: number): void {
    // The first page goes on where the beginning ends.
    const page = this.#top === undefined ? headRows(this.#height) : Math.max(1, this.#height - OVERLAP);
    this.scrollBy(pages * page);
  }

  #window(lines: readonly Line[], top: number): readonly Line[] {
    return lines.slice(top, top + this.#height);
  }
}

/** Of lines that do not fit the beginning and the end, without blank ones, and between them how many are left out and what shows them. */
function folded(lines: readonly Line[], height: number, keys: string): readonly Line[] {
  if (lines.length <= height) return lines;
  const dense = lines.filter((line) => plainText(line).trim() !== "");
  if (dense.length <= height) return dense;
  const head = headRows(height);
  const tail = height - head - 1;
  const cut: Line = [
    { text: `… ${plural(dense.length - head - tail, "more line")}`, style: { fg: "warning" } },
    { text: ` · ${keys}`, style: { fg: "muted" } },
  ];
  return [...dense.slice(0, head), cut, ...dense.slice(dense.length - tail)];
}

function headRows(height: number): number {
  return Math.max(0, Math.ceil((height - 1) / 2));
}
