import type { Codex, Event, EventMsg } from "@codex/core";
import type { CallToolResult } from "@codex/mcp-types";
import type { Approver } from "./approver.ts";
import { describeEvent } from "./describe-event.ts";
import type { HostPort, ToolCall } from "./tool-runner.ts";

export interface ThreadParts {
  readonly codex: Codex;
  readonly approver: Approver;
  readonly host: HostPort;
  /** Ends what the session ran and its connections. */
  readonly release: () => Promise<void>;
}

/** Calls that may wait for their turn in one thread. */
const MAX_WAITING = 16;

interface Turn {
  readonly call: ToolCall;
  /** The submission's; undefined before it was made. */
  id: string | undefined;
  readonly settle: (result: CallToolResult) => void;
}

/** One conversation with the agent. Its turns run one after another; its events go to the host as they come. */
export class Thread {
  readonly id: string;
  readonly #parts: ThreadParts;
  #turn: Turn | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closing: Promise<void> | undefined;
  readonly #read: Promise<void>;

  /** `opener` is the call whose events those of the opening are. */
  constructor(parts: ThreadParts, opener: ToolCall) {
    this.id = parts.codex.sessionId;
    this.#parts = parts;
    this.#read = this.#readEvents(opener);
  }

  /** Whether a call runs or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Gives the agent `prompt` when the turns before are over. Resolves with what the call is answered. */
  async run(prompt: string, call: ToolCall): Promise<CallToolResult> {
    if (this.#waiting > MAX_WAITING) return this.result(`${String(MAX_WAITING)} calls already wait for this thread`, { failed: true });
    this.#waiting += 1;
    const before = this.#last;
    const turn = before.then(() => this.#runTurn(prompt, call));
    this.#last = turn;
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Stops what runs and ends the session. A call that runs or waits is answered that the thread was closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#parts.codex.close();
    await this.#parts.release();
    await this.#read;
  }

  result(content: string, { failed }: { readonly failed: boolean }): CallToolResult {
    return threadResult(this.id, content, failed);
  }

  #runTurn(prompt: string, call: ToolCall): Promise<CallToolResult> {
    const { codex } = this.#parts;
    // Nobody reads the result of a call that was taken back.
    if (call.signal.aborted) return Promise.resolve(this.result("The call was cancelled.", { failed: true }));
    if (this.#closing !== undefined) return Promise.resolve(this.result(CLOSED, { failed: true }));
    return new Promise((resolve) => {
      const interrupt = (): void => {
        if (this.#closing === undefined) codex.submit({ type: "interrupt" });
      };
      const turn: Turn = {
        call,
        id: undefined,
        settle: (result) => {
          call.signal.removeEventListener("abort", interrupt);
          this.#turn = undefined;
          resolve(result);
        },
      };
      this.#turn = turn;
      turn.id = codex.submit({ type: "user_input", items: [{ type: "text", text: prompt }] });
      call.signal.addEventListener("abort", interrupt, { once: true });
    });
  }

  async #readEvents(opener: ToolCall): Promise<void> {
    let call: ToolCall | undefined = opener;
    // The session joins deltas for a reader that is behind, and keeps the rest.
    for await (const event of this.#parts.codex.events()) {
      call = this.#turn?.call ?? call;
      this.#tell(event, call);
      const ending = this.#endingOf(event.msg);
      if (ending !== undefined) {
        if (this.#turn?.id === event.id) this.#turn.settle(ending);
        call = undefined;
      }
      await this.#parts.host.ready();
    }
    this.#turn?.settle(this.result(CLOSED, { failed: true }));
  }

  /** Events between two turns belong to no call. */
  #tell({ id, msg }: Event, call: ToolCall | undefined): void {
    const { host, approver } = this.#parts;
    const _meta = { ...(call === undefined ? {} : { requestId: call.id }), threadId: this.id };
    host.notify({ method: "codex/event", params: { _meta, id, msg } });
    if (call === undefined) return;
    const step = describeEvent(msg);
    if (step !== undefined) call.progress.step(step);
    approver.shown(msg, { threadId: this.id, eventId: id, callId: call.id });
  }

  /** What the event answers the running call with, if it ends it. */
  #endingOf(msg: EventMsg): CallToolResult | undefined {
    switch (msg.type) {
      case "task_complete":
        return this.result(msg.last_agent_message ?? "", { failed: false });
      case "error":
        return this.result(`${msg.message}${msg.hint === undefined ? "" : `\n${msg.hint}`} (${msg.code})`, { failed: true });
      case "turn_aborted":
        return this.result(msg.reason === "shutdown" ? CLOSED : "The turn was stopped.", { failed: true });
      default:
        return undefined;
    }
  }
}

const CLOSED = "The thread was closed before the turn had ended.";

export function threadResult(threadId: string, content: string, failed: boolean): CallToolResult {
  return {
    content: [{ type: "text", text: content }],
    structuredContent: { threadId, content },
    ...(failed ? { isError: true } : {}),
  };
}
