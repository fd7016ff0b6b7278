import type { ApprovalAnswer } from "../host/approval.ts";
import type { Op } from "../protocol/op.ts";

/** The ops that answer a request of the session. */
export type AnsweringOp = Extract<Op, { type: "exec_approval" | "patch_approval" | "mcp_approval" | "elicitation_answer" }>;

export function answerOf(op: AnsweringOp): ApprovalAnswer {
  switch (op.type) {
    case "elicitation_answer":
      return { decision: DECISIONS[op.action], content: op.content };
    case "exec_approval":
      return { decision: op.decision, reason: op.reason, grants: op.grants, unconfined: op.unconfined };
    case "patch_approval":
      return { decision: op.decision, reason: op.reason, grants: op.grants, approved_hunks: op.approved_hunks };
    case "mcp_approval":
      return { decision: op.decision, reason: op.reason, grants: op.grants };
  }
}

const DECISIONS = { accept: "approved", decline: "denied", cancel: "abort" } as const;
