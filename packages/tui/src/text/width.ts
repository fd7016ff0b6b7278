import { clusterEnd, clusterWidth } from "./cluster.ts";

/** A user-perceived character. */
export interface Grapheme {
  readonly text: string;
  /** 1 or 2; 0 when a terminal is not shown it: marks without a base, invisible characters. */
  readonly width: number;
}

const ONLY_ASCII = /^[\x20-\x7e]*$/;

/** How many cells the text takes on a terminal. Control characters count as one, as they are shown as a replacement character. */
export function textWidth(text: string): number {
  if (ONLY_ASCII.test(text)) return text.length;
  let width = 0;
  for (let index = 0; index < text.length;) {
    const end = clusterEnd(text, index);
    width +=
      end === index + 1 && text.charCodeAt(index) < 0x300 ? latinWidth(text.charCodeAt(index)) : clusterWidth(text.slice(index, end));
    index = end;
  }
  return width;
}

/** The text's grapheme clusters, each with the cells it takes. */
export function graphemes(text: string): readonly Grapheme[] {
  const all: Grapheme[] = [];
  for (let index = 0; index < text.length;) {
    const end = clusterEnd(text, index);
    const cluster = text.slice(index, end);
    all.push({ text: cluster, width: clusterWidth(cluster) });
    index = end;
  }
  return all;
}

/** Below U+0300 only the soft hyphen is invisible. */
function latinWidth(code: number): number {
  return code === 0xad ? 0 : 1;
}
