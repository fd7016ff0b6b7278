import type { ApprovalAnswer, ApprovalHandler, ApprovalRequest } from "../host/approval.ts";
import type { EventMsg } from "../protocol/event.ts";
import type { Approvals } from "../tools/tool.ts";

/** Who answers approval requests: the host's handler, submitted ops, or nobody. */
export type Answerer = ApprovalHandler | "ops" | "nobody";

/** The open approval requests of a session, each waiting for exactly one answer. */
export class ApprovalDesk {
  readonly #answerer: Answerer;
  readonly #open = new Map<string, (answer: ApprovalAnswer) => void>();

  constructor(answerer: Answerer) {
    this.#answerer = answerer;
  }

  /** The desk as the tools of one task see it. `onAbort` is called when an answer is `abort`. */
  forTask(emit: (msg: EventMsg) => void, onAbort: () => void): Approvals {
    return {
      canAsk: this.#answerer !== "nobody",
      ask: async (request, signal) => {
        const answer = await this.#ask(request, emit, signal);
        if (answer.decision === "abort") onAbort();
        return answer;
      },
    };
  }

  /**
   * Gives an answer to the request with `callId`, or to the only open one. Returns what went wrong, if anything.
   */
  answer(callId: string | undefined, answer: ApprovalAnswer): string | undefined {
    const id = callId ?? (this.#open.size === 1 ? [...this.#open.keys()][0] : undefined);
    if (id === undefined) {
      return this.#open.size === 0 ? "no approval is asked for" : `${this.#open.size} approvals are open: say which with call_id`;
    }
    const resolve = this.#open.get(id);
    if (resolve === undefined) return `no approval with call_id ${id} is open`;
    resolve(answer);
    return undefined;
  }

  async #ask(request: ApprovalRequest, emit: (msg: EventMsg) => void, signal: AbortSignal): Promise<ApprovalAnswer> {
    if (this.#answerer === "nobody") return { decision: "denied" };
    const id = request.call_id;
    return new Promise<ApprovalAnswer>((resolve) => {
      const settle = (answer: ApprovalAnswer): void => {
        this.#open.delete(id);
        signal.removeEventListener("abort", stop);
        resolve(answer);
      };
      const stop = (): void => settle({ decision: "denied" });
      // Registered before the request is shown: a fast answer must find it.
      this.#open.set(id, settle);
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) return stop();
      emit(request);
      if (this.#answerer !== "ops" && this.#answerer !== "nobody") {
        this.#answerer(request, signal).then(settle, (error: unknown) =>
          settle({ decision: "denied", reason: `the approver failed: ${String(error)}` }),
        );
      }
    });
  }
}
