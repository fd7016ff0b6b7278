import { quoteCommand, type EventMsg, type EventOf, type FileChange } from "@codex/core";
import { declinedCall } from "./declined-call.ts";
import { formatRetry } from "./notice.ts";
import { permissionRequest } from "./permission-request.ts";
import type { DeclinedCall, ExecEvent, ExecItem } from "./events.ts";
import { endingOf, type FailedEnding, type Reader } from "./reader.ts";

/**
 * Turns a session's events into the lines of `--json`. Item ids count up from `item_0`; whatever was started is completed
 * before the terminal line; after that line nothing is written any more.
 */
export function makeJsonReader(write: (event: ExecEvent) => void): Reader {
  const stream = new ItemStream(write);
  let ended = false;
  const declined: DeclinedCall[] = [];
  const end = (line: TerminalLine): void => {
    ended = true;
    stream.closeOpen();
    write(declined.length === 0 ? line : { ...line, declined });
  };
  return {
    read(event) {
      if (ended) return;
      const ending = endingOf(event);
      if (event.msg.type === "tool_call_declined") declined.push(declinedCall(event.msg));
      if (ending === undefined) show(event.msg, stream, write);
      else if (event.msg.type === "task_complete") end({ type: "turn.completed", usage: usageOf(event.msg) });
      else if (ending.type === "failed") end(failed(ending));
    },
    finish(fallback) {
      if (!ended) end(failed(fallback));
    },
  };
}

type TerminalLine = Extract<ExecEvent, { type: "turn.completed" | "turn.failed" }>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type ItemBody = DistributiveOmit<ExecItem, "id">;

/** The items of one thread: gives ids and knows which calls are open. */
class ItemStream {
  #next = 0;
  /** By call id, oldest first: a model may give two calls one id. */
  readonly #open = new Map<string, ExecItem[]>();
  readonly #write: (event: ExecEvent) => void;

  constructor(write: (event: ExecEvent) => void) {
    this.#write = write;
  }

  start(key: string, body: ItemBody): void {
    const item = this.#number(body);
    this.#open.set(key, [...(this.#open.get(key) ?? []), item]);
    this.#write({ type: "item.started", item });
  }

  update(key: string, body: ItemBody): void {
    const [open] = this.#open.get(key) ?? [];
    if (open === undefined) {
      this.start(key, body);
      return;
    }
    const item = { id: open.id, ...body } as ExecItem;
    this.#open.set(key, [item]);
    this.#write({ type: "item.updated", item });
  }

  /** Completes what `key` started, or an item that was never open. `fill` sees the started item. */
  complete(key: string | undefined, fill: (started: ExecItem | undefined) => ItemBody): void {
    const same = this.#open.get(key ?? "") ?? [];
    const open = same.shift();
    if (same.length === 0) this.#open.delete(key ?? "");
    const body = fill(open);
    this.#write({ type: "item.completed", item: open === undefined ? this.#number(body) : ({ id: open.id, ...body } as ExecItem) });
  }

  closeOpen(): void {
    for (const [key, items] of this.#open) {
      for (const item of [...items]) this.complete(key, () => ("status" in item ? { ...item, status: "failed" } : item));
    }
  }

  #number(body: ItemBody): ExecItem {
    return { id: `item_${String(this.#next++)}`, ...body } as ExecItem;
  }
}

function show(msg: EventMsg, items: ItemStream, write: (event: ExecEvent) => void): void {
  switch (msg.type) {
    case "session_configured":
      write({ type: "thread.started", thread_id: msg.session_id });
      return;
    case "task_started":
      write({ type: "turn.started" });
      return;
    case "agent_message":
      items.complete(undefined, () => ({ type: "agent_message", text: msg.message }));
      return;
    case "agent_reasoning":
      items.complete(undefined, () => ({ type: "reasoning", text: msg.text }));
      return;
    case "exec_approval_request":
    case "apply_patch_approval_request":
    case "mcp_approval_request":
    case "elicitation_request":
      write({ type: "approval.requested", request: permissionRequest(msg) });
      return;
    case "elicitation_end":
      if (msg.outcome === "withdrawn") write({ type: "approval.withdrawn", call_id: msg.call_id });
      return;
    case "plan_update":
      items.update("plan", {
        type: "todo_list",
        items: msg.plan.map(({ step, status }) => ({ text: step, completed: status === "completed" })),
      });
      return;
    case "sandbox_status": {
      const { message } = msg;
      if (message !== undefined) items.complete(undefined, () => ({ type: "error", message }));
      return;
    }
    case "warning":
    case "background_event":
    case "stream_error":
      items.complete(undefined, () => ({ type: "error", message: msg.type === "stream_error" ? formatRetry(msg) : msg.message }));
      return;
    default:
      showCall(msg, items);
  }
}

function showCall(msg: EventMsg, items: ItemStream): void {
  switch (msg.type) {
    case "exec_command_begin":
      items.start(msg.call_id, {
        type: "command_execution",
        command: quoteCommand(msg.command),
        aggregated_output: "",
        exit_code: null,
        status: "in_progress",
      });
      return;
    case "exec_command_end":
      items.complete(msg.call_id, (started) => commandEnd(msg, started));
      return;
    case "patch_apply_begin":
      items.start(msg.call_id, { type: "file_change", changes: changesOf(msg.changes), status: "in_progress" });
      return;
    case "patch_apply_end":
      items.complete(msg.call_id, () => ({
        type: "file_change",
        changes: changesOf(msg.changes),
        status: msg.success ? "completed" : "failed",
        ...(msg.success ? {} : { reason: msg.stderr === "" ? msg.stdout : msg.stderr }),
      }));
      return;
    case "tool_call_begin":
      items.start(msg.call_id, { type: "tool_call", tool: msg.tool, arguments: msg.arguments, output: null, status: "in_progress" });
      return;
    case "tool_call_end":
      items.complete(msg.call_id, (started) => ({
        type: "tool_call",
        tool: msg.tool,
        arguments: started?.type === "tool_call" ? started.arguments : null,
        output: msg.output,
        status: msg.success ? "completed" : "failed",
      }));
      return;
    case "mcp_tool_call_begin": {
      const { server, tool, arguments: args } = msg;
      items.start(msg.call_id, { type: "mcp_tool_call", server, tool, arguments: args, result: null, error: null, status: "in_progress" });
      return;
    }
    case "mcp_tool_call_end":
      items.complete(msg.call_id, (started) => mcpCallEnd(msg, started));
      return;
    case "tool_call_declined":
      items.complete(msg.call_id, () => declined(msg));
      return;
    default:
    // Deltas, counts and diffs have no line of their own: whole items follow, and usage stands in the terminal line.
  }
}

function mcpCallEnd({ server, tool, success, result, error }: EventOf<"mcp_tool_call_end">, started: ExecItem | undefined): ItemBody {
  const { content, structured_content } = result ?? {};
  return {
    type: "mcp_tool_call",
    server,
    tool,
    arguments: started?.type === "mcp_tool_call" ? started.arguments : null,
    result: content === undefined ? null : { content, ...(structured_content === undefined ? {} : { structured_content }) },
    error: error === null ? null : { message: error },
    status: success ? "completed" : "failed",
  };
}

function commandEnd(msg: EventOf<"exec_command_end">, started: ExecItem | undefined): ItemBody {
  return {
    type: "command_execution",
    command: started?.type === "command_execution" ? started.command : "",
    aggregated_output: msg.aggregated_output,
    exit_code: msg.exit_code,
    status: msg.exit_code === 0 && !msg.timed_out ? "completed" : "failed",
    ...(msg.signal === null ? {} : { signal: msg.signal }),
    ...(msg.timed_out ? { timed_out: true as const } : {}),
    ...(msg.cut_bytes > 0 ? { cut_bytes: msg.cut_bytes } : {}),
  };
}

function declined(msg: EventOf<"tool_call_declined">): ItemBody {
  const end = { status: "declined", reason: msg.decision.reason } as const;
  if (msg.command.length > 0) {
    return { type: "command_execution", command: quoteCommand(msg.command), aggregated_output: "", exit_code: null, ...end };
  }
  if (msg.tool === "apply_patch") return { type: "file_change", changes: [], ...end };
  return { type: "tool_call", tool: msg.tool, arguments: null, output: null, ...end };
}

function changesOf(
  changes: Readonly<Record<string, FileChange>>,
): { path: string; kind: "add" | "delete" | "update"; move_path?: string }[] {
  return Object.entries(changes).map(([path, change]) => {
    if (change === "delete") return { path, kind: "delete" };
    if ("add" in change) return { path, kind: "add" };
    const { move_path } = change.update;
    return { path, kind: "update", ...(move_path === null ? {} : { move_path }) };
  });
}

function usageOf({ usage }: EventOf<"task_complete">) {
  return {
    input_tokens: usage.input_tokens,
    cached_input_tokens: usage.cached_input_tokens,
    cache_write_input_tokens: 0,
    output_tokens: usage.output_tokens,
    reasoning_output_tokens: usage.reasoning_output_tokens,
  };
}

function failed({ code, message, hint }: FailedEnding): TerminalLine {
  return { type: "turn.failed", error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
