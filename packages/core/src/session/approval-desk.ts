import type { ApprovalAnswer, ApprovalHandler, ApprovalRequest } from "../host/approval.ts";
import type { Clock } from "../host/host.ts";
import type { EventMsg } from "../protocol/event.ts";
import type { Approvals } from "../tools/tool.ts";

/** Who answers approval requests: the host's handler, submitted ops, or nobody. */
export type Answerer = ApprovalHandler | "ops" | "nobody";

/** How long an answer is waited for. */
export interface AnswerLimit {
  readonly ms: number;
  readonly clock: Pick<Clock, "timer">;
}

/** The open approval requests of a session, each waiting for exactly one answer. */
export class ApprovalDesk {
  readonly #answerer: Answerer;
  readonly #limit: AnswerLimit | undefined;
  /** Oldest first. A list and no map: a model may give two calls one id. */
  readonly #open: { readonly callId: string; readonly settle: (answer: ApprovalAnswer) => void }[] = [];

  constructor(answerer: Answerer, limit?: AnswerLimit) {
    this.#answerer = answerer;
    this.#limit = limit;
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
    if (callId === undefined && this.#open.length !== 1) {
      return this.#open.length === 0 ? "no approval is asked for" : `${this.#open.length} approvals are open: say which with call_id`;
    }
    const open = this.#open.find((one) => callId === undefined || one.callId === callId);
    if (open === undefined) return `no approval with call_id ${callId} is open`;
    open.settle(answer);
    return undefined;
  }

  async #ask(request: ApprovalRequest, emit: (msg: EventMsg) => void, signal: AbortSignal): Promise<ApprovalAnswer> {
    if (this.#answerer === "nobody") return { decision: "denied" };
    return new Promise<ApprovalAnswer>((resolve) => {
      // The handler is told too that its answer no longer matters.
      const over = new AbortController();
      const settle = (answer: ApprovalAnswer): void => {
        const at = this.#open.indexOf(open);
        if (at === -1) return;
        this.#open.splice(at, 1);
        signal.removeEventListener("abort", stop);
        cancelTimer?.();
        over.abort();
        resolve(answer);
      };
      const open = { callId: request.call_id, settle };
      const stop = (): void => settle({ decision: "denied" });
      // Registered before the request is shown: a fast answer must find it.
      this.#open.push(open);
      signal.addEventListener("abort", stop, { once: true });
      const cancelTimer = this.#limit?.clock.timer(this.#limit.ms, () => settle(this.#tooLate()));
      if (signal.aborted) return stop();
      emit(request);
      if (this.#answerer !== "ops" && this.#answerer !== "nobody") {
        void answerOf(this.#answerer, request, over.signal).then(settle);
      }
    });
  }

  #tooLate(): ApprovalAnswer {
    return { decision: "denied", reason: `nobody answered within ${String((this.#limit?.ms ?? 0) / 1000)} s` };
  }
}

/** What the host's handler answers; denied when it throws, rejects or gives nonsense. A program without types may do any of these. */
async function answerOf(handler: ApprovalHandler, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
  try {
    const given = await handler(request, signal);
    const { readAnswer } = await import("./read-answer.ts");
    const read = readAnswer(given);
    return read.ok ? read.answer : { decision: "denied", reason: `the approver gave no decision: ${read.message}` };
  } catch (error) {
    return { decision: "denied", reason: `the approver failed: ${String(error)}` };
  }
}
