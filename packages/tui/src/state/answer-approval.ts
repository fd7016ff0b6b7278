import type { Grant, Op, ReviewDecision } from "@codex/core";
import type { KeyEvent } from "../input/event.ts";
import { showPatch, withApprovals } from "./answer-form.ts";
import { approvalOptions, type ApprovalOption } from "./approval-options.ts";
import { approvalSubject } from "./approval-request.ts";
import { addCell } from "./cells.ts";
import { editText } from "./edit-text.ts";
import { EMPTY_EDITOR, expandedText, insertText } from "./editor.ts";
import { readForm } from "./elicitation-form.ts";
import { fillField, pasteIntoField, selectedField } from "./fill-form.ts";
import { approvedHunks, choosableHunks, moveHunk, toggleHunk } from "./hunk-choice.ts";
import type { Approval, State } from "./model.ts";
import { only, type Step } from "./step.ts";

/** A key while the oldest question waits for its answer; undefined when it is none of the form's. */
export function answerByKey(state: State, action: string | undefined, key: KeyEvent): Step | undefined {
  const [approval] = state.approvals;
  if (approval === undefined) return undefined;
  if (state.answer.feedback !== undefined) return writeFeedback(state, approval, key);
  if (action === "previous" || action === "next") {
    const field = selectedField(state, approval);
    // Left and right are the text's, or the choice's.
    if (field === undefined || (key.name !== "left" && key.name !== "right"))
      return only(select(state, approval, action === "next" ? 1 : -1));
  }
  return fillField(state, approval, key) ?? pressNumber(state, approval, key) ?? pressAnswerKey(state, approval, action);
}

/** Whoever hears the answers hears their numbers. */
function pressNumber(state: State, approval: Approval, key: KeyEvent): Step | undefined {
  if (!state.settings.screenReader || selectedField(state, approval) !== undefined) return undefined;
  const option = approvalOptions(state, approval)[Number(key.text) - 1];
  return option === undefined ? undefined : pick(state, approval, option);
}

function pressAnswerKey(state: State, approval: Approval, action: string | undefined): Step | undefined {
  const options = approvalOptions(state, approval);
  switch (action) {
    case "explain":
      return only({ ...state, answer: { ...state.answer, explained: !state.answer.explained } });
    case "hunk-toggle":
    case "hunk-next":
    case "hunk-previous":
      if (approval.kind !== "patch") return only(state);
      return action === "hunk-toggle" ? only(toggleHunk(state, approval)) : moveHunk(state, approval, action === "hunk-next" ? 1 : -1);
    case "pick": {
      if (selectedField(state, approval) !== undefined) return only(select(state, approval, 1));
      const option = options[state.answer.selected - state.answer.values.length];
      return option === undefined ? only(state) : pick(state, approval, option);
    }
    default: {
      const option = options.find((each) => each.action === action);
      return option === undefined ? undefined : pick(state, approval, option);
    }
  }
}

/** Goes through the fields of the form and the answers, around the ends. */
function select(state: State, approval: Approval, by: 1 | -1): State {
  const count = state.answer.values.length + approvalOptions(state, approval).length;
  return { ...state, answer: { ...state.answer, selected: (state.answer.selected + by + count) % count } };
}

/** Gives the answer that stops the task. */
export function abortApproval(state: State): Step {
  const [approval] = state.approvals;
  return approval === undefined ? only(state) : settleApproval(state, approval, { decision: "abort" });
}

/** Pasted text goes into the feedback, or into the field of the form; undefined when neither is being written. */
export function pasteIntoAnswer(state: State, text: string): State | undefined {
  const { feedback } = state.answer;
  const line = text.replaceAll("\n", " ");
  if (feedback !== undefined) return { ...state, answer: { ...state.answer, feedback: insertText(feedback, line) } };
  const [approval] = state.approvals;
  return approval === undefined ? undefined : pasteIntoField(state, approval, line);
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
  const approves = option.decision === "approved" || option.decision === "approved_for_session";
  if (approves && approval.kind === "elicitation") return sendForm(state, approval);
  const hunks = approves ? approvedHunks(state, approval) : undefined;
  if (hunks?.length === 0) return only({ ...state, toast: "every hunk is left out: space takes the marked one, n declines the patch" });
  return settleApproval(state, approval, {
    decision: option.decision,
    ...(option.action === "approve-unconfined" ? { unconfined: true } : {}),
    ...(option.grants === undefined ? {} : { grants: option.grants, granted: option.label }),
    ...(hunks === undefined ? {} : { hunks }),
  });
}

function sendForm(state: State, approval: Extract<Approval, { kind: "elicitation" }>): Step {
  const { fields } = approval;
  if (fields === undefined) return only(state);
  const read = readForm(fields, state.answer.values.map(expandedText));
  if (!read.ok) return only({ ...state, answer: { ...state.answer, selected: read.field, fault: read.message } });
  const { content } = read;
  return settleApproval(state, approval, { decision: "approved", ...(fields.length === 0 ? {} : { content }) });
}

interface Answer {
  readonly decision: ReviewDecision;
  readonly reason?: string;
  readonly unconfined?: boolean;
  readonly grants?: readonly Grant[];
  /** What was granted, in the words of the answer. */
  readonly granted?: string;
  readonly hunks?: readonly string[];
  readonly content?: Readonly<Record<string, unknown>>;
}

function settleApproval(state: State, approval: Approval, answer: Answer): Step {
  const { decision } = answer;
  const noted = addCell(state, {
    kind: "decision",
    callId: approval.callId,
    decision,
    subject: approvalSubject(approval),
    detail: answerDetail(approval, answer),
  });
  // An abort ends the task, and with it every other question; a server's question is only cancelled.
  const endsTask = decision === "abort" && approval.kind !== "elicitation";
  const settled = withApprovals(noted, endsTask ? [] : state.approvals.slice(1));
  return {
    state: settled,
    effects: [
      { type: "submit", op: answerOp(approval, answer) },
      ...(approval.kind === "patch" ? [{ type: "scroll", to: "end" } as const] : []),
      ...showPatch(settled),
    ],
  };
}

function answerDetail(approval: Approval, { reason, unconfined, granted, hunks }: Answer): string {
  const count = choosableHunks(approval).length;
  const parts = [
    reason ?? "",
    unconfined === true ? "without the sandbox" : "",
    granted?.replace(/^Yes, (?:and|but) /, "") ?? "",
    hunks === undefined ? "" : `${String(hunks.length)} of ${String(count)} hunks`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

const ACTIONS = { approved: "accept", approved_for_session: "accept", denied: "decline", abort: "cancel" } as const;

function answerOp({ kind, callId: call_id }: Approval, { decision, reason, unconfined, grants, hunks, content }: Answer): Op {
  if (kind === "elicitation")
    return { type: "elicitation_answer", call_id, action: ACTIONS[decision], ...(content === undefined ? {} : { content }) };
  const said = {
    call_id,
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(grants === undefined ? {} : { grants: [...grants] }),
  };
  switch (kind) {
    case "exec":
      return { type: "exec_approval", ...said, ...(unconfined === undefined ? {} : { unconfined }) };
    case "patch":
      return { type: "patch_approval", ...said, ...(hunks === undefined ? {} : { approved_hunks: [...hunks] }) };
    case "mcp":
      return { type: "mcp_approval", ...said };
  }
}
