import { HeightIndex } from "./height-index.ts";

/** What the history's owner tells about its items, which are counted from 0. */
export interface HistoryItems {
  /** The exact height of the item at this width, in rows, 0 or more. May be as costly as wrapping it: it is asked for near the viewport only. */
  measure(index: number, width: number): number;
}

/** Where the viewport's top is. */
export interface HistoryAnchor {
  readonly index: number;
  /** Rows of the item above the viewport. */
  readonly row: number;
}

/** An item that is at least partly visible. */
export interface VisibleItem {
  readonly index: number;
  /** Row of the viewport where it begins; negative when its head is above. */
  readonly top: number;
  readonly height: number;
}

export interface HistoryWindow {
  readonly items: readonly VisibleItem[];
  /** Rows above the viewport and in all; estimates as far as items were never measured at this width. */
  readonly above: number;
  readonly total: number;
  /** New rows at the end come into view by themselves. */
  readonly following: boolean;
}

/**
 * Heights of any number of items and the viewport over them: what is off screen costs nothing but numbers. O(log n) a step. While not
 * following, the row at the top of the viewport stays where it is, whatever is appended, changes or is measured anew.
 */
export interface VirtualHistory {
  readonly count: number;
  /** Adds an item at the end. `extent`: about how many cells its text takes, for the estimate of its height. */
  append(extent: number): void;
  /** The item's content changed. */
  change(index: number, extent: number): void;
  /** Keeps the first `count` items. */
  truncate(count: number): void;
  /** Another width makes all heights estimates again; another height alone changes none. */
  resize(width: number, height: number): void;
  /** Positive = down. Downward past the end means following again. */
  scrollBy(rows: number): void;
  scrollToEnd(): void;
  scrollToStart(): void;
  /** Brings the row of the item to the top of the viewport, or `offset` rows below it. */
  scrollTo(anchor: HistoryAnchor, offset?: number): void;
  window(): HistoryWindow;
}

export function createVirtualHistory(items: HistoryItems): VirtualHistory {
  return new History(items);
}

class History implements VirtualHistory {
  readonly #items: HistoryItems;
  readonly #heights = new HeightIndex();
  #extents = new Int32Array(64);
  /** The `#age` at which the item was measured; another one means that its height is an estimate. */
  #measuredAt = new Int32Array(64);
  #age = 1;
  #width = 80;
  #height = 24;
  /** Undefined = following the end. */
  #anchor: HistoryAnchor | undefined;

  constructor(items: HistoryItems) {
    this.#items = items;
  }

  get count(): number {
    return this.#heights.count;
  }

  append(extent: number): void {
    const index = this.count;
    if (index === this.#extents.length) this.#grow();
    this.#extents[index] = extent;
    this.#measuredAt[index] = 0;
    this.#heights.append(this.#estimate(index));
  }

  change(index: number, extent: number): void {
    this.#extents[index] = extent;
    this.#measuredAt[index] = 0;
    this.#heights.set(index, this.#estimate(index));
  }

  truncate(count: number): void {
    this.#heights.truncate(count);
    if (this.#anchor !== undefined && this.#anchor.index >= count) this.#anchor = undefined;
  }

  resize(width: number, height: number): void {
    this.#height = Math.max(1, height);
    if (width === this.#width) return;
    const before = this.#anchor;
    const share = before === undefined ? 0 : before.row / Math.max(1, this.#heights.height(before.index));
    this.#width = Math.max(1, width);
    this.#age += 1;
    this.#heights.replaceAll((index) => this.#estimate(index));
    // The same part of the item at the top stays at the top: its rows are other rows now.
    if (before !== undefined) this.#anchor = { index: before.index, row: Math.floor(share * this.#measure(before.index)) };
  }

  scrollBy(rows: number): void {
    if (rows === 0 || this.count === 0) return;
    const from = this.#anchor ?? this.#endAnchor();
    if (from === undefined) return;
    this.#anchor = rows < 0 ? this.#up(from, -rows) : this.#down(from, rows);
    const end = this.#endAnchor();
    const { index, row } = this.#anchor;
    if (rows > 0 && (end === undefined || index > end.index || (index === end.index && row >= end.row))) this.#anchor = undefined;
  }

  scrollToEnd(): void {
    this.#anchor = undefined;
  }

  scrollToStart(): void {
    this.#anchor = this.#endAnchor() === undefined ? undefined : { index: 0, row: 0 };
  }

  scrollTo({ index, row }: HistoryAnchor, offset = 0): void {
    const at = Math.min(Math.max(0, index), Math.max(0, this.count - 1));
    const target = { index: at, row: Math.min(Math.max(0, row), Math.max(0, this.#measure(at) - 1)) };
    this.#anchor = this.#up(target, offset);
    this.#holdWithinEnd();
  }

  window(): HistoryWindow {
    this.#holdWithinEnd();
    const anchor = this.#anchor ?? this.#endAnchor() ?? { index: 0, row: 0 };
    const items: VisibleItem[] = [];
    let top = 0 - anchor.row;
    for (let index = anchor.index; index < this.count && top < this.#height; index++) {
      const height = this.#measure(index);
      if (height > 0 && top + height > 0) items.push({ index, top, height });
      top += height;
    }
    return {
      items,
      above: this.#heights.before(anchor.index) + anchor.row,
      total: this.#heights.total,
      following: this.#anchor === undefined,
    };
  }

  /** A viewport below the last possible place, after items shrank or the window grew, shows the end without following it on. */
  #holdWithinEnd(): void {
    const anchor = this.#anchor;
    if (anchor === undefined) return;
    let rows = -anchor.row;
    for (let index = anchor.index; index < this.count && rows < this.#height; index++) rows += this.#measure(index);
    const row = Math.min(anchor.row, Math.max(0, this.#measure(anchor.index) - 1));
    if (rows < this.#height) this.#anchor = this.#endAnchor();
    else if (row !== anchor.row) this.#anchor = { index: anchor.index, row };
  }

  /** The top of the viewport that shows the last row at its bottom; undefined when everything fits. */
  #endAnchor(): HistoryAnchor | undefined {
    let left = this.#height;
    for (let index = this.count - 1; index >= 0; index--) {
      const height = this.#measure(index);
      if (height >= left) return index === 0 && height === left ? undefined : { index, row: height - left };
      left -= height;
    }
    return undefined;
  }

  #up(from: HistoryAnchor, rows: number): HistoryAnchor {
    let { index } = from;
    let row = from.row - rows;
    while (row < 0 && index > 0) {
      index -= 1;
      row += this.#measure(index);
    }
    return { index, row: Math.max(0, row) };
  }

  #down(from: HistoryAnchor, rows: number): HistoryAnchor {
    let { index } = from;
    let row = from.row + rows;
    for (let height = this.#measure(index); row >= height && index < this.count - 1; height = this.#measure(index)) {
      row -= height;
      index += 1;
    }
    return { index, row };
  }

  #measure(index: number): number {
    if (index >= this.count) return 0;
    if (this.#measuredAt[index] === this.#age) return this.#heights.height(index);
    const height = this.#items.measure(index, this.#width);
    this.#measuredAt[index] = this.#age;
    this.#heights.set(index, height);
    return height;
  }

  #estimate(index: number): number {
    return Math.max(1, Math.ceil((this.#extents[index] ?? 0) / this.#width));
  }

  #grow(): void {
    const extents = new Int32Array(this.#extents.length * 2);
    extents.set(this.#extents);
    this.#extents = extents;
    const measuredAt = new Int32Array(extents.length);
    measuredAt.set(this.#measuredAt);
    this.#measuredAt = measuredAt;
  }
}
