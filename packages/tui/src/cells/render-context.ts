import type { DiffWords } from "../text/diff-lines.ts";
import type { Highlight, Lexer } from "../text/markdown.ts";

/** What a cell needs to become lines, beside its own data. */
export interface RenderContext {
  /** Cells per line. */
  readonly width: number;
  /** Monotonic ms, for what still runs. */
  readonly now: number;
  /** Counts the steps of the animation. */
  readonly tick: number;
  readonly cwd: string;
  readonly home: string;
  /** Everything is shown, as in the transcript; else long output is cut. */
  readonly full: boolean;
  readonly tools: TextTools;
}

/** Libraries that are loaded after the first frame; undefined until then. */
export interface TextTools {
  readonly lexer: Lexer | undefined;
  readonly highlight: Highlight | undefined;
  readonly diffWords: DiffWords | undefined;
  /** Colours of the lines of a diff; they may come later than the diff is shown first. */
  readonly highlightDiff: Highlight | undefined;
}

export const NO_TOOLS: TextTools = { lexer: undefined, highlight: undefined, diffWords: undefined, highlightDiff: undefined };
