import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { runAttempt, QUIET_SECONDS, type AttemptEnd } from "./attempt.ts";
import { resolveEndpoint, type ClientIdentity, type Endpoint } from "./endpoint.ts";
import { failureText, type Failure } from "./failure.ts";
import type { ModelStep, ModelStepOutcome, ModelStepSink } from "./model-client.ts";
import { closeModelNames } from "./model-names.ts";
import { openRetryBudget, pause, type RetryVerdict } from "./retry.ts";
import type { EncodedStep, WireFormat } from "./wire-format.ts";

export interface StepContext {
  readonly config: Config;
  readonly host: Host;
  readonly identity: ClientIdentity;
  readonly wire: WireFormat;
}

export interface AskedStep {
  readonly step: ModelStep;
  readonly sink: ModelStepSink;
  readonly signal: AbortSignal;
}

/** One step: attempts until one completes, a failure is final, or the budget is spent. Never rejects. */
export async function runStep(context: StepContext, asked: AskedStep): Promise<ModelStepOutcome> {
  try {
    if (asked.signal.aborted) return { type: "aborted" };
    const { config, host, identity, wire } = context;
    const resolved = resolveEndpoint({ provider: config.provider, path: wire.path, host, identity });
    if (resolved.type === "failed") return resolved;
    return await makeAttempts(context, { ...asked, endpoint: resolved.endpoint });
  } catch (error) {
    return faultOutcome(context.host, error);
  }
}

interface StepRun extends AskedStep {
  readonly endpoint: Endpoint;
}

async function makeAttempts(context: StepContext, run: StepRun): Promise<ModelStepOutcome> {
  const { config, host, wire } = context;
  const budget = openRetryBudget(config.provider, host.random);
  let encoded = wire.encode(run.step);
  let resent = false;
  for (let requests = 1; ; requests++) {
    // Each request is an answer to the one before; they cannot be made side by side.
    const end = await oneAttempt(context, run, encoded);
    if (end.type === "aborted") return end;
    if (end.type === "fault") return faultOutcome(host, end.error);
    if (end.type === "completed") {
      wire.completed(run.step, end.answer);
      return end.answer;
    }
    logFailure(context, end.failure, requests);
    if (end.failure.forgotten === true && !resent) {
      resent = true;
      wire.forget();
      encoded = wire.encode(run.step);
      continue;
    }
    const verdict = budget.spend(end.failure);
    if (verdict.type === "give_up") return finalOutcome(context, run, { failure: end.failure, requests, verdict });
    const { attempt, max, delayMs } = verdict;
    run.sink.retrying({ message: end.failure.summary, attempt, max, delayMs });
    if ((await pause(host.clock, delayMs, run.signal)) === "aborted") return { type: "aborted" };
  }
}

function oneAttempt(
  { config, host, wire }: StepContext,
  { step, sink, signal, endpoint }: StepRun,
  encoded: EncodedStep,
): Promise<AttemptEnd> {
  return runAttempt(
    {
      host,
      request: { method: "POST", url: endpoint.url, headers: endpoint.headers, body: encoded.body },
      origin: endpoint.origin,
      decoder: wire.decoder(step, sink),
      idleMs: config.provider.streamIdleTimeoutMs,
      onQuiet: () => sink.quiet(QUIET_SECONDS),
      failureContext: {
        provider: config.provider,
        model: config.model,
        secrets: endpoint.secrets,
        continues: encoded.continues,
        now: host.clock.now(),
      },
    },
    signal,
  );
}

interface Ending {
  readonly failure: Failure;
  readonly requests: number;
  readonly verdict: RetryVerdict & { readonly type: "give_up" };
}

async function finalOutcome(context: StepContext, run: StepRun, { failure, requests, verdict }: Ending): Promise<ModelStepOutcome> {
  let hint = failure.hint;
  if (failure.unknownModel === true) {
    const names = await closeModelNames(context, run.endpoint, run.signal);
    if (run.signal.aborted) return { type: "aborted" };
    if (names.length > 0) hint = `Close names there: ${names.join(", ")}.`;
  }
  if (verdict.tooLongMs !== undefined) hint = `It asks to wait ${waitText(verdict.tooLongMs)}; try again then.`;
  const tries = requests > 1 && failure.retry !== "never" ? ` (${requests} requests made)` : "";
  const tool = failure.refusedTool === undefined ? {} : { refusedTool: failure.refusedTool };
  return { type: "failed", code: failure.code, message: `${failureText(failure)}${tries}`, hint, ...tool };
}

function waitText(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function logFailure({ config, host }: StepContext, failure: Failure, request: number): void {
  host.log.write("warn", "a request to the model failed", {
    provider: config.provider.id,
    model: config.model,
    request,
    code: failure.code,
    message: failureText(failure),
  });
}

function faultOutcome(host: Host, error: unknown): ModelStepOutcome {
  const message = error instanceof Error ? error.message : String(error);
  host.log.write("error", "a fault in the model client", { error: error instanceof Error ? (error.stack ?? message) : message });
  return { type: "failed", code: "internal", message: `A fault in this program: ${message}`, hint: undefined };
}
