import type { ToolCell } from "../state/cell.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { formatDuration } from "../text/format.ts";
import type { Line, Span } from "../text/line.ts";
import { wrapLine } from "../text/wrap.ts";
import { allowedLines } from "./decision.ts";
import { spinner } from "./glyphs.ts";
import { outputLines } from "./output.ts";
import type { RenderContext } from "./render-context.ts";

/** Characters of the arguments that the history shows. */
const ARGUMENTS = 160;

/** A call of a tool: its name, its arguments, the ends of what it gave. */
export function toolLines(cell: ToolCell, context: RenderContext): Line[] {
  const { end } = cell;
  const sign: Span =
    end === undefined
      ? { text: `${spinner(context.tick)} `, style: { fg: "tool" } }
      : end.success
        ? { text: "✓ ", style: { fg: "success" } }
        : { text: "✗ ", style: { fg: "danger" } };
  const all = harmlessText(cell.arguments);
  const shown = context.full || all.length <= ARGUMENTS ? all : `${all.slice(0, ARGUMENTS)}…`;
  const note =
    end === undefined
      ? cell.progress === ""
        ? ""
        : `  ${cell.progress}`
      : `  ${end.success ? "" : "failed · "}${formatDuration(end.durationMs)}`;
  const line: Line = [
    { text: plainLine(cell.tool), style: { fg: "tool", bold: true } },
    { text: `(${shown})`, style: { fg: "muted" } },
    { text: note, style: { fg: end === undefined || end.success ? "muted" : "danger" } },
  ];
  const head = wrapLine(line, { width: context.width, first: [sign] });
  return [...head, ...allowedLines(cell.why, context), ...outputLines(end?.output ?? "", { head: 3, tail: 2 }, context)];
}
