import type { Surface } from "../screen/surface.ts";
import { approvalOptions, type ApprovalOption } from "../state/approval-options.ts";
import type { ElicitationField } from "../state/elicitation-form.ts";
import type { Editor } from "../state/editor.ts";
import { selectedField } from "../state/fill-form.ts";
import type { Approval, State } from "../state/model.ts";
import { plainLine } from "../text/ansi.ts";
import { lineWidth, type Line } from "../text/line.ts";
import { truncateLine, wrapLine } from "../text/wrap.ts";
import { questionLines } from "./approval-question.ts";
import { drawEditor } from "./composer.ts";
import { drawFrame, drawLines } from "./draw-lines.ts";
import type { QuestionPane } from "./question-pane.ts";

/** Rows that a patch keeps above the question about it. */
const DIFF_ROWS = 8;

/** Rows that the question keeps above its answers: nobody may be asked about what they cannot see. */
const QUESTION_ROWS = 4;

/** Rows that the question and its answers want, frame included. */
export function approvalHeight(state: State, approval: Approval): number {
  const { question, answers } = parts(state, approval, state.size.columns - 4);
  const wanted = question.length + answers.length + 3;
  // Of a patch the diff above is what is judged: it keeps some rows, however low the screen, unless the reasons are asked for.
  const most =
    approval.kind === "patch" && !state.answer.explained
      ? Math.max(answers.length + 3 + QUESTION_ROWS, state.size.rows - DIFF_ROWS)
      : state.size.rows;
  return Math.min(state.size.rows, most, wanted);
}

/** The question with its answers. What does not fit of the question can be scrolled to; of the answers those around the marked one stay. */
export function drawApproval(
  surface: Surface,
  state: State,
  { approval, pane }: { readonly approval: Approval; readonly pane: QuestionPane },
): void {
  const more = state.approvals.length - 1;
  drawFrame(surface, { title: more > 0 ? `Review · ${String(more)} more` : "Review", color: "warning" });
  const width = surface.width - 4;
  const { question, answers, marked, input } = parts(state, approval, width);
  const kept = Math.min(question.length, QUESTION_ROWS);
  const rows = Math.max(1, Math.min(answers.length, surface.height - 3 - kept));
  const room = surface.height - 2 - rows - 1;
  pane.draw(surface.sub({ x: 2, y: 1, width: surface.width - 3, height: room }), question, {
    id: approval.callId,
    // PgDn moves the diff of a patch; its question has all rows once its reasons are asked for.
    keys: approval.kind === "patch" ? keyOf(state, "explain") : "pgdn, pgup",
  });
  const top = surface.height - 1 - rows;
  const from = Math.max(0, Math.min(marked - Math.floor(rows / 2), answers.length - rows));
  drawLines(surface, answers.slice(from, from + rows), { x: 2, y: top, height: rows });
  if (input === undefined) return;
  const left = 2 + input.indent;
  const field = surface.sub({ x: left, y: top + input.row - from, width: surface.width - left - 2, height: 1 });
  const cursor = drawEditor(field, input.editor, { width: Math.max(1, surface.width - left - 3) });
  field.placeCursor(cursor.x, cursor.y, "bar");
}

interface Parts {
  readonly question: readonly Line[];
  /** Fields, what is wrong with them, answers. */
  readonly answers: readonly Line[];
  /** The row of them that is marked. */
  readonly marked: number;
  /** Where something is being written. */
  readonly input: { readonly row: number; readonly indent: number; readonly editor: Editor } | undefined;
}

function parts(state: State, approval: Approval, width: number): Parts {
  const question = questionLines(state, approval, width);
  const { feedback } = state.answer;
  if (feedback !== undefined) {
    const ask: Line = [
      { text: "What is Codex to do instead?", style: { bold: true } },
      { text: "  enter sends · esc goes back", style: { fg: "muted" } },
    ];
    const answers = [truncateLine(ask, width), [{ text: "› ", style: { fg: "accent", bold: true } } as const]];
    return { question, answers, marked: 1, input: { row: 1, indent: 2, editor: feedback } };
  }
  const form = formLines(state, approval, width);
  const answers = approvalOptions(state, approval).map((option, index) => answerLines(state, { ...option, index }, width));
  const { selected, values } = state.answer;
  const before = answers.slice(0, Math.max(0, selected - values.length)).reduce((rows, lines) => rows + lines.length, 0);
  const marked = selected < values.length ? selected : form.length + before;
  return { question, answers: [...form, ...answers.flat()], marked, input: inputOf(state, approval, width) };
}

/** Rows of one answer, at most: nobody may grant what they cannot read. On fewer rows of the screen it is more to see all answers. */
const ANSWER_ROWS = 3;
const LOW_SCREEN = 20;

function answerLines(state: State, { action, label, index }: ApprovalOption & { readonly index: number }, width: number): Line[] {
  const marked = index === state.answer.selected - state.answer.values.length;
  const first: Line = [{ text: marked ? "▶ " : "  ", style: { fg: "accent" } }];
  // The key is what a long label must not push out.
  const key = ` (${keyOf(state, action)})`;
  const text: Line = [{ text: plainLine(label), style: marked ? { fg: "accent", bold: true } : {} }];
  const lines = wrapLine(text, { width: width - key.length, first, rest: [{ text: "  " }] });
  const most = state.size.rows < LOW_SCREEN ? 1 : ANSWER_ROWS;
  const shown =
    lines.length <= most
      ? lines
      : [
          ...lines.slice(0, most - 1),
          truncateLine([...(most === 1 ? [...first, ...text] : (lines[most - 1] ?? [])), { text: "…" }], width - key.length),
        ];
  return shown.with(-1, [...(shown.at(-1) ?? []), { text: key, style: { fg: "muted" } }]);
}

/** One row per field, then what is wrong, then a blank. */
function formLines(state: State, approval: Approval, width: number): Line[] {
  const fields = approval.kind === "elicitation" ? (approval.fields ?? []) : [];
  if (fields.length === 0) return [];
  const { selected, values, fault } = state.answer;
  const rows = fields.map((field, index): Line => {
    const label = labelOf(field, index === selected);
    const text = values[index]?.text ?? "";
    const shown = field.options.find(({ value }) => value === text)?.label ?? text;
    const isWritten = index === selected && field.type !== "boolean" && field.type !== "choice";
    const hint = { text: isWritten || text !== "" ? "" : hintOf(field), style: { fg: "muted", italic: true } } as const;
    return truncateLine([...label, { text: isWritten ? "" : plainLine(shown) }, hint], width);
  });
  const described = fields[selected]?.description ?? "";
  const below: Line =
    fault === "" ? [{ text: plainLine(described), style: { fg: "muted" } }] : [{ text: plainLine(fault), style: { fg: "danger" } }];
  return [...rows, truncateLine([{ text: "  " }, ...below], width)];
}

function labelOf({ title, required }: ElicitationField, marked: boolean): Line {
  return [
    { text: marked ? "▶ " : "  ", style: { fg: "accent" } },
    { text: `${plainLine(title)}${required ? " *" : ""}: `, style: marked ? { fg: "accent", bold: true } : { fg: "muted" } },
  ];
}

function hintOf({ type, options }: ElicitationField): string {
  const names = options.map(({ label }) => plainLine(label)).join(", ");
  switch (type) {
    case "boolean":
    case "choice":
      return `space: ${names}`;
    case "choices":
      return `some of ${names}`;
    case "number":
      return "a number";
    case "integer":
      return "a whole number";
    case "text":
      return "";
  }
}

function inputOf(state: State, approval: Approval, width: number): Parts["input"] {
  const field = selectedField(state, approval);
  const editor = state.answer.values[state.answer.selected];
  if (field === undefined || editor === undefined || field.type === "boolean" || field.type === "choice") return undefined;
  return { row: state.answer.selected, indent: Math.min(lineWidth(labelOf(field, true)), width - 4), editor };
}

/** The key of an answer, for its label. */
export function keyOf(state: State, action: string): string {
  const keys = state.settings.keymap.bindings.find((binding) => binding.context === "approval" && binding.action === action)?.keys ?? [];
  return keys[0] === "escape" ? "esc" : (keys[0] ?? "enter");
}
