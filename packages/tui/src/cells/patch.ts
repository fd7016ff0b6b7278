import type { FileChange } from "@codex/core";
import type { HunkChoice, PatchCell, PatchHunk } from "../state/cell.ts";
import { relativePath } from "../state/command-text.ts";
import { hunkName } from "../state/hunk-choice.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { diffLines, type DiffOptions } from "../text/diff-lines.ts";
import { countChanges, parseUnifiedDiff, wholeFile, type DiffRow } from "../text/diff-rows.ts";
import { plural } from "../text/format.ts";
import { languageOf } from "../text/highlight.ts";
import type { Line, Span } from "../text/line.ts";
import { truncateLine, wrapLine, wrapText } from "../text/wrap.ts";
import { allowedLines, approvalLines, isPlainYes } from "./decision.ts";
import { changeCounts, LETTER_COLOR } from "./file-line.ts";
import { spinner } from "./glyphs.ts";
import type { RenderContext } from "./render-context.ts";

/** Lines of one file's diff that the history shows of a patch that nobody has to judge any more. */
const DIFF_ROWS = 60;

/** A patch: how it stands, its files, their diffs. What is still to be judged is shown whole. */
export function patchLines(cell: PatchCell, context: RenderContext): Line[] {
  const files = Object.entries(cell.changes).map(([path, change]) => fileChange(path, change, context));
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const { sign, title } = heading(cell, context);
  const head: Line = [
    sign,
    { text: title, style: { bold: true } },
    { text: ` · ${plural(files.length, "file")}${added + removed > 0 ? " " : ""}`, style: { fg: "muted" } },
    ...changeCounts(added, removed),
    { text: isPlainYes(cell.approval) ? " · you approved" : "", style: { fg: "muted" } },
  ];
  const whole = context.full || cell.status === "proposed";
  const parts =
    cell.choice === undefined || cell.status !== "proposed"
      ? files.flatMap((file) => fileLines(file, whole, context))
      : choiceLines(cell, cell.choice, context);
  return [
    ...wrapLine(head, { width: context.width, rest: [{ text: "  " }] }),
    ...approvalLines(cell.approval, context),
    ...allowedLines(cell.why, context),
    ...parts,
    ...messageLines(cell, context),
  ];
}

function heading({ status }: PatchCell, { tick }: RenderContext): { readonly sign: Span; readonly title: string } {
  switch (status) {
    case "proposed":
      return { sign: { text: "? ", style: { fg: "warning", bold: true } }, title: "Proposed patch" };
    case "applying":
      return { sign: { text: `${spinner(tick)} `, style: { fg: "accent" } }, title: "Applying patch" };
    case "applied":
      return { sign: { text: "✓ ", style: { fg: "success" } }, title: "Patch applied" };
    case "failed":
      return { sign: { text: "✗ ", style: { fg: "danger" } }, title: "Patch failed" };
    case "declined":
      return { sign: { text: "⊘ ", style: { fg: "danger" } }, title: "Patch declined" };
  }
}

interface FileView {
  readonly letter: "A" | "D" | "M" | "R";
  readonly path: string;
  readonly language: string;
  readonly rows: readonly DiffRow[];
  readonly added: number;
  readonly removed: number;
}

function fileChange(path: string, change: FileChange, { cwd, home }: Pick<RenderContext, "cwd" | "home">): FileView {
  const shown = relativePath(path, cwd, home);
  const language = languageOf(path);
  if (change === "delete") return { letter: "D", path: shown, language, rows: [], added: 0, removed: 0 };
  if ("add" in change) {
    const rows = wholeFile("added", change.add.content);
    return { letter: "A", path: shown, language, rows, ...countChanges(rows) };
  }
  const { unified_diff, move_path } = change.update;
  const rows = parseUnifiedDiff(unified_diff);
  const moved = move_path === null ? shown : `${shown} → ${relativePath(move_path, cwd, home)}`;
  return { letter: move_path === null ? "M" : "R", path: moved, language, rows, ...countChanges(rows) };
}

/** Each hunk by itself, with whether it is taken; the marked one is what the keys of the question change. */
function choiceLines({ changes }: PatchCell, { hunks, leftOut, marked }: HunkChoice, context: RenderContext): Line[] {
  const { width } = context;
  return hunks.flatMap((hunk, index) => {
    const view = hunkView(hunk, changes, context);
    const line: Line = [
      { text: index === marked ? "▶ " : "  ", style: { fg: "accent" } },
      ...hunkTitle(view, { isTaken: !leftOut.includes(hunk.id), name: `${hunkName(index, hunks.length)} · ` }),
    ];
    const diff = diffLines(view.rows, diffOptions(view, context));
    return [truncateLine(line, width), ...diff.map((each): Line => [{ text: "    " }, ...each])];
  });
}

/** Whether the hunk is taken, its name, its file, its size. */
export function hunkTitle(view: FileView, { isTaken, name }: { readonly isTaken: boolean; readonly name: string }): Span[] {
  return [
    { text: isTaken ? "[x] " : "[ ] ", style: { fg: isTaken ? "success" : "muted", bold: true } },
    { text: name, style: { fg: "muted" } },
    { text: `${view.letter} `, style: { fg: LETTER_COLOR[view.letter], bold: true } },
    { text: `${plainLine(view.path)} `, style: isTaken ? {} : { fg: "muted", strike: true } },
    ...changeCounts(view.added, view.removed),
  ];
}

/** A hunk as a file with nothing else in it. */
export function hunkView(hunk: PatchHunk, changes: PatchCell["changes"], place: Pick<RenderContext, "cwd" | "home">): FileView {
  const { kind, path, move_path, unified_diff } = hunk;
  if (kind === "update") return fileChange(path, { update: { unified_diff: unified_diff ?? "", move_path: null } }, place);
  if (kind === "move") return fileChange(path, { update: { unified_diff: "", move_path: move_path ?? path } }, place);
  const change = changes[path];
  if (kind === "add") return fileChange(path, typeof change === "object" && "add" in change ? change : { add: { content: "" } }, place);
  return fileChange(path, "delete", place);
}

function fileLines(file: FileView, whole: boolean, context: RenderContext): Line[] {
  const { width } = context;
  const title: Line = [
    { text: `  ${file.letter} `, style: { fg: LETTER_COLOR[file.letter], bold: true } },
    { text: `${harmlessText(file.path)} ` },
    ...changeCounts(file.added, file.removed),
  ];
  const rows = whole ? file.rows : file.rows.slice(0, DIFF_ROWS);
  const diff = diffLines(rows, diffOptions(file, context)).map((line): Line => [{ text: "    " }, ...line]);
  const hidden = file.rows.length - rows.length;
  const more: Line[] =
    hidden === 0 ? [] : [[{ text: `    … ${plural(hidden, "more line")} · ctrl-t`, style: { fg: "muted", italic: true } }]];
  return [...wrapLine(title, { width, rest: [{ text: "    " }] }), ...diff, ...more];
}

/** Within a margin of four cells. */
function diffOptions({ language }: FileView, { width, tools }: RenderContext): DiffOptions {
  return { width: width - 4, diffWords: tools.diffWords, highlight: tools.highlightDiff, language };
}

function messageLines({ message, status }: PatchCell, { width }: RenderContext): Line[] {
  if (message === "") return [];
  return wrapText(harmlessText(message).trim(), {
    width,
    first: [{ text: "    " }],
    style: { fg: status === "failed" ? "danger" : "muted" },
  });
}
