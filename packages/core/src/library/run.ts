import type { Config } from "../config/config.ts";
import type { ConfigSources } from "../config/config-sources.ts";
import { loadConfig } from "../config/load.ts";
import type { Host } from "../host/host.ts";
import { createNodeHost } from "../node/node-host.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { Event, EventMsg, TokenUsage } from "../protocol/event.ts";
import type { InputItem } from "../protocol/op.ts";
import { Codex } from "./codex.ts";

export interface RunOptions {
  /** Where the agent works: a Config, or what to make one from. Relative paths start at `processCwd`. */
  readonly config: Config | ConfigSources;
  /** Stays yours to close. Without one the run makes its own and closes it. */
  readonly host?: Host;
  /** Image files sent with the prompt. */
  readonly images?: readonly string[];
  /** Stops the run; the promise then rejects with `interrupted`. */
  readonly signal?: AbortSignal;
  /** How long the host's approver may take for an answer; it is a no then. Without it there is no limit. */
  readonly approvalTimeoutMs?: number;
  /** Sees every event as it is emitted. */
  readonly onEvent?: (event: Event) => void;
}

export interface RunResult {
  readonly sessionId: string;
  /** What the turn showed, whole and in order: messages, reasoning, finished commands, patches, plans and tool calls. */
  readonly items: readonly RunItem[];
  /** The last message; null when the model said nothing. */
  readonly finalMessage: string | null;
  readonly usage: TokenUsage;
}

const ITEM_TYPES = [
  "agent_message",
  "agent_reasoning",
  "exec_command_end",
  "patch_apply_end",
  "tool_call_end",
  "mcp_tool_call_end",
  "tool_call_declined",
  "plan_update",
  "warning",
] as const;
export type RunItem = Extract<EventMsg, { type: (typeof ITEM_TYPES)[number] }>;

/**
 * Opens a session, gives it one prompt, and closes it when the turn has ended. Rejects with a CodexError when the turn fails
 * (its code says why) or is stopped. Without an approver on the host nothing can be asked: what would ask is declined.
 */
export async function run(prompt: string, options: RunOptions): Promise<RunResult> {
  const host = options.host ?? createNodeHost();
  try {
    const config = isConfig(options.config) ? options.config : await loadConfig(options.config, host);
    const codex = await Codex.open(config, host, { approvals: "nobody", approvalTimeoutMs: options.approvalTimeoutMs });
    try {
      return await runTurn(codex, prompt, options);
    } finally {
      await codex.close();
    }
  } finally {
    if (options.host === undefined) await Promise.all([host.processes.close(), host.model.close()]);
  }
}

function runTurn(codex: Codex, prompt: string, options: RunOptions): Promise<RunResult> {
  const items: RunItem[] = [];
  const input: InputItem[] = [
    ...(options.images ?? []).map((path): InputItem => ({ type: "local_image", path })),
    { type: "text", text: prompt },
  ];
  return new Promise<RunResult>((resolve, reject) => {
    const interrupt = (): void => void codex.submit({ type: "interrupt" });
    codex.subscribe((event) => {
      options.onEvent?.(event);
      const { msg } = event;
      if (isItem(msg)) items.push(msg);
      if (msg.type === "task_complete") {
        resolve({ sessionId: codex.sessionId, items, finalMessage: msg.last_agent_message, usage: msg.usage });
      } else if (msg.type === "error") {
        reject(new CodexError(msg.code, msg.message, { hint: msg.hint }));
      } else if (msg.type === "turn_aborted") {
        reject(new CodexError("interrupted", "the turn was stopped"));
      } else return;
      options.signal?.removeEventListener("abort", interrupt);
    });
    codex.submit({ type: "user_input", items: input });
    options.signal?.addEventListener("abort", interrupt, { once: true });
    if (options.signal?.aborted) interrupt();
  });
}

function isConfig(value: Config | ConfigSources): value is Config {
  return "provider" in value;
}

function isItem(msg: EventMsg): msg is RunItem {
  return (ITEM_TYPES as readonly string[]).includes(msg.type);
}
