import type { Clock } from "@codex/core";
import type { JSONRPCErrorResponse, JSONRPCResultResponse, RequestId } from "@codex/mcp-types";
import type { Outbox } from "./outbox.ts";

/** How a question to the host ended. */
export type HostAnswer =
  | { readonly type: "answered"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "timed_out" }
  /** Nobody wants the answer any more. */
  | { readonly type: "withdrawn" };

export interface HostQuestion {
  readonly method: string;
  readonly params: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What we ask the host. Every question ends once: by its answer, its time, its signal or the end of the connection. */
export class HostRequests {
  readonly #outbox: Outbox;
  readonly #clock: Pick<Clock, "timer">;
  readonly #open = new Map<RequestId, (answer: HostAnswer) => void>();
  #nextId = 0;

  constructor(outbox: Outbox, clock: Pick<Clock, "timer">) {
    this.#outbox = outbox;
    this.#clock = clock;
  }

  ask({ method, params, timeoutMs, signal }: HostQuestion): Promise<HostAnswer> {
    if (signal.aborted) return Promise.resolve({ type: "withdrawn" });
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const withdraw = (): void => giveUp({ type: "withdrawn" }, "no longer of interest");
      const settle = (answer: HostAnswer): void => {
        if (!this.#open.delete(id)) return;
        cancelTimer();
        signal.removeEventListener("abort", withdraw);
        resolve(answer);
      };
      const giveUp = (answer: HostAnswer, reason: string): void => {
        if (this.#open.has(id)) this.#outbox.send({ method: "notifications/cancelled", params: { requestId: id, reason } });
        settle(answer);
      };
      this.#open.set(id, settle);
      signal.addEventListener("abort", withdraw, { once: true });
      const cancelTimer = this.#clock.timer(timeoutMs, () => giveUp({ type: "timed_out" }, "no answer in time"), { unref: true });
      this.#outbox.send({ id, method, params });
    });
  }

  /** Hands an answer to the question it belongs to; false when there is none. */
  answer(message: JSONRPCResultResponse | JSONRPCErrorResponse): boolean {
    const { id } = message;
    const settle = id === undefined || id === null ? undefined : this.#open.get(id);
    if (settle === undefined) return false;
    if ("error" in message && message.error !== null && message.error !== undefined) {
      settle({ type: "refused", message: message.error.message });
    } else if ("result" in message) settle({ type: "answered", result: message.result });
    return true;
  }

  /** An answer that makes no sense settles its question, too. */
  refuse(id: RequestId, message: string): void {
    this.#open.get(id)?.({ type: "refused", message });
  }

  /** The host is gone: nothing is answered any more. */
  close(): void {
    for (const settle of this.#open.values()) settle({ type: "withdrawn" });
  }
}
