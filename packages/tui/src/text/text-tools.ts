import type { TextTools } from "../cells/render-context.ts";
import { openHighlighter } from "./highlight.ts";

/** Loads what Markdown and diffs are made with. `onMore` is called with each better set, when a language was loaded. */
export async function loadTextTools(onMore: (tools: TextTools) => void): Promise<void> {
  const [{ lexer }, { diffWordsWithSpace }] = await Promise.all([import("marked"), import("diff")]);
  const make = (): TextTools => ({
    lexer,
    diffWords: diffWordsWithSpace,
    highlight: (code, language) => highlighter.highlight(code, language),
  });
  const highlighter = openHighlighter(() => onMore(make()));
  onMore(make());
}
