import type { DecisionExplanation, RuleReference } from "../protocol/event.ts";

/** What happens to a call. The explanation repeats the verdict, names the layer and rule that decided, and is meant for the user. */
export type Decision = Permission | Question | Rejection;

/** Runs now. `confined`: inside the sandbox; always false for patches and MCP calls, which no sandbox of ours holds. */
export interface Permission {
  readonly verdict: "allow";
  readonly confined: boolean;
  readonly explanation: DecisionExplanation;
}

/** Somebody has to be asked, and can be. `grantRoot`: a folder whose grant for the session would settle it. */
export interface Question {
  readonly verdict: "ask";
  readonly explanation: DecisionExplanation;
  readonly grantRoot?: string;
}

/** Does not run. */
export interface Rejection {
  readonly verdict: "reject";
  readonly explanation: DecisionExplanation;
}

/**
 * `no_answerer`: a question was due and nobody can answer. `patch`: the patch itself. `mcp_policy`: the setting of one MCP tool.
 * `mcp_annotations`: what a server says of its tool.
 */
export type DecisionLayer =
  | "approval_policy"
  | "sandbox_policy"
  | "execpolicy"
  | "known_safe"
  | "session_grant"
  | "no_answerer"
  | "patch"
  | "mcp_policy"
  | "mcp_annotations";

/** Why, as the layer that decided sees it. */
export interface Grounds {
  readonly layer: DecisionLayer;
  /** One sentence: a fact, without the ways round it. */
  readonly reason: string;
  readonly rule?: RuleReference | undefined;
  /** What the user could do to change the verdict, a sentence each, the narrowest first. */
  readonly change?: readonly string[] | undefined;
}

export function allow(confined: boolean, grounds: Grounds): Permission {
  return { verdict: "allow", confined, explanation: explain("allow", grounds) };
}

export function reject(grounds: Grounds): Rejection {
  return { verdict: "reject", explanation: explain("reject", grounds) };
}

/** A question, or the rejection that takes its place where nobody can answer. */
export function ask(
  grounds: Grounds,
  { canAsk, grantRoot }: { readonly canAsk: boolean; readonly grantRoot?: string | undefined },
): Question | Rejection {
  if (!canAsk) {
    const change = [...(grounds.change ?? []), ANSWERER];
    return reject({ ...grounds, layer: "no_answerer", reason: `${grounds.reason} Nobody can be asked in this session.`, change });
  }
  const question: Question = { verdict: "ask", explanation: explain("ask", grounds) };
  return grantRoot === undefined ? question : { ...question, grantRoot };
}

const ANSWERER = "`codex exec --approvals stdio` or `--approvals command:PROGRAM` lets somebody answer.";
/** The last way out, named where no narrower one is enough. */
export const BYPASS = "`--dangerously-bypass-approvals-and-sandbox` runs everything without questions or confinement.";

function explain(verdict: DecisionExplanation["verdict"], { layer, reason, rule, change }: Grounds): DecisionExplanation {
  return {
    verdict,
    layer,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(change === undefined || change.length === 0 ? {} : { change: [...change] }),
  };
}

/**
 * What the model is told of a decision. For a call that does not run: the fact, what the rule says, and that there is no way round it.
 * Names nothing that would lift a rejection, since only the user can do that.
 */
export function explainToModel({ verdict, explanation }: Decision): string {
  switch (verdict) {
    case "allow":
      return "The call was allowed.";
    case "ask":
      return `The call waits for the user's approval. ${explanation.reason}`;
    case "reject":
      return `Declined, nothing was run or written. ${explanation.reason} Do not retry it or look for another way to the same effect: go on without it, or tell the user what you would need.`;
  }
}
