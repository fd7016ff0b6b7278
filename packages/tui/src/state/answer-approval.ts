import type { KeyEvent } from "../input/event.ts";
import { plainLine } from "../text/ansi.ts";
import { approvalOptions, type ApprovalOption } from "./approval-options.ts";
import { addCell } from "./cells.ts";
import { commandText } from "./command-text.ts";
import { editText } from "./edit-text.ts";
import { EMPTY_EDITOR, expandedText, insertText } from "./editor.ts";
import type { Effect } from "./effect.ts";
import type { Approval, State } from "./model.ts";
import { only, type Step } from "./step.ts";

/** A key while the oldest approval request waits for its answer; undefined when it is none of the form's. */
export function answerByKey(state: State, action: string | undefined, key: KeyEvent): Step | undefined {
  const [approval] = state.approvals;
  if (approval === undefined) return undefined;
  if (state.answer.feedback !== undefined) return writeFeedback(state, approval, key);
  const options = approvalOptions(approval);
  switch (action) {
    case "previous":
    case "next": {
      const by = action === "next" ? 1 : -1;
      return only({ ...state, answer: { ...state.answer, selected: (state.answer.selected + by + options.length) % options.length } });
    }
    case "pick": {
      const option = options[state.answer.selected];
      return option === undefined ? only(state) : pick(state, approval, option);
    }
    default: {
      const option = options.find((each) => each.action === action);
      return option === undefined ? undefined : pick(state, approval, option);
    }
  }
}

/** Gives the answer that stops the task. */
export function abortApproval(state: State): Step {
  const [approval] = state.approvals;
  return approval === undefined ? only(state) : settleApproval(state, approval, { decision: "abort" });
}

/** Pasted text goes into the feedback. */
export function pasteFeedback(state: State, text: string): State {
  const { feedback } = state.answer;
  if (feedback === undefined) return state;
  return { ...state, answer: { ...state.answer, feedback: insertText(feedback, text.replaceAll("\n", " ")) } };
}

function writeFeedback(state: State, approval: Approval, key: KeyEvent): Step {
  const { feedback } = state.answer;
  if (feedback === undefined) return only(state);
  if (key.name === "escape") return only({ ...state, answer: { ...state.answer, feedback: undefined } });
  if (key.name === "enter") {
    const reason = expandedText(feedback).trim();
    return settleApproval(state, approval, reason === "" ? { decision: "denied" } : { decision: "denied", reason });
  }
  const action = state.settings.keymap.find("composer", key);
  const edited = editText(feedback, action, key);
  return only(edited === undefined ? state : { ...state, answer: { ...state.answer, feedback: edited } });
}

function pick(state: State, approval: Approval, option: ApprovalOption): Step {
  if (option.action === "feedback") return only({ ...state, answer: { ...state.answer, feedback: EMPTY_EDITOR } });
  const unconfined = option.action === "approve-unconfined";
  return settleApproval(state, approval, { decision: option.decision, ...(unconfined ? { unconfined } : {}) });
}

interface Answer {
  readonly decision: ApprovalOption["decision"];
  readonly reason?: string;
  readonly unconfined?: boolean;
}

function settleApproval(state: State, approval: Approval, answer: Answer): Step {
  const subject = approval.kind === "exec" ? plainLine(commandText(approval.command)) : "the patch";
  const detail = answer.reason ?? (answer.unconfined === true ? "without the sandbox" : "");
  const noted = addCell(state, { kind: "decision", decision: answer.decision, subject, detail });
  const effects: Effect[] = [
    {
      type: "submit",
      op:
        approval.kind === "exec"
          ? { type: "exec_approval", call_id: approval.callId, ...answer }
          : {
              type: "patch_approval",
              call_id: approval.callId,
              decision: answer.decision,
              ...(answer.reason === undefined ? {} : { reason: answer.reason }),
            },
    },
  ];
  // An abort ends the task, and with it every other question.
  const approvals = answer.decision === "abort" ? [] : state.approvals.slice(1);
  return { state: { ...noted, approvals, answer: { selected: 0, feedback: undefined } }, effects };
}
