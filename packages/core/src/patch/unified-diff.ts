import type { LineEdit } from "./line-edits.ts";
import { readLines, toReadable, type SourceLines } from "./source-lines.ts";

const CONTEXT_LINES = 3;
/** Beyond this many changed lines the differing middle is shown as one replacement: the search costs their square. */
const MAX_EDIT_LENGTH = 4_000;

/** Hunks of a unified diff, without file headers; empty when nothing changes. Text that is not UTF-8 shows as U+FFFD. */
export function renderHunks(before: SourceLines, edits: readonly LineEdit[]): string {
  const effective = edits.filter((edit) => !changesNothing(before, edit));
  const output: string[] = [];
  let shift = 0;
  for (const group of groupEdits(effective)) {
    output.push(...renderHunk(before, group, shift));
    for (const edit of group) shift += edit.added.length - edit.removed;
  }
  return toReadable(output.join(""));
}

/** The edits that turn `before` into `after`. */
export async function diffLines(before: SourceLines, after: SourceLines): Promise<readonly LineEdit[]> {
  const a = fullLines(before);
  const b = fullLines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const oldMiddle = a.slice(head, a.length - tail);
  const newMiddle = b.slice(head, b.length - tail);
  if (oldMiddle.length === 0 && newMiddle.length === 0) return [];
  const whole: LineEdit = { start: head, removed: oldMiddle.length, added: newMiddle };
  if (oldMiddle.length === 0 || newMiddle.length === 0) return [whole];
  const { diffArrays } = await import("diff");
  const parts = diffArrays(oldMiddle, newMiddle, { maxEditLength: MAX_EDIT_LENGTH });
  return parts === undefined ? [whole] : joinParts(parts, head);
}

/** Hunks between two contents; see {@link renderHunks}. */
export async function diffContents(before: Uint8Array, after: Uint8Array): Promise<string> {
  const old = readLines(before);
  return renderHunks(old, await diffLines(old, readLines(after)));
}

function joinParts(
  parts: readonly { readonly added?: boolean; readonly removed?: boolean; readonly value: readonly string[] }[],
  head: number,
): LineEdit[] {
  const edits: { start: number; removed: number; added: string[] }[] = [];
  let at = head;
  let open: { start: number; removed: number; added: string[] } | undefined;
  for (const part of parts) {
    if (part.added !== true && part.removed !== true) {
      at += part.value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: at, removed: 0, added: [] };
      edits.push(open);
    }
    if (part.added === true) open.added.push(...part.value);
    else {
      open.removed += part.value.length;
      at += part.value.length;
    }
  }
  return edits;
}

function fullLines(source: SourceLines): string[] {
  return Array.from({ length: source.count }, (_, line) => source.text(line) + source.terminator(line));
}

function changesNothing(before: SourceLines, edit: LineEdit): boolean {
  if (edit.added.length !== edit.removed) return false;
  return edit.added.every((line, i) => line === before.text(edit.start + i) + before.terminator(edit.start + i));
}

/** Edits whose context would touch share a hunk. */
function groupEdits(edits: readonly LineEdit[]): LineEdit[][] {
  const groups: LineEdit[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const edit of edits) {
    if (edit.start - end > 2 * CONTEXT_LINES) groups.push([edit]);
    else groups.at(-1)?.push(edit);
    end = edit.start + edit.removed;
  }
  return groups;
}

function renderHunk(before: SourceLines, group: readonly LineEdit[], shift: number): string[] {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined) return [];
  const from = Math.max(0, first.start - CONTEXT_LINES);
  const to = Math.min(before.count, last.start + last.removed + CONTEXT_LINES);
  const growth = group.reduce((sum, edit) => sum + edit.added.length - edit.removed, 0);
  const lines = [`@@ -${range(from, to - from)} +${range(from + shift, to - from + growth)} @@\n`];
  let at = from;
  const keep = (until: number): void => {
    for (; at < until; at++) lines.push(renderLine(" ", before.text(at) + before.terminator(at)));
  };
  for (const edit of group) {
    keep(edit.start);
    for (const end = edit.start + edit.removed; at < end; at++) lines.push(renderLine("-", before.text(at) + before.terminator(at)));
    for (const line of edit.added) lines.push(renderLine("+", line));
  }
  keep(to);
  return lines;
}

function range(start: number, count: number): string {
  // An empty range names the line before it.
  const first = count === 0 ? start : start + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

function renderLine(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}
