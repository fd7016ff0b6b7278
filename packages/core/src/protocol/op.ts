import * as z from "zod/mini";

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

const APPROVAL_ANSWER = {
  /** The id of the task that asks. Kept for readers of the first protocol; `call_id` is what selects the request. */
  id: z.optional(z.string()),
  /** The request that is answered. May be left out while exactly one request is open. */
  call_id: z.optional(z.string()),
  decision: REVIEW_DECISION,
  /** With `denied`: a sentence that is passed on to the model. */
  reason: z.optional(z.string()),
};

export const OP = z.discriminatedUnion("type", [
  /** Starts a task, or joins the running one before its next request to the model. */
  z.object({ type: z.literal("user_input"), items: z.array(INPUT_ITEM) }),
  /** Stops the running task: children are ended, then `turn_aborted` is emitted. */
  z.object({ type: z.literal("interrupt") }),
  z.object({
    type: z.literal("exec_approval"),
    ...APPROVAL_ANSWER,
    /** With `approved`, to a request that says `may_leave_sandbox`: run it without a sandbox, this once. */
    unconfined: z.optional(z.boolean()),
  }),
  z.object({ type: z.literal("patch_approval"), ...APPROVAL_ANSWER }),
  /** Changes settings from the next task on; what is left out stays. `session_configured` is emitted again with what holds then. */
  z.object({
    type: z.literal("override_turn_context"),
    model: z.optional(z.string().check(z.minLength(1))),
    approval_policy: z.optional(z.enum(["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"])),
    sandbox_mode: z.optional(z.enum(["read-only", "workspace-write", "danger-full-access"])),
  }),
  /** Ends the session after the running task, if any, was stopped; the last event is `shutdown_complete`. */
  z.object({ type: z.literal("shutdown") }),
]);
export type Op = z.infer<typeof OP>;

export const SUBMISSION = z.object({ id: z.string(), op: OP });
export type Submission = z.infer<typeof SUBMISSION>;
