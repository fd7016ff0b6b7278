import type { ReviewDecision } from "@codex/core";
import type { Approval } from "./model.ts";

export interface ApprovalOption {
  readonly action: "approve" | "approve-session" | "approve-unconfined" | "feedback" | "deny" | "abort";
  readonly label: string;
  readonly decision: ReviewDecision;
}

/** The answers that a request may get, in the order they are shown. */
export function approvalOptions(approval: Approval): readonly ApprovalOption[] {
  const permission = approval.kind === "exec" ? approval.denial?.permission : undefined;
  const yes = permission === undefined ? "Yes" : `Yes, run it again with ${permission}`;
  const always = alwaysLabel(approval, permission);
  const unconfined: ApprovalOption[] =
    approval.kind === "exec" && approval.mayLeaveSandbox
      ? [{ action: "approve-unconfined", label: "Yes, without the sandbox, this once", decision: "approved" }]
      : [];
  return [
    { action: "approve", label: yes, decision: "approved" },
    ...(always === undefined ? [] : [{ action: "approve-session", label: always, decision: "approved_for_session" } as const]),
    ...unconfined,
    { action: "feedback", label: "No, and say what to do instead", decision: "denied" },
    { action: "deny", label: "No, and keep going", decision: "denied" },
    { action: "abort", label: "No, and stop for now", decision: "abort" },
  ];
}

/** Undefined where the session has nothing to remember. */
function alwaysLabel(approval: Approval, permission: string | undefined): string | undefined {
  if (permission !== undefined) return `Yes, and keep ${permission} for this session`;
  if (approval.kind === "exec") return "Yes, always approve this exact command for this session";
  return approval.grantRoot === "" ? undefined : `Yes, and let it write below ${approval.grantRoot} for this session`;
}
