/** A policy or rule file as it was read. `path` is only for messages. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A stretch of a file in UTF-16 units, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something stands; line and column count from 1, the column in characters. */
export interface Location {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Why a file was refused as a whole: a file of permissions is never read in part. */
export interface PolicyError extends Location {
  readonly message: string;
  /** What would mend it, when that can be told. */
  readonly hint?: string;
  /** The line in question with the stretch underlined, as two lines of text. */
  readonly excerpt: string;
}

/** Thrown while a file is read; only `evaluate` and the loaders built on it see it. */
export class StarlarkFault extends Error {
  readonly span: Span;
  readonly hint: string | undefined;

  constructor(message: string, span: Span, hint?: string) {
    super(message);
    this.name = "StarlarkFault";
    this.span = span;
    this.hint = hint;
  }
}

export function locate(file: SourceFile, offset: number): Location {
  const before = file.text.slice(0, offset).split("\n");
  return { path: file.path, line: before.length, column: Array.from(before.at(-1) ?? "").length + 1 };
}

export function policyError(file: SourceFile, fault: StarlarkFault): PolicyError {
  const location = locate(file, fault.span.start);
  const error = { ...location, message: fault.message, excerpt: excerptOf(file, fault.span, location) };
  return fault.hint === undefined ? error : { ...error, hint: fault.hint };
}

/** `FILE:LINE:COLUMN: message`, the excerpt, the hint: what a person is shown. No line break at the end. */
export function describePolicyError(error: PolicyError): string {
  const hint = error.hint === undefined ? "" : `\n  ${error.hint}`;
  return `${error.path}:${error.line}:${error.column}: ${error.message}\n${error.excerpt}${hint}`;
}

/** Terminals are shown no control characters of a file that somebody else may have written. */
const CONTROL = /[\0-\x1f\x7f-\x9f]/gu;
const LONGEST_EXCERPT = 160;

function excerptOf(file: SourceFile, span: Span, location: Location): string {
  const full = Array.from((file.text.split("\n")[location.line - 1] ?? "").replace(/\r$/u, ""));
  const from = Math.max(0, Math.min(location.column - 1 - LONGEST_EXCERPT / 2, full.length - LONGEST_EXCERPT));
  const line = full.slice(from, from + LONGEST_EXCERPT).map((character) => character.replace(CONTROL, " "));
  const wanted = Array.from(/^[^\r\n]*/u.exec(file.text.slice(span.start, span.end))?.[0] ?? "").length;
  const column = location.column - 1 - from;
  const gutter = `${location.line}`;
  return `  ${gutter} | ${line.join("")}\n  ${" ".repeat(gutter.length)} | ${" ".repeat(column)}${"^".repeat(Math.max(1, Math.min(wanted, line.length - column)))}`;
}
