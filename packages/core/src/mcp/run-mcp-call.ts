import type { CallToolResult } from "@codex/mcp-types";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import { truncateText } from "../exec/truncate.ts";
import type { EventOf } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { wrongKind, type ToolContext } from "../tools/tool.ts";
import { cutOutput } from "./cut-output.ts";
import type { McpServers } from "./mcp-servers.ts";
import { refusalOf } from "./refusal-of.ts";
import type { OfferedTool } from "./offer.ts";
import { resultParts } from "./result-parts.ts";

export interface CalledTool {
  readonly server: string;
  readonly tool: OfferedTool;
  /** Undefined for a server that only a recording knows. */
  readonly config: McpServerConfig | undefined;
  readonly servers: McpServers | undefined;
}

type Arguments = Readonly<Record<string, unknown>>;

/** Decides on the call, asks if it must, makes it and reports it. Whatever goes wrong is text for the model. */
export async function runMcpCall(called: CalledTool, call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  if (call.type !== "function_call") return wrongKind(call);
  const args = readArguments(call.arguments);
  if (args === undefined) return `The arguments of ${call.name} must be one JSON object.`;
  const { server, config, tool } = called;
  const asked = { server, config, tool: tool.name, annotations: tool.annotations, name: call.name, callId: call.call_id, args };
  const refusal = await refusalOf(asked, context);
  return refusal ?? makeCall(called, { callId: call.call_id, args }, context);
}

function readArguments(text: string): Arguments | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Arguments) : undefined;
  } catch {
    return undefined;
  }
}

async function makeCall(
  { server, tool, servers }: CalledTool,
  { callId: call_id, args }: { readonly callId: string; readonly args: Arguments },
  context: ToolContext,
): Promise<OutputPayload> {
  const { clock } = context.host;
  context.emit({ type: "mcp_tool_call_begin", call_id, server, tool: tool.name, arguments: args });
  const begun = clock.monotonic();
  const end = (outcome: Pick<EventOf<"mcp_tool_call_end">, "success" | "result" | "error">): void =>
    context.emit({
      type: "mcp_tool_call_end",
      call_id,
      server,
      tool: tool.name,
      ...outcome,
      duration_ms: Math.round(clock.monotonic() - begun),
    });
  let result: CallToolResult;
  try {
    const running = servers?.find(server);
    if (running === undefined) throw new Error(`there is no MCP server ${server}`);
    result = await running.callTool(tool.name, args, { signal: context.signal, onProgress: progressReporter(call_id, context) });
  } catch (error) {
    const message = context.signal.aborted ? "aborted by the user" : failureText(error);
    end({ success: false, result: null, error: truncateText(message, context.config.toolOutputTokenLimit) });
    return context.signal.aborted ? message : cutOutput([{ type: "input_text", text: `The call failed: ${message}` }], context);
  }
  end({ success: result.isError !== true, result: shownResult(result, context.config.toolOutputTokenLimit), error: null });
  return cutOutput(resultParts(result), context);
}

export function failureText(error: unknown): string {
  const { message, hint } = error as { readonly message?: unknown; readonly hint?: unknown };
  const text = typeof message === "string" ? message : String(error);
  return typeof hint === "string" ? `${text}. ${hint}` : text;
}

/** A server may report far more, and more often, than anybody can read. ms, characters. */
const REPORT_EVERY_MS = 100;
const MAX_REPORT = 1000;

function progressReporter(call_id: string, { emit, host: { clock } }: ToolContext) {
  let last = -Infinity;
  let wasDone = false;
  return ({
    progress,
    total,
    message,
  }: {
    readonly progress: number;
    readonly total?: number | undefined;
    readonly message?: string | undefined;
  }): void => {
    const now = clock.monotonic();
    const isDone = total !== undefined && progress >= total;
    if (now - last < REPORT_EVERY_MS && (!isDone || wasDone)) return;
    last = now;
    wasDone ||= isDone;
    emit({
      type: "mcp_tool_call_progress",
      call_id,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message: message.length > MAX_REPORT ? `${message.slice(0, MAX_REPORT)}…` : message }),
    });
  };
}

/** What readers of the events are shown of a result that is too large to be passed on whole. Characters. */
const MAX_SHOWN = 1024 * 1024;

function shownResult(
  { content, structuredContent, isError }: CallToolResult,
  tokenLimit: number,
): NonNullable<EventOf<"mcp_tool_call_end">["result"]> {
  const isHuge = structuredContent !== undefined && JSON.stringify(structuredContent).length > MAX_SHOWN;
  return {
    content: shownBlocks(content, tokenLimit),
    ...(structuredContent === undefined ? {} : { structured_content: isHuge ? "(too large to be shown)" : structuredContent }),
    ...(isError === undefined ? {} : { is_error: isError }),
  };
}

/** Each cut to what fits, and no more of them than fit together. */
function shownBlocks(content: CallToolResult["content"], tokenLimit: number): unknown[] {
  const shown: unknown[] = [];
  let left = MAX_SHOWN;
  for (const block of content) {
    const cut = block.type === "text" ? { ...block, text: truncateText(block.text, tokenLimit) } : block;
    const size = JSON.stringify(cut).length;
    if (size <= left) {
      left -= size;
      shown.push(cut);
    } else if (shown.length < MAX_NAMED) shown.push({ type: block.type, note: "(too large to be shown)" });
    else return [...shown, { type: "text", text: `(${String(content.length - shown.length)} more that are too many to be shown)` }];
  }
  return shown;
}

/** So many blocks are named each when they do not fit. */
const MAX_NAMED = 100;
