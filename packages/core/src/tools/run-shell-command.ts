import { isUnrestricted, parseSandboxPermission, writableRoots, type SandboxPolicy } from "@codex/linux-sandbox";
import { secretVariables } from "../config/secret-variables.ts";
import { childEnvironment } from "../exec/environment.ts";
import { denialLines, describeResult } from "../exec/result.ts";
import { runCommand, type CommandResult } from "../exec/run-command.ts";
import type { ApprovalAnswer } from "../host/approval.ts";
import type { Confinement, SandboxReach, SandboxStatus } from "../host/host.ts";
import { detectApplyPatch } from "../patch/detect.ts";
import type { Denial, EventOf } from "../protocol/event.ts";
import type { OutputPayload } from "../protocol/item.ts";
import { isKnownSafe, type KnownSafe } from "../safety/command.ts";
import { decideAfterDenial, decideCommand, explainToModel, type Decision } from "../safety/decide.ts";
import { canonicalRoots } from "../safety/patch-paths.ts";
import { sandboxConfinement } from "../sandbox/confinement.ts";
import { runApplyPatch } from "./run-apply-patch.ts";
import type { ToolContext } from "./tool.ts";

export interface ShellCommand {
  readonly callId: string;
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
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
    secretNames: secretVariables(config.provider),
  });
  const confinement = sandboxConfinement(config, session.grants);
  const sandbox = isUnrestricted(confinement.policy) ? undefined : await session.sandbox(confinement);
  const permitted = await permit(command, { env, policy: confinement.policy, sandbox }, context);
  if ("refusal" in permitted) return permitted.refusal;
  if (sandbox?.type !== "available" || permitted.unconfined) return (await execute({ command, env }, context)).text;
  return runConfined({ command, env, confinement, reach: sandbox.reach }, context);
}

interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly policy: SandboxPolicy;
  /** Undefined where there is nothing to confine. */
  readonly sandbox: SandboxStatus | undefined;
}

type Permitted = { readonly unconfined: boolean } | { readonly refusal: string };

async function permit(command: ShellCommand, { env, policy, sandbox }: Surroundings, context: ToolContext): Promise<Permitted> {
  const { config, session } = context;
  const decision = decideCommand({
    approvalPolicy: config.approvalPolicy,
    sandboxPolicy: policy,
    sandboxAvailable: sandbox?.type === "available",
    sandboxReason: sandbox?.type === "unavailable" ? `${sandbox.reason} ${sandbox.hint}`.trim() : undefined,
    knownSafe: await knownSafe(command, env, context),
    execpolicy: { verdict: "none" },
    sessionGrant: session.grants.hasCommand(command.argv),
    asksToLeaveSandbox: false,
    canAsk: session.approvals.canAsk,
  });
  switch (decision.verdict) {
    case "allow":
      return { unconfined: false };
    case "reject":
      return { refusal: decline(command, decision, context) };
    case "ask": {
      const mayLeave = sandbox?.type === "available" ? { may_leave_sandbox: true } : {};
      const answer = await ask(command, { reason: decision.explanation.reason, ...mayLeave }, context);
      if (answer.decision === "approved_for_session") session.grants.addCommand(command.argv);
      const refusal = refusalOf(answer, command, context);
      return refusal === undefined ? { unconfined: answer.decision === "approved" && answer.unconfined === true } : { refusal };
    }
  }
}

interface ConfinedCommand {
  readonly command: ShellCommand;
  readonly env: Readonly<Record<string, string>>;
  readonly confinement: Confinement;
  readonly reach: SandboxReach;
}

/** Runs it confined. After a real denial it may, asked once, run again with what it lacked. */
async function runConfined(confined: ConfinedCommand, context: ToolContext): Promise<string> {
  const { command, env } = confined;
  const { config, session } = context;
  const first = await execute(confined, context);
  const { denial } = first;
  if (denial?.denied !== true || context.signal.aborted) return first.text;
  const reason = denialLines(denial).join(" ");
  const decision = decideAfterDenial({ approvalPolicy: config.approvalPolicy, canAsk: session.approvals.canAsk, reason });
  if (decision === undefined) return first.text;
  const answer = await ask(command, { reason, denial, may_leave_sandbox: true }, context);
  if (answer.decision === "denied" || answer.decision === "abort") {
    return `${first.text}\nThe user was asked to allow it and said no${answer.reason === undefined ? "" : `: ${answer.reason}`}.`;
  }
  if (answer.decision === "approved" && answer.unconfined === true) return (await execute({ command, env }, context)).text;
  const permission = denial.permission === undefined ? undefined : parseSandboxPermission(denial.permission, "/");
  if (permission?.ok !== true) return first.text;
  const wider = sandboxConfinement(config, session.grants, [permission.value]);
  if (answer.decision === "approved_for_session") session.grants.addPermission(permission.value);
  const status = await session.sandbox(wider);
  if (status.type !== "available") return `${first.text}\nIt was allowed, but cannot be confined so: ${status.reason}`;
  return (await execute({ command, env, confinement: wider, reach: status.reach }, context)).text;
}

type Question = Pick<EventOf<"exec_approval_request">, "reason" | "denial" | "may_leave_sandbox">;

function ask({ callId, argv, cwd }: ShellCommand, question: Question, { session, signal }: ToolContext): Promise<ApprovalAnswer> {
  return session.approvals.ask({ type: "exec_approval_request", call_id: callId, command: [...argv], cwd, ...question }, signal);
}

/** What the model is told of a no; undefined for a yes. */
function refusalOf(answer: ApprovalAnswer, command: ShellCommand, context: ToolContext): string | undefined {
  if (answer.decision === "approved" || answer.decision === "approved_for_session") return undefined;
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

/** Looked at only where the answer can matter: under full access nothing hangs on it unless everything is asked. */
async function knownSafe(command: ShellCommand, env: Readonly<Record<string, string>>, context: ToolContext): Promise<KnownSafe> {
  const { config, host, session } = context;
  const asksAnyway = config.approvalPolicy === "unless-allow-listed" || config.approvalPolicy === "auto-edit";
  if (isUnrestricted(config.sandboxPolicy) && !asksAnyway) return { safe: false, reason: "nothing depends on it" };
  const { os, temporaryDirectory } = host.platform;
  const roots = writableRoots(config.sandboxPolicy, { cwd: config.cwd, platform: os, temporaryDirectory });
  const [[cwd = command.cwd], real] = await Promise.all([
    canonicalRoots(host.fs, [command.cwd]),
    canonicalRoots(host.fs, [config.cwd, ...roots, ...session.grants.roots]),
  ]);
  return isKnownSafe(command.argv, {
    os,
    cwd,
    writableRoots: real,
    searchPath: env["PATH"] ?? "",
    fs: host.fs,
  });
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
