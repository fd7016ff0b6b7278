import { eastAsianWidth } from "get-east-asian-width";
import { splitGraphemes } from "unicode-segmenter/grapheme";

/** No cluster is longer than this many UTF-16 units; marks beyond are dropped. */
const CLUSTER_LIMIT = 64;
const CACHE_LIMIT = 4096;

/** What the terminal is shown instead of a character that would command it. */
export const REPLACEMENT = "\ufffd";

/**
 * Where the grapheme cluster that begins at `start` ends. Conjuncts of Indic scripts are several clusters here, as terminals count them.
 */
export function clusterEnd(text: string, start: number): number {
  const code = text.charCodeAt(start);
  const next = text.charCodeAt(start + 1);
  if (isPlain(code) && (start + 1 >= text.length || isPlain(next))) return start + 1;
  const [first = ""] = splitGraphemes(text.slice(start, start + CLUSTER_LIMIT));
  const conjunct = first.length > 2 ? first.search(/(?<=\p{Mn}\u200d?)\p{Lo}/u) : -1;
  return start + Math.max(1, conjunct > 0 ? conjunct : first.length);
}

/**
 * A character that is a cluster by itself whenever its neighbours are plain too, and whose width all terminals agree on: letters and symbols
 * without marks, ideographs, syllables. Control characters count, being replaced.
 */
export function isPlain(code: number): boolean {
  if (code < 0x300) return code !== 0xad && code !== 0xa9 && code !== 0xae;
  if (code < 0x2010) return (code >= 0x370 && code < 0x483) || (code >= 0x1e00 && code < 0x2000);
  if (code < 0x2028) return true;
  if (code < 0x2e80) return isPlainSymbol(code);
  return isPlainEastAsian(code);
}

function isPlainSymbol(code: number): boolean {
  return (code >= 0x2030 && code < 0x203c) || (code >= 0x20a0 && code < 0x20c0) || (code >= 0x2190 && code < 0x2194) || isDrawing(code);
}

/** Box drawing, blocks, geometric shapes without emoji, Braille patterns. */
function isDrawing(code: number): boolean {
  return (code >= 0x2500 && code < 0x25aa) || (code >= 0x25b8 && code < 0x25c0) || (code >= 0x2800 && code < 0x2900);
}

function isPlainEastAsian(code: number): boolean {
  return (
    (code >= 0x3000 && code < 0x302a) ||
    (code >= 0x3041 && code < 0x3097) ||
    (code >= 0x309b && code < 0x3130) ||
    (code >= 0x3400 && code < 0x4dc0) ||
    (code >= 0x4e00 && code < 0xa000) ||
    (code >= 0xac00 && code < 0xd7a4) ||
    (code >= 0xff01 && code < 0xff9e)
  );
}

const clusterWidths = new Map<string, number>();

/**
 * The cells a cluster takes: those of its widest character; a flag or a character with the emoji selector takes two. 0: it is not shown,
 * being marks without a base, or nothing but invisible characters.
 */
export function clusterWidth(cluster: string): number {
  const code = cluster.charCodeAt(0);
  // Without the expressions below, whose tables cost the first frame milliseconds.
  if (cluster.length === 1 && isPlain(code)) return code < 0x2e80 ? 1 : eastAsianWidth(code);
  const known = clusterWidths.get(cluster);
  if (known !== undefined) return known;
  const width = measureCluster(cluster);
  if (clusterWidths.size >= CACHE_LIMIT) clusterWidths.clear();
  clusterWidths.set(cluster, width);
  return width;
}

function measureCluster(cluster: string): number {
  if (/^[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(cluster)) return isInvisibleMark(cluster) ? 0 : 1;
  if (/^(?:\p{Mark}|\p{Emoji_Modifier}|\p{Default_Ignorable_Code_Point})/u.test(cluster)) return 0;
  if (/\ufe0f|^\p{Regional_Indicator}{2}/u.test(cluster)) return 2;
  let width = 1;
  for (const character of cluster) width = Math.max(width, eastAsianWidth(character.codePointAt(0) ?? 0));
  return width;
}

/** Marks of direction change nothing but their neighbourhood and are left out; what overrides or isolates is shown. */
function isInvisibleMark(cluster: string): boolean {
  return cluster === "\u200e" || cluster === "\u200f" || cluster === "\u061c";
}

/** The cluster as it may be sent to a terminal. */
export function shownCluster(cluster: string): string {
  if (cluster === "\t") return " ";
  const code = cluster.charCodeAt(0);
  if (cluster.length === 1 && code >= 0xa0 && isPlain(code)) return cluster;
  return /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(cluster) ? REPLACEMENT : cluster;
}
