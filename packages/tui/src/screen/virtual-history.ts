/** What the history's owner tells about its items. Items are counted from 0. */
export interface HistoryItems {
  /** The exact height of the item at this width, in rows, 0 or more. May be as costly as wrapping it: it is asked for only near the viewport. */
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
 * Heights of any number of items and the viewport over them: what is off screen costs nothing but a number. O(log n) a step. While not
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
  resize(width: number, height: number): void;
  /** Positive = down. Downward past the end means following again. */
  scrollBy(rows: number): void;
  scrollToEnd(): void;
  scrollToStart(): void;
  /** Brings the row of the item to the top of the viewport, or `offset` rows below it. */
  scrollTo(anchor: HistoryAnchor, offset?: number): void;
  window(): HistoryWindow;
}
