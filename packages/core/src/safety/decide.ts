import { hasFullDiskWriteAccess, isUnrestricted, type SandboxPolicy } from "@codex/linux-sandbox";
import type { ApprovalPolicy } from "../config/config.ts";
import type { DecisionExplanation } from "../protocol/event.ts";
import type { KnownSafe } from "./command.ts";
import { grantableRoot, isCovered } from "./patch-roots.ts";
import type { PatchPath } from "./patch-paths.ts";

/** What happens to a call. The explanation repeats the verdict, names the layer that decided, and is meant for the user. */
export type Decision = Permission | Question | Rejection;

/** Runs now. `confined`: inside the sandbox; always false for patches, which this program writes itself. */
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
  /** The reason without the ways round it that are the user's to take. */
  readonly fact: string;
}

/**
 * `no_answerer`: a question was due and nobody can answer. `patch`: the patch itself. `mcp_policy`, `mcp_annotations`: what the user
 * and the server say of a server's tool.
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

/** The strictest verdict of the user's rules; `rule` says which one decided, with its place. */
export interface ExecPolicyVerdict {
  readonly verdict: "allow" | "prompt" | "forbidden" | "none";
  readonly rule?: string;
}

export interface CommandCase {
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** Confinement works here and is ready. */
  readonly sandboxAvailable: boolean;
  /** Why not, in sentences. */
  readonly sandboxReason?: string | undefined;
  readonly knownSafe: KnownSafe;
  readonly execpolicy: ExecPolicyVerdict;
  /** The user allowed this very command for the session. Never outranks a rule that forbids it, nor lets it leave the sandbox. */
  readonly sessionGrant: boolean;
  /** The model asked for this call to run outside the sandbox. */
  readonly asksToLeaveSandbox: boolean;
  readonly canAsk: boolean;
}

export interface PatchCase {
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** Every path the patch touches, sources and targets of moves too; none = an empty patch. From canonicalPatchPaths. */
  readonly paths: readonly PatchPath[];
  /** Real paths (canonicalRoots) of the folders that the sandbox policy lets be written. */
  readonly writableRoots: readonly string[];
  /** Real paths of the folders granted for the session. */
  readonly grantedRoots: readonly string[];
  readonly canAsk: boolean;
}

/**
 * Decides whether a command runs, and whether confined. Pure. The strictest layer speaks first: a forbidding rule, then what the
 * user granted, then a rule that wants a question, then what allows (a rule, the list of safe commands), then the table:
 *
 * | approval policy                | full access | sandbox available | none   | asks to leave it |
 * | ------------------------------ | ----------- | ----------------- | ------ | ---------------- |
 * | unless-allow-listed, auto-edit | ask         | ask               | ask    | ask              |
 * | on-failure, on-request         | run         | run confined      | ask    | ask              |
 * | never                          | run         | run confined      | reject | reject           |
 *
 * Under `never` nobody is asked, so a rule that wants a question rejects.
 */
export function decideCommand(input: CommandCase): Decision {
  const { approvalPolicy, execpolicy } = input;
  const { unrestricted, leaves } = sandboxState(input);
  if (execpolicy.verdict === "forbidden") return reject("execpolicy", `A rule forbids this command${ruleSuffix(execpolicy)}.`);
  if (input.sessionGrant && !leaves) return allow(input, "session_grant", "The user allowed this command for the session.");
  if (execpolicy.verdict === "prompt") {
    const fact = `A rule wants a question before this command${ruleSuffix(execpolicy)}.`;
    return approvalPolicy === "never"
      ? reject("execpolicy", `${fact} The approval policy \`never\` forbids questions.`)
      : ask("execpolicy", fact, input);
  }
  if (execpolicy.verdict === "allow") return allow(input, "execpolicy", `A rule allows this command${ruleSuffix(execpolicy)}.`);
  if (input.knownSafe.safe) return allow(input, "known_safe", `The command is known to be safe: ${input.knownSafe.reason}.`);
  if (approvalPolicy === "unless-allow-listed" || approvalPolicy === "auto-edit") {
    return ask(
      "approval_policy",
      `The approval policy \`${approvalPolicy}\` asks before a command that is not known to be safe: ${input.knownSafe.reason}.`,
      input,
    );
  }
  if (unrestricted) return allow(input, "sandbox_policy", "The sandbox policy grants everything, so there is nothing to confine.");
  if (input.sandboxAvailable && !leaves) return allow(input, "sandbox_policy", "The command runs inside the sandbox.");
  return decideUnconfined(input, leaves);
}

/** The command would run without the confinement that its policy asks for. */
function decideUnconfined(input: CommandCase, leaves: boolean): Decision {
  if (leaves) {
    if (input.approvalPolicy !== "never") return ask("approval_policy", "The call asks to run outside the sandbox.", input);
    return reject(
      "approval_policy",
      "The call asks to run outside the sandbox, which the approval policy `never` does not let anybody grant.",
    );
  }
  const why = input.sandboxReason === undefined ? "" : ` ${input.sandboxReason}`;
  const fact = `No sandbox is available here, and the command is not known to be safe: ${input.knownSafe.reason}.${why}`;
  return input.approvalPolicy === "never" ? reject("sandbox_policy", fact, BYPASS) : ask("sandbox_policy", fact, input);
}

/**
 * Decides whether a patch is applied. Pure.
 *
 * | approval policy                    | every path in a writable or granted root | some outside                 |
 * | ---------------------------------- | ---------------------------------------- | ---------------------------- |
 * | unless-allow-listed                | ask                                      | ask, with the root to grant  |
 * | auto-edit, on-failure, on-request  | apply                                    | ask, with the root to grant  |
 * | never                              | apply                                    | reject                       |
 *
 * `.git`, `.codex` and `.agents` below a root count as outside of it. Full write access leaves nothing outside.
 */
export function decidePatch(input: PatchCase): Decision {
  if (input.paths.length === 0) return reject("patch", "The patch changes nothing.");
  const everywhere = hasFullDiskWriteAccess(input.sandboxPolicy);
  const outside = everywhere ? undefined : input.paths.find((path) => !isCovered(path, [...input.writableRoots, ...input.grantedRoots]));
  const grantRoot = outside === undefined ? undefined : grantableRoot(outside);
  if (input.approvalPolicy === "unless-allow-listed") {
    return ask("approval_policy", "The approval policy `unless-allow-listed` asks before every patch.", { ...input, grantRoot });
  }
  if (outside === undefined) {
    const granted = !everywhere && input.paths.some((path) => !isCovered(path, input.writableRoots));
    return granted
      ? allow(input, "session_grant", "The user made every folder it touches writable for the session.")
      : allow(input, "sandbox_policy", "Every path is inside a folder that may be written.");
  }
  const fact = `${outside.path} is outside the folders that may be written.`;
  if (input.approvalPolicy !== "never") return ask("sandbox_policy", fact, { ...input, grantRoot });
  return reject("sandbox_policy", fact, grantRoot === undefined ? BYPASS : `${missingGrant(input.sandboxPolicy, grantRoot)} ${BYPASS}`);
}

function missingGrant(policy: SandboxPolicy, root: string): string {
  const missing = `The missing permission is \`disk-write-folder=${root}\``;
  const writesNothingHere = !policy.permissions.includes("disk-write-cwd");
  return writesNothingHere ? `${missing}; \`--sandbox workspace-write\` opens the working directory.` : `${missing}.`;
}

/**
 * What the model is told of a decision. For a call that does not run: the fact, and that there is no way round it. Names no flag
 * that would lift a rejection, since only the user can take it.
 */
export function explainToModel(decision: Decision): string {
  switch (decision.verdict) {
    case "allow":
      return "The call was allowed.";
    case "ask":
      return `The call waits for the user's approval. ${decision.explanation.reason}`;
    case "reject":
      return `Declined, nothing was run or written. ${decision.fact} Do not retry it or look for another way to the same effect: go on without it, or tell the user what you would need.`;
  }
}

const BYPASS = "`--dangerously-bypass-approvals-and-sandbox` runs everything without questions or confinement.";

function sandboxState(input: CommandCase): { readonly unrestricted: boolean; readonly leaves: boolean } {
  const unrestricted = isUnrestricted(input.sandboxPolicy);
  return { unrestricted, leaves: input.asksToLeaveSandbox && input.sandboxAvailable && !unrestricted };
}

/**
 * Decides what happens after a confined command was really denied something. Pure. Only `on-failure` promises the question; under
 * the other policies the model is told and may ask for what it needs.
 */
export function decideAfterDenial(input: {
  readonly approvalPolicy: ApprovalPolicy;
  readonly canAsk: boolean;
  readonly reason: string;
}): Decision | undefined {
  if (input.approvalPolicy !== "on-failure" || !input.canAsk) return undefined;
  return { verdict: "ask", explanation: explain("ask", "sandbox_policy", input.reason) };
}

function allow(input: CommandCase | PatchCase, layer: DecisionLayer, reason: string): Permission {
  const confined = "sandboxAvailable" in input && input.sandboxAvailable && !isUnrestricted(input.sandboxPolicy);
  return { verdict: "allow", confined, explanation: explain("allow", layer, reason) };
}

function ask(
  layer: DecisionLayer,
  fact: string,
  input: { readonly canAsk: boolean; readonly sandboxAvailable?: boolean; readonly grantRoot?: string | undefined },
): Question | Rejection {
  if (!input.canAsk)
    return reject("no_answerer", `${fact} Nobody can be asked in this session.`, input.sandboxAvailable === true ? undefined : BYPASS);
  const question: Question = { verdict: "ask", explanation: explain("ask", layer, fact) };
  return input.grantRoot === undefined ? question : { ...question, grantRoot: input.grantRoot };
}

function reject(layer: DecisionLayer, fact: string, wayOut?: string): Rejection {
  return { verdict: "reject", explanation: explain("reject", layer, wayOut === undefined ? fact : `${fact} ${wayOut}`), fact };
}

function explain(verdict: DecisionExplanation["verdict"], layer: DecisionLayer, reason: string): DecisionExplanation {
  return { verdict, layer, reason };
}

function ruleSuffix({ rule }: ExecPolicyVerdict): string {
  return rule === undefined ? "" : ` (${rule})`;
}
