import type { ApprovalAnswer } from "../host/approval.ts";
import type { EventOf } from "../protocol/event.ts";

/** Why a call may run, as it is told to the readers. */
export type Allowance = Pick<EventOf<"tool_call_allowed">, "decision" | "review" | "grants">;

/** What is told of a yes. */
export function userAllowance({ decision: review, grants, unconfined }: ApprovalAnswer): Allowance {
  const how = unconfined === true ? ", outside the sandbox" : "";
  const decision = { verdict: "allow" as const, layer: "user", reason: `It was approved${how}.` };
  return { decision, review, ...(grants === undefined ? {} : { grants: [...grants] }) };
}
