import type { TokenUsage } from "../protocol/event.ts";
import type { ErrorCode } from "../protocol/error-code.ts";
import type { ResponseItem } from "../protocol/item.ts";
import type { ToolSpec } from "./tool-spec.ts";

/** The model as a turn sees it: one step in, one outcome out, retries inside. One client per session. */
export interface ModelClient {
  /**
   * Asks the model once, retrying transient failures. Never rejects. `items` is the whole transcript, oldest first; items are
   * immutable and the array only ever grows at its end between calls (a shorter or changed transcript is allowed and costs a full resend).
   */
  step(request: ModelStep, sink: ModelStepSink, signal: AbortSignal): Promise<ModelStepOutcome>;
}

export interface ModelStep {
  /** The full base instructions; the same bytes on every request of a session. */
  readonly instructions: string;
  readonly items: readonly ResponseItem[];
  readonly tools: readonly ToolSpec[];
}

export interface ModelStepSink {
  messageDelta(text: string): void;
  reasoningDelta(text: string): void;
  /** The attempt failed; all deltas since the step began are void. */
  retrying(notice: RetryNotice): void;
  /** No byte has come for `seconds`; called once per quiet stretch. */
  quiet(seconds: number): void;
}

export interface RetryNotice {
  readonly message: string;
  /** 1-based number of the retry about to be made. */
  readonly attempt: number;
  readonly max: number;
  readonly delayMs: number;
}

export type ModelStepOutcome =
  | {
      readonly type: "completed";
      readonly responseId: string;
      /** Finished items in the order they came. */
      readonly items: readonly ResponseItem[];
      readonly usage: TokenUsage;
    }
  | {
      readonly type: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
      /** The provider refuses the tool at this place of the step's list: without it the step may go through. */
      readonly refusedTool?: number;
    }
  | { readonly type: "aborted" };
