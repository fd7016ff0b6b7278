import type { CallToolResult, OutgoingMessage, RequestId } from "@codex/mcp-types";
import type { HostAnswer, HostQuestion } from "./host-requests.ts";
import type { Progress } from "./progress.ts";

/** One call of a tool. */
export interface ToolCall {
  readonly id: RequestId;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  /** Aborted when the host takes the call back. */
  readonly signal: AbortSignal;
}

/** What runs the tools; made for the first call. */
export interface ToolRunner {
  /** Never rejects for anything the host did; a failure of the tool is a result with `isError`. */
  call(call: ToolCall): Promise<CallToolResult>;
  /** Stops all that runs; open calls get their result. */
  close(): Promise<void>;
}

/** The host as the tools see it. */
export interface HostPort {
  /** Whether it shows the user questions (elicitation with a form). */
  readonly canElicit: boolean;
  notify(message: Extract<OutgoingMessage, { readonly method: string }>): void;
  ask(question: HostQuestion): Promise<HostAnswer>;
  /** Resolves when the host takes more, or `signal` is aborted. */
  ready(signal?: AbortSignal): Promise<void>;
}
