import type { Host, ModelHttpRequest, ModelHttpSink, ModelTransportEnd } from "../host/host.ts";
import { failureOfAnswer, failureOfIdle, failureOfStatus, failureOfTransport, type Failure, type FailureContext } from "./failure.ts";
import { isJsonObject, parseJson } from "./json.ts";
import { readErrorBody } from "./provider-error.ts";
import type { ResponseHeaders } from "./retry-after.ts";
import { watchSilence } from "./silence.ts";
import { openSseParser, SseOverflow, type SseParser } from "./sse.ts";
import type { AnswerDecoder, AnswerEnd, CompletedAnswer } from "./wire-format.ts";

export const QUIET_SECONDS = 15;
/** Bytes read of a body that is not a stream of events. */
const MAX_PLAIN_BODY = 64 * 1024;
/** Time a refusal's body may take; its status alone says enough. */
const PLAIN_BODY_MS = 5000;
/** Time the body may take to end after its last event, so that the connection can be used again. */
const LINGER_MS = 200;

export interface Attempt {
  readonly host: Host;
  readonly request: ModelHttpRequest;
  readonly origin: string;
  readonly decoder: AnswerDecoder;
  readonly idleMs: number;
  readonly onQuiet: () => void;
  readonly failureContext: FailureContext;
}

export type AttemptEnd =
  | { readonly type: "completed"; readonly answer: CompletedAnswer }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "fault"; readonly error: unknown }
  | { readonly type: "aborted" };

/** Makes one request and reads its answer to the end. Never rejects; settles at once when `signal` is aborted. */
export function runAttempt(attempt: Attempt, signal: AbortSignal): Promise<AttemptEnd> {
  if (signal.aborted) return Promise.resolve({ type: "aborted" });
  return new Promise((resolve) => {
    const controller = new AbortController();
    const onAbort = (): void => exchange.settle({ type: "aborted" });
    const exchange = openExchange(attempt, (end) => {
      signal.removeEventListener("abort", onAbort);
      controller.abort();
      resolve(end);
    });
    signal.addEventListener("abort", onAbort, { once: true });
    const { host, request } = attempt;
    host.model
      .send(request, exchange, controller.signal)
      .then(exchange.over, (error: unknown) => exchange.settle({ type: "fault", error }));
  });
}

interface Exchange extends ModelHttpSink {
  /** The transport is done. */
  readonly over: (end: ModelTransportEnd) => void;
  settle(end: AttemptEnd): void;
}

/** Follows one exchange and calls `done` once, with its end; afterwards nothing that still comes has an effect. */
function openExchange(attempt: Attempt, done: (end: AttemptEnd) => void): Exchange {
  const { host, failureContext, idleMs } = attempt;
  let body: BodyReader | undefined;
  let settled = false;
  /** The answer, while its connection is given time to end. */
  let reached: AttemptEnd | undefined;
  let cancelTimer: (() => void) | undefined;

  const watch = watchSilence(host.clock, {
    quietMs: QUIET_SECONDS * 1000,
    onQuiet: () => guard(attempt.onQuiet),
    idleMs,
    onIdle: () => settle({ type: "failed", failure: failureOfIdle(idleMs, failureContext) }),
  });

  function settle(end: AttemptEnd): void {
    if (settled) return;
    settled = true;
    watch.stop();
    cancelTimer?.();
    done(end);
  }

  /** What our own code or a reader of deltas throws must not unwind into the transport. */
  function guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      settle({ type: "fault", error });
    }
  }

  function head(status: number, headers: ResponseHeaders): void {
    if (settled) return;
    watch.touch();
    body = openBody(attempt, { status, headers });
    if (body.plain) cancelTimer = host.clock.timer(PLAIN_BODY_MS, () => over({ type: "ended" }));
  }

  function data(chunk: Uint8Array): void {
    if (settled || reached !== undefined) return;
    watch.touch();
    guard(() => {
      const end = body?.take(chunk);
      if (end?.type === "completed") reach(end);
      else if (end !== undefined) settle(end);
    });
  }

  function reach(end: AttemptEnd): void {
    reached = end;
    watch.stop();
    cancelTimer?.();
    cancelTimer = host.clock.timer(LINGER_MS, () => settle(end));
  }

  function over(end: ModelTransportEnd): void {
    if (settled) return;
    if (reached !== undefined) return settle(reached);
    guard(() => settle(body?.finish(end) ?? { type: "failed", failure: failureOfTransport(end, attempt.origin, failureContext) }));
  }

  return { head, data, over, settle };
}

interface BodyReader {
  /** The body is not a stream of events. */
  readonly plain: boolean;
  take(chunk: Uint8Array): AttemptEnd | undefined;
  /** The body is over; undefined = it broke off before it said anything. */
  finish(end: ModelTransportEnd): AttemptEnd | undefined;
}

interface Head {
  readonly status: number;
  readonly headers: ResponseHeaders;
}

function openBody(attempt: Attempt, head: Head): BodyReader {
  const ok = head.status >= 200 && head.status < 300;
  const plain = !ok || /^\s*(application\/json|text\/html)\b/i.test(head.headers["content-type"] ?? "");
  return plain ? openPlainBody(attempt, head) : openEventBody(attempt);
}

function openEventBody({ decoder, failureContext, host }: Attempt): BodyReader {
  let found: AnswerEnd | undefined;
  const parser: SseParser = openSseParser((data) => {
    found ??= decoder.take(data);
  });
  const result = (): AttemptEnd | undefined => (found === undefined ? undefined : endOfAnswer(found, failureContext));

  function take(chunk: Uint8Array): AttemptEnd | undefined {
    try {
      parser.push(chunk);
    } catch (error) {
      if (!(error instanceof SseOverflow)) throw error;
      host.log.write("warn", error.message, {});
      return {
        type: "failed",
        failure: { code: "stream_cut", summary: `${failureContext.provider.name} sent an event that is too large`, retry: "never" },
      };
    }
    return result();
  }

  function finish(end: ModelTransportEnd): AttemptEnd | undefined {
    if (end.type !== "ended") return undefined;
    parser.end();
    found ??= decoder.finish();
    return result();
  }

  return { plain: false, take, finish };
}

function endOfAnswer(end: AnswerEnd, context: FailureContext): AttemptEnd {
  switch (end.type) {
    case "completed":
      return { type: "completed", answer: end };
    case "failed":
      return { type: "failed", failure: failureOfAnswer(end.error, context) };
    case "incomplete": {
      const summary = `${context.provider.name} ended the answer early (${end.reason})`;
      const hint = end.reason === "max_output_tokens" ? "The answer ran into the model's output limit; ask for less at once." : undefined;
      return { type: "failed", failure: { code: "incomplete", summary, hint, retry: "never" } };
    }
  }
}

function openPlainBody({ failureContext }: Attempt, { status, headers }: Head): BodyReader {
  const chunks: Buffer[] = [];
  let size = 0;

  function end(): AttemptEnd | undefined {
    const text = Buffer.concat(chunks).toString("utf8", 0, MAX_PLAIN_BODY);
    if (status < 200 || status >= 300) {
      return { type: "failed", failure: failureOfStatus({ status, headers, error: readErrorBody(text) }, failureContext) };
    }
    const json = parseJson(text);
    if (isJsonObject(json) && json["error"] !== undefined && json["error"] !== null) {
      return { type: "failed", failure: failureOfAnswer(readErrorBody(text), failureContext) };
    }
    const summary = `${failureContext.provider.name} answered with a document instead of a stream of events`;
    const hint = `Check base_url and wire_api of the provider "${failureContext.provider.id}".`;
    return { type: "failed", failure: { code: "not_found", summary, hint, retry: "never" } };
  }

  function take(chunk: Uint8Array): AttemptEnd | undefined {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    return size >= MAX_PLAIN_BODY ? end() : undefined;
  }

  return { plain: true, take, finish: end };
}
