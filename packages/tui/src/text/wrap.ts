import type { Line, Span } from "./line.ts";
import { lineWidth } from "./line.ts";
import { graphemes, textWidth } from "./width.ts";

export interface WrapOptions {
  /** Cells per row, prefixes included. */
  readonly width: number;
  /** Stands before the first row. */
  readonly first?: Line | undefined;
  /** Stands before each further row; default: as many blanks as `first` is wide. */
  readonly rest?: Line | undefined;
}

/** A word, or a run of blanks, with its styles. */
interface Atom {
  readonly spans: Span[];
  width: number;
  readonly blank: boolean;
}

/** Breaks a line between words, and inside those that are wider than a row. At least one row. Blanks at a break are left out. */
export function wrapLine(line: Line, { width, first = [], rest }: WrapOptions): Line[] {
  const firstWidth = lineWidth(first);
  if (firstWidth + lineWidth(line) <= width) return [joinSpans([...first, ...line])];
  const rows = new Rows(width, first, rest ?? (firstWidth === 0 ? [] : [{ text: " ".repeat(firstWidth) }]));
  for (const atom of atomsOf(line)) {
    if (rows.room >= atom.width) rows.put(atom);
    else if (atom.blank) rows.break();
    else {
      rows.break();
      if (rows.room >= atom.width) rows.put(atom);
      else for (const piece of piecesOf(atom)) rows.putOrBreak(piece);
    }
  }
  return rows.finish();
}

/** Rows being filled. */
class Rows {
  readonly #width: number;
  readonly #rest: Line;
  readonly #done: Line[] = [];
  #row: Span[];
  #used: number;
  #hasText = false;

  constructor(width: number, first: Line, rest: Line) {
    this.#width = width;
    this.#rest = rest;
    this.#row = [...first];
    this.#used = lineWidth(first);
  }

  get room(): number {
    return this.#width - this.#used;
  }

  put(atom: Atom): void {
    this.#row.push(...atom.spans);
    this.#used += atom.width;
    this.#hasText = true;
  }

  putOrBreak(atom: Atom): void {
    if (atom.width > this.room) this.break();
    this.put(atom);
  }

  /** A row without text is not left behind. */
  break(): void {
    if (!this.#hasText) return;
    this.#done.push(joinSpans(this.#row));
    this.#row = [...this.#rest];
    this.#used = lineWidth(this.#rest);
    this.#hasText = false;
  }

  finish(): Line[] {
    if (this.#hasText || this.#done.length === 0) this.#done.push(joinSpans(this.#row));
    return this.#done;
  }
}

/** Wraps text that may hold line breaks. */
export function wrapText(text: string, options: WrapOptions & { readonly style?: Span["style"] }): Line[] {
  const { style, ...wrap } = options;
  const blank = [{ text: " ".repeat(lineWidth(wrap.first ?? [])) }];
  return text.split("\n").flatMap((part, index) => {
    const first = index === 0 ? wrap.first : (wrap.rest ?? blank);
    return wrapLine([{ text: expandTabs(part), style }], { ...wrap, first });
  });
}

/** `text` in at most `width` cells; what is cut shows as `…`. */
export function truncateText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  let used = 0;
  let kept = "";
  for (const piece of graphemes(text)) {
    if (used + piece.width > width - 1) break;
    kept += piece.text;
    used += piece.width;
  }
  return `${kept}…`;
}

/** The line in at most `width` cells; what is cut shows as `…`. */
export function truncateLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width;
  for (const span of line) {
    const spanWidth = textWidth(span.text);
    if (spanWidth < left) {
      kept.push(span);
      left -= spanWidth;
      continue;
    }
    // The mark stands also for the spans that follow.
    kept.push({ ...span, text: truncateText(`${span.text}  `, left) });
    break;
  }
  return kept;
}

/** Tabs as blanks up to the next of the columns 0, 4, 8, … */
export function expandTabs(text: string, size = 4): string {
  if (!text.includes("\t")) return text;
  let column = 0;
  return text
    .split("\t")
    .map((part, index, all) => {
      column += textWidth(part);
      if (index === all.length - 1) return part;
      const blanks = size - (column % size);
      column += blanks;
      return part + " ".repeat(blanks);
    })
    .join("");
}

function atomsOf(line: Line): Atom[] {
  const atoms: Atom[] = [];
  // Wide characters need no blank between them to be parted.
  let joinable = false;
  const add = (atom: Atom, whole: boolean): void => {
    const last = atoms.at(-1);
    if (last !== undefined && joinable && whole && last.blank === atom.blank) {
      last.spans.push(...atom.spans);
      last.width += atom.width;
    } else atoms.push(atom);
    joinable = whole;
  };
  for (const { text, style } of line) {
    for (const [part] of text.matchAll(/ +|[^ ]+/g)) {
      const blank = part.startsWith(" ");
      for (const piece of breakable(part)) add({ spans: [{ text: piece.text, style }], width: piece.width, blank }, !piece.wide);
    }
  }
  return atoms;
}

/** A word in the parts between which it may be broken. */
function breakable(word: string): { readonly text: string; readonly width: number; readonly wide: boolean }[] {
  const width = textWidth(word);
  if (width === word.length) return [{ text: word, width, wide: false }];
  const parts: { text: string; width: number; wide: boolean }[] = [];
  for (const piece of graphemes(word)) {
    const last = parts.at(-1);
    const wide = piece.width > 1;
    if (wide || last === undefined || last.wide) parts.push({ ...piece, wide });
    else {
      last.text += piece.text;
      last.width += piece.width;
    }
  }
  return parts;
}

function piecesOf(atom: Atom): Atom[] {
  return atom.spans.flatMap(({ text, style }) =>
    Array.from(graphemes(text), (piece) => ({ spans: [{ text: piece.text, style }], width: piece.width, blank: false })),
  );
}

/** Neighbours of one style become one span. */
function joinSpans(spans: readonly Span[]): Line {
  const joined: { text: string; style: Span["style"] }[] = [];
  for (const { text, style } of spans) {
    const last = joined.at(-1);
    if (text === "") continue;
    if (last !== undefined && last.style === style) last.text += text;
    else joined.push({ text, style });
  }
  return joined;
}
