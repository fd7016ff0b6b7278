import type { TokenUsage } from "../protocol/event.ts";
import type { ResponseItem } from "../protocol/item.ts";
import type { ModelStep, ModelStepSink } from "./model-client.ts";
import type { ProviderError } from "./provider-error.ts";

/** One provider interface: how a step becomes a request body and an answer's stream becomes items. One per session. */
export interface WireFormat {
  /** Appended to the provider's base URL. */
  readonly path: string;
  encode(step: ModelStep): EncodedStep;
  /** A decoder for one attempt; deltas go to `sink` as they come. */
  decoder(step: ModelStep, sink: ModelStepSink): AnswerDecoder;
  /** The step was answered; the next one may continue from it. */
  completed(step: ModelStep, answer: CompletedAnswer): void;
  /** The provider does not know the answer that `encode` wanted to continue from. */
  forget(): void;
}

export interface EncodedStep {
  /** JSON text. */
  readonly body: string;
  /** The stored response this request continues, if any. */
  readonly continues: string | undefined;
}

export interface AnswerDecoder {
  /** Takes the data of one event; the answer's end once it is known. Nothing may be taken after that. */
  take(data: string): AnswerEnd | undefined;
  /** The body is over, cleanly; undefined = the answer is not complete. */
  finish(): AnswerEnd | undefined;
}

export interface CompletedAnswer {
  readonly type: "completed";
  /** Empty when the provider gave none. */
  readonly responseId: string;
  readonly items: readonly ResponseItem[];
  readonly usage: TokenUsage;
}

export type AnswerEnd =
  | CompletedAnswer
  | { readonly type: "failed"; readonly error: ProviderError }
  | { readonly type: "incomplete"; readonly reason: string };
