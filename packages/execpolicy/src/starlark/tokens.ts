import { StarlarkFault, type Span } from "./source.ts";

export type Token = Span &
  (
    | { readonly kind: "name" | "keyword" | "operator"; readonly text: string }
    | { readonly kind: "integer"; readonly value: bigint }
    | { readonly kind: "string"; readonly value: string }
    /** `body` holds where the text between the quotes stands. */
    | { readonly kind: "format_string"; readonly body: Span; readonly raw: boolean }
    | { readonly kind: "newline" | "indent" | "dedent" | "end" }
  );

const KEYWORDS: ReadonlySet<string> = new Set("and break continue def elif else for if in lambda load not or pass return".split(" "));

/** Words of Python that the language keeps out on purpose. */
const RESERVED: ReadonlySet<string> = new Set(
  "as assert async await class del except finally from global import is nonlocal raise try while with yield".split(" "),
);

const OPERATORS = [
  ..."<<= >>= //= ** += -= *= /= %= &= |= ^= == != <= >= << >> // ->".split(" "),
  ..."+ - * / % & | ^ ~ < > = . , ; : ( ) [ ] { }".split(" "),
];

interface Scanner {
  readonly text: string;
  readonly end: number;
  offset: number;
  /** Where the brackets that are still open stand. */
  readonly open: number[];
  readonly indents: number[];
  readonly tokens: Token[];
}

/** Splits a file into tokens; inside brackets line breaks count for nothing. Throws a StarlarkFault. */
export function tokenize(text: string): readonly Token[] {
  const scanner: Scanner = { text, end: text.length, offset: 0, open: [], indents: [0], tokens: [] };
  startLine(scanner);
  while (scanner.offset < scanner.end) scanOne(scanner);
  const open = scanner.open.at(-1);
  if (open !== undefined) throw new StarlarkFault("this bracket is never closed", { start: open, end: open + 1 });
  finish(scanner);
  return scanner.tokens;
}

/** The tokens of one expression that stands inside a larger text, at the offsets of that text. */
export function tokenizeExpression(text: string, span: Span): readonly Token[] {
  const scanner: Scanner = { text, end: span.end, offset: span.start, open: [span.start], indents: [0], tokens: [] };
  while (scanner.offset < scanner.end) scanOne(scanner);
  scanner.tokens.push({ kind: "end", start: span.end, end: span.end });
  return scanner.tokens;
}

function finish(scanner: Scanner): void {
  const { end } = scanner;
  const last = scanner.tokens.at(-1);
  if (last !== undefined && last.kind !== "newline" && last.kind !== "dedent") scanner.tokens.push({ kind: "newline", start: end, end });
  for (let level = scanner.indents.length; level > 1; level -= 1) scanner.tokens.push({ kind: "dedent", start: end, end });
  scanner.tokens.push({ kind: "end", start: end, end });
}

/** Measures the indentation of the next line that holds anything. */
function startLine(scanner: Scanner): void {
  for (;;) {
    const start = scanner.offset;
    while (scanner.text[scanner.offset] === " ") scanner.offset += 1;
    const next = scanner.text[scanner.offset];
    if (next === "#") skipComment(scanner);
    if (scanner.offset >= scanner.end) return;
    if (skipLineBreak(scanner)) continue;
    if (next !== "#") setIndentation(scanner, scanner.offset - start);
    return;
  }
}

function setIndentation(scanner: Scanner, width: number): void {
  const at = { start: scanner.offset, end: scanner.offset };
  if (scanner.text[scanner.offset] === "\t") throw tab(scanner.offset);
  if (width > (scanner.indents.at(-1) ?? 0)) {
    scanner.indents.push(width);
    scanner.tokens.push({ kind: "indent", ...at });
  }
  while (width < (scanner.indents.at(-1) ?? 0)) {
    scanner.indents.pop();
    scanner.tokens.push({ kind: "dedent", ...at });
  }
  if (width !== scanner.indents.at(-1)) throw new StarlarkFault("this line is indented to no level that is open", at);
}

function scanOne(scanner: Scanner): void {
  const { text, offset } = scanner;
  const next = text[offset] ?? "";
  if (next === " ") scanner.offset += 1;
  else if (next === "#") skipComment(scanner);
  else if (next === "\n" || next === "\r") scanLineBreak(scanner);
  else if (next === "\\") skipContinuation(scanner);
  else if (next === "\t") throw tab(offset);
  else if (/[0-9]/u.test(next)) scanInteger(scanner);
  else if (/["']/u.test(next)) scanString(scanner, "");
  else if (/[A-Za-z_]/u.test(next)) scanName(scanner);
  else scanOperator(scanner);
}

function tab(offset: number): StarlarkFault {
  return new StarlarkFault("a tab cannot stand here", { start: offset, end: offset + 1 }, "Use spaces.");
}

function skipComment(scanner: Scanner): void {
  while (scanner.offset < scanner.end && scanner.text[scanner.offset] !== "\n") scanner.offset += 1;
  if (scanner.text[scanner.offset - 1] === "\r") scanner.offset -= 1;
}

function skipLineBreak(scanner: Scanner): boolean {
  const length = /^\r?\n/u.exec(scanner.text.slice(scanner.offset, scanner.offset + 2))?.[0].length ?? 0;
  scanner.offset += length;
  return length > 0;
}

function scanLineBreak(scanner: Scanner): void {
  const start = scanner.offset;
  if (!skipLineBreak(scanner)) throw new StarlarkFault("a carriage return without a line feed", { start, end: start + 1 });
  if (scanner.open.length > 0) return;
  scanner.tokens.push({ kind: "newline", start, end: scanner.offset });
  startLine(scanner);
}

function skipContinuation(scanner: Scanner): void {
  const start = scanner.offset;
  scanner.offset += 1;
  if (!skipLineBreak(scanner)) throw new StarlarkFault("a backslash that ends no line", { start, end: start + 1 });
}

function scanInteger(scanner: Scanner): void {
  const start = scanner.offset;
  const rest = scanner.text.slice(start, Math.min(scanner.end, start + 1000));
  const digits = /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0+|[1-9][0-9]*)/u.exec(rest)?.[0] ?? "";
  const span = { start, end: start + digits.length };
  if (/^[0-9A-Za-z_.]/u.test(rest.slice(digits.length))) {
    throw new StarlarkFault("only whole numbers are read here", { start, end: span.end + 1 }, "Write 12, 0x1f or 0o17.");
  }
  scanner.offset = span.end;
  scanner.tokens.push({ kind: "integer", value: BigInt(digits), ...span });
}

function scanName(scanner: Scanner): void {
  const start = scanner.offset;
  while (scanner.offset < scanner.end && /[A-Za-z0-9_]/u.test(scanner.text[scanner.offset] ?? "")) scanner.offset += 1;
  const name = scanner.text.slice(start, scanner.offset);
  const quoted = /["']/u.test(scanner.text[scanner.offset] ?? "");
  if (quoted && (name === "r" || name === "f" || name === "fr")) return scanString(scanner, name);
  const span = { start, end: scanner.offset };
  if (quoted && name === "b") throw new StarlarkFault("bytes are not read here", span, "Take the b away for a string.");
  if (RESERVED.has(name)) throw new StarlarkFault(`\`${name}\` is no part of the language of policy files`, span);
  scanner.tokens.push({ kind: KEYWORDS.has(name) ? "keyword" : "name", text: name, ...span });
}

function scanOperator(scanner: Scanner): void {
  const { offset: start, text } = scanner;
  const operator = OPERATORS.find((one) => text.startsWith(one, start));
  if (operator === undefined) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    const name = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
      ? `\`${character}\``
      : `the character U+${(text.codePointAt(start) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const hint = character === "\ufeff" ? "Save the file without a byte order mark." : undefined;
    throw new StarlarkFault(`${name} cannot stand here`, { start, end: start + character.length }, hint);
  }
  if ("([{".includes(operator)) scanner.open.push(start);
  if (")]}".includes(operator)) scanner.open.pop();
  scanner.offset += operator.length;
  scanner.tokens.push({ kind: "operator", text: operator, start, end: scanner.offset });
}

/** The scanner stands on the opening quote; `prefix` was read before it. */
function scanString(scanner: Scanner, prefix: "" | "r" | "f" | "fr"): void {
  const start = scanner.offset - prefix.length;
  const mark = scanner.text[scanner.offset] ?? "";
  const quote = scanner.text.startsWith(mark.repeat(3), scanner.offset) ? mark.repeat(3) : mark;
  const body = { start: scanner.offset + quote.length, end: endOfString(scanner, start, quote) };
  scanner.offset = body.end + quote.length;
  const span = { start, end: scanner.offset };
  const raw = prefix === "r" || prefix === "fr";
  if (prefix.startsWith("f")) scanner.tokens.push({ kind: "format_string", body, raw, ...span });
  else
    scanner.tokens.push({
      kind: "string",
      value: raw ? scanner.text.slice(body.start, body.end) : unescapeText(scanner.text, body),
      ...span,
    });
}

function endOfString(scanner: Scanner, start: number, quote: string): number {
  for (let at = scanner.offset + quote.length; at < scanner.end; at += 1) {
    if (scanner.text[at] === "\\") at += 1;
    else if (scanner.text.startsWith(quote, at) && at + quote.length <= scanner.end) return at;
    else if (scanner.text[at] === "\n" && quote.length === 1) break;
  }
  throw new StarlarkFault("this string has no end", { start, end: scanner.offset + quote.length });
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r?\n)|([^]))/gu;

/** Resolves backslashes; an unknown letter after one keeps it. */
export function unescapeText(text: string, span: Span): string {
  return text.slice(span.start, span.end).replace(ESCAPE, (whole: string, ...found: unknown[]) => {
    const [hex, short, long, octal, lineBreak, other] = found as (string | undefined)[];
    const start = span.start + Number(found[6]);
    if (lineBreak !== undefined) return "";
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const digits = hex ?? short ?? long;
    if (digits !== undefined) return characterOf(Number.parseInt(digits, 16), { start, end: start + whole.length });
    if (other === "x" || other === "u" || other === "U") {
      throw new StarlarkFault(`\`\\${other}\` wants ${other === "x" ? "two" : other === "u" ? "four" : "eight"} hexadecimal digits`, {
        start,
        end: start + whole.length,
      });
    }
    return SIMPLE_ESCAPES[other ?? ""] ?? whole;
  });
}

function characterOf(code: number, span: Span): string {
  if (code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) throw new StarlarkFault("this number names no character", span);
  return String.fromCodePoint(code);
}
