import type { ExecCell, ExecEnd } from "../state/cell.ts";
import { commandText, shortPath } from "../state/command-text.ts";
import { outputText } from "../state/live-output.ts";
import type { Style } from "../screen/style.ts";
import { harmlessText } from "../text/ansi.ts";
import { formatDuration, formatElapsed } from "../text/format.ts";
import { lineWidth, type Line, type Span } from "../text/line.ts";
import { wrapLine, wrapText } from "../text/wrap.ts";
import { allowedLines, approvalLines, isPlainYes } from "./decision.ts";
import { spinner } from "./glyphs.ts";
import { outputLines, type OutputShape } from "./output.ts";
import type { RenderContext } from "./render-context.ts";

/** Rows of a command that the history shows; the transcript has all. */
const COMMAND_ROWS = 8;

/** A command: how it stands, what it is, the head and the tail of its output. */
export function execLines(cell: ExecCell, context: RenderContext): Line[] {
  const { end } = cell;
  const sign: Span =
    end === undefined
      ? { text: `${spinner(context.tick)} `, style: { fg: "command" } }
      : succeeded(end)
        ? { text: "✓ ", style: { fg: "success" } }
        : { text: "✗ ", style: { fg: "danger" } };
  const head = commandLines(cell, sign, context);
  return [
    ...head,
    ...approvalLines(cell.approval, context),
    ...allowedLines(cell.why, context),
    ...outputLines(outputText(cell.output), shapeOf(cell), context),
    ...denialLines(end, context),
  ];
}

/** Of what failed the end matters, of what runs the latest. */
function shapeOf({ by, end }: ExecCell): OutputShape {
  // Whoever types a command wants to read what it prints.
  if (by === "user") return end === undefined ? { head: 0, tail: 12 } : { head: 12, tail: 12 };
  if (end === undefined) return { head: 0, tail: 5 };
  return succeeded(end) ? { head: 2, tail: 3 } : { head: 2, tail: 8 };
}

function succeeded({ exitCode, timedOut }: ExecEnd): boolean {
  return exitCode === 0 && !timedOut;
}

function commandLines(cell: ExecCell, sign: Span, context: RenderContext): Line[] {
  const { width, cwd, home, full } = context;
  const prompt: Line = [sign, { text: cell.by === "user" ? "! " : "$ ", style: { fg: "command", bold: true } }];
  const lines = wrapText(harmlessText(commandText(cell.command)), { width, first: prompt, rest: [{ text: "    " }] });
  const shown =
    full || lines.length <= COMMAND_ROWS ? lines : [...lines.slice(0, COMMAND_ROWS), [{ text: "    …", style: { fg: "muted" } as const }]];
  const where = cell.cwd === cwd ? "" : `in ${shortPath(cell.cwd, home)}`;
  const how = cell.end === undefined ? runningFor(cell, context) : howItEnded(cell.end);
  const note = [where, how, isPlainYes(cell.approval) ? "you approved" : ""].filter((part) => part !== "").join(" · ");
  const style: Style = { fg: cell.end === undefined || succeeded(cell.end) ? "muted" : "danger" };
  const last = shown.at(-1) ?? [];
  if (note === "") return shown;
  // At the right of the command where there is room, else below it.
  const gap = width - lineWidth(last) - note.length;
  if (gap >= 2) return [...shown.slice(0, -1), [...last, { text: "  " }, { text: note, style }]];
  return [...shown, [{ text: `    ${note}`, style }]];
}

function runningFor(cell: ExecCell, { now }: RenderContext): string {
  const elapsed = now - cell.startedAt;
  return elapsed < 1000 ? "" : formatElapsed(elapsed);
}

function howItEnded({ exitCode, signal, timedOut, durationMs }: ExecEnd): string {
  const time = formatDuration(durationMs);
  if (timedOut) return `timed out after ${time}`;
  if (exitCode === 0) return time;
  if (exitCode !== null) return `exit ${String(exitCode)} · ${time}`;
  if (signal === "interrupt") return `stopped after ${time}`;
  return signal === null ? "did not start" : `${signal} · ${time}`;
}

function denialLines(end: ExecEnd | undefined, { width }: RenderContext): Line[] {
  const denial = end?.denial;
  if (denial === undefined || denial.denied === false) return [];
  const first: Line = [{ text: "  ⊘ ", style: { fg: "warning" } }];
  return wrapLine([{ text: denialText(denial), style: { fg: "warning" } }], { width, first });
}

/** What the sandbox refused, and what would allow it. */
export function denialText({ denied, what, path, address, permission }: NonNullable<ExecEnd["denial"]>): string {
  const subject = denied === "unknown" ? "the sandbox may be why it failed" : `the sandbox refused ${refusedThing(what, path ?? address)}`;
  return permission === undefined ? subject : `${subject}; ${permission} would allow it`;
}

function refusedThing(what: "write" | "network" | "system_call" | undefined, target: string | undefined): string {
  switch (what) {
    case "write":
      return target === undefined ? "a write" : `to let it write ${target}`;
    case "network":
      return target === undefined ? "it the network" : `it the network (${target})`;
    case "system_call":
      return "a system call";
    case undefined:
      return "something";
  }
}
