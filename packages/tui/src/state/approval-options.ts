import type { Grant, ReviewDecision, RuleScope } from "@codex/core";
import { relativePath } from "./command-text.ts";
import { choosableHunks } from "./hunk-choice.ts";
import type { Approval, State } from "./model.ts";

export interface ApprovalOption {
  readonly action: "approve" | "approve-session" | "approve-unconfined" | "offer-1" | "offer-2" | "offer-3" | "feedback" | "deny" | "abort";
  readonly label: string;
  readonly decision: ReviewDecision;
  /** What is allowed beyond the call. */
  readonly grants?: readonly Grant[];
}

/** The answers that a question may get, in the order they are shown. */
export function approvalOptions(state: State, approval: Approval): readonly ApprovalOption[] {
  if (approval.kind === "elicitation") return elicitationOptions(approval);
  const always = alwaysLabel(state, approval);
  const unconfined: ApprovalOption[] =
    approval.kind === "exec" && approval.mayLeaveSandbox
      ? [{ action: "approve-unconfined", label: "Yes, without the sandbox, this once", decision: "approved" }]
      : [];
  return [
    { action: "approve", label: yesLabel(state, approval), decision: "approved" },
    ...(always === undefined ? [] : [{ action: "approve-session", label: always, decision: "approved_for_session" } as const]),
    ...offeredOptions(state, approval),
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

function yesLabel({ answer: { leftOut }, facts }: State, approval: Approval): string {
  const lacking = lackingPermissions(approval);
  if (lacking.length > 0) return `Yes, run it again with ${lacking.join(" and ")}`;
  if (approval.kind === "exec" && approval.mayLeaveSandbox)
    return `Yes, in the ${NAMED_SANDBOXES.includes(facts.sandbox) ? `${facts.sandbox} ` : ""}sandbox`;
  const count = choosableHunks(approval).length;
  return leftOut.length === 0 ? "Yes" : `Yes, ${String(count - leftOut.length)} of the ${String(count)} hunks`;
}

const NAMED_SANDBOXES: readonly string[] = ["read-only", "workspace-write"];

/** What the sandbox refused it, all of which a plain yes gives. */
function lackingPermissions(approval: Approval): readonly string[] {
  if (approval.kind !== "exec" || approval.denial === undefined) return [];
  const { permissions, permission } = approval.denial;
  return permissions ?? (permission === undefined ? [] : [permission]);
}

/** Undefined where the session has nothing to remember. */
function alwaysLabel({ facts }: State, approval: Approval): string | undefined {
  const lacking = lackingPermissions(approval);
  if (lacking.length > 0) return `Yes, and for this session keep ${lacking.join(" and ")}`;
  switch (approval.kind) {
    case "exec":
      return "Yes, always approve this exact command for this session";
    case "mcp":
      return `Yes, and for this session call ${approval.tool} of ${approval.server} unasked`;
    case "patch":
      return approval.grantRoot === "" ? undefined : `Yes, and for this session ${rootText(approval.grantRoot, facts)}`;
    case "elicitation":
      return undefined;
  }
}

function rootText(root: string, { cwd, home }: State["facts"]): string {
  return `let it write below ${root === cwd ? "this folder" : relativePath(root, cwd, home)}`;
}

/** What is offered beyond the answers that always stand there. */
function offeredOptions({ facts }: State, approval: Approval): readonly ApprovalOption[] {
  const lacking = lackingPermissions(approval);
  const grants = [
    ...prefixGrants(approval.offers),
    ...approval.offers.filter((grant) => isFurther(grant, approval, lacking)).map((grant) => [grant]),
  ];
  const actions = ["offer-1", "offer-2", "offer-3"] as const;
  return grants.slice(0, actions.length).map((given, index) => ({
    action: actions[index] ?? "offer-1",
    label: isOneOfSeveral(given[0], lacking) ? `Yes, but ${grantsText(given, facts)} alone` : `Yes, and ${grantsText(given, facts)}`,
    decision: "approved" as const,
    grants: given,
  }));
}

function isOneOfSeveral(grant: Grant | undefined, lacking: readonly string[]): boolean {
  return grant?.type === "permission" && lacking.includes(grant.permission);
}

/** The prefixes of one scope together: a script of several commands needs them all. */
function prefixGrants(offers: readonly Grant[]): readonly (readonly Grant[])[] {
  const prefixes = offers.filter((grant) => grant.type === "prefix");
  return [...new Set(prefixes.map(({ scope }) => scope))].map((scope) => prefixes.filter((grant) => grant.scope === scope));
}

/** Whether none of the answers that always stand there gives it. */
function isFurther(grant: Grant, approval: Approval, lacking: readonly string[]): boolean {
  switch (grant.type) {
    case "prefix":
      return false;
    case "command":
      return approval.kind !== "exec";
    case "permission":
      // Of several one alone is less than a yes; what is kept for the session can be chosen for all of them only.
      return !lacking.includes(grant.permission) || (lacking.length > 1 && grant.scope === "call");
    case "root":
      return approval.kind !== "patch" || grant.root !== approval.grantRoot;
  }
}

/** How long it holds goes first: it is what tells offers apart, and must not be cut off. */
function grantsText(grants: readonly Grant[], facts: State["facts"]): string {
  const [first] = grants;
  switch (first?.type) {
    case "command":
      return "always approve this exact command for this session";
    case "prefix": {
      const prefixes = grants.flatMap((grant) => (grant.type === "prefix" ? [`\`${grant.prefix.join(" ")}\``] : []));
      return `${PREFIX_SCOPES[first.scope]} whatever begins with ${prefixes.join(" or ")}`;
    }
    case "permission":
      return `${first.scope === "call" ? "this once" : "for this session"} with ${first.permission}`;
    case "root":
      return `for this session ${rootText(first.root, facts)}`;
    case undefined:
      return "";
  }
}

const PREFIX_SCOPES: Readonly<Record<RuleScope, string>> = {
  session: "for this session",
  user: "always (your rules)",
  project: "always in this project (its rules)",
};
