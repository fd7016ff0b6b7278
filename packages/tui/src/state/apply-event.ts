import type { Event, EventOf, TokenUsage } from "@codex/core";
import { plainLine } from "../text/ansi.ts";
import type { Cell, ExecCell, PatchCell } from "./cell.ts";
import { showPatch, withApprovals } from "./answer-form.ts";
import { applyMcpEvent, isOpenCall } from "./apply-mcp-event.ts";
import { approvalOf, approvalSubject, argumentsText, type AskingEvent } from "./approval-request.ts";
import { addCell, changeCell, dropCells, finishCells } from "./cells.ts";
import { commandText } from "./command-text.ts";
import { recallQueue } from "./drafts.ts";
import { appendOutput, NO_OUTPUT, outputOf } from "./live-output.ts";
import type { Facts } from "./facts.ts";
import type { State } from "./model.ts";
import { rollBackView } from "./rewind.ts";
import { sendQueue } from "./submit.ts";
import { sandboxName } from "./sandbox-name.ts";
import { only, type Step } from "./step.ts";
import { turnSummary } from "./turn-summary.ts";

/** Takes in one event of the session. Event types of later versions change nothing. */
export function applyEvent(state: State, event: Event): Step {
  const { msg } = event;
  switch (msg.type) {
    case "task_started":
      return only({
        ...state,
        task: { id: event.id, startedAt: state.now, interrupting: false },
        usage: { ...state.usage, task: NO_TOKENS },
      });
    case "task_complete":
      return endTask(state, msg.usage);
    case "error":
      return failTask(state, msg);
    case "turn_aborted":
      return abortTask(state);
    case "thread_rolled_back":
      return rollBackView(state, msg.num_turns);
    case "exec_approval_request":
    case "apply_patch_approval_request":
    case "mcp_approval_request":
    case "elicitation_request":
      return ask(state, msg);
    case "token_count": {
      const { usage } = state;
      return only({
        ...state,
        usage: {
          ...usage,
          task: msg.total,
          context: msg.usage.total_tokens,
          contextWindow: msg.context_window ?? usage.contextWindow,
        },
      });
    }
    case "turn_diff":
      return only({ ...state, turnDiff: msg.unified_diff });
    case "shutdown_complete":
      return only(state);
    default:
      return only(showEvent(state, msg));
  }
}

const NO_TOKENS: TokenUsage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: 0,
};

function showEvent(state: State, msg: Event["msg"]): State {
  switch (msg.type) {
    case "session_configured":
      return configure(state, msg);
    case "sandbox_status": {
      const known = { ...state, facts: { ...state.facts, backend: msg.backend, missingGuarantees: msg.missing } };
      return msg.message === undefined ? known : notice(known, "warning", `sandbox: ${msg.message}`);
    }
    case "agent_message_delta":
      return stream(state, "agent", msg.delta);
    case "agent_reasoning_delta":
      return stream(state, "reasoning", msg.delta);
    case "agent_message":
      return finishText(state, "agent", msg.message);
    case "agent_reasoning":
      return finishText(state, "reasoning", msg.text);
    case "plan_update":
      return addCell({ ...state, plan: msg.plan }, { kind: "plan", explanation: msg.explanation ?? "", plan: msg.plan });
    case "stream_error":
      return tellRetry(state, msg);
    case "warning":
      return notice(state, "warning", msg.message);
    case "background_event":
      return { ...notice(state, "event", msg.message), logLine: plainLine(msg.message) };
    default:
      return showCall(state, msg);
  }
}

function showCall(state: State, msg: Event["msg"]): State {
  switch (msg.type) {
    case "exec_command_begin":
      return beginExec(state, msg);
    case "exec_command_output_delta": {
      const output = changeCell(state, isExec(msg.call_id), (cell) => ({ ...cell, output: appendOutput(cell.output, msg.chunk) }));
      return { ...output, logLine: lastLine(msg.chunk) || state.logLine };
    }
    case "exec_command_end":
      return changeCell(state, isExec(msg.call_id), (cell) => endExec(cell, msg));
    case "patch_apply_begin":
      return beginPatch(state, msg);
    case "patch_apply_end":
      return changeCell(state, isPatch(msg.call_id), (cell) => ({
        ...cell,
        status: msg.success ? "applied" : "failed",
        message: msg.success ? "" : msg.stderr || msg.stdout,
      }));
    case "tool_call_begin": {
      const call = { kind: "tool", callId: msg.call_id, tool: msg.tool, arguments: argumentsText(msg.arguments) } as const;
      const why = state.allowed[msg.call_id];
      return { ...addCell(state, { ...call, startedAt: state.now, progress: "", why, end: undefined }), logLine: msg.tool };
    }
    case "tool_call_end":
      return changeCell(state, isOpenCall(msg.call_id), (cell) => ({
        ...cell,
        end: { success: msg.success, output: msg.output, durationMs: state.now - cell.startedAt },
      }));
    case "tool_call_declined":
      return decline(state, msg);
    case "tool_call_allowed":
      return { ...state, allowed: { ...state.allowed, [msg.call_id]: msg.decision } };
    default:
      return applyMcpEvent(state, msg) ?? state;
  }
}

function configure(state: State, msg: EventOf<"session_configured">): State {
  const permissions = msg.sandbox_policy.permissions.map(permissionName);
  const facts: Facts = {
    ...state.facts,
    model: msg.model,
    provider: msg.provider,
    cwd: msg.cwd,
    approval: msg.approval_policy,
    sandbox: sandboxName(permissions),
    permissions,
    sessionId: msg.session_id,
    rolloutPath: msg.rollout_path ?? "",
  };
  const next: State = { ...state, phase: "ready", facts };
  if (state.facts.sessionId === msg.session_id) {
    const changes = changedSettings(state.facts, facts);
    return changes === "" ? next : notice(next, "info", changes);
  }
  // The card of a session stands once, and takes what becomes known later.
  return addCell(
    dropCells(next, (cell) => cell.kind === "session"),
    { kind: "session", facts },
  );
}

function changedSettings(before: Facts, after: Facts): string {
  const names = ["model", "approval", "sandbox"] as const;
  const changed = names.filter((name) => before[name] !== after[name]);
  return changed.map((name) => `${name}: ${before[name]} → ${after[name]}`).join(" · ");
}

function permissionName(permission: unknown): string {
  if (typeof permission === "string") return permission;
  if (typeof permission !== "object" || permission === null) return String(permission);
  return Object.entries(permission)
    .map(([name, value]) => (typeof value === "string" ? `${name}=${value}` : name))
    .join(" ");
}

function stream(state: State, kind: "agent" | "reasoning", delta: string): State {
  const open = state.live.at(-1);
  if (open?.kind === kind && open.streaming) {
    return changeCell(state, isText(kind), (cell) => ({ ...cell, text: cell.text + delta }));
  }
  return addCell(state, { kind, text: delta, streaming: true });
}

/** The whole text takes the place of what was streamed. */
function finishText(state: State, kind: "agent" | "reasoning", text: string): State {
  const open = state.live.findIndex((cell) => cell.kind === kind && cell.streaming);
  if (open === -1) return addCell(state, { kind, text, streaming: false });
  // Deltas of several messages ran together: the first whole one takes the place of all.
  return changeCell(state, isText(kind), (cell) => ({ ...cell, text, streaming: false }));
}

/** A call that was approved just before takes the answer in: what runs need not be told twice. */
function beginExec(state: State, { call_id: callId, command, cwd }: EventOf<"exec_command_begin">): State {
  const [approval, before] = takeApproval(state, callId);
  const cell = { kind: "exec", callId, command, cwd, by: "agent", startedAt: state.now, why: state.allowed[callId], approval } as const;
  return { ...addCell(before, { ...cell, output: NO_OUTPUT, end: undefined }), logLine: plainLine(commandText(command)) };
}

/** The approval of the call when it stands last, and the state without it. */
function takeApproval(state: State, callId: string): readonly [ExecCell["approval"], State] {
  const { live, history } = state;
  const last = live.at(-1) ?? history.at(-1);
  const approves = last?.kind === "decision" && (last.decision === "approved" || last.decision === "approved_for_session");
  if (!approves || last.callId !== callId) return [undefined, state];
  const approval = { decision: last.decision, detail: last.detail };
  return [approval, live.length > 0 ? { ...state, live: live.slice(0, -1) } : { ...state, history: history.slice(0, -1) }];
}

function endExec(cell: ExecCell & { readonly id: number }, msg: EventOf<"exec_command_end">): ExecCell & { readonly id: number } {
  const { exit_code: exitCode, signal, timed_out: timedOut, duration_ms: durationMs, denial } = msg;
  const output = msg.aggregated_output === "" && cell.output.lines > 0 ? cell.output : outputOf(msg.aggregated_output);
  return { ...cell, output, end: { exitCode, signal, timedOut, durationMs, denial } };
}

function beginPatch(state: State, msg: EventOf<"patch_apply_begin">): State {
  const [approval, before] = takeApproval(state, msg.call_id);
  const next = { ...before, logLine: "applying a patch" };
  const begun = { status: "applying", changes: msg.changes, why: state.allowed[msg.call_id], approval, choice: undefined } as const;
  if (next.live.some(isPatch(msg.call_id))) return changeCell(next, isPatch(msg.call_id), (cell) => ({ ...cell, ...begun }));
  return addCell(next, { kind: "patch", callId: msg.call_id, message: "", ...begun });
}

function decline(state: State, msg: EventOf<"tool_call_declined">): State {
  const byUser = msg.review !== undefined;
  const settled = changeCell(state, isPatch(msg.call_id), (cell) => ({ ...cell, status: "declined", message: msg.decision.reason }));
  // The answer stands in the history already.
  if (byUser) return settled;
  return addCell(settled, { kind: "declined", tool: msg.tool, command: msg.command, decision: msg.decision });
}

function ask(state: State, msg: AskingEvent): Step {
  const approval = approvalOf(msg);
  const patch = { kind: "patch", callId: approval.callId, status: "proposed", message: "", why: undefined } as const;
  const shown =
    approval.kind === "patch" ? addCell(state, { ...patch, approval: undefined, choice: undefined, changes: approval.changes }) : state;
  const approvals = [...state.approvals, approval];
  return {
    state: {
      ...(state.approvals.length === 0 ? withApprovals(shown, approvals) : { ...shown, approvals }),
      popup: undefined,
    },
    effects: [
      { type: "notify", message: `Codex asks: ${approvalSubject(approval)}` },
      ...(state.approvals.length === 0 ? showPatch({ ...shown, approvals }) : []),
    ],
  };
}

function endTask(state: State, usage = state.usage.task): Step {
  const next = closeTask(addTurnEnd(finishCells(state), usage), usage);
  const sent = sendQueue(next);
  return { state: sent.state, effects: [{ type: "notify", message: "Codex is done" }, ...sent.effects] };
}

/** What failed would fail again: what waits goes back into the composer, for the user to send. */
function failTask(state: State, { message, hint = "" }: EventOf<"error">): Step {
  const told = addCell(addTurnEnd(finishCells(state), undefined), { kind: "notice", level: "error", text: message, hint });
  return {
    state: recallQueue(closeTask(told, state.usage.task)),
    effects: [{ type: "notify", message: "Codex stopped: error" }],
  };
}

/** Interrupted: what waited goes back into the composer, unsent. */
function abortTask(state: State): Step {
  const text = "interrupted: tell Codex what to do instead";
  const told = addCell(addTurnEnd(finishCells(state), undefined), { kind: "notice", level: "event", text, hint: "" });
  return only(recallQueue(closeTask(told, state.usage.task)));
}

/** What was done in the turn. Of one that did not come to its end (without `usage`) only what it changed is worth a line. */
function addTurnEnd(state: State, usage: TokenUsage | undefined): State {
  const { task, now } = state;
  const summary = turnSummary(state);
  if (usage === undefined && summary.files.length === 0) return state;
  const tokens = (usage ?? state.usage.task).total_tokens;
  return addCell(state, { kind: "turn_end", elapsedMs: task === undefined ? 0 : now - task.startedAt, tokens, ...summary });
}

function closeTask(state: State, usage: TokenUsage): State {
  return {
    ...withApprovals(state, []),
    task: undefined,
    allowed: {},
    logLine: "",
    usage: { ...state.usage, task: NO_TOKENS, session: addTokens(state.usage.session, usage) },
  };
}

function addTokens(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    cached_input_tokens: a.cached_input_tokens + b.cached_input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    reasoning_output_tokens: a.reasoning_output_tokens + b.reasoning_output_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
  };
}

function notice(state: State, level: "info" | "event" | "warning" | "error", text: string): State {
  return addCell(state, { kind: "notice", level, text, hint: "" });
}

/** Tries after one another are told in one place, by the latest. */
function tellRetry(state: State, { message, attempt, max, delay_ms: delay }: EventOf<"stream_error">): State {
  const seconds = Math.ceil(delay / 1000);
  const wait = seconds > 0 ? ` in ${String(seconds)}s` : "";
  const text = `${message} · trying again${wait} (${String(attempt)} of ${String(max)})`;
  const shown = dropCells(state, isStreaming);
  const last = shown.history.at(-1);
  const isSame = shown.live.length === 0 && last?.kind === "notice" && last.text.startsWith(`${message} · trying again`);
  const before: State = isSame ? { ...shown, history: shown.history.slice(0, -1) } : shown;
  return { ...notice(before, "warning", text), logLine: plainLine(message) };
}

function lastLine(chunk: string): string {
  return plainLine(chunk.trimEnd().split("\n").at(-1) ?? "").trim();
}

function isStreaming(cell: Cell): boolean {
  return (cell.kind === "agent" || cell.kind === "reasoning") && cell.streaming;
}

type TextCell = Extract<Cell, { kind: "agent" | "reasoning" }>;

function isText(kind: "agent" | "reasoning"): (cell: Cell) => cell is TextCell {
  return (cell): cell is TextCell => cell.kind === kind && cell.streaming;
}

function isExec(callId: string): (cell: Cell) => cell is ExecCell & { readonly id: number } {
  return (cell): cell is ExecCell & { readonly id: number } => cell.kind === "exec" && cell.callId === callId && cell.end === undefined;
}

function isPatch(callId: string): (cell: Cell) => cell is PatchCell & { readonly id: number } {
  return (cell): cell is PatchCell & { readonly id: number } =>
    cell.kind === "patch" && cell.callId === callId && (cell.status === "proposed" || cell.status === "applying");
}
