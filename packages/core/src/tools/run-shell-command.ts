import { isUnrestricted, writableRoots } from "@codex/linux-sandbox";
import { secretVariables } from "../config/secret-variables.ts";
import { childEnvironment } from "../exec/environment.ts";
import { describeResult } from "../exec/result.ts";
import { runCommand } from "../exec/run-command.ts";
import { detectApplyPatch } from "../patch/detect.ts";
import type { OutputPayload } from "../protocol/item.ts";
import { isKnownSafe, type KnownSafe } from "../safety/command.ts";
import { decideCommand, explainToModel, type Decision } from "../safety/decide.ts";
import { canonicalRoots } from "../safety/patch-paths.ts";
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
    return runApplyPatch({ input: patch.input, baseDirectory: patch.baseDirectory, callId: command.callId }, context);
  }
  const env = childEnvironment(context.config.shellEnvironment, context.host.env, {
    sessionId: context.session.sessionId,
    networkDisabled: false,
    secretNames: secretVariables(context.config.provider),
  });
  const refusal = await permit(command, env, context);
  return refusal ?? execute(command, env, context);
}

/** Undefined when the command may run, else what the model is told. */
async function permit(command: ShellCommand, env: Readonly<Record<string, string>>, context: ToolContext): Promise<string | undefined> {
  const { config, session } = context;
  const decision = decideCommand({
    approvalPolicy: config.approvalPolicy,
    sandboxPolicy: config.sandboxPolicy,
    sandboxAvailable: false,
    knownSafe: await knownSafe(command, env, context),
    execpolicy: { verdict: "none" },
    sessionGrant: session.grants.hasCommand(command.argv),
    asksToLeaveSandbox: false,
    canAsk: session.approvals.canAsk,
  });
  switch (decision.verdict) {
    case "allow":
      return undefined;
    case "reject":
      return decline(command, decision, context);
    case "ask":
      return ask(command, decision, context);
  }
}

async function ask(command: ShellCommand, decision: Decision, context: ToolContext): Promise<string | undefined> {
  const { session, signal } = context;
  const request = {
    type: "exec_approval_request" as const,
    call_id: command.callId,
    command: [...command.argv],
    cwd: command.cwd,
    reason: decision.explanation.reason,
  };
  const answer = await session.approvals.ask(request, signal);
  if (answer.decision === "approved") return undefined;
  if (answer.decision === "approved_for_session") {
    session.grants.addCommand(command.argv);
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

async function execute(command: ShellCommand, env: Readonly<Record<string, string>>, context: ToolContext): Promise<string> {
  const { callId: call_id, argv, cwd, timeoutMs } = command;
  context.emit({ type: "exec_command_begin", call_id, command: [...argv], cwd });
  const result = await runCommand(
    { argv, cwd, timeoutMs, env },
    {
      host: context.host,
      signal: context.signal,
      loginShells: await context.session.loginShells(),
      onChunk: (chunk, stream) => context.emit({ type: "exec_command_output_delta", call_id, stream, chunk }),
    },
  );
  context.emit({
    type: "exec_command_end",
    call_id,
    aggregated_output: result.output,
    cut_bytes: result.cutBytes,
    exit_code: result.exitCode,
    signal: result.signal,
    timed_out: result.timedOut,
    duration_ms: result.durationMs,
  });
  return describeResult(result, context.config.toolOutputTokenLimit);
}
