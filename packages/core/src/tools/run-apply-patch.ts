import { agentSettings, hasFullDiskWriteAccess, writableRoots } from "@codex/linux-sandbox";
import * as z from "zod/mini";
import type { ApprovalRequest } from "../host/approval.ts";
import { eventHunks, fileChanges, touchedPaths, type ApplyPatchAction } from "../patch/action.ts";
import { applyPatch } from "../patch/apply.ts";
import { computePatch } from "../patch/compute.ts";
import { describeSyntaxError, parsePatch, type Patch } from "../patch/parse.ts";
import type { FileChange } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import type { ReviewDecision } from "../protocol/op.ts";
import { decidePatch } from "../safety/decide.ts";
import { explainToModel, type Decision, type Question } from "../safety/decision.ts";
import { journalFolders } from "../safety/journal-folders.ts";
import { canonicalPatchPaths, canonicalRoots } from "../safety/patch-paths.ts";
import { recoverPatchesIn } from "../safety/recover-patches.ts";
import { applyGrants } from "./apply-grants.ts";
import { chosenHunks, describeChoice, type ChosenHunks } from "./approved-hunks.ts";
import { parseArguments } from "./arguments.ts";
import { userAllowance, type Allowance } from "./allowance.ts";
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
 * one after the other. What the patch gets wrong is text for the model.
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
  const { codexHome } = context.config;
  for (const message of await recoverPatchesIn({ codexHome, cwd: call.baseDirectory }, context.host))
    context.emit({ type: "warning", message });
  const parsed = parsePatch(call.input);
  if (!parsed.ok) return refused(describeSyntaxError(parsed.error));
  const computed = await computePatch(parsed.patch, call.baseDirectory, { fs: context.host.fs });
  if (!computed.ok) return refused(computed.fault.message);
  const checked: CheckedPatch = { ...computed, patch: parsed.patch, callId: call.callId, changes: fileChanges(computed.action) };
  const decision = await decide(computed.action, context);
  switch (decision.verdict) {
    case "reject":
      return decline(checked, decision, context);
    case "ask":
      return ask(checked, decision, context);
    case "allow":
      return apply(checked, { autoApproved: true, decision: decision.explanation }, context);
  }
}

interface CheckedPatch {
  readonly callId: string;
  readonly patch: Patch;
  readonly action: ApplyPatchAction;
  readonly changes: Record<string, FileChange>;
  /** Told to the model when it is applied. */
  readonly note?: string;
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
    closedPlaces: await canonicalRoots(host.fs, [config.codexHome, ...agentSettings(config.codexHome)]),
    canAsk: session.approvals.canAsk,
  });
}

/** Asks, and does what the answer says. Returns what the model is told. */
async function ask(patch: CheckedPatch, question: Question, context: ToolContext): Promise<string> {
  const { session, signal } = context;
  const { grantRoot } = question;
  const request: ApprovalRequest = {
    type: "apply_patch_approval_request",
    call_id: patch.callId,
    changes: patch.changes,
    hunks: eventHunks(patch.action),
    reason: question.explanation.reason,
    decision: question.explanation,
    ...(grantRoot === undefined ? {} : { grant_root: grantRoot, offers: [{ type: "root", root: grantRoot }] }),
  };
  const answer = await session.approvals.ask(request, signal);
  if (answer.decision === "denied" || answer.decision === "abort")
    return declinedByUser(patch, { review: answer.decision, reason: answer.reason ?? "the user said no" }, context);
  const chosen = chosenHunks(patch.action, answer);
  if (chosen.type === "none") return declinedByUser(patch, { review: "denied", reason: chosen.reason }, context);
  const approved = chosen.type === "all" ? patch : await partOf(patch, { ...chosen, reason: answer.reason }, context);
  if (typeof approved === "string") {
    tellDeclined(patch, { review: "denied", reason: approved }, context);
    return refused(approved);
  }
  if (answer.decision === "approved_for_session" && answer.grants === undefined && grantRoot !== undefined)
    session.grants.addRoot(grantRoot);
  await applyGrants(answer, undefined, context);
  return apply(approved, { autoApproved: false, ...userAllowance(answer) }, context);
}

interface Refusal {
  readonly review: ReviewDecision;
  readonly reason: string;
}

function declinedByUser(patch: CheckedPatch, refusal: Refusal, context: ToolContext): string {
  tellDeclined(patch, refusal, context);
  return `The patch was not applied, nothing was written: ${refusal.reason}.`;
}

function tellDeclined({ callId }: CheckedPatch, { review, reason }: Refusal, context: ToolContext): void {
  const decision = { verdict: "reject" as const, layer: "user", reason };
  context.emit({ type: "tool_call_declined", call_id: callId, tool: NAME, command: [], decision, review });
}

/** The approved hunks alone, computed anew on the contents that were shown; or why they cannot be applied. */
async function partOf(
  patch: CheckedPatch,
  { ids, declined, reason }: Extract<ChosenHunks, { type: "some" }> & { readonly reason: string | undefined },
  context: ToolContext,
): Promise<CheckedPatch | string> {
  const computed = await computePatch(patch.patch, patch.action.cwd, { fs: context.host.fs, chosen: ids });
  if (!computed.ok) return `The approved hunks cannot be applied without the declined ones. ${computed.fault.message}`;
  const { action } = computed;
  const changed = changedSince(patch.action, action);
  if (changed !== undefined) return `${changed} was changed by something else since the patch was checked. Read it again.`;
  return { ...patch, action, changes: fileChanges(action), note: describeChoice(action.hunks, declined, reason) };
}

/** A path whose content is not the one that the question was asked about. */
function changedSince(asked: ApplyPatchAction, now: ApplyPatchAction): string | undefined {
  const contents = new Map(asked.steps.map(({ path, before }) => [path, before]));
  return now.steps.find(({ path, before }) => {
    const shown = contents.get(path);
    return before !== undefined && shown !== undefined && Buffer.compare(before, shown) !== 0;
  })?.path;
}

function decline(patch: CheckedPatch, decision: Decision, context: ToolContext): string {
  context.emit({ type: "tool_call_declined", call_id: patch.callId, tool: NAME, command: [], decision: decision.explanation });
  return explainToModel(decision);
}

async function apply(
  patch: CheckedPatch,
  { autoApproved, ...allowance }: Allowance & { readonly autoApproved: boolean },
  context: ToolContext,
): Promise<string> {
  const { action, callId: call_id, changes } = patch;
  const { config, host } = context;
  const turnDiff = await context.session.turnDiff();
  if (context.signal.aborted) return "The turn was stopped before the patch was applied; nothing was written.";
  context.emit({ type: "tool_call_allowed", call_id, tool: NAME, command: [], ...allowance });
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
    context.emit({ type: "turn_diff", unified_diff: await turnDiff.render(newFiles(action)) });
    return `Exit code: 0\nOutput:\n${outcome.summary}${patch.note ?? ""}`;
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

/** What the patch wrote where nothing was; under its real path, so one that was named by another is not among them. */
function newFiles(action: ApplyPatchAction): Map<string, Uint8Array> {
  return new Map(
    action.steps.flatMap((step) =>
      step.type === "write" && step.before === undefined && step.mode === undefined ? [[step.path, step.content] as const] : [],
    ),
  );
}

function leftoverNote(leftovers: readonly string[]): string {
  return leftovers.length === 0 ? "" : `Temporary files that could not be removed: ${leftovers.join(", ")}`;
}

function refused(message: string): string {
  return `Exit code: 1\nOutput:\n${message}\nNothing was written.`;
}
