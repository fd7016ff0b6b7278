import type { ApprovalAnswer } from "../host/approval.ts";
import { didYouMean } from "../config/near-miss.ts";
import { APPROVAL_ANSWER, REVIEW_DECISION } from "../protocol/op.ts";

export type ReadAnswer = { readonly ok: true; readonly answer: ApprovalAnswer } | { readonly ok: false; readonly message: string };

/** Checks what a program gave as the answer to an approval request. `message` names the first thing that is wrong with it. */
export function readAnswer(value: unknown): ReadAnswer {
  const parsed = APPROVAL_ANSWER.safeParse(value);
  if (parsed.success) return { ok: true, answer: parsed.data };
  if (typeof value !== "object" || value === null) return { ok: false, message: `it is ${describe(value)} and no object` };
  const decision = "decision" in value ? value.decision : undefined;
  const decisions = REVIEW_DECISION.options;
  if (decision === undefined) return { ok: false, message: "`decision` is missing" };
  if (typeof decision !== "string" || !decisions.some((one) => one === decision)) {
    const near = typeof decision === "string" ? didYouMean(decision, decisions) : "";
    return { ok: false, message: `\`decision\` is ${describe(decision)}, which is none of ${decisions.join(", ")}${near}` };
  }
  const [issue] = parsed.error.issues;
  return { ok: false, message: `\`${issue?.path.join(".") ?? ""}\`: ${issue?.message ?? "it cannot be read"}` };
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
