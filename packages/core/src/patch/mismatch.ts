import { comparedForm } from "./line-index.ts";
import type { MatchFailure } from "./match.ts";
import type { Chunk } from "./parse.ts";
import { toByteString, toReadable, type SourceLines } from "./source-lines.ts";

/** Lines of the file shown around a near miss. */
const MAX_SHOWN_LINES = 8;
const MAX_SHOWN_LENGTH = 200;
/** A line that stands at more places than this says nothing about which place was meant. */
const MAX_USEFUL_PLACES = 200;
/** The search for a similar line looks at no more of the file than this. */
const MAX_COMPARED_LINES = 200_000;

/**
 * Why a chunk has no place, for the model: the nearest place, the first line that differs, and what the file holds there.
 * Line numbers count from 1.
 */
export function describeMatchFailure(source: SourceLines, path: string, failure: MatchFailure): string {
  const where = `Hunk ${failure.number} of ${path} (line ${failure.chunk.line} of the patch)`;
  switch (failure.type) {
    case "ambiguous":
      return describeAmbiguity(where, failure.places);
    case "header_not_found":
      return describeMissingHeader(source, where, failure);
    case "not_found":
      return describeMissingLines(source, where, failure);
  }
}

function describeAmbiguity(where: string, places: readonly number[]): string {
  const lines = places.map((place) => place + 1).join(", ");
  return (
    `${where} fits equally well at several places of the file: lines ${lines}${places.length >= 10 ? ", …" : ""}. ` +
    'Say which is meant: add unchanged lines around it, or put "@@ TEXT" before it, where TEXT is a whole line that comes earlier in the file.'
  );
}

function describeMissingHeader(source: SourceLines, where: string, failure: MatchFailure & { readonly type: "header_not_found" }): string {
  const after = failure.from > 0 ? ` after line ${failure.from}` : "";
  const text = `${where}: no line of the file${after} is the "@@" text ${quote(failure.header)}. It has to be one whole line, and to come before the hunk.`;
  const near = similarLine(source, toByteString(failure.header));
  return near === undefined ? text : `${text}\nThe nearest line is:\n${showLine(source, near)}`;
}

function describeMissingLines(source: SourceLines, where: string, failure: MatchFailure & { readonly type: "not_found" }): string {
  const old = oldLines(failure.chunk);
  if (source.count === 0) return `${where} does not fit: the file is empty.`;
  const start = nearestPlace(source, old, failure.from);
  const head = `${where} does not fit the file.`;
  if (start === undefined)
    return `${head} Nothing like its first line ${quote(toReadable(old[0] ?? ""))} stands in the file, which has ${source.count === 1 ? "one line" : `${source.count} lines`}. Read the file again.`;
  const differing = old.findIndex((line, i) => !sameLine(source, start + i, line));
  if (differing === -1) return `${head} ${misplaced(failure, start, old.length)}`;
  const line = start + differing;
  return [
    `${head} Its nearest place is line ${start + 1}; the first line that differs is line ${line + 1}:`,
    `  the patch expects: ${quote(toReadable(old[differing] ?? ""))}`,
    `  the file holds:    ${line < source.count ? quote(toReadable(source.text(line))) : "nothing: the file ends before it"}`,
    "The file reads there:",
    ...showLines(source, Math.max(start, line - 2), Math.min(MAX_SHOWN_LINES, old.length - Math.max(0, differing - 2) + 1)),
  ].join("\n");
}

function misplaced(failure: MatchFailure & { readonly type: "not_found" }, start: number, length: number): string {
  if (start < failure.from) {
    return `Its lines stand at line ${start + 1}, which is not after line ${failure.from}, where the search begins: hunks go in the order of the file, and a hunk starts below its "@@" line.`;
  }
  return `Its lines stand at lines ${start + 1} to ${start + length}, but "*** End of File" says that they end the file. Leave that line out.`;
}

function oldLines(chunk: Chunk): string[] {
  return chunk.lines.filter((line) => line.kind !== "add").map((line) => toByteString(line.text));
}

/** The place where most lines agree, or else where a line is similar. */
function nearestPlace(source: SourceLines, old: readonly string[], from: number): number | undefined {
  const best = mostVoted(voteForPlaces(source, old), from);
  if (best !== undefined) return best;
  const offset = old.findIndex((line) => comparedForm(line, "punctuation") !== "");
  const similar = similarLine(source, old[offset] ?? "");
  return similar === undefined ? undefined : Math.max(0, similar - offset);
}

/** Start of a place → how many lines agree there. */
function voteForPlaces(source: SourceLines, old: readonly string[]): Map<number, number> {
  const places = placesOf(source, old);
  const votes = new Map<number, number>();
  for (const [offset, line] of old.entries()) {
    const found = places.get(comparedForm(line, "punctuation")) ?? [];
    if (found.length > MAX_USEFUL_PLACES) continue;
    for (const place of found) if (place >= offset) votes.set(place - offset, (votes.get(place - offset) ?? 0) + 1);
  }
  return votes;
}

/** Among equals the first at or after `from`. */
function mostVoted(votes: ReadonlyMap<number, number>, from: number): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [start, count] of votes) {
    const isCloser = best === undefined || distance(start, from) < distance(best, from);
    if (count < most || (count === most && !isCloser)) continue;
    best = start;
    most = count;
  }
  return best;
}

/** Places before `from` are farther than any after it: the search does not go back. */
function distance(start: number, from: number): number {
  return start >= from ? start - from : Number.MAX_SAFE_INTEGER - start;
}

function placesOf(source: SourceLines, old: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const line of old) {
    const form = comparedForm(line, "punctuation");
    if (form !== "") places.set(form, []);
  }
  for (let line = 0; line < source.count; line++) places.get(comparedForm(source.text(line), "punctuation"))?.push(line);
  return places;
}

/** The line that shares the most with `wanted` at its two ends, at least half of it. */
function similarLine(source: SourceLines, wanted: string): number | undefined {
  const form = comparedForm(wanted, "punctuation").toLowerCase();
  let best: number | undefined;
  let bestScore = Math.max(2, form.length / 2);
  for (let line = 0; line < Math.min(source.count, MAX_COMPARED_LINES); line++) {
    const text = comparedForm(source.text(line), "punctuation").toLowerCase();
    const score = form !== "" && text.includes(form) ? form.length : sharedEnds(form, text);
    if (score <= bestScore) continue;
    best = line;
    bestScore = score;
  }
  return best;
}

function sharedEnds(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a.charCodeAt(head) === b.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < most - head && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail++;
  return head + tail;
}

function sameLine(source: SourceLines, line: number, wanted: string): boolean {
  return line < source.count && comparedForm(source.text(line), "punctuation") === comparedForm(wanted, "punctuation");
}

function showLines(source: SourceLines, start: number, count: number): string[] {
  const shown: string[] = [];
  for (let line = start; line < Math.min(source.count, start + count); line++) shown.push(showLine(source, line));
  return shown.length > 0 ? shown : [showLine(source, source.count - 1)];
}

function showLine(source: SourceLines, line: number): string {
  return `${String(line + 1).padStart(6)}  ${cut(toReadable(source.text(line)))}`;
}

function quote(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
