import type { ModelProvider } from "../config/config.ts";
import type { Clock, Random } from "../host/host.ts";
import type { Failure } from "./failure.ts";

/** Retries of one step in all, whatever the configuration says. */
const MAX_RETRIES = 5;
const BASE_DELAY_MS = 200;
/** A longer wait than this is the user's decision, not ours. */
const MAX_WAIT_MS = 5 * 60_000;

/** The retries of one step: one budget for everything that can go wrong on the way. */
export interface RetryBudget {
  /** What to do after `failure`. Spends one retry when it answers with a delay. */
  spend(failure: Failure): RetryVerdict;
}

export type RetryVerdict =
  | { readonly type: "retry"; readonly attempt: number; readonly max: number; readonly delayMs: number }
  | { readonly type: "give_up"; readonly tooLongMs?: number };

/**
 * At most {@link MAX_RETRIES} retries; of these at most `requestMaxRetries` after a request that got no answer and at most
 * `streamMaxRetries` after an answer that broke off. The delay is 200 ms × 2ⁿ ± 10 %, or what the provider asked for.
 */
export function openRetryBudget(provider: ModelProvider, random: Random): RetryBudget {
  const limits = { request: provider.requestMaxRetries, stream: provider.streamMaxRetries };
  const spent = { request: 0, stream: 0 };

  function spend(failure: Failure): RetryVerdict {
    if (failure.retry === "never") return { type: "give_up" };
    const used = spent.request + spent.stream;
    const limit = limits[failure.retry];
    if (used >= MAX_RETRIES || spent[failure.retry] >= limit) return { type: "give_up" };
    if (failure.waitMs !== undefined && failure.waitMs > MAX_WAIT_MS) return { type: "give_up", tooLongMs: failure.waitMs };
    spent[failure.retry] += 1;
    const backoff = BASE_DELAY_MS * 2 ** used * (0.9 + 0.2 * random.number());
    const delayMs = Math.round(failure.waitMs !== undefined && failure.waitMs > 0 ? failure.waitMs : backoff);
    const max = Math.min(MAX_RETRIES, used + limit - spent[failure.retry] + 1);
    return { type: "retry", attempt: used + 1, max, delayMs };
  }

  return { spend };
}

/** Waits; an abort ends the wait at once. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<"elapsed" | "aborted"> {
  if (signal.aborted) return Promise.resolve("aborted");
  return new Promise((resolve) => {
    const onAbort = (): void => {
      cancel();
      resolve("aborted");
    };
    const cancel = clock.timer(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve("elapsed");
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
