import type { Line } from "../text/line.ts";
import { stablePrefix } from "../text/markdown.ts";
import { agentLines, reasoningLines } from "./agent.ts";
import type { RenderContext } from "./render-context.ts";

/** The lines of a text that grows: what cannot change any more is made into lines once. */
export class StreamedText {
  readonly #render: (text: string, context: RenderContext) => Line[];
  #width = -1;
  #stable = 0;
  #stableLines: readonly Line[] = [];
  #text = "";
  #lines: readonly Line[] = [];

  constructor(kind: "agent" | "reasoning") {
    this.#render = kind === "agent" ? agentLines : reasoningLines;
  }

  /** The lines of the text so far, a blank one last. `text` begins with what was given before. */
  lines(text: string, context: RenderContext): readonly Line[] {
    if (context.width === this.#width && text === this.#text) return this.#lines;
    if (context.width !== this.#width || !text.startsWith(this.#text)) {
      this.#width = context.width;
      this.#stable = 0;
      this.#stableLines = [];
    }
    this.#text = text;
    const stable = stablePrefix(text, this.#stable);
    if (stable > this.#stable) {
      this.#stableLines = this.#join(this.#render(text.slice(this.#stable, stable), context));
      this.#stable = stable;
    }
    this.#lines = [...this.#join(this.#render(text.slice(this.#stable), context)), []];
    return this.#lines;
  }

  #join(lines: readonly Line[]): readonly Line[] {
    if (this.#stableLines.length === 0) return lines;
    if (lines.length === 0) return this.#stableLines;
    // Only the first block of a message has the sign before it.
    const [first = [], ...rest] = lines;
    return [...this.#stableLines, [], [{ text: "  " }, ...first.slice(1)], ...rest];
  }
}
