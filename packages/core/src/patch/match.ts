import { indexLines, PASSES, type LineIndex, type Pass } from "./line-index.ts";
import type { Chunk, ChunkLine } from "./parse.ts";
import { toByteString, type SourceLines } from "./source-lines.ts";

/** Where one chunk belongs in a file. */
export interface Placement {
  readonly chunk: Chunk;
  /** First line it covers, 0-based; for a chunk without old lines the line it is inserted before. */
  readonly start: number;
  /** The chunk's lines; a blank old line at its end that the file does not hold is left out. */
  readonly lines: readonly ChunkLine[];
}

export type MatchFailure =
  /** The text of an `@@ TEXT` line stands nowhere from line `from` on. */
  | { readonly type: "header_not_found"; readonly chunk: Chunk; readonly number: number; readonly header: string; readonly from: number }
  /** The old lines stand nowhere from line `from` on. */
  | { readonly type: "not_found"; readonly chunk: Chunk; readonly number: number; readonly from: number }
  /** The old lines stand at several places and nothing says which is meant. `places` are 0-based, at most ten of them. */
  | { readonly type: "ambiguous"; readonly chunk: Chunk; readonly number: number; readonly places: readonly number[] };

export type MatchResult =
  | { readonly ok: true; readonly placements: readonly Placement[] }
  | { readonly ok: false; readonly failure: MatchFailure };

const MAX_LISTED_PLACES = 10;
/** `git diff` headers carry line numbers, which models invent: such a header narrows nothing unless the file holds it. */
const GIT_RANGE = /^-\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;

/**
 * Finds the place of every chunk, in order. Chunks only move forward. For each, the strictest pass that has a place wins;
 * several places under that pass are an error unless an `@@ TEXT`, `*** End of File` or the repetition of the same chunk
 * decides. `number` in a failure counts chunks from 1.
 */
export function placeChunks(source: SourceLines, chunks: readonly Chunk[]): MatchResult {
  const prepared = chunks.map(prepareChunk(source));
  const index = indexLines(
    source,
    prepared.flatMap((chunk) => [...chunk.headers, ...chunk.old]),
  );
  const repetitions = countRepetitions(prepared);
  const placements: Placement[] = [];
  let at = 0;
  for (const [i, chunk] of prepared.entries()) {
    const search: Search = { source, index, at, number: i + 1, repetitions: repetitions[i] ?? 1 };
    const found = placeChunk(chunk, search);
    if (!found.ok) return found;
    placements.push(found.placement);
    at = found.next;
  }
  return { ok: true, placements };
}

interface PreparedChunk {
  readonly chunk: Chunk;
  /** Byte strings. */
  readonly headers: readonly string[];
  readonly old: readonly string[];
}

interface Search {
  readonly source: SourceLines;
  readonly index: (pass: Pass) => LineIndex;
  readonly at: number;
  readonly number: number;
  /** This chunk and those after it that have the same old lines and nothing else to go by. */
  readonly repetitions: number;
}

type Found =
  | { readonly ok: true; readonly placement: Placement; readonly next: number }
  | { readonly ok: false; readonly failure: MatchFailure };

function prepareChunk(source: SourceLines): (chunk: Chunk) => PreparedChunk {
  // A model that saw the mark may repeat it; the lines of the file do not hold it.
  const clean = (text: string): string => toByteString(source.markLength > 0 && text.startsWith("\ufeff") ? text.slice(1) : text);
  return (chunk) => ({
    chunk,
    headers: chunk.headers.map(clean),
    old: chunk.lines.filter((line) => line.kind !== "add").map((line) => clean(line.text)),
  });
}

function countRepetitions(chunks: readonly PreparedChunk[]): number[] {
  const later = new Map<string, number>();
  const counts: number[] = [];
  for (let i = chunks.length - 1; i >= 0; i--) {
    const chunk = chunks[i];
    if (chunk === undefined || chunk.headers.length > 0 || chunk.chunk.endOfFile) continue;
    const key = chunk.old.join("\n");
    const count = (later.get(key) ?? 0) + 1;
    later.set(key, count);
    counts[i] = count;
  }
  return counts;
}

function placeChunk(prepared: PreparedChunk, search: Search): Found {
  const { chunk, old } = prepared;
  const headers = followHeaders(prepared, search);
  if (!headers.ok) return headers;
  const { from, narrowed } = headers;
  if (old.length === 0) return placeAddition(prepared, search, { from, narrowed, lines: chunk.lines });

  const decided = narrowed !== undefined || chunk.endOfFile || chunk.lines.every((line) => line.kind === "context");
  const limit = decided ? 1 : search.repetitions + MAX_LISTED_PLACES;
  const places = findPlaces(old, { search, from, limit, endOfFile: chunk.endOfFile });
  if (places.length > 0) return settle(prepared, search, { places, oldCount: old.length, lines: chunk.lines, decided });

  // The blank line before the next section is often a separator rather than a line of the file.
  if (old.at(-1) === "") {
    const shorter = old.slice(0, -1);
    const lines = withoutLastBlank(chunk.lines);
    if (shorter.length === 0) return placeAddition(prepared, search, { from, narrowed, lines });
    const fewer = findPlaces(shorter, { search, from, limit, endOfFile: chunk.endOfFile });
    if (fewer.length > 0) return settle(prepared, search, { places: fewer, oldCount: shorter.length, lines, decided });
  }
  return { ok: false, failure: { type: "not_found", chunk, number: search.number, from } };
}

/** Takes the last old line away, which is blank, and the last new line if that is blank too. */
function withoutLastBlank(lines: readonly ChunkLine[]): ChunkLine[] {
  const lastOld = lines.findLastIndex((line) => line.kind !== "add");
  const lastNew = lines.findLastIndex((line) => line.kind !== "remove");
  const dropsNew = lines[lastNew]?.text === "";
  return lines.flatMap((line, i): ChunkLine[] => {
    const isOld = line.kind !== "add" && i !== lastOld;
    const isNew = line.kind !== "remove" && !(dropsNew && i === lastNew);
    if (isOld && isNew) return [line];
    if (isOld) return [{ kind: "remove", text: line.text }];
    return isNew ? [{ kind: "add", text: line.text }] : [];
  });
}

type Headers =
  | { readonly ok: true; readonly from: number; readonly narrowed: Narrowing | undefined }
  | { readonly ok: false; readonly failure: MatchFailure };

/** The header that narrowed the search, and every place it could have meant. */
interface Narrowing {
  readonly places: readonly number[];
}

function followHeaders(prepared: PreparedChunk, search: Search): Headers {
  let from = search.at;
  let narrowed: Narrowing | undefined;
  for (const [i, header] of prepared.headers.entries()) {
    const places = findPlaces([header], { search, from, limit: MAX_LISTED_PLACES, endOfFile: false });
    const first = places[0];
    if (first === undefined) {
      if (GIT_RANGE.test(header)) continue;
      const text = prepared.chunk.headers[i] ?? "";
      return { ok: false, failure: { type: "header_not_found", chunk: prepared.chunk, number: search.number, header: text, from } };
    }
    from = first + 1;
    narrowed = { places };
  }
  return { ok: true, from, narrowed };
}

/** A chunk with nothing to find goes under its `@@ TEXT` line, otherwise to the end of the file. */
function placeAddition(
  prepared: PreparedChunk,
  search: Search,
  where: { readonly from: number; readonly narrowed: Narrowing | undefined; readonly lines: readonly ChunkLine[] },
): Found {
  const { chunk } = prepared;
  const underHeader = where.narrowed !== undefined && !chunk.endOfFile;
  if (underHeader && where.narrowed.places.length > 1) {
    return { ok: false, failure: ambiguous(chunk, search.number, where.narrowed.places) };
  }
  const start = underHeader ? where.from : search.source.count;
  return { ok: true, placement: { chunk, start, lines: where.lines }, next: where.from };
}

function settle(
  prepared: PreparedChunk,
  search: Search,
  match: { readonly places: readonly number[]; readonly oldCount: number; readonly lines: readonly ChunkLine[]; readonly decided: boolean },
): Found {
  const { chunk } = prepared;
  const { places, oldCount, lines } = match;
  const start = places[0] ?? 0;
  if (!match.decided && places.length > 1 && countApart(places, oldCount) > search.repetitions) {
    return { ok: false, failure: ambiguous(chunk, search.number, places) };
  }
  return { ok: true, placement: { chunk, start, lines }, next: start + oldCount };
}

function ambiguous(chunk: Chunk, number: number, places: readonly number[]): MatchFailure {
  return { type: "ambiguous", chunk, number, places: places.slice(0, MAX_LISTED_PLACES) };
}

/** How many of the places can be taken together; overlapping ones cannot, and so count as a choice. */
function countApart(places: readonly number[], length: number): number {
  const apart = places.every((place, i) => i === 0 || place >= (places[i - 1] ?? 0) + length);
  return apart ? places.length : Number.POSITIVE_INFINITY;
}

/** The first `limit` places of `lines` under the strictest pass that has one, ascending. */
function findPlaces(
  lines: readonly string[],
  where: { readonly search: Search; readonly from: number; readonly limit: number; readonly endOfFile: boolean },
): readonly number[] {
  const { source, index } = where.search;
  const last = source.count - lines.length;
  const from = where.endOfFile ? Math.max(where.from, last) : where.from;
  if (last < from) return [];
  for (const pass of PASSES) {
    const places = placesUnder(index(pass), lines, { from, last, limit: where.limit });
    if (places.length > 0) return places;
  }
  return [];
}

/** Starts from the rarest line, so a common one (blank, a closing brace) costs nothing. */
function placesUnder(
  index: LineIndex,
  lines: readonly string[],
  range: { readonly from: number; readonly last: number; readonly limit: number },
): readonly number[] {
  let rarest: readonly number[] | undefined;
  let offset = 0;
  for (const [i, line] of lines.entries()) {
    const places = index.places(line);
    if (rarest !== undefined && places.length >= rarest.length) continue;
    rarest = places;
    offset = i;
  }
  const found: number[] = [];
  const anchors = rarest ?? [];
  for (let i = lowerBound(anchors, range.from + offset); i < anchors.length && found.length < range.limit; i++) {
    const start = (anchors[i] ?? 0) - offset;
    if (start > range.last) break;
    if (index.agrees(start, lines)) found.push(start);
  }
  return found;
}

function lowerBound(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
