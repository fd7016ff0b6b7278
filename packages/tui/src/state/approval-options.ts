import type { Grant, ReviewDecision, RuleScope } from "@codex/core";
import { choosableHunks } from "./hunk-choice.ts";
import type { AnswerForm, Approval } from "./model.ts";

export interface ApprovalOption {
  readonly action: "approve" | "approve-session" | "approve-unconfined" | "offer-1" | "offer-2" | "offer-3" | "feedback" | "deny" | "abort";
  readonly label: string;
  readonly decision: ReviewDecision;
  /** What is allowed beyond the call. */
  readonly grants?: readonly Grant[];
}

/** The answers that a question may get, in the order they are shown. */
export function approvalOptions(approval: Approval, answer: AnswerForm): readonly ApprovalOption[] {
  if (approval.kind === "elicitation") return elicitationOptions(approval);
  const permission = approval.kind === "exec" ? approval.denial?.permission : undefined;
  const always = alwaysLabel(approval, permission);
  const unconfined: ApprovalOption[] =
    approval.kind === "exec" && approval.mayLeaveSandbox
      ? [{ action: "approve-unconfined", label: "Yes, without the sandbox, this once", decision: "approved" }]
      : [];
  return [
    { action: "approve", label: yesLabel(approval, answer, permission), decision: "approved" },
    ...(always === undefined ? [] : [{ action: "approve-session", label: always, decision: "approved_for_session" } as const]),
    ...offeredOptions(approval),
    ...unconfined,
    { action: "feedback", label: "No, and say what to do instead", decision: "denied" },
    { action: "deny", label: "No, and keep going", decision: "denied" },
    { action: "abort", label: "No, and stop for now", decision: "abort" },
  ];
}

function elicitationOptions({ fields, url }: Extract<Approval, { kind: "elicitation" }>): readonly ApprovalOption[] {
  const label = url !== "" ? "Accept: I have been there, or go there now" : (fields?.length ?? 0) > 0 ? "Send the answer" : "Accept";
  return [
    ...(fields === undefined ? [] : [{ action: "approve", label, decision: "approved" } as const]),
    { action: "deny", label: "Decline, and keep going", decision: "denied" },
    { action: "abort", label: "Cancel, without an answer", decision: "abort" },
  ];
}

function yesLabel(approval: Approval, { leftOut }: AnswerForm, permission: string | undefined): string {
  if (permission !== undefined) return `Yes, run it again with ${permission}`;
  const count = choosableHunks(approval).length;
  return leftOut.length === 0 ? "Yes" : `Yes, ${String(count - leftOut.length)} of the ${String(count)} hunks`;
}

/** Undefined where the session has nothing to remember. */
function alwaysLabel(approval: Approval, permission: string | undefined): string | undefined {
  if (permission !== undefined) return `Yes, and keep ${permission} for this session`;
  switch (approval.kind) {
    case "exec":
      return "Yes, always approve this exact command for this session";
    case "mcp":
      return `Yes, and call ${approval.tool} of ${approval.server} unasked for this session`;
    case "patch":
      return approval.grantRoot === "" ? undefined : `Yes, and let it write below ${approval.grantRoot} for this session`;
    case "elicitation":
      return undefined;
  }
}

/** What is offered beyond the answers that always stand there. */
function offeredOptions(approval: Approval): readonly ApprovalOption[] {
  const grants = [
    ...prefixGrants(approval.offers),
    ...approval.offers.filter((grant) => isFurther(grant, approval)).map((grant) => [grant]),
  ];
  const actions = ["offer-1", "offer-2", "offer-3"] as const;
  return grants.slice(0, actions.length).map((given, index) => ({
    action: actions[index] ?? "offer-1",
    label: `Yes, and ${given.map(grantText).join(" and ")}${scopeText(given[0])}`,
    decision: "approved" as const,
    grants: given,
  }));
}

/** The prefixes of one scope together: a script of several commands needs them all. */
function prefixGrants(offers: readonly Grant[]): readonly (readonly Grant[])[] {
  const prefixes = offers.filter((grant) => grant.type === "prefix");
  return [...new Set(prefixes.map(({ scope }) => scope))].map((scope) => prefixes.filter((grant) => grant.scope === scope));
}

/** Whether none of the answers that always stand there gives it. */
function isFurther(grant: Grant, approval: Approval): boolean {
  switch (grant.type) {
    case "prefix":
      return false;
    case "command":
      return approval.kind !== "exec";
    case "permission":
      return approval.kind !== "exec" || grant.permission !== approval.denial?.permission;
    case "root":
      return approval.kind !== "patch" || grant.root !== approval.grantRoot;
  }
}

function grantText(grant: Grant): string {
  switch (grant.type) {
    case "command":
      return "always approve this exact command";
    case "prefix":
      return `whatever begins with \`${grant.prefix.join(" ")}\``;
    case "permission":
      return `with ${grant.permission}`;
    case "root":
      return `let it write below ${grant.root}`;
  }
}

function scopeText(grant: Grant | undefined): string {
  if (grant === undefined) return "";
  if (grant.type === "prefix") return PREFIX_SCOPES[grant.scope];
  return grant.type === "permission" && grant.scope === "call" ? ", this once" : " for this session";
}

const PREFIX_SCOPES: Readonly<Record<RuleScope, string>> = {
  session: " for this session",
  user: ", always (your rules)",
  project: ", always in this project (its rules)",
};
