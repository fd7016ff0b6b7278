import type { Config } from "../config/config.ts";
import { modelInfo } from "../model/catalog.ts";
import type { History } from "../transcript/history.ts";
import type { ModelClient, ModelStepOutcome, ModelStepSink } from "../model/model-client.ts";
import type { ToolSpec } from "../model/tool-spec.ts";
import type { ErrorCode } from "../protocol/error-code.ts";
import type { EventMsg, TokenUsage } from "../protocol/event.ts";
import { addUsage, NO_USAGE } from "../protocol/usage.ts";
import { messageText, type MessageItem, type ResponseItem, type ToolCallItem } from "../protocol/item.ts";
import type { ToolRegistry } from "../tools/registry.ts";
import type { ToolContext } from "../tools/tool.ts";
import { ABORTED_OUTPUT, runToolCalls } from "./run-tool-calls.ts";

/** How a turn ended; the session turns it into the task's one terminal event. */
export type TurnEnd =
  | { readonly type: "complete"; readonly lastMessage: string | null; readonly usage: TokenUsage }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
  | { readonly type: "aborted" };

export interface Turn {
  readonly instructions: string;
  readonly history: History;
  readonly model: ModelClient;
  readonly registry: ToolRegistry;
  readonly tools: ToolContext;
  /** Names of tools that the provider refused in this session; grows. */
  readonly refusedTools: Set<string>;
  /** User messages that came in while the turn runs; taken before each request. */
  readonly takePending: () => Promise<readonly MessageItem[]>;
}

/**
 * Asks the model, runs what it calls, and asks again, until it calls nothing and nobody has said anything more.
 * The history is well formed afterwards, however the turn ended: every call in it has its output.
 */
export async function runTurn(turn: Turn): Promise<TurnEnd> {
  const { history, tools } = turn;
  const { emit, signal } = tools;
  let total = NO_USAGE;
  let lastMessage: string | null = null;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- the loop is the turn: each step needs the one before
    history.add(await turn.takePending());
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await askModel(turn);
    if (outcome.type === "aborted") return abort(history);
    if (outcome.type === "failed") return { type: "failed", code: outcome.code, message: outcome.message, hint: outcome.hint };

    history.add(outcome.items);
    total = addUsage(total, outcome.usage);
    lastMessage = showItems(outcome.items, tools) ?? lastMessage;
    emit({ type: "token_count", usage: outcome.usage, total, ...contextWindow(tools.config) });

    const calls = outcome.items.filter(isToolCall);
    if (calls.length > 0) {
      // oxlint-disable-next-line no-await-in-loop
      history.add(await runToolCalls(calls, turn.registry, tools));
      if (signal.aborted) return abort(history);
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop
    const pending = await turn.takePending();
    if (signal.aborted) return abort(history);
    if (pending.length === 0) return { type: "complete", lastMessage, usage: total };
    history.add(pending);
  }
}

function contextWindow({ contextWindow: configured, model }: Config): { readonly context_window?: number } {
  const info = modelInfo(model);
  const tokens = configured ?? (info.known ? info.contextWindow : undefined);
  return tokens === undefined ? {} : { context_window: tokens };
}

/** With more refused than this it is not about single tools. */
const MAX_REFUSED_TOOLS = 8;

/** Asks; a tool of an MCP server that the provider refuses is left out, so that one bad schema does not cost the session. */
async function askModel(turn: Turn): Promise<ModelStepOutcome> {
  const { registry, refusedTools, tools } = turn;
  for (;;) {
    const specs = refusedTools.size === 0 ? registry.specs : registry.specs.filter(({ name }) => !refusedTools.has(name));
    // oxlint-disable-next-line no-await-in-loop -- asked again only because of the answer
    const outcome = await askOnce(turn, specs);
    if (outcome.type !== "failed" || outcome.refusedTool === undefined) return outcome;
    const name = specs[outcome.refusedTool]?.name;
    if (name?.startsWith("mcp__") !== true || refusedTools.size >= MAX_REFUSED_TOOLS) return outcome;
    refusedTools.add(name);
    tools.emit({
      type: "warning",
      message: `The tool ${name} is left out from here on, because the provider refuses it: ${outcome.message}`,
    });
  }
}

function askOnce(turn: Turn, specs: readonly ToolSpec[]): Promise<ModelStepOutcome> {
  const { emit, signal, config } = turn.tools;
  const sink: ModelStepSink = {
    messageDelta: (delta) => emit({ type: "agent_message_delta", delta }),
    reasoningDelta: (delta) => {
      if (!config.reasoning.hide) emit({ type: "agent_reasoning_delta", delta });
    },
    retrying: ({ message, attempt, max, delayMs }) => emit({ type: "stream_error", message, attempt, max, delay_ms: delayMs }),
    quiet: (seconds) => emit({ type: "background_event", message: `The model has sent nothing for ${seconds} s; still waiting.` }),
  };
  return turn.model.step({ instructions: turn.instructions, items: turn.history.items, tools: specs }, sink, signal);
}

/** Emits the whole items of a complete answer, in order; returns the last message's text. */
function showItems(items: readonly ResponseItem[], { emit, config }: ToolContext): string | undefined {
  let last: string | undefined;
  for (const item of items) {
    for (const event of eventsOf(item)) {
      if (event.type === "agent_reasoning" && config.reasoning.hide) continue;
      emit(event);
      if (event.type === "agent_message") last = event.message;
    }
  }
  return last;
}

function eventsOf(item: ResponseItem): readonly EventMsg[] {
  if (item.type === "message" && item.role === "assistant") {
    const message = messageText(item);
    return message === "" ? [] : [{ type: "agent_message", message }];
  }
  if (item.type === "reasoning") return item.summary.map((part) => ({ type: "agent_reasoning" as const, text: part.text }));
  return [];
}

function isToolCall(item: ResponseItem): item is ToolCallItem {
  return item.type === "function_call" || item.type === "custom_tool_call";
}

function abort(history: History): TurnEnd {
  history.closeOpenCalls(ABORTED_OUTPUT);
  const text =
    "<turn_aborted>\nThe user stopped the turn before it was done. Commands that were running were ended and may have done part of their work.\n</turn_aborted>";
  history.add([{ type: "message", role: "user", content: [{ type: "input_text", text }] }]);
  return { type: "aborted" };
}
