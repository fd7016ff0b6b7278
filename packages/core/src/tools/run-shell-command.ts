import { isUnrestricted, parseSandboxPermission, writableRoots, type SandboxPermission, type SandboxPolicy } from "@codex/linux-sandbox";
import { resolve } from "node:path";
import { secretVariables } from "../config/secret-variables.ts";
import { childEnvironment } from "../exec/environment.ts";
import { denialLines, describeResult } from "../exec/result.ts";
import { runCommand, type CommandResult } from "../exec/run-command.ts";
import type { ApprovalAnswer } from "../host/approval.ts";
import type { Confinement, SandboxReach, SandboxStatus } from "../host/host.ts";
import { detectApplyPatch } from "../patch/detect.ts";
import type { Denial, EventOf } from "../protocol/event.ts";
import type { Grant } from "../protocol/grant.ts";
import type { OutputPayload } from "../protocol/item.ts";
import { isKnownSafe, isKnownSafePart, type KnownSafe, type KnownSafeContext } from "../safety/command.ts";
import type { CommandRules, RuledCommand, RuleOffer } from "../safety/command-rules.ts";
import { decideAfterDenial, decideCommand, type CommandCase } from "../safety/decide.ts";
import { explainToModel, type Decision } from "../safety/decision.ts";
import { isWritableBelow } from "../safety/path-containment.ts";
import { canonicalRoots } from "../safety/patch-paths.ts";
import { sandboxConfinement } from "../sandbox/confinement.ts";
import { userAllowance, type Allowance } from "./allowance.ts";
import { applyGrants } from "./apply-grants.ts";
import { runApplyPatch } from "./run-apply-patch.ts";
import type { ToolContext } from "./tool.ts";

export interface ShellCommand {
  readonly callId: string;
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
  /** The model asks for it to run without a sandbox. */
  readonly leaveSandbox?: { readonly why: string };
}

/** Decides on a command, asks if it must, runs it and reports it. A command that only applies a patch is handled as a patch. */
export async function runShellCommand(command: ShellCommand, context: ToolContext): Promise<OutputPayload> {
  const patch = await detectApplyPatch(command.argv, command.cwd);
  if (patch.type === "refused") return patch.message;
  if (patch.type === "patch") {
    const folder = await context.host.fs.stat(patch.baseDirectory).catch(() => undefined);
    if (folder?.kind !== "directory") return `There is no folder ${patch.baseDirectory}, so nothing was done.`;
    return runApplyPatch({ input: patch.input, baseDirectory: patch.baseDirectory, callId: command.callId }, context);
  }
  const { config, session, host } = context;
  const env = childEnvironment(config.shellEnvironment, host.env, {
    sessionId: session.sessionId,
    secretNames: secretVariables(config),
  });
  const confinement = sandboxConfinement(config, session.grants);
  const sandbox = isUnrestricted(confinement.policy) ? undefined : await session.sandbox(confinement);
  const permitted = await permit(command, { env, policy: confinement.policy, sandbox }, context);
  if ("refusal" in permitted) return permitted.refusal;
  if (sandbox?.type !== "available" || permitted.unconfined) return (await execute({ command, env }, context)).text;
  const askedToLeave = command.leaveSandbox !== undefined;
  if (permitted.permissions.length === 0) return runConfined({ command, env, confinement, reach: sandbox.reach, askedToLeave }, context);
  const wider = sandboxConfinement(config, session.grants, permitted.permissions);
  const status = await session.sandbox(wider);
  if (status.type !== "available") return `The command was allowed, but cannot be confined so, and was not run: ${status.reason}`;
  return runConfined({ command, env, confinement: wider, reach: status.reach, askedToLeave }, context);
}

interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly policy: SandboxPolicy;
  /** Undefined where there is nothing to confine. */
  readonly sandbox: SandboxStatus | undefined;
}

type Permitted =
  /** `permissions`: granted by the answer, beyond the configured policy. */
  { readonly unconfined: boolean; readonly permissions: readonly SandboxPermission[] } | { readonly refusal: string };

async function permit(command: ShellCommand, surroundings: Surroundings, context: ToolContext): Promise<Permitted> {
  const { config, session } = context;
  const { policy, sandbox } = surroundings;
  const rules = await session.rules();
  const ruled = await ruledCommand(command, surroundings, context);
  const input: CommandCase = {
    approvalPolicy: config.approvalPolicy,
    sandboxPolicy: policy,
    sandboxAvailable: sandbox?.type === "available",
    sandboxReason: sandbox?.type === "unavailable" ? `${sandbox.reason} ${sandbox.hint}`.trim() : undefined,
    knownSafe: await knownSafe(command, ruled.places, context),
    execpolicy: await rules.judge(ruled),
    sessionGrant: session.grants.hasCommand(command.argv, command.cwd),
    asksToLeaveSandbox: command.leaveSandbox !== undefined,
    canAsk: session.approvals.canAsk,
  };
  const { decision, offer } = await decideWithRemedy(input, { rules, ruled });
  switch (decision.verdict) {
    case "allow":
      tellAllowed(command, { decision: decision.explanation }, context);
      return { unconfined: false, permissions: [] };
    case "reject":
      return { refusal: decline(command, decision, context) };
    case "ask": {
      const why = command.leaveSandbox?.why ?? "";
      const question = {
        ...questionOf(decision, offer),
        ...(sandbox?.type === "available" ? { may_leave_sandbox: true } : {}),
        ...(why === "" ? {} : { justification: why }),
      };
      const answer = await ask(command, question, context);
      const refusal = refusalOf(answer, command, context);
      if (refusal !== undefined) return { refusal };
      if (answer.decision === "approved_for_session" && answer.grants === undefined) session.grants.addCommand(command.argv, command.cwd);
      const { permissions } = await applyGrants(answer, ruled, context);
      return { unconfined: answer.decision === "approved" && answer.unconfined === true, permissions };
    }
  }
}

/** The decision; where it is no plain yes, with the rule that would make it one. */
async function decideWithRemedy(
  input: CommandCase,
  { rules, ruled }: { readonly rules: CommandRules; readonly ruled: RuledCommand },
): Promise<{ readonly decision: Decision; readonly offer?: RuleOffer | undefined }> {
  const decision = decideCommand(input);
  if (decision.verdict === "allow" || input.execpolicy.verdict !== "none") return { decision };
  const offer = await rules.offer(ruled);
  if (offer === undefined) return { decision };
  return { decision: decideCommand({ ...input, execpolicy: { ...input.execpolicy, remedy: offer.remedy } }), offer };
}

function questionOf({ explanation }: Decision, offer: RuleOffer | undefined): Question {
  const prefixes = (offer?.prefixes ?? []).flatMap((prefix) =>
    (offer?.scopes ?? []).map((scope): Grant => ({ type: "prefix", prefix: [...prefix], scope })),
  );
  return { reason: explanation.reason, decision: explanation, offers: [{ type: "command" }, ...prefixes] };
}

function tellAllowed(command: ShellCommand, allowance: Allowance, context: ToolContext): void {
  context.emit({ type: "tool_call_allowed", call_id: command.callId, tool: "shell", command: [...command.argv], ...allowance });
}

interface ConfinedCommand {
  readonly command: ShellCommand;
  readonly env: Readonly<Record<string, string>>;
  readonly confinement: Confinement;
  readonly reach: SandboxReach;
  readonly askedToLeave: boolean;
}

/**
 * Runs it confined. After a real denial it may, asked once, run again with what it lacked. A yes to a call that asks to leave the sandbox
 * does not take that away by itself: it runs inside, and only what then fails is asked about.
 */
async function runConfined(confined: ConfinedCommand, context: ToolContext): Promise<string> {
  const { command, env } = confined;
  const { config, session } = context;
  const first = await execute(confined, context);
  const { denial } = first;
  if (denial?.denied !== true || context.signal.aborted) return first.text;
  const reason = denialLines(denial).join(" ");
  const lacking = denial.permissions ?? (denial.permission === undefined ? [] : [denial.permission]);
  const { approvalPolicy } = config;
  const { canAsk } = session.approvals;
  const decision = decideAfterDenial({ approvalPolicy, canAsk, reason, permissions: lacking, askedToLeave: confined.askedToLeave });
  if (decision?.verdict !== "ask") return first.text;
  const offers = lacking.flatMap((permission) => SCOPES.map((scope) => ({ type: "permission" as const, permission, scope })));
  const answer = await ask(command, { reason, denial, may_leave_sandbox: true, decision: decision.explanation, offers }, context);
  if (answer.decision === "denied" || answer.decision === "abort") {
    return `${first.text}\nThe user was asked to allow it and said no${answer.reason === undefined ? "" : `: ${answer.reason}`}.`;
  }
  tellAllowed(command, userAllowance(answer), context);
  if (answer.decision === "approved" && answer.unconfined === true) return (await execute({ command, env }, context)).text;
  const more = await grantedAfter(answer, lacking, context);
  if (more.length === 0) return first.text;
  const wider = sandboxConfinement(config, session.grants, more);
  const status = await session.sandbox(wider);
  if (status.type !== "available") return `${first.text}\nIt was allowed, but cannot be confined so: ${status.reason}`;
  return (await execute({ command, env, confinement: wider, reach: status.reach }, context)).text;
}

const SCOPES = ["call", "session"] as const;

/** What the command is run again with: the permissions that the answer names, or else all that were lacking. */
async function grantedAfter(
  answer: ApprovalAnswer,
  lacking: readonly string[],
  context: ToolContext,
): Promise<readonly SandboxPermission[]> {
  if (answer.grants !== undefined) return (await applyGrants(answer, undefined, context)).permissions;
  const permissions = lacking.flatMap((text) => {
    const parsed = parseSandboxPermission(text, "/");
    return parsed.ok ? [parsed.value] : [];
  });
  if (answer.decision === "approved_for_session") for (const one of permissions) context.session.grants.addPermission(one);
  return permissions;
}

type Question = Pick<EventOf<"exec_approval_request">, "reason" | "denial" | "may_leave_sandbox" | "justification" | "decision" | "offers">;

function ask({ callId, argv, cwd }: ShellCommand, question: Question, { session, signal }: ToolContext): Promise<ApprovalAnswer> {
  return session.approvals.ask({ type: "exec_approval_request", call_id: callId, command: [...argv], cwd, ...question }, signal);
}

/** What the model is told of a no; undefined for a yes. Either is told to the readers. */
function refusalOf(answer: ApprovalAnswer, command: ShellCommand, context: ToolContext): string | undefined {
  if (answer.decision === "approved" || answer.decision === "approved_for_session") {
    tellAllowed(command, userAllowance(answer), context);
    return undefined;
  }
  const reason = answer.reason ?? "the user said no";
  context.emit({
    type: "tool_call_declined",
    call_id: command.callId,
    tool: "shell",
    command: [...command.argv],
    decision: { verdict: "reject", layer: "user", reason },
    review: answer.decision,
  });
  return `The command was not run: ${reason}.`;
}

function decline(command: ShellCommand, decision: Decision, context: ToolContext): string {
  context.emit({
    type: "tool_call_declined",
    call_id: command.callId,
    tool: "shell",
    command: [...command.argv],
    decision: decision.explanation,
  });
  return explainToModel(decision);
}

interface PlacedCommand extends RuledCommand {
  readonly places: () => Promise<KnownSafeContext>;
}

async function ruledCommand(command: ShellCommand, { env, policy, sandbox }: Surroundings, context: ToolContext): Promise<PlacedCommand> {
  let found: Promise<KnownSafeContext> | undefined;
  const places = (): Promise<KnownSafeContext> => (found ??= findPlaces(command, env, context));
  const { os, temporaryDirectory } = context.host.platform;
  const open = sandbox?.type === "available" ? writableRoots(policy, { cwd: context.config.cwd, platform: os, temporaryDirectory }) : [];
  return {
    argv: command.argv,
    cwd: command.cwd,
    isKnownSafe: async (words) => isKnownSafePart(words, await places()),
    // The sandbox holds it to that, wherever links lead.
    mayWrite: (path) => open.some((root) => isWritableBelow(root, resolve(command.cwd, path))),
    places,
  };
}

/** Looked at only where the answer can matter: under full access nothing hangs on it unless everything is asked. */
async function knownSafe(command: ShellCommand, places: () => Promise<KnownSafeContext>, { config }: ToolContext): Promise<KnownSafe> {
  const asksAnyway = config.approvalPolicy === "unless-allow-listed" || config.approvalPolicy === "auto-edit";
  if (isUnrestricted(config.sandboxPolicy) && !asksAnyway) return { safe: false, reason: "nothing depends on it" };
  return isKnownSafe(command.argv, await places());
}

async function findPlaces(
  command: ShellCommand,
  env: Readonly<Record<string, string>>,
  { config, host, session }: ToolContext,
): Promise<KnownSafeContext> {
  const { os, temporaryDirectory } = host.platform;
  const roots = writableRoots(config.sandboxPolicy, { cwd: config.cwd, platform: os, temporaryDirectory });
  const [[cwd = command.cwd], real] = await Promise.all([
    canonicalRoots(host.fs, [command.cwd]),
    canonicalRoots(host.fs, [config.cwd, ...roots, ...session.grants.roots]),
  ]);
  return { os, cwd, writableRoots: real, searchPath: env["PATH"] ?? "", fs: host.fs };
}

interface Execution {
  readonly command: ShellCommand;
  readonly env: Readonly<Record<string, string>>;
  /** Both or neither. */
  readonly confinement?: Confinement;
  readonly reach?: SandboxReach;
}

interface Executed {
  /** For the model. */
  readonly text: string;
  readonly denial: Denial | undefined;
}

async function execute({ command, env, confinement, reach }: Execution, context: ToolContext): Promise<Executed> {
  const { callId: call_id, argv, cwd, timeoutMs } = command;
  context.emit({ type: "exec_command_begin", call_id, command: [...argv], cwd });
  const result = await runCommand(
    { argv, cwd, timeoutMs, env, confinement },
    {
      host: context.host,
      signal: context.signal,
      loginShells: await context.session.loginShells(),
      onChunk: (chunk, stream) => context.emit({ type: "exec_command_output_delta", call_id, stream, chunk }),
    },
  );
  const denial = reach === undefined ? undefined : await denialOf(result, { command, reach }, context);
  context.emit({
    type: "exec_command_end",
    call_id,
    aggregated_output: result.output,
    cut_bytes: result.cutBytes,
    exit_code: result.exitCode,
    signal: result.signal,
    timed_out: result.timedOut,
    duration_ms: result.durationMs,
    ...(denial === undefined ? {} : { denial }),
  });
  return { text: describeResult(result, context.config.toolOutputTokenLimit, denial), denial };
}

/** Undefined for a command that succeeded, did not run, or was stopped by us. */
async function denialOf(
  result: CommandResult,
  { command, reach }: { command: ShellCommand; reach: SandboxReach },
  context: ToolContext,
): Promise<Denial | undefined> {
  if (result.type === "not_started" || result.type === "lost" || result.exitCode === 0 || result.aborted) return undefined;
  const { findDenial } = await import("../sandbox/denial.ts");
  const { exitCode, signal, output } = result;
  return findDenial({ exitCode, signal, output, cwd: command.cwd }, { reach, fs: context.host.fs });
}
