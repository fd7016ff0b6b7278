import type { Style } from "../screen/style.ts";
import { ansiLines } from "../text/ansi.ts";
import { plural } from "../text/format.ts";
import type { Line } from "../text/line.ts";
import { truncateLine, wrapLine } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

export interface OutputShape {
  /** Lines shown of the beginning and of the end; what is between is counted. */
  readonly head: number;
  readonly tail: number;
}

const BASE: Style = { fg: "muted" };
/** Beyond this many UTF-16 units only the ends of an output are looked at. */
const LOOKED_AT = 32_768;

/** Output of a program below its call: the head and the tail, or everything in full. */
export function outputLines(text: string, shape: OutputShape, context: RenderContext): Line[] {
  const trimmed = text.replace(/^\n+/, "").trimEnd();
  if (trimmed === "") return [];
  const { width, full } = context;
  const bar: Line = [{ text: "  │ ", style: { fg: "border" } }];
  if (full) return ansiLines(trimmed, BASE).flatMap((line) => wrapLine(line, { width, first: bar, rest: bar }));
  const { lines, hidden } = ends(trimmed, shape);
  return lines.map((line, index) =>
    hidden > 0 && index === shape.head
      ? [...bar, { text: `… ${plural(hidden, "more line")} · ctrl-t`, style: { fg: "muted", italic: true } }]
      : truncateLine([...bar, ...line], width),
  );
}

/** The first and the last lines, with an empty one between them where `hidden` are left out. */
function ends(text: string, { head, tail }: OutputShape): { readonly lines: Line[]; readonly hidden: number } {
  if (text.length <= LOOKED_AT) {
    const lines = ansiLines(text, BASE);
    const hidden = lines.length - head - tail;
    // Hiding one line would take a line too.
    if (hidden <= 1) return { lines, hidden: 0 };
    return { lines: [...lines.slice(0, head), [], ...lines.slice(lines.length - tail)], hidden };
  }
  const first = ansiLines(text.slice(0, LOOKED_AT / 2), BASE).slice(0, head);
  const last = ansiLines(text.slice(-LOOKED_AT / 2), BASE).slice(-tail);
  let hidden = 1 - head - tail;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) hidden++;
  return { lines: [...first, [], ...last], hidden: Math.max(1, hidden + missing(text)) };
}

/** Lines that the agent did not keep, by the line that stands in their place and is none of them. */
function missing(text: string): number {
  return Number(/^\[… \d+ bytes left out: (\d+) lines,/m.exec(text)?.[1] ?? 1) - 1;
}
