import type { Placement } from "./match.ts";
import { toByteString, type SourceLines } from "./source-lines.ts";

/** One replacement: `removed` lines of the file from line `start` on give way to `added`. */
export interface LineEdit {
  /** 0-based. */
  readonly start: number;
  readonly removed: number;
  /** Byte strings, each with its terminator. */
  readonly added: readonly string[];
}

/**
 * Turns placed chunks into edits, ascending and apart. Context lines are not touched, so the file's own bytes stay. An
 * added line ends as the line it replaces or follows does; a file whose last line had no terminator still has none.
 */
export function editsOf(source: SourceLines, placements: readonly Placement[]): LineEdit[] {
  const bare = placements.flatMap((placement) => runsOf(placement));
  bare.sort((a, b) => a.start - b.start);
  return terminate(source, bare);
}

/** The file with the edits made. Bytes outside them are those of the file. */
export function applyEdits(source: SourceLines, edits: readonly LineEdit[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let kept = 0;
  for (const edit of edits) {
    const offset = source.startOf(edit.start);
    pieces.push(source.bytes.subarray(kept, offset));
    if (edit.added.length > 0) pieces.push(Buffer.from(edit.added.join(""), "latin1"));
    kept = source.startOf(edit.start + edit.removed);
  }
  pieces.push(source.bytes.subarray(kept));
  return Buffer.concat(pieces);
}

interface BareEdit {
  readonly start: number;
  removed: number;
  readonly added: string[];
}

/** Each run of `-` and `+` lines between two context lines is one edit. */
function runsOf(placement: Placement): BareEdit[] {
  const runs: BareEdit[] = [];
  let at = placement.start;
  let open: BareEdit | undefined;
  for (const line of placement.lines) {
    if (line.kind === "context") {
      open = undefined;
      at++;
      continue;
    }
    if (open === undefined) {
      open = { start: at, removed: 0, added: [] };
      runs.push(open);
    }
    if (line.kind === "add") open.added.push(toByteString(line.text));
    else {
      open.removed++;
      at++;
    }
  }
  return runs;
}

function terminate(source: SourceLines, bare: readonly BareEdit[]): LineEdit[] {
  const preferred = preferredTerminator(source);
  const unfinished = source.count > 0 && source.terminator(source.count - 1) === "";
  const edits: LineEdit[] = [];
  for (const [i, edit] of bare.entries()) {
    const isLast = i === bare.length - 1;
    const reachesEnd = edit.start + edit.removed === source.count;
    const added = edit.added.map((text, n) => text + terminatorFor(source, edit, { n, preferred }));
    // The line before the end of an unfinished file has to be finished before lines can follow it.
    const finishes = unfinished && edit.start === source.count && edit.added.length > 0 && !endedBefore(edits, source.count);
    if (unfinished && reachesEnd && isLast && added.length > 0) added.push(unfinishedForm(added.pop() ?? ""));
    edits.push(...(finishes ? [finishLastLine(source, preferred, added)] : [{ start: edit.start, removed: edit.removed, added }]));
  }
  return withoutMark(source, edits);
}

function terminatorFor(source: SourceLines, edit: BareEdit, place: { readonly n: number; readonly preferred: string }): string {
  const neighbour = edit.removed > 0 ? edit.start + Math.min(place.n, edit.removed - 1) : edit.start > 0 ? edit.start - 1 : 0;
  const own = neighbour < source.count ? source.terminator(neighbour) : "";
  return own === "" ? place.preferred : own;
}

/** Did an earlier edit already give the old last line a terminator, or take the line away? */
function endedBefore(edits: readonly LineEdit[], count: number): boolean {
  const previous = edits.at(-1);
  return previous !== undefined && previous.start + previous.removed === count;
}

/** Additions after an unfinished last line: the line is written again, with a terminator. */
function finishLastLine(source: SourceLines, preferred: string, added: readonly string[]): LineEdit {
  const last = source.count - 1;
  return { start: last, removed: 1, added: [source.text(last) + preferred, ...added] };
}

/** A blank line without a terminator would be no line at all, so it keeps its own. */
function unfinishedForm(line: string): string {
  const text = line.endsWith("\r\n") ? line.slice(0, -2) : line.slice(0, -1);
  return text === "" ? line : text;
}

/** The terminator of the file's first line; LF when it has none. */
function preferredTerminator(source: SourceLines): string {
  const first = source.count > 0 ? source.terminator(0) : "";
  return first === "" ? "\n" : first;
}

/** The file keeps its mark, so a first line that brings one again loses it. */
function withoutMark(source: SourceLines, edits: readonly LineEdit[]): LineEdit[] {
  if (source.markLength === 0) return [...edits];
  return edits.map((edit) => {
    const [first, ...rest] = edit.added;
    if (edit.start !== 0 || first === undefined || !first.startsWith("\u00ef\u00bb\u00bf")) return edit;
    return { ...edit, added: [first.slice(3), ...rest] };
  });
}
