import type { Line, Span } from "../text/line.ts";
import { markdownLines } from "../text/markdown.ts";
import type { RenderContext } from "./render-context.ts";

/** What the model says. */
export function agentLines(text: string, { width, tools }: RenderContext): Line[] {
  const lines = markdownLines(text, { width: width - 2, lexer: tools.lexer, highlight: tools.highlight });
  return gutter(lines, { text: "● ", style: { fg: "agent" } });
}

/** What the model thinks, as far as it is summed up. */
export function reasoningLines(text: string, { width, tools }: RenderContext): Line[] {
  const lines = markdownLines(text, { width: width - 2, lexer: tools.lexer, highlight: undefined });
  const dim = lines.map((line) => line.map((span) => ({ ...span, style: { ...span.style, fg: "muted", italic: true } as const })));
  return gutter(dim, { text: "∴ ", style: { fg: "muted" } });
}

/** Puts a sign before the first line and as many blanks before the others. */
function gutter(lines: readonly Line[], sign: Span): Line[] {
  const blank = " ".repeat(sign.text.length);
  return lines.map((line, index) => (index === 0 ? [sign, ...line] : line.length === 0 ? [] : [{ text: blank }, ...line]));
}
