import type { EventOf } from "../protocol/event.ts";
import type { Grant } from "../protocol/grant.ts";
import type { ReviewDecision } from "../protocol/op.ts";

export type ApprovalRequest =
  | EventOf<"exec_approval_request">
  | EventOf<"apply_patch_approval_request">
  | EventOf<"mcp_approval_request">
  | EventOf<"elicitation_request">;

export interface ApprovalAnswer {
  readonly decision: ReviewDecision;
  /** With `denied`: told to the model. */
  readonly reason?: string | undefined;
  /** With `approved`, for a command whose request says `may_leave_sandbox`: run it without a sandbox, this once. */
  readonly unconfined?: boolean | undefined;
  /** With `approved` and `approved_for_session`: what is granted beyond this call, in place of what the latter grants by itself. */
  readonly grants?: readonly Grant[] | undefined;
  /** With `approved`, for an `elicitation_request`: what it asked for. */
  readonly content?: Readonly<Record<string, unknown>> | undefined;
  /** With `approved` and `approved_for_session`, for a patch: the ids of the hunks that may be applied. Without it: all. */
  readonly approved_hunks?: readonly string[] | undefined;
}

/** Decides one request. `signal` is aborted when the answer no longer matters. A rejection counts as `denied`. */
export type ApprovalHandler = (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
