import type { Cell } from "../state/cell.ts";
import { formatCount, formatElapsed, plural } from "../text/format.ts";
import { lineWidth, type Line, type Span } from "../text/line.ts";
import { truncateLine } from "../text/wrap.ts";
import { changeCounts, fileLine } from "./file-line.ts";
import type { RenderContext } from "./render-context.ts";

/** Files that are listed below the line; the transcript has all. */
const FILES = 6;

type TurnEnd = Extract<Cell, { kind: "turn_end" }>;

/** The line between two turns: how long it took, what was run and changed, what it cost. Below it the files that were changed. */
export function turnEndLines(cell: TurnEnd, { width, full }: RenderContext): Line[] {
  const { files } = cell;
  const most = full || files.length <= FILES + 1 ? files.length : FILES;
  const hidden = files.length - most;
  const more: Line[] =
    hidden === 0 ? [] : [[{ text: `   … ${plural(hidden, "more file")} · /diff`, style: { fg: "muted", italic: true } }]];
  return [ruleLine(cell, width), ...files.slice(0, most).map((file) => truncateLine([{ text: "   " }, ...fileLine(file)], width)), ...more];
}

function ruleLine(cell: TurnEnd, width: number): Line {
  const parts = facts(cell);
  // The last give way first.
  let note = joined(parts);
  for (let count = parts.length - 1; count > 0 && lineWidth(note) + 6 > width; count--) note = joined(parts.slice(0, count));
  const border = { fg: "border" } as const;
  const rule = "─".repeat(Math.max(0, width - lineWidth(note) - 4));
  return truncateLine([{ text: "── ", style: border }, ...note, { text: ` ${rule}`, style: border }], width);
}

function facts({ elapsedMs, tokens, commands, failed, files }: TurnEnd): Span[][] {
  const muted = { fg: "muted" } as const;
  const sum = (key: "added" | "removed"): number => files.reduce((lines, file) => lines + file[key], 0);
  return [
    [{ text: formatElapsed(elapsedMs), style: muted }],
    ...(files.length === 0
      ? []
      : [[{ text: `${plural(files.length, "file")} changed `, style: muted }, ...changeCounts(sum("added"), sum("removed"))]]),
    ...(commands === 0
      ? []
      : [
          [
            { text: plural(commands, "command"), style: muted },
            ...(failed === 0 ? [] : [{ text: `, ${String(failed)} failed`, style: { fg: "danger" } as const }]),
          ],
        ]),
    [{ text: `${formatCount(tokens)} tokens`, style: muted }],
  ];
}

function joined(parts: readonly (readonly Span[])[]): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: " · ", style: { fg: "muted" } } as const, ...part]));
}
