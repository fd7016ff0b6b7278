import type { Cell } from "../state/cell.ts";
import { formatCount, formatElapsed } from "../text/format.ts";
import type { Line } from "../text/line.ts";
import type { RenderContext } from "./render-context.ts";

/** The line between two turns: how long it took, what it cost. */
export function turnEndLines({ elapsedMs, tokens }: Extract<Cell, { kind: "turn_end" }>, { width }: RenderContext): Line[] {
  const note = ` ${formatElapsed(elapsedMs)} · ${formatCount(tokens)} tokens `;
  const rule = "─".repeat(Math.max(0, width - note.length - 2));
  return [
    [
      { text: "──", style: { fg: "border" } },
      { text: note, style: { fg: "muted" } },
      { text: rule, style: { fg: "border" } },
    ],
  ];
}
