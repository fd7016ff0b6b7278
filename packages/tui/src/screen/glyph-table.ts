import { clusterWidth, isPlain, REPLACEMENT, shownCluster } from "../text/cluster.ts";

/** Ids below are code points; from here on they stand for clusters of several. */
const CLUSTER_BASE = 0x110000;

/** The id of a blank. */
export const BLANK = 0x20;
/** The right half of the wide glyph to the left. */
export const CONTINUATION = -1;
/** What a terminal shows there is not known. */
export const UNKNOWN = -2;

/** Grapheme clusters as numbers. */
export class GlyphTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #spills: number[] = [];

  /** How many clusters of several code points it holds. */
  get size(): number {
    return this.#texts.length;
  }

  intern(cluster: string): number {
    const shown = shownCluster(cluster);
    const code = shown.codePointAt(0) ?? REPLACEMENT.charCodeAt(0);
    if (shown.length === (code > 0xffff ? 2 : 1)) return code;
    const known = this.#ids.get(shown);
    if (known !== undefined) return known;
    const id = CLUSTER_BASE + this.#texts.length;
    this.#ids.set(shown, id);
    this.#texts.push(shown);
    this.#spills.push(Array.from(shown).reduce((cells, character) => cells + clusterWidth(character), 0));
    return id;
  }

  text(id: number): string {
    return id < CLUSTER_BASE ? String.fromCodePoint(id) : (this.#texts[id - CLUSTER_BASE] ?? REPLACEMENT);
  }

  /** Terminals disagree on the cells it takes or join it to its neighbours: the cursor is placed anew before and after it. */
  isRisky(id: number): boolean {
    return id >= 0x300 && !isPlain(id);
  }

  /** The cells it may cover on a terminal that knows no clusters. */
  spill(id: number): number {
    if (id < 0x300) return 1;
    return id < CLUSTER_BASE ? 2 : (this.#spills[id - CLUSTER_BASE] ?? 2);
  }
}
