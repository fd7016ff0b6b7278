import { addHunkChoice } from "./hunk-choice.ts";
import { editorWith } from "./editor.ts";
import type { Effect } from "./effect.ts";
import type { AnswerForm, Approval, State } from "./model.ts";

/** The form for a question, as it is before any key. */
export function answerForm(approval: Approval | undefined): AnswerForm {
  const fields = approval?.kind === "elicitation" ? (approval.fields ?? []) : [];
  return {
    selected: 0,
    feedback: undefined,
    explained: false,
    hunk: 0,
    leftOut: [],
    values: fields.map(({ initial }) => editorWith(initial)),
    fault: "",
  };
}

/** Takes these questions as those that wait; the first of them gets a fresh form. */
export function withApprovals(state: State, approvals: readonly Approval[]): State {
  return addHunkChoice({ ...state, approvals, answer: answerForm(approvals[0]) });
}

/** A patch is read before it is judged, from its beginning. */
export function showPatch({ approvals: [approval], live }: State): Effect[] {
  if (approval?.kind !== "patch") return [];
  const cell = live.findLast((each) => each.kind === "patch" && each.callId === approval.callId);
  return cell === undefined ? [] : [{ type: "show_cell", id: cell.id }];
}
