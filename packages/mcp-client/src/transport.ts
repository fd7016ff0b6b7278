import type { RequestId } from "@codex/mcp-types";
import type { McpError } from "./error.ts";

/** Carries messages to one server and back. Made unstarted; `start` is called once, before anything is sent. */
export interface Transport {
  /** How messages to the user call the server. */
  readonly name: string;
  readonly pid: number | undefined;
  /** The last of what the server wrote for people; empty when there is no such channel. */
  readonly stderrTail: string;
  start(receiver: Receiver): void;
  /** Nothing, or a promise that settles when the message is on its way; rejects with an {@link McpError}. */
  send(message: Envelope): Promise<void> | undefined;
  /** Nobody waits for the answer to this request any more. */
  abandon?(id: RequestId): void;
  /** The protocol version that was agreed on. */
  agreed?(version: string): void;
  /** Resolves when nothing of the server is left. May be called again. */
  close(): Promise<void>;
}

export interface Envelope {
  /** One encoded message. */
  readonly text: string;
  /** Set for a request. */
  readonly id?: RequestId | undefined;
}

export interface Receiver {
  /** One message, as text. */
  readonly message: (text: string) => void;
  /** The answer to this request will not come. */
  failed(id: RequestId, error: McpError): void;
  /** Whether somebody waits for the answer to this request. */
  waitsFor(id: RequestId): boolean;
  /** Something odd that does no harm. */
  warning(text: string): void;
  /** Nothing more will come. Called once, unless the client closed the transport itself. */
  ended(error: McpError): void;
}

/** Time, as far as limits need it. */
export interface Clock {
  /** Only moves forward, ms. */
  monotonic(): number;
  /** Calls back once after `ms`, unless the returned function was called first. Does not keep the process alive when `unref`. */
  timer(ms: number, callback: () => void, options?: { readonly unref?: boolean }): () => void;
}
