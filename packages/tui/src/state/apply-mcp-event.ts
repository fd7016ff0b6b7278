import type { Event, EventOf } from "@codex/core";
import { plainLine } from "../text/ansi.ts";
import { withApprovals } from "./answer-form.ts";
import { argumentsText } from "./approval-request.ts";
import type { Cell, ToolCell } from "./cell.ts";
import { addCell, changeCell } from "./cells.ts";
import type { State } from "./model.ts";

/** Takes in what servers of MCP do; undefined when the event is none of theirs. */
export function applyMcpEvent(state: State, msg: Event["msg"]): State | undefined {
  switch (msg.type) {
    case "mcp_startup_update": {
      const { state: standing, error = "" } = msg.status;
      const tools = msg.tools ?? state.mcp[msg.server]?.tools;
      return { ...state, mcp: { ...state.mcp, [msg.server]: { state: standing, error, tools } } };
    }
    case "mcp_startup_complete":
      return completeStartup(state, msg);
    case "mcp_tools_changed":
      return changeTools(state, msg);
    case "elicitation_end":
      return closeQuestion(state, msg);
    case "mcp_tool_call_begin":
      return beginCall(state, msg);
    case "mcp_tool_call_progress": {
      const progress = progressText(msg);
      const next = changeCell(state, isOpenCall(msg.call_id), (cell) => ({ ...cell, progress }));
      return { ...next, logLine: progress };
    }
    case "mcp_tool_call_end":
      return endCall(state, msg);
    default:
      return undefined;
  }
}

/** A call of a tool that has not ended. */
export function isOpenCall(callId: string): (cell: Cell) => cell is ToolCell & { readonly id: number } {
  return (cell): cell is ToolCell & { readonly id: number } => cell.kind === "tool" && cell.callId === callId && cell.end === undefined;
}

/** What failed was a warning of its own already. */
function completeStartup(state: State, { ready, failed }: EventOf<"mcp_startup_complete">): State {
  if (ready.length === 0) return state;
  const without = failed.length === 0 ? "" : `; not ${failed.map(({ server }) => server).join(", ")}`;
  return addCell(state, { kind: "notice", level: "event", text: `MCP servers ready: ${ready.join(", ")}${without}`, hint: "" });
}

/** The model has them from the next turn on. */
function changeTools(state: State, { server, tools }: EventOf<"mcp_tools_changed">): State {
  const before = state.mcp[server];
  const known = { state: "ready" as const, error: "", ...before, tools };
  const next = { ...state, mcp: { ...state.mcp, [server]: known } };
  const had = before?.tools ?? [];
  const [more, fewer] = [tools.filter((tool) => !had.includes(tool)), had.filter((tool) => !tools.includes(tool))];
  const parts = [...(more.length === 0 ? [] : [`new: ${named(more)}`]), ...(fewer.length === 0 ? [] : [`gone: ${named(fewer)}`])];
  const text = `${server} changed its tools${parts.length === 0 ? "" : ` · ${parts.join(" · ")}`}`;
  return addCell(next, { kind: "notice", level: "event", text: plainLine(text), hint: "" });
}

const NAMED_TOOLS = 5;

function named(tools: readonly string[]): string {
  const more = tools.length > NAMED_TOOLS ? ` and ${String(tools.length - NAMED_TOOLS)} more` : "";
  return tools.slice(0, NAMED_TOOLS).join(", ") + more;
}

/** Answered here it is closed already. */
function closeQuestion(state: State, { call_id: callId, server, outcome }: EventOf<"elicitation_end">): State {
  const approvals = state.approvals.filter((each) => each.kind !== "elicitation" || each.callId !== callId);
  if (approvals.length === state.approvals.length) return state;
  const closed = approvals[0] === state.approvals[0] ? { ...state, approvals } : withApprovals(state, approvals);
  const text =
    outcome === "withdrawn" ? `${server} took back its question` : `the question of ${server} was answered elsewhere: ${outcome}`;
  return addCell(closed, { kind: "notice", level: "event", text: plainLine(text), hint: "" });
}

function beginCall(state: State, msg: EventOf<"mcp_tool_call_begin">): State {
  const tool = `${msg.server}.${msg.tool}`;
  const added = addCell(state, {
    kind: "tool",
    callId: msg.call_id,
    tool,
    arguments: argumentsText(msg.arguments),
    startedAt: state.now,
    progress: "",
    why: state.allowed[msg.call_id],
    end: undefined,
  });
  return { ...added, logLine: plainLine(tool) };
}

/** A question that the server had asked in the middle of its last call is over with it. */
function endCall(state: State, msg: EventOf<"mcp_tool_call_end">): State {
  const ended = changeCell(state, isOpenCall(msg.call_id), (cell) => ({
    ...cell,
    progress: "",
    end: { success: msg.success, output: msg.error ?? resultText(msg.result), durationMs: msg.duration_ms },
  }));
  const goesOn = ended.live.some((cell) => cell.kind === "tool" && cell.end === undefined && cell.tool.startsWith(`${msg.server}.`));
  const approvals = state.approvals.filter((each) => each.kind !== "elicitation" || each.server !== msg.server);
  if (goesOn || approvals.length === state.approvals.length) return ended;
  return approvals[0] === state.approvals[0] ? { ...ended, approvals } : withApprovals(ended, approvals);
}

function progressText({ progress, total, message = "" }: EventOf<"mcp_tool_call_progress">): string {
  const part =
    total === undefined || total <= 0 ? String(progress) : `${String(Math.round(Math.min(1, Math.max(0, progress / total)) * 100))} %`;
  return plainLine([part, message].filter((each) => each !== "").join(" · "));
}

/** The blocks of a result as text; what is no text is named. */
function resultText(result: EventOf<"mcp_tool_call_end">["result"]): string {
  if (result === null) return "";
  const blocks = result.content.map(blockText).filter((text) => text !== "");
  if (blocks.length > 0) return blocks.join("\n");
  return result.structured_content === undefined ? "" : JSON.stringify(result.structured_content, undefined, 2);
}

function blockText(block: unknown): string {
  if (typeof block !== "object" || block === null) return String(block);
  const { type, text, mimeType, uri, name, resource, note } = block as Readonly<Record<string, unknown>>;
  if (typeof text === "string") return text;
  if (typeof resource === "object" && resource !== null) return blockText({ type, ...resource });
  const words = [type, name, uri, mimeType, note].filter((word) => typeof word === "string");
  return `[${words.length === 0 ? "something" : words.join(" ")}]`;
}
