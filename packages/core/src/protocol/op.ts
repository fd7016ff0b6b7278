import * as z from "zod/mini";
import { GRANT } from "./grant.ts";

/** Submissions: what a program asks of a session. Tags and fields are snake_case on the wire; readers ignore unknown keys. */

export const INPUT_ITEM = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  /** An image by URL; a `data:` URL carries the bytes. */
  z.object({ type: z.literal("image"), image_url: z.string() }),
  /** An image file, read when the turn starts; relative paths start at the session's cwd. */
  z.object({ type: z.literal("local_image"), path: z.string() }),
]);
export type InputItem = z.infer<typeof INPUT_ITEM>;

export const REVIEW_DECISION = z.enum(["approved", "approved_for_session", "denied", "abort"]);
export type ReviewDecision = z.infer<typeof REVIEW_DECISION>;

const ANSWER = {
  decision: REVIEW_DECISION,
  /** With `denied`: a sentence that is passed on to the model. */
  reason: z.optional(z.string()),
  /** With `approved` and `approved_for_session`: what is granted beyond this call, in place of what the latter grants by itself. */
  grants: z.optional(z.array(GRANT)),
};
/** With `approved`, to a request that says `may_leave_sandbox`: run it without a sandbox, this once. */
const UNCONFINED = z.optional(z.boolean());

/** With an approval of a patch: the ids of the hunks that may be applied, the others are left out. Without it: all. */
const APPROVED_HUNKS = z.optional(z.array(z.string()));

/** What a program answers an approval request with. */
export const APPROVAL_ANSWER = z.object({
  ...ANSWER,
  unconfined: UNCONFINED,
  approved_hunks: APPROVED_HUNKS,
  /** With `approved`, for an `elicitation_request`: what it asked for. */
  content: z.optional(z.record(z.string(), z.unknown())),
});

const APPROVAL_OP = {
  /** The id of the task that asks. Kept for readers of the first protocol; `call_id` is what selects the request. */
  id: z.optional(z.string()),
  /** The request that is answered. May be left out while exactly one request is open. */
  call_id: z.optional(z.string()),
  ...ANSWER,
};

export const OP = z.discriminatedUnion("type", [
  /** Starts a task, or joins the running one before its next request to the model. */
  z.object({ type: z.literal("user_input"), items: z.array(INPUT_ITEM) }),
  /** Stops the running task: children are ended, then `turn_aborted` is emitted. */
  z.object({ type: z.literal("interrupt") }),
  z.object({ type: z.literal("exec_approval"), ...APPROVAL_OP, unconfined: UNCONFINED }),
  z.object({ type: z.literal("patch_approval"), ...APPROVAL_OP, approved_hunks: APPROVED_HUNKS }),
  z.object({ type: z.literal("mcp_approval"), ...APPROVAL_OP }),
  /** Answers an `elicitation_request`. */
  z.object({
    type: z.literal("elicitation_answer"),
    /** May be left out while exactly one request is open. */
    call_id: z.optional(z.string()),
    action: z.enum(["accept", "decline", "cancel"]),
    /** With `accept`: what the requested schema asks for. */
    content: z.optional(z.record(z.string(), z.unknown())),
  }),
  /** Changes settings from the next task on; what is left out stays. `session_configured` is emitted again with what holds then. */
  z.object({
    type: z.literal("override_turn_context"),
    model: z.optional(z.string().check(z.minLength(1))),
    approval_policy: z.optional(z.enum(["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"])),
    sandbox_mode: z.optional(z.enum(["read-only", "workspace-write", "danger-full-access"])),
  }),
  /**
   * Takes the last turns back: so many of the user's inputs, each with all that followed it, leave what the model is told. Files and
   * settings stay as they are. Answered by `thread_rolled_back`, or by a `warning` when a task runs or there are not so many turns.
   */
  z.object({ type: z.literal("thread_rollback"), num_turns: z.int().check(z.minimum(1)) }),
  /** Ends the session after the running task, if any, was stopped; the last event is `shutdown_complete`. */
  z.object({ type: z.literal("shutdown") }),
]);
export type Op = z.infer<typeof OP>;

export const SUBMISSION = z.object({ id: z.string(), op: OP });
export type Submission = z.infer<typeof SUBMISSION>;
