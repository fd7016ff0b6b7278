import { denialText } from "../cells/exec.ts";
import type { Surface } from "../screen/surface.ts";
import { approvalOptions } from "../state/approval-options.ts";
import { commandText, relativePath, shortPath } from "../state/command-text.ts";
import type { Approval, State } from "../state/model.ts";
import { harmlessText } from "../text/ansi.ts";
import { plural } from "../text/format.ts";
import type { Line } from "../text/line.ts";
import { truncateLine, wrapLine, wrapText } from "../text/wrap.ts";
import { drawEditor } from "./composer.ts";
import { drawFrame, drawLines } from "./draw-lines.ts";

/** Rows that a patch keeps above the question about it. */
const DIFF_ROWS = 8;

/** Rows that the question and its answers want, frame included. */
export function approvalHeight(state: State, approval: Approval): number {
  const { question, answers } = parts(state, approval, state.size.columns - 4);
  const wanted = question.length + answers.length + 3;
  // Of a patch the diff above is what is judged: it keeps some rows, however low the screen.
  const most = approval.kind === "patch" ? Math.max(answers.length + 5, state.size.rows - DIFF_ROWS) : state.size.rows;
  return Math.min(state.size.rows, most, wanted);
}

/** The question with its answers. What does not fit is cut from the question's middle, never from the answers. */
export function drawApproval(surface: Surface, state: State, approval: Approval): void {
  const more = state.approvals.length - 1;
  drawFrame(surface, { title: more > 0 ? `Review · ${String(more)} more` : "Review", color: "warning" });
  const width = surface.width - 4;
  const { question, answers } = parts(state, approval, width);
  const room = surface.height - 2 - answers.length - 1;
  const shown = question.length <= room ? question : [...question.slice(0, Math.max(0, room - 1)), cutLine(question.length - room + 1)];
  drawLines(surface, shown, { x: 2, y: 1, height: room });
  const top = surface.height - 1 - answers.length;
  drawLines(surface, answers, { x: 2, y: top, height: answers.length });
  const { feedback } = state.answer;
  if (feedback === undefined) return;
  const input = surface.sub({ x: 4, y: top + 1, width: width - 2, height: 1 });
  const cursor = drawEditor(input, feedback, width - 3);
  input.placeCursor(cursor.x, cursor.y, "bar");
}

function cutLine(hidden: number): Line {
  return [{ text: `… ${plural(hidden, "more line")}`, style: { fg: "warning" } }];
}

function parts(state: State, approval: Approval, width: number): { readonly question: Line[]; readonly answers: Line[] } {
  const question = approval.kind === "exec" ? execQuestion(state, approval, width) : patchQuestion(state, approval, width);
  const { feedback, selected } = state.answer;
  if (feedback !== undefined) {
    const ask: Line = [
      { text: "What is Codex to do instead?", style: { bold: true } },
      { text: "  enter sends · esc goes back", style: { fg: "muted" } },
    ];
    return { question, answers: [truncateLine(ask, width), [{ text: "› ", style: { fg: "accent", bold: true } }]] };
  }
  const answers = approvalOptions(approval).map(({ action, label }, index): Line => {
    const marked = index === selected;
    const line: Line = [
      { text: marked ? "▶ " : "  ", style: { fg: "accent" } },
      { text: label, style: marked ? { fg: "accent", bold: true } : {} },
      { text: ` (${keyOf(state, action)})`, style: { fg: "muted" } },
    ];
    return truncateLine(line, width);
  });
  return { question, answers };
}

function keyOf(state: State, action: string): string {
  const keys = state.settings.keymap.bindings.find((binding) => binding.context === "approval" && binding.action === action)?.keys ?? [];
  return keys[0] === "escape" ? "esc" : (keys[0] ?? "enter");
}

function execQuestion({ facts }: State, approval: Extract<Approval, { kind: "exec" }>, width: number): Line[] {
  const where = approval.cwd === facts.cwd ? [] : [{ text: `${shortPath(approval.cwd, facts.home)} `, style: { fg: "muted" } as const }];
  const command = wrapText(harmlessText(commandText(approval.command)), {
    width,
    first: [...where, { text: "$ ", style: { fg: "command", bold: true } }],
    rest: [{ text: "  " }],
  });
  const denial = approval.denial === undefined ? [] : wrapText(denialText(approval.denial), { width, style: { fg: "warning" } });
  return [
    [{ text: "Allow this command?", style: { bold: true } }],
    [],
    ...command,
    ...blankBefore([...denial, ...reasonLines(approval.reason, width)]),
  ];
}

function patchQuestion({ facts }: State, approval: Extract<Approval, { kind: "patch" }>, width: number): Line[] {
  const files = Object.entries(approval.changes)
    .map(([path, change]): Line => {
      const letter = change === "delete" ? "D" : "add" in change ? "A" : change.update.move_path === null ? "M" : "R";
      return [{ text: `  ${letter} `, style: { bold: true } }, { text: harmlessText(relativePath(path, facts.cwd, facts.home)) }];
    })
    .map((line) => truncateLine(line, width));
  const grant =
    approval.grantRoot === ""
      ? []
      : wrapLine([{ text: `It writes below ${approval.grantRoot}, which is not writable in this session.`, style: { fg: "warning" } }], {
          width,
        });
  return [
    truncateLine(
      [
        { text: "Allow these changes?", style: { bold: true } },
        { text: "  the diff stands above: pgup, pgdn", style: { fg: "muted" } },
      ],
      width,
    ),
    ...files.slice(0, 6),
    ...(files.length > 6 ? [cutLine(files.length - 6)] : []),
    ...blankBefore([...reasonLines(approval.reason, width), ...grant]),
  ];
}

function reasonLines(reason: string, width: number): Line[] {
  return reason === "" ? [] : wrapText(harmlessText(reason), { width, style: { fg: "muted", italic: true } });
}

function blankBefore(lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], ...lines];
}
