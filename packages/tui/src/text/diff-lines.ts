import type { Style } from "../screen/style.ts";
import type { DiffRow, TextRow } from "./diff-rows.ts";
import { rowText, syntaxSpans } from "./diff-syntax.ts";
import { lineWidth, type Line, type Span } from "./line.ts";
import type { Highlight } from "./markdown.ts";
import { wrapLine } from "./wrap.ts";

/** Finds what differs within two lines; `diffWordsWithSpace` of the package diff. */
export type DiffWords = (
  before: string,
  after: string,
) => readonly { readonly value: string; readonly added?: boolean; readonly removed?: boolean }[];

export interface DiffOptions {
  readonly width: number;
  /** Without it whole lines are coloured only. */
  readonly diffWords?: DiffWords | undefined;
  /** Colours the text in its language; without it, or without a language, the text has one colour. */
  readonly highlight?: Highlight | undefined;
  readonly language?: string | undefined;
}

/** The diff as lines: a number, a sign, the text on a coloured ground, what changed within a line marked. */
export function diffLines(rows: readonly DiffRow[], options: DiffOptions): Line[] {
  const { width, diffWords, highlight, language = "" } = options;
  const digits = String(rows.reduce((most, row) => ("number" in row ? Math.max(most, row.number) : most), 1)).length;
  const words = diffWords === undefined ? NOTHING : markWords(rows, diffWords);
  const syntax = highlight === undefined || language === "" ? NOTHING : syntaxSpans(rows, { highlight, language });
  return rows.flatMap((row) => {
    if (row.kind === "gap") return [[{ text: `${" ".repeat(digits)} ⋮`, style: { fg: "muted" } as const }]];
    if (row.kind === "note") return [[{ text: `${" ".repeat(digits)} ${row.text}`, style: { fg: "muted", italic: true } as const }]];
    return rowLines(row, { width, digits, spans: rowSpans(row, syntax.get(row), words.get(row)) });
  });
}

const NOTHING: ReadonlyMap<DiffRow, never> = new Map<DiffRow, never>();

/** The text in its language's colours on the ground of its row, words that changed on a ground of their own. */
function rowSpans(row: TextRow, syntax: readonly Span[] | undefined, words: readonly Word[] | undefined): readonly Span[] {
  const { kind } = row;
  const colored = syntax ?? [{ text: rowText(row) }];
  if (kind === "context") return colored;
  const ground = GROUND[kind];
  if (words === undefined) return colored.map(({ text, style }) => ({ text, style: { ...readable(style), ...ground } }));
  // The ground of a word is too near to most colours: it has the text's own.
  return overlay(colored, words).map(({ text, style, changed }) => ({
    text,
    style: changed ? WORD[kind] : { ...readable(style), ...ground },
  }));
}

/** The grey of comments is hard to read on a ground. */
function readable(style: Style | undefined): Style | undefined {
  return style?.fg === "syntaxComment" ? { italic: true } : style;
}

/** The spans cut where words begin and end. Both hold the same text. */
function overlay(spans: readonly Span[], words: readonly Word[]): (Span & { readonly changed: boolean })[] {
  const cut: (Span & { readonly changed: boolean })[] = [];
  let at = 0;
  let left = words[0]?.text.length ?? 0;
  for (const { text, style } of spans) {
    for (let from = 0; from < text.length;) {
      while (left === 0 && at < words.length - 1) left = words[++at]?.text.length ?? 0;
      const to = left === 0 ? text.length : Math.min(text.length, from + left);
      cut.push({ text: text.slice(from, to), style, changed: words[at]?.changed ?? false });
      left -= Math.min(left, to - from);
      from = to;
    }
  }
  return cut;
}

interface RowOptions {
  readonly width: number;
  readonly digits: number;
  readonly spans: readonly Span[];
}

function rowLines(row: TextRow, { width, digits, spans }: RowOptions): Line[] {
  const ground = GROUND[row.kind];
  const number: Span = { text: `${String(row.number).padStart(digits)} `, style: { fg: "muted", ...ground } };
  const sign: Span = { text: `${SIGNS[row.kind]} `, style: { fg: SIGN_COLOR[row.kind], ...ground } };
  const rest: Line = [{ text: " ".repeat(digits + 3), style: ground }];
  const lines = wrapLine(spans, { width, first: [number, sign], rest });
  // The ground reaches to the edge, so that a change reads as one block.
  return row.kind === "context"
    ? lines
    : lines.map((line) => [...line, { text: " ".repeat(Math.max(0, width - lineWidth(line))), style: ground }]);
}

const SIGNS = { context: " ", added: "+", removed: "-" } as const;
const SIGN_COLOR = { context: "muted", added: "added", removed: "removed" } as const;
const GROUND: Readonly<Record<"context" | "added" | "removed", Style>> = {
  context: {},
  added: { bg: "addedBackground" },
  removed: { bg: "removedBackground" },
};

/** Blocks with more lines than this on a side are not compared word by word. */
const WORD_DIFF_LINES = 40;
const WORD_DIFF_LENGTH = 400;

/** A part of a line, and whether the other side has another in its place. */
interface Word {
  readonly text: string;
  readonly changed: boolean;
}

/** Pairs removed lines with the added lines that take their place, and marks the words that differ. */
function markWords(rows: readonly DiffRow[], diffWords: DiffWords): ReadonlyMap<DiffRow, readonly Word[]> {
  const marked = new Map<DiffRow, readonly Word[]>();
  for (let at = 0; at < rows.length;) {
    const removed = run(rows, at, "removed");
    const added = run(rows, at + removed.length, "added");
    if (removed.length > 0 && removed.length === added.length && removed.length <= WORD_DIFF_LINES) {
      removed.forEach((before, index) => {
        const after = added[index];
        if (after !== undefined) markPair(before, after, { diffWords, marked });
      });
    }
    at += Math.max(1, removed.length + added.length);
  }
  return marked;
}

interface Marking {
  readonly diffWords: DiffWords;
  readonly marked: Map<DiffRow, readonly Word[]>;
}

function markPair(before: TextRow, after: TextRow, { diffWords, marked }: Marking): void {
  if (before.text.length > WORD_DIFF_LENGTH || after.text.length > WORD_DIFF_LENGTH) return;
  const parts = diffWords(rowText(before), rowText(after));
  const kept = parts.reduce((sum, part) => sum + (part.added === true || part.removed === true ? 0 : part.value.trim().length), 0);
  // Lines that share next to nothing are not the same line changed.
  if (kept * 3 < Math.max(before.text.trim().length, after.text.trim().length)) return;
  const side = (gone: "added" | "removed"): Word[] =>
    parts.flatMap((part) => (part[gone] === true ? [] : [{ text: part.value, changed: part.added === true || part.removed === true }]));
  marked.set(before, side("added"));
  marked.set(after, side("removed"));
}

const WORD = { removed: { bg: "removedWord", bold: true }, added: { bg: "addedWord", bold: true } } as const satisfies Record<
  string,
  Style
>;

function run(rows: readonly DiffRow[], from: number, kind: "added" | "removed"): TextRow[] {
  const found: TextRow[] = [];
  for (let at = from; at < rows.length; at++) {
    const row = rows[at];
    if (row === undefined || row.kind !== kind) break;
    found.push(row);
  }
  return found;
}
