import { renderCell } from "../cells/render-cell.ts";
import type { RenderContext } from "../cells/render-context.ts";
import { StreamedText } from "../cells/streamed-text.ts";
import type { VirtualHistory, HistoryItems } from "../screen/virtual-history.ts";
import type { Surface } from "../screen/surface.ts";
import { isFinished, type Cell } from "../state/cell.ts";
import { plainText, type Line } from "../text/line.ts";
import { cellExtent } from "../cells/cell-extent.ts";
import { markMatches } from "./draw-lines.ts";
import { drawScrollbar } from "./scrollbar.ts";
import type { ScrollPane } from "./scroll-pane.ts";

/** Lines that are kept, of the cells that were shown last. */
const KEPT_LINES = 600;

export interface HistoryPaneOptions {
  readonly makeHistory: (items: HistoryItems) => VirtualHistory;
  /** Cells left and right of the text. */
  readonly margins?: { readonly left: number; readonly right: number };
}

/** The cells of a conversation, any number of them; only what is near the window is ever turned into lines. */
export class HistoryPane implements ScrollPane {
  readonly #history: VirtualHistory;
  readonly #margins: { readonly left: number; readonly right: number };
  /** As they were last shown; compared by identity. */
  #finished: readonly Cell[] = [];
  #live: readonly Cell[] = [];
  #context: RenderContext | undefined;
  #keptLines = 0;
  /** The oldest used stands first. */
  readonly #kept = new Map<Cell, { readonly width: number; readonly tools: unknown; readonly lines: readonly Line[] }>();
  readonly #streams = new Map<number, StreamedText>();
  readonly #heights = new Map<number, number>();
  #height = 1;
  #marked = "";
  #focused = false;
  /** To be shown from its beginning, with the next frame. */
  #shown: number | undefined;

  constructor({ makeHistory, margins = { left: 1, right: 2 } }: HistoryPaneOptions) {
    this.#margins = margins;
    this.#history = makeHistory({ measure: (index) => this.#linesAt(index).length });
  }

  /** Takes over what changed. `finished` grows or shrinks at its end, or is replaced as a whole. */
  sync(finished: readonly Cell[], live: readonly Cell[], context: RenderContext): void {
    const before = this.#context;
    this.#context = context;
    if (before !== undefined && before.tools !== context.tools) this.#toolsChanged();
    const known = this.#finished.length + this.#live.length;
    const start = this.#firstChange(finished);
    this.#finished = finished;
    const wasLive = this.#live;
    this.#live = live;
    this.#forgetGone(wasLive);
    const count = finished.length + live.length;
    if (count < known) this.#history.truncate(count);
    for (let index = start; index < count; index++) {
      const cell = this.#cellAt(index);
      if (cell === undefined) continue;
      if (index >= Math.min(known, count)) this.#history.append(cellExtent(cell));
      else if (index < finished.length || cell !== wasLive[index - finished.length] || !isFinished(cell)) this.#changed(index, cell);
    }
  }

  /** Whether the end is in view, whatever comes. */
  get following(): boolean {
    return this.#history.window().following;
  }

  set focused(focused: boolean) {
    this.#focused = focused;
  }

  draw(surface: Surface): void {
    const width = Math.max(4, surface.width - this.#margins.left - this.#margins.right);
    this.#height = surface.height;
    if (this.#context !== undefined && this.#context.width !== width) this.#context = { ...this.#context, width };
    this.#history.resize(width, surface.height);
    this.#goToShown(surface.height);
    const { items, above, total, following } = this.#history.window();
    for (const { index, top } of items) {
      const lines = this.#linesAt(index);
      for (let row = Math.max(0, -top); row < lines.length && top + row < surface.height; row++) {
        surface.write(this.#margins.left, top + row, markMatches(lines[row] ?? [], this.#marked));
      }
    }
    if (!following || this.#focused) drawScrollbar(surface, { above, total, focused: this.#focused });
  }

  scrollBy(rows: number): void {
    this.#history.scrollBy(rows);
  }

  scrollPages(pages: number): void {
    this.#history.scrollBy(pages * Math.max(1, this.#height - 1));
  }

  /** With the next frame the cell begins at the top, or the end is in view where that shows all of it. */
  showCell(id: number): void {
    this.#shown = id;
  }

  #goToShown(height: number): void {
    const id = this.#shown;
    this.#shown = undefined;
    if (id === undefined) return;
    const isIt = (cell: Cell): boolean => cell.id === id;
    const live = this.#live.findLastIndex(isIt);
    const index = live === -1 ? this.#finished.findLastIndex(isIt) : this.#finished.length + live;
    // The last line of a cell is blank.
    if (index === -1 || this.#linesAt(index).length - 1 <= height) this.#history.scrollToEnd();
    else this.#history.scrollTo({ index, row: 0 });
  }

  scrollToStart(): void {
    this.#history.scrollToStart();
  }

  scrollToEnd(): void {
    this.#history.scrollToEnd();
  }

  /** The cell that the top row belongs to. */
  cellOnTop(): Cell | undefined {
    const first = this.#history.window().items[0];
    return first === undefined ? undefined : this.#cellAt(first.index);
  }

  find(text: string, direction: -1 | 0 | 1): boolean {
    const wanted = text.toLowerCase();
    const count = this.#history.count;
    if (wanted === "" || count === 0) return false;
    const first = this.#history.window().items[0];
    const start = { index: first?.index ?? 0, row: Math.max(0, -(first?.top ?? 0)) };
    for (let step = 0; step <= count; step++) {
      const index = (start.index + (direction === -1 ? -step : step) + count * 2) % count;
      const rows = this.#rowsWith(index, wanted);
      const row =
        direction === -1
          ? rows.findLast((each) => step > 0 || each < start.row)
          : rows.find((each) => step > 0 || (direction === 0 ? each >= start.row : each > start.row));
      if (row === undefined) continue;
      this.#history.scrollTo({ index, row });
      return true;
    }
    return false;
  }

  mark(text: string): void {
    this.#marked = text;
  }

  #rowsWith(index: number, wanted: string): number[] {
    return this.#linesAt(index).flatMap((line, row) => (plainText(line).toLowerCase().includes(wanted) ? [row] : []));
  }

  /** The first index that may have changed: behind what was finished, unless the history was replaced. */
  #firstChange(finished: readonly Cell[]): number {
    if (finished === this.#finished) return finished.length;
    // Replaced as a whole, or the card on top was filled in.
    if (finished[0] !== this.#finished[0]) return 0;
    // Grown, or its end was taken back and others came after it.
    let same = Math.min(finished.length, this.#finished.length);
    while (same > 0 && finished[same - 1] !== this.#finished[same - 1]) same -= 1;
    return same;
  }

  #changed(index: number, cell: Cell): void {
    if (isFinished(cell)) {
      this.#history.change(index, cellExtent(cell));
      return;
    }
    const height = this.#linesAt(index).length;
    if (this.#heights.get(cell.id) === height) return;
    this.#heights.set(cell.id, height);
    this.#history.change(index, cellExtent(cell));
  }

  /** What was made of a cell while it grew is used once more, when it is drawn finished; one that never is must not be kept for ever. */
  #forgetGone(wasLive: readonly Cell[]): void {
    if (this.#streams.size === 0 && this.#heights.size === 0) return;
    const ids = new Set([...wasLive, ...this.#live].map(({ id }) => id));
    for (const kept of [this.#streams, this.#heights]) for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
  }

  #toolsChanged(): void {
    this.#kept.clear();
    this.#keptLines = 0;
    this.#streams.clear();
    const count = this.#history.count;
    for (const { index } of this.#history.window().items) {
      const cell = this.#cellAt(index);
      if (cell !== undefined && index < count) this.#history.change(index, cellExtent(cell));
    }
  }

  #cellAt(index: number): Cell | undefined {
    return index < this.#finished.length ? this.#finished[index] : this.#live[index - this.#finished.length];
  }

  #linesAt(index: number): readonly Line[] {
    const cell = this.#cellAt(index);
    const context = this.#context;
    if (cell === undefined || context === undefined) return [];
    if (!isStill(cell)) return this.#liveLines(cell, context);
    const kept = this.#kept.get(cell);
    if (kept !== undefined && kept.width === context.width && kept.tools === context.tools) return kept.lines;
    // What was streamed is made into lines already.
    const lines = this.#streams.has(cell.id) ? this.#liveLines(cell, context) : renderCell(cell, context);
    this.#drop(cell);
    this.#kept.set(cell, { width: context.width, tools: context.tools, lines });
    this.#keptLines += lines.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptLines <= KEPT_LINES || oldest === cell) break;
      this.#drop(oldest);
    }
    this.#streams.delete(cell.id);
    return lines;
  }

  #drop(cell: Cell): void {
    this.#keptLines -= this.#kept.get(cell)?.lines.length ?? 0;
    this.#kept.delete(cell);
  }

  #liveLines(cell: Cell, context: RenderContext): readonly Line[] {
    if (cell.kind !== "agent" && cell.kind !== "reasoning") return renderCell(cell, context);
    const stream = this.#streams.get(cell.id) ?? new StreamedText(cell.kind);
    this.#streams.set(cell.id, stream);
    return stream.lines(cell.text, context);
  }
}

/** Nothing in it moves by itself: its lines hold until the cell is another. A patch that waits for its answer may be long. */
function isStill(cell: Cell): boolean {
  return isFinished(cell) || (cell.kind === "patch" && cell.status === "proposed");
}
