import type { ApprovalAnswer } from "../host/approval.ts";
import type { EventOf } from "../protocol/event.ts";

/** Why a call may run, as it is told to the readers. */
export type Allowance = Pick<EventOf<"tool_call_allowed">, "decision" | "review" | "grants">;

/** What is told of a yes. */
export function userAllowance({ decision: review, grants, unconfined, approved_hunks: hunks }: ApprovalAnswer): Allowance {
  const how = unconfined === true ? ", outside the sandbox" : "";
  const what = hunks === undefined ? "" : `, ${hunks.length === 1 ? "hunk" : "hunks"} ${hunks.join(", ")} of the patch`;
  const decision = { verdict: "allow" as const, layer: "user", reason: `It was approved${what}${how}.` };
  return { decision, review, ...(grants === undefined ? {} : { grants: [...grants] }) };
}
