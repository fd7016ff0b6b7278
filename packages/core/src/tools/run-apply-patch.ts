import { hasFullDiskWriteAccess, writableRoots } from "@codex/linux-sandbox";
import * as z from "zod/mini";
import type { ApprovalRequest } from "../host/approval.ts";
import { fileChanges, touchedPaths, type ApplyPatchAction } from "../patch/action.ts";
import { applyPatch } from "../patch/apply.ts";
import { computePatch } from "../patch/compute.ts";
import { describeSyntaxError, parsePatch } from "../patch/parse.ts";
import type { FileChange } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { decidePatch, explainToModel, type Decision, type Question } from "../safety/decide.ts";
import { journalFolders } from "../safety/journal-folders.ts";
import { canonicalPatchPaths, canonicalRoots } from "../safety/patch-paths.ts";
import { parseArguments } from "./arguments.ts";
import type { ToolContext, TurnDiff } from "./tool.ts";

const NAME = "apply_patch";
const ARGUMENTS = z.object({ input: z.string() });

export interface PatchCall {
  /** The patch as the model wrote it. */
  readonly input: string;
  /** Absolute; relative paths of the patch start here. */
  readonly baseDirectory: string;
  readonly callId: string;
}

/**
 * Verifies a patch, decides on it, asks if it must, applies it whole or not at all, and reports it. Patches of a session run
 * one after the other. What the patch gets wrong is text for the model, without any event.
 */
export async function runApplyPatch(call: PatchCall, context: ToolContext): Promise<string> {
  return context.session.oneAtATime(() => runAlone(call, context));
}

/** Runs one call of `apply_patch`. Takes either form, whichever was declared: a patch that can be read is better applied than refused. */
export async function runApplyPatchCall(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  const place = { baseDirectory: context.config.cwd, callId: call.call_id };
  if (call.type === "custom_tool_call") return runApplyPatch({ ...place, input: call.input }, context);
  const parsed = parseArguments(call, ARGUMENTS);
  if (!parsed.ok) return `${parsed.message} Expected {"input": PATCH}, where PATCH is the whole patch as one string.`;
  return runApplyPatch({ ...place, input: parsed.value.input }, context);
}

async function runAlone(call: PatchCall, context: ToolContext): Promise<string> {
  const parsed = parsePatch(call.input);
  if (!parsed.ok) return refused(describeSyntaxError(parsed.error));
  const computed = await computePatch(parsed.patch, call.baseDirectory, context.host.fs);
  if (!computed.ok) return refused(computed.fault.message);
  const checked: CheckedPatch = { callId: call.callId, action: computed.action, changes: fileChanges(computed.action) };
  const decision = await decide(computed.action, context);
  switch (decision.verdict) {
    case "reject":
      return decline(checked, decision, context);
    case "ask":
      return (await ask(checked, decision, context)) ?? apply(checked, false, context);
    case "allow":
      return apply(checked, true, context);
  }
}

interface CheckedPatch {
  readonly callId: string;
  readonly action: ApplyPatchAction;
  readonly changes: Record<string, FileChange>;
}

async function decide(action: ApplyPatchAction, context: ToolContext): Promise<Decision> {
  const { config, host, session } = context;
  const { os, temporaryDirectory } = host.platform;
  // The real places too: they are what is written.
  const paths = [...new Set([...touchedPaths(action), ...action.steps.map((step) => step.path)])];
  return decidePatch({
    approvalPolicy: config.approvalPolicy,
    sandboxPolicy: config.sandboxPolicy,
    paths: await canonicalPatchPaths(host.fs, paths),
    writableRoots: await canonicalRoots(
      host.fs,
      writableRoots(config.sandboxPolicy, { cwd: config.cwd, platform: os, temporaryDirectory }),
    ),
    grantedRoots: await canonicalRoots(host.fs, session.grants.roots),
    canAsk: session.approvals.canAsk,
  });
}

/** Undefined when the patch may be applied, else what the model is told. */
async function ask(patch: CheckedPatch, question: Question, context: ToolContext): Promise<string | undefined> {
  const { session, signal } = context;
  const { grantRoot } = question;
  const request: ApprovalRequest = {
    type: "apply_patch_approval_request",
    call_id: patch.callId,
    changes: patch.changes,
    reason: question.explanation.reason,
    ...(grantRoot === undefined ? {} : { grant_root: grantRoot }),
  };
  const answer = await session.approvals.ask(request, signal);
  switch (answer.decision) {
    case "approved":
      return undefined;
    case "approved_for_session":
      if (grantRoot !== undefined) session.grants.addRoot(grantRoot);
      return undefined;
    case "denied":
    case "abort": {
      const reason = answer.reason ?? "the user said no";
      const decision = { verdict: "reject" as const, layer: "user", reason };
      context.emit({ type: "tool_call_declined", call_id: patch.callId, tool: NAME, command: [], decision, review: answer.decision });
      return `The patch was not applied, nothing was written: ${reason}.`;
    }
  }
}

function decline(patch: CheckedPatch, decision: Decision, context: ToolContext): string {
  context.emit({ type: "tool_call_declined", call_id: patch.callId, tool: NAME, command: [], decision: decision.explanation });
  return explainToModel(decision);
}

async function apply(patch: CheckedPatch, autoApproved: boolean, context: ToolContext): Promise<string> {
  if (context.signal.aborted) return "The turn was stopped before the patch was applied; nothing was written.";
  const { action, callId: call_id, changes } = patch;
  const { config, host } = context;
  const turnDiff = await context.session.turnDiff();
  context.emit({ type: "patch_apply_begin", call_id, auto_approved: autoApproved, changes });
  rememberBefore(action, turnDiff);
  const outcome = await applyPatch(action, host.fs, {
    token: Buffer.from(host.random.bytes(8)).toString("hex"),
    owner: host.identity?.id ?? "unknown",
    journalFolders: await journalFolders(host.fs, { codexHome: config.codexHome, cwd: action.cwd }),
    partsHardLinks: !hasFullDiskWriteAccess(config.sandboxPolicy),
  });
  if (outcome.ok) {
    context.emit({
      type: "patch_apply_end",
      call_id,
      success: true,
      stdout: outcome.summary,
      stderr: leftoverNote(outcome.leftovers),
      changes,
    });
    context.emit({ type: "turn_diff", unified_diff: await turnDiff.render() });
    return `Exit code: 0\nOutput:\n${outcome.summary}`;
  }
  const left =
    outcome.notRestored.length === 0
      ? "Everything is as it was."
      : `Not brought back to what it was: ${outcome.notRestored.map(({ path, reason }) => `${path} (${reason})`).join(", ")}.`;
  const message = `${outcome.message} The patch was not applied. ${left}`;
  context.emit({ type: "patch_apply_end", call_id, success: false, stdout: "", stderr: message, changes });
  if (outcome.notRestored.length > 0) context.emit({ type: "turn_diff", unified_diff: await turnDiff.render() });
  return `Exit code: 1\nOutput:\n${message}`;
}

function rememberBefore(action: ApplyPatchAction, turnDiff: TurnDiff): void {
  for (const change of action.changes) {
    if (change.type === "add") turnDiff.remember(change.path, null);
    else if (change.before !== undefined) turnDiff.remember(change.path, change.before);
    if (change.type === "update" && change.movePath !== undefined) turnDiff.remember(change.movePath, null);
  }
}

function leftoverNote(leftovers: readonly string[]): string {
  return leftovers.length === 0 ? "" : `Temporary files that could not be removed: ${leftovers.join(", ")}`;
}

function refused(message: string): string {
  return `Exit code: 1\nOutput:\n${message}\nNothing was written.`;
}
