import type { EventOf } from "../protocol/event.ts";
import type { ReviewDecision } from "../protocol/op.ts";

export type ApprovalRequest = EventOf<"exec_approval_request"> | EventOf<"apply_patch_approval_request">;

export interface ApprovalAnswer {
  readonly decision: ReviewDecision;
  /** With `denied`: told to the model. */
  readonly reason?: string | undefined;
}

/** Decides one request. `signal` is aborted when the answer no longer matters. A rejection counts as `denied`. */
export type ApprovalHandler = (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;
