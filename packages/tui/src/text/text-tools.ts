import type { Clock } from "@codex/core";
import type { TextTools } from "../cells/render-context.ts";
import { highlightLater } from "./highlight-later.ts";
import { openHighlighter } from "./highlight.ts";
import type { Highlight } from "./markdown.ts";

export interface TextToolsOptions {
  /** Called with each better set: when a language was loaded, when there are more colours. */
  readonly onMore: (tools: TextTools) => void;
  readonly clock: Pick<Clock, "monotonic" | "timer">;
  /** What is drawn once is never drawn again: colours are made at once. */
  readonly drawnOnce: boolean;
}

/** Loads what Markdown and diffs are made with. */
export async function loadTextTools({ onMore, clock, drawnOnce }: TextToolsOptions): Promise<void> {
  const [{ lexer }, { diffWordsWithSpace }] = await Promise.all([import("marked"), import("diff")]);
  const more = (): void => onMore({ lexer, diffWords: diffWordsWithSpace, highlight, highlightDiff });
  const highlighter = openHighlighter(more);
  const highlight: Highlight = (code, language) => highlighter.highlight(code, language);
  const highlightDiff = drawnOnce ? highlight : highlightLater({ highlight, clock, onReady: more });
  more();
}
