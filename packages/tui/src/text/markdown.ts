import type { marked, Token, Tokens } from "marked";
import type { Style } from "../screen/style.ts";
import { harmlessText } from "./ansi.ts";
import type { Line, Span } from "./line.ts";
import { tableLines } from "./table.ts";
import { expandTabs, wrapLine, wrapText } from "./wrap.ts";

/** What makes tokens of Markdown; marked's lexer. */
export type Lexer = typeof marked.lexer;

/** Colours the lines of a code block; undefined when it does not know the language (yet). */
export type Highlight = (code: string, language: string) => readonly Line[] | undefined;

export interface MarkdownOptions {
  readonly width: number;
  /** Without it the text stands as it is, wrapped. */
  readonly lexer: Lexer | undefined;
  readonly highlight?: Highlight | undefined;
}

/** Markdown as lines of at most `width` cells, without blank lines at either end. */
export function markdownLines(markdown: string, options: MarkdownOptions): Line[] {
  const text = harmlessText(markdown);
  if (options.lexer === undefined) return wrapText(text.trim(), { width: options.width });
  return blockLines(options.lexer(text, { gfm: true }), options);
}

function blockLines(tokens: readonly Token[], options: MarkdownOptions): Line[] {
  const lines: Line[] = [];
  for (const token of tokens) {
    const block = blockOf(token, options);
    if (block.length === 0) continue;
    if (lines.length > 0) lines.push([]);
    lines.push(...block);
  }
  return lines;
}

function blockOf(token: Token, options: MarkdownOptions): Line[] {
  const { width } = options;
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "heading":
      return headingLines(token as Tokens.Heading, width);
    case "paragraph":
    case "text":
      return inlineLines(
        token.type === "text" && (token as Tokens.Text).tokens === undefined ? [token] : (token as Tokens.Paragraph).tokens,
        width,
      );
    case "code":
      return codeLines(token as Tokens.Code, options);
    case "blockquote": {
      const inner = blockLines((token as Tokens.Blockquote).tokens, { ...options, width: Math.max(8, width - 2) });
      return inner.map((line) => [
        { text: "▎ ", style: { fg: "quote" } },
        ...line.map((span) => ({ ...span, style: { fg: "quote", ...span.style } as Style })),
      ]);
    }
    case "list":
      return listLines(token as Tokens.List, options);
    case "table":
      return tableLines(tableCells(token as Tokens.Table), { width, align: (token as Tokens.Table).align });
    case "hr":
      return [[{ text: "─".repeat(Math.min(width, 40)), style: { fg: "border" } }]];
    case "html":
      return wrapText(token.raw.trimEnd(), { width, style: { fg: "muted" } });
    default:
      return wrapText(token.raw.trimEnd(), { width });
  }
}

function headingLines({ depth, tokens }: Tokens.Heading, width: number): Line[] {
  const style: Style =
    depth === 1
      ? { fg: "heading", bold: true, underline: true }
      : depth === 2
        ? { fg: "heading", bold: true }
        : { bold: true, italic: depth > 3 };
  return inlineLines(tokens, width, style);
}

function codeLines({ text, lang }: Tokens.Code, { highlight, width }: MarkdownOptions): Line[] {
  const language = (lang ?? "").split(/[\s,{]/)[0]?.toLowerCase() ?? "";
  const rows = highlight?.(text, language) ?? text.split("\n").map((row): Line => [{ text: expandTabs(row), style: { fg: "code" } }]);
  const first = [{ text: "│ ", style: { fg: "border" } as const }];
  // Code is wrapped at the edge, not between words: a copied line stays whole.
  return rows.flatMap((row) => wrapLine(row, { width, first, rest: first }));
}

function listLines({ ordered, start, items, loose }: Tokens.List, options: MarkdownOptions): Line[] {
  const from = typeof start === "number" ? start : 1;
  const widest = ordered ? `${String(from + items.length - 1)}. `.length : 2;
  return items.flatMap((item, index) => {
    const marker = ordered ? `${String(from + index)}. `.padStart(widest) : "• ";
    const box = item.task ? `${item.checked === true ? "☑" : "☐"} ` : "";
    const indent = widest + box.length;
    const content = item.tokens.filter(({ type }) => type !== "checkbox");
    const blocks = itemLines(content, { ...options, width: Math.max(8, options.width - indent) }, loose);
    const first: Line = [
      { text: marker, style: { fg: "accent" } },
      ...(box === "" ? [] : [{ text: box, style: { fg: item.checked === true ? "success" : "muted" } as Style }]),
    ];
    const rows =
      blocks.length === 0
        ? [first]
        : blocks.map((line, row) => [...(row === 0 ? first : line.length === 0 ? [] : [{ text: " ".repeat(indent) }]), ...line]);
    return loose && index > 0 ? [[], ...rows] : rows;
  });
}

/** The parts of a list item stand close together unless the list is loose. */
function itemLines(tokens: readonly Token[], options: MarkdownOptions, loose: boolean): Line[] {
  if (loose) return blockLines(tokens, options);
  return tokens.flatMap((token) => blockOf(token, options));
}

function tableCells({ header, rows }: Tokens.Table): { readonly header: Line[]; readonly rows: Line[][] } {
  const cell = ({ tokens }: Tokens.TableCell): Line => inlineSpans(tokens, {}).flat();
  return { header: header.map(cell), rows: rows.map((row) => row.map(cell)) };
}

function inlineLines(tokens: readonly Token[] | undefined, width: number, style: Style = {}): Line[] {
  return inlineSpans(tokens ?? [], style).flatMap((line) => wrapLine(line, { width }));
}

/** Inline tokens as lines; there are several where the text holds hard breaks. */
function inlineSpans(tokens: readonly Token[], base: Style): Span[][] {
  const lines: Span[][] = [[]];
  const put = (text: string, style: Style): void => {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: expandTabs(part), style });
    });
  };
  for (const token of tokens) {
    const parts = inlineOf(token, base);
    for (const [index, line] of parts.entries()) {
      if (index > 0) lines.push([]);
      for (const span of line) put(span.text, span.style ?? {});
    }
  }
  return lines;
}

function inlineOf(token: Token, base: Style): Span[][] {
  switch (token.type) {
    case "strong":
      return inlineSpans((token as Tokens.Strong).tokens, { ...base, bold: true });
    case "em":
      return inlineSpans((token as Tokens.Em).tokens, { ...base, italic: true });
    case "del":
      return inlineSpans((token as Tokens.Del).tokens, { ...base, strike: true });
    case "codespan":
      return [[{ text: (token as Tokens.Codespan).text, style: { ...base, fg: "code" } }]];
    case "link":
      return linkSpans(token as Tokens.Link, base);
    case "image": {
      const { text, href } = token as Tokens.Image;
      return [[{ text: text === "" ? href : `${text} (${href})`, style: { ...base, fg: "link" } }]];
    }
    case "br":
      return [[], []];
    case "escape":
      return [[{ text: (token as Tokens.Escape).text, style: base }]];
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      // A single line break inside a paragraph is a blank.
      return tokens === undefined ? [[{ text: unescapeEntities(text).replace(/\n/g, " "), style: base }]] : inlineSpans(tokens, base);
    }
    default:
      return [[{ text: token.raw.replace(/\n/g, " "), style: base }]];
  }
}

function linkSpans({ tokens, href, text }: Tokens.Link, base: Style): Span[][] {
  const style: Style = { ...base, fg: "link", underline: true, ...(/^https?:\/\//.test(href) ? { link: href } : {}) };
  const shown = inlineSpans(tokens, style);
  if (text === href || href === "" || `mailto:${text}` === href) return shown;
  // Where a link leads is not left to trust.
  shown.at(-1)?.push({ text: ` (${href})`, style: { ...base, fg: "muted" } });
  return shown;
}

function unescapeEntities(text: string): string {
  return text.includes("&") ? text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole) : text;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/**
 * Where the Markdown that is still being written may be cut: the text before the offset makes the same lines, whatever follows. 0 when
 * nothing is certain yet.
 */
export function stablePrefix(text: string, from = 0): number {
  let stable = from;
  let fence: string | undefined;
  let blankBefore = false;
  let at = from;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    if (end === -1) break;
    const line = text.slice(at, end);
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    // A list goes on after a blank line, and what is indented belongs to what stands above.
    if (fence === undefined && blankBefore && !/^(?:\s|$|[-*+] |\d+[.)] )/.test(line)) stable = at;
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence) && line.trim() === mark) fence = undefined;
    }
    blankBefore = line.trim() === "";
    at = end + 1;
  }
  return stable;
}
