import { hasFullDiskWriteAccess, isUnrestricted, type SandboxPolicy } from "@codex/linux-sandbox";
import type { ApprovalPolicy } from "../config/config.ts";
import type { RuleReference } from "../protocol/event.ts";
import type { KnownSafe } from "./command.ts";
import { allow, ask, BYPASS, reject, type Decision, type Grounds } from "./decision.ts";
import { grantableRoot, isCovered } from "./patch-roots.ts";
import type { PatchPath } from "./patch-paths.ts";

/** The strictest verdict of the user's rules; `rule` says which one decided. */
export interface ExecPolicyVerdict {
  /** `unreadable`: the rule files have a mistake, so nobody knows what they forbid. */
  readonly verdict: "allow" | "prompt" | "forbidden" | "none" | "unreadable";
  readonly rule?: RuleReference | undefined;
  /** A clause: why a rule asks about a command that it does not name, or what is wrong with the files. */
  readonly reason?: string | undefined;
  /** The rule that would allow the command, as text, and the file it belongs in. */
  readonly remedy?: { readonly line: string; readonly file: string } | undefined;
}

/** The file of rules that hold for one session. */
export const SESSION_RULES = "(session)";

export interface CommandCase {
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** Confinement works here and is ready. */
  readonly sandboxAvailable: boolean;
  /** Why not, in sentences. */
  readonly sandboxReason?: string | undefined;
  readonly knownSafe: KnownSafe;
  readonly execpolicy: ExecPolicyVerdict;
  /** The user allowed this very command, in this folder, for the session. Outranks no rule that forbids it, nor lets it leave the sandbox. */
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
 * user granted for this very command, then a rule that wants a question (rule files that cannot be read want one too), then what allows
 * (a rule, the list of safe commands), then the table:
 *
 * | approval policy                | full access | sandbox available | none   | asks to leave it |
 * | ------------------------------ | ----------- | ----------------- | ------ | ---------------- |
 * | unless-allow-listed, auto-edit | ask         | ask               | ask    | ask              |
 * | on-failure, on-request         | run         | run confined      | ask    | ask              |
 * | never                          | run         | run confined      | reject | reject           |
 *
 * Under `never` nobody is asked, so a rule that wants a question rejects. A rule that allows does so inside the sandbox: a call that asks
 * to leave it is asked about all the same, and under `never` runs confined.
 */
export function decideCommand(input: CommandCase): Decision {
  return decideByRule(input) ?? decideByTable(input);
}

/** What was said about this command in particular; undefined when nothing was. */
function decideByRule(input: CommandCase): Decision | undefined {
  const { approvalPolicy, execpolicy, knownSafe } = input;
  const { leaves } = sandboxState(input);
  if (execpolicy.verdict === "forbidden") return reject(forbidden(execpolicy));
  if (input.sessionGrant && !leaves)
    return run(input, { layer: "session_grant", reason: "The user allowed this command for the session." });
  if (execpolicy.verdict === "prompt" || execpolicy.verdict === "unreadable") return decidePrompt(input);
  if (execpolicy.verdict === "allow" && !(leaves && approvalPolicy !== "never")) return run(input, allowedBy(execpolicy));
  if (knownSafe.safe) return run(input, { layer: "known_safe", reason: `The command is known to be safe: ${knownSafe.reason}.` });
  return undefined;
}

/** What the approval policy and the sandbox make of any other command. */
function decideByTable(input: CommandCase): Decision {
  const { approvalPolicy, sandboxAvailable, knownSafe } = input;
  const { unrestricted, leaves } = sandboxState(input);
  if (leaves) return decideLeaving(input);
  if (approvalPolicy === "unless-allow-listed" || approvalPolicy === "auto-edit") {
    const reason = `The approval policy \`${approvalPolicy}\` asks before a command that is not known to be safe: ${knownSafe.reason}.`;
    return ask({ layer: "approval_policy", reason, change: remedies(input, sandboxAvailable ? [] : [BYPASS]) }, input);
  }
  if (unrestricted)
    return run(input, { layer: "sandbox_policy", reason: "The sandbox policy grants everything, so there is nothing to confine." });
  if (sandboxAvailable) return run(input, { layer: "sandbox_policy", reason: "The command runs inside the sandbox." });
  const why = input.sandboxReason === undefined ? "" : ` ${input.sandboxReason}`;
  const reason = `No sandbox is available here, and the command is not known to be safe: ${knownSafe.reason}.${why}`;
  const grounds: Grounds = { layer: "sandbox_policy", reason, change: remedies(input, [BYPASS]) };
  return approvalPolicy === "never" ? reject(grounds) : ask(grounds, input);
}

function run(input: CommandCase, grounds: Grounds): Decision {
  return allow(input.sandboxAvailable && !isUnrestricted(input.sandboxPolicy), grounds);
}

function forbidden({ rule, reason }: ExecPolicyVerdict): Grounds {
  const because = rule?.justification === undefined ? "" : ` It says: ${rule.justification}.`;
  const part = reason === undefined ? "" : ` (${reason})`;
  return { layer: "execpolicy", reason: `A rule forbids this command${part}.${because}`, rule, change: editOf(rule) };
}

function allowedBy({ rule }: ExecPolicyVerdict): Grounds {
  if (rule?.file === SESSION_RULES)
    return { layer: "session_grant", reason: "The user allowed commands that begin so for the session.", rule };
  return { layer: "execpolicy", reason: "A rule allows this command.", rule };
}

/** A rule wants a question, or the rules cannot be read and could want one. */
function decidePrompt(input: CommandCase): Decision {
  const { verdict, rule, reason } = input.execpolicy;
  const because = rule?.justification === undefined ? "" : ` It says: ${rule.justification}.`;
  const fact =
    verdict === "unreadable"
      ? `The rules for commands cannot be used, so nothing is known to be allowed: ${reason ?? "a file has a mistake"}.`
      : `A rule wants a question before this command${reason === undefined ? "" : ` (${reason})`}.${because}`;
  const change = verdict === "unreadable" ? ["Mend the rule file and start a new session."] : editOf(rule);
  if (input.approvalPolicy !== "never") return ask({ layer: "execpolicy", reason: fact, rule, change }, input);
  const silent = `${fact} The approval policy \`never\` forbids questions.`;
  return reject({ layer: "execpolicy", reason: silent, rule, change: [...change, OTHER_POLICY] });
}

/** The call asks to run without the confinement that its policy wants. */
function decideLeaving(input: CommandCase): Decision {
  if (input.approvalPolicy === "never") {
    const reason = "The call asks to run outside the sandbox, which the approval policy `never` does not let anybody grant.";
    return reject({ layer: "approval_policy", reason, change: [OTHER_POLICY, BYPASS] });
  }
  const { verdict, rule } = input.execpolicy;
  const reason =
    verdict === "allow"
      ? "A rule allows this command inside the sandbox, and the call asks to run outside of it."
      : "The call asks to run outside the sandbox.";
  return ask({ layer: "approval_policy", reason, rule }, input);
}

const OTHER_POLICY = "Another approval policy (`-a on-request`) with somebody to answer lets it be asked.";

function editOf(rule: RuleReference | undefined): string[] {
  return rule === undefined ? [] : [`Edit or remove the rule at ${rule.file}:${rule.line}.`];
}

function remedies({ execpolicy: { remedy } }: CommandCase, others: readonly string[]): string[] {
  return [...(remedy === undefined ? [] : [`Add \`${remedy.line}\` to ${remedy.file}.`]), ...others];
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
  if (input.paths.length === 0) return reject({ layer: "patch", reason: "The patch changes nothing." });
  const everywhere = hasFullDiskWriteAccess(input.sandboxPolicy);
  const outside = everywhere ? undefined : input.paths.find((path) => !isCovered(path, [...input.writableRoots, ...input.grantedRoots]));
  const grantRoot = outside === undefined ? undefined : grantableRoot(outside);
  if (input.approvalPolicy === "unless-allow-listed") {
    const reason = "The approval policy `unless-allow-listed` asks before every patch.";
    return ask({ layer: "approval_policy", reason, change: [BYPASS] }, { ...input, grantRoot });
  }
  if (outside === undefined) {
    const granted = !everywhere && input.paths.some((path) => !isCovered(path, input.writableRoots));
    return granted
      ? allow(false, { layer: "session_grant", reason: "The user made every folder it touches writable for the session." })
      : allow(false, { layer: "sandbox_policy", reason: "Every path is inside a folder that may be written." });
  }
  const reason = `${outside.path} is outside the folders that may be written.`;
  const change = [...(grantRoot === undefined ? [] : missingGrant(input.sandboxPolicy, grantRoot)), BYPASS];
  const grounds: Grounds = { layer: "sandbox_policy", reason, change };
  return input.approvalPolicy === "never" ? reject(grounds) : ask(grounds, { ...input, grantRoot });
}

function missingGrant(policy: SandboxPolicy, root: string): string[] {
  const missing = `Grant \`-s disk-write-folder=${root}\`.`;
  return policy.permissions.includes("disk-write-cwd") ? [missing] : [missing, "`--sandbox workspace-write` opens the working directory."];
}

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
  /** As `-s` takes them. */
  readonly permissions: readonly string[];
  /** The call asked to leave the sandbox, and the user said yes to it without saying how. */
  readonly askedToLeave: boolean;
}): Decision | undefined {
  if ((input.approvalPolicy !== "on-failure" && !input.askedToLeave) || !input.canAsk) return undefined;
  const flags = input.permissions.map((permission) => `-s ${permission}`).join(" ");
  const change = flags === "" ? [] : [`Grant \`${flags}\`.`];
  return ask({ layer: "sandbox_policy", reason: input.reason, change }, input);
}
