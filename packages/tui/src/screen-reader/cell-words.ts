import type { FileChange } from "@codex/core";
import { denialText } from "../cells/exec.ts";
import { APPROVAL_MEANING, SANDBOX_MEANING } from "../cells/session.ts";
import type { Cell, ExecCell, ExecEnd, PatchCell, ToolCell } from "../state/cell.ts";
import { commandText, relativePath, shortPath } from "../state/command-text.ts";
import { outputText } from "../state/live-output.ts";
import type { Facts } from "../state/facts.ts";
import { ansiLines, harmlessText, plainLine } from "../text/ansi.ts";
import { countChanges, parseUnifiedDiff, wholeFile, type DiffRow } from "../text/diff-rows.ts";
import { plural } from "../text/format.ts";
import { plainText } from "../text/line.ts";
import { spokenTime } from "./spoken-time.ts";

export interface Place {
  readonly facts: Pick<Facts, "cwd" | "home">;
  /** Everything is said, as in the transcript; else long output is cut. */
  readonly full: boolean;
}

/** What is said of a cell that nothing will change any more. A text may hold several lines. */
export function cellWords(cell: Cell, place: Place): string[] {
  switch (cell.kind) {
    case "session":
      return sessionWords(cell.facts);
    case "user":
      return [`You: ${harmlessText(cell.text)}`, ...(cell.images === 0 ? [] : [`With ${plural(cell.images, "image")}.`])];
    case "agent":
      return [`Codex: ${harmlessText(cell.text).trim()}`];
    case "reasoning":
      return [`Thinking: ${harmlessText(cell.text).trim()}`];
    case "exec":
      return place.full ? [...beginWords(cell, place), ...approvalWords(cell), ...execEndWords(cell, place)] : execEndWords(cell, place);
    case "tool":
      return place.full ? [...beginWords(cell, place), ...toolEndWords(cell, place)] : toolEndWords(cell, place);
    case "patch":
      return place.full ? [...patchWords(cell, place), ...approvalWords(cell), ...patchEndWords(cell, place)] : patchEndWords(cell, place);
    case "plan":
      return planWords(cell);
    case "notice":
      return [`${LEVELS[cell.level]}${harmlessText(cell.text)}`, ...(cell.hint === "" ? [] : [harmlessText(cell.hint)])];
    case "declined": {
      const what = cell.command.length > 0 ? commandText(cell.command) : cell.tool;
      const [way] = cell.decision.change ?? [];
      const refused = `Declined: ${harmlessText(what)}. ${plainLine(cell.decision.reason)} (${plainLine(cell.decision.layer.replaceAll("_", " "))})`;
      return [refused, ...(way === undefined ? [] : [`What would change that: ${harmlessText(way)}`])];
    }
    case "decision":
      return [`${DECISIONS[cell.decision]} ${harmlessText(cell.subject)}${cell.detail === "" ? "" : `: ${harmlessText(cell.detail)}`}`];
    case "turn_end":
      return [`Done after ${spokenTime(cell.elapsedMs)}, ${String(cell.tokens)} tokens.`, ...summaryWords(cell)];
  }
}

function summaryWords({ commands, failed, files }: Extract<Cell, { kind: "turn_end" }>): string[] {
  const ran = commands === 0 ? [] : [`${plural(commands, "command")}${failed === 0 ? "" : `, ${String(failed)} failed`}.`];
  const changed = files.map(({ letter, name, added, removed }) => `${CHANGES[letter]} ${plainLine(name)}${sizeWords(added, removed)}.`);
  return [...ran, ...(files.length === 0 ? [] : [`${plural(files.length, "file")} changed.`, ...changed])];
}

const CHANGES = { A: "New:", D: "Deleted:", M: "Changed:", R: "Moved:" } as const;

const LEVELS = { info: "", event: "", warning: "Warning: ", error: "Error: " } as const;
const DECISIONS = {
  approved: "You approved",
  approved_for_session: "You approved for this session",
  denied: "You declined",
  abort: "You declined and stopped at",
} as const;

function sessionWords(facts: Facts): string[] {
  const { model, provider, effort, cwd, home, branch, approval, sandbox } = facts;
  return [
    `Codex ${facts.version}, for a screen reader. Write a message and press Enter. A question mark alone tells the keys, Tab how things stand.`,
    `Model ${model} of ${provider}${effort === "" ? "" : `, ${effort} effort`}. Folder ${shortPath(cwd, home)}${branch === "" ? "" : `, branch ${branch}`}.`,
    `Approval ${approval}: ${APPROVAL_MEANING[approval] ?? "as configured"}. Sandbox ${sandbox}: ${SANDBOX_MEANING[sandbox] ?? "as configured"}.`,
  ];
}

/** What is said when something begins that takes its time; nothing for what is told once it is over. */
export function beginWords(cell: Cell, { facts }: Place): string[] {
  if (cell.kind === "exec") {
    const where = cell.cwd === facts.cwd ? "" : ` in ${shortPath(cell.cwd, facts.home)}`;
    return [`${cell.by === "user" ? "Your command" : "Command"}${where}: ${harmlessText(commandText(cell.command))}`];
  }
  if (cell.kind === "tool") return [`Tool ${plainLine(cell.tool)}${cell.arguments === "" ? "" : ` with ${plainLine(cell.arguments)}`}`];
  return [];
}

function approvalWords({ approval }: Pick<ExecCell, "approval">): string[] {
  return approval === undefined
    ? []
    : [`${DECISIONS[approval.decision]} it${approval.detail === "" ? "" : `: ${harmlessText(approval.detail)}`}.`];
}

/** Lines of output that are said at the beginning and at the end. */
const HEAD = 5;
const TAIL = 10;

function execEndWords({ end, output }: ExecCell, place: Place): string[] {
  if (end === undefined) return [];
  const denial = end.denial === undefined || end.denial.denied === false ? [] : [`Note: ${denialText(end.denial)}.`];
  return [`${howItEnded(end)} ${outputWords(outputText(output), place)}`.trim(), ...denial];
}

function howItEnded({ exitCode, signal, timedOut, durationMs }: ExecEnd): string {
  const time = spokenTime(durationMs);
  if (timedOut) return `The command timed out after ${time}.`;
  if (exitCode === 0) return `The command succeeded in ${time}.`;
  if (exitCode !== null) return `The command failed with exit code ${String(exitCode)} after ${time}.`;
  if (signal === "interrupt") return `The command was stopped after ${time}.`;
  return signal === null ? "The command did not start." : `The command was ended by ${signal} after ${time}.`;
}

function toolEndWords({ tool, end }: ToolCell, place: Place): string[] {
  if (end === undefined) return [];
  const how = `Tool ${plainLine(tool)} ${end.success ? "answered" : "failed"} after ${spokenTime(end.durationMs)}.`;
  return [`${how} ${outputWords(end.output, place)}`.trim()];
}

function outputWords(text: string, { full }: Place): string {
  if (text.trim() === "") return "No output.";
  const lines = ansiLines(text.replace(/^\n+/, "").trimEnd()).map(plainText);
  const hidden = lines.length - HEAD - TAIL;
  const isCut = !full && hidden > 1;
  const shown = isCut ? [...lines.slice(0, HEAD), `(${plural(hidden, "line")} left out; ctrl-t tells all)`, ...lines.slice(-TAIL)] : lines;
  return `Output, ${plural(lines.length, "line")}:\n${shown.join("\n")}`;
}

/** A patch with every line it changes. */
export function patchWords({ changes }: Pick<PatchCell, "changes">, { facts }: Place): string[] {
  return Object.entries(changes).flatMap(([path, change]) => {
    const name = relativePath(path, facts.cwd, facts.home);
    const rows = rowsOf(change);
    return [`${fileWords(name, change, facts)}${countWords(rows)}`, ...rows.map(rowWords)];
  });
}

function fileWords(name: string, change: FileChange, { cwd, home }: Place["facts"]): string {
  if (change === "delete") return `Delete file ${plainLine(name)}.`;
  if ("add" in change) return `New file ${plainLine(name)}:`;
  const target = change.update.move_path;
  return target === null
    ? `Change file ${plainLine(name)}:`
    : `Move file ${plainLine(name)} to ${plainLine(relativePath(target, cwd, home))}:`;
}

function rowsOf(change: FileChange): readonly DiffRow[] {
  if (change === "delete") return [];
  return "add" in change ? wholeFile("added", change.add.content) : parseUnifiedDiff(change.update.unified_diff);
}

export function countWords(rows: readonly DiffRow[]): string {
  const { added, removed } = countChanges(rows);
  const size = sizeWords(added, removed);
  return size === "" ? "" : `${size.slice(1)}.`;
}

/** `, 2 lines added, 1 line removed`, or nothing. */
function sizeWords(added: number, removed: number): string {
  return [
    ...(added > 0 ? [`, ${plural(added, "line")} added`] : []),
    ...(removed > 0 ? [`, ${plural(removed, "line")} removed`] : []),
  ].join("");
}

/** A row of a diff: what happens to the line, its number, its text. */
export function rowWords(row: DiffRow): string {
  switch (row.kind) {
    case "gap":
      return "Further down:";
    case "note":
      return row.text;
    case "context":
      return `line ${String(row.number)}: ${harmlessText(row.text)}`;
    case "added":
    case "removed":
      return `${row.kind} ${String(row.number)}: ${harmlessText(row.text)}`;
  }
}

function patchEndWords(cell: PatchCell, { facts }: Place): string[] {
  const message = cell.message === "" ? "" : ` ${harmlessText(cell.message).trim()}`;
  switch (cell.status) {
    case "applied": {
      const files = Object.keys(cell.changes).map((path) => plainLine(relativePath(path, facts.cwd, facts.home)));
      return [`Patch applied: ${files.join(", ")}.`];
    }
    case "failed":
      return [`Patch failed.${message}`];
    case "declined":
      return [`Patch declined.${message}`];
    case "proposed":
    case "applying":
      return [];
  }
}

const STEPS = { completed: "done", in_progress: "under way", pending: "to come" } as const;

function planWords({ explanation, plan }: Extract<Cell, { kind: "plan" }>): string[] {
  const done = plan.filter(({ status }) => status === "completed").length;
  return [
    `Plan, ${String(done)} of ${String(plan.length)} done.${explanation === "" ? "" : ` ${harmlessText(explanation)}`}`,
    ...plan.map(({ step, status }) => `${STEPS[status]}: ${harmlessText(step)}`),
  ];
}
