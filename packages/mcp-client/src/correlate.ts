import type { Check, ProgressNotificationParams, RequestId } from "@codex/mcp-types";
import { describeFault } from "@codex/mcp-types";
import { Deadlines } from "./deadlines.ts";
import { McpError } from "./error.ts";
import type { Clock } from "./transport.ts";

export interface RequestOptions {
  /** How long nothing may be heard of the request, ms; Infinity for ever. Progress starts it anew, and it stands still while the user is asked something. */
  readonly timeoutMs?: number | undefined;
  /** How long the request may take in all, ms, whatever progress it makes. */
  readonly maxTotalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ProgressNotificationParams) => void) | undefined;
}

export interface PendingRequest {
  readonly id: number;
  readonly method: string;
  readonly check: Check;
  readonly timeoutMs: number;
  readonly maxTotalMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: RequestOptions["onProgress"];
  readonly resolve: (result: object) => void;
  readonly reject: (error: McpError) => void;
}

interface Entry {
  readonly request: PendingRequest;
  /** The hard limit, and the nearer of it and the idle limit. */
  readonly endsAt: number;
  at: number;
  readonly onAbort: (() => void) | undefined;
}

export interface CorrelatorOptions {
  readonly name: string;
  readonly clock: Clock;
  /** A request was given up by its caller or by its time; the server may stop. */
  readonly onGivenUp: (request: PendingRequest, reason: string) => void;
}

/** The requests that wait for an answer. Each is settled exactly once; what comes later finds nothing. */
export class Correlator {
  readonly #pending = new Map<number, Entry>();
  readonly #options: CorrelatorOptions;
  readonly #deadlines: Deadlines<Entry>;
  #holds = 0;

  constructor(options: CorrelatorOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(
      options.clock,
      () => this.#pending.values(),
      (entry) => this.#timedOut(entry),
    );
  }

  /** Must come before the request is written, or a quick answer finds nobody. */
  add(request: PendingRequest): void {
    const now = this.#options.clock.monotonic();
    const endsAt = now + request.maxTotalMs;
    const entry: Entry = { request, endsAt, at: endsAt, onAbort: this.#listen(request) };
    this.#pending.set(request.id, entry);
    this.#prolong(entry, now);
  }

  #listen({ id, method, signal }: PendingRequest): (() => void) | undefined {
    if (signal === undefined) return undefined;
    const onAbort = (): void => this.#giveUp(id, new McpError("cancelled", `${method} was cancelled`, { cause: signal.reason }));
    signal.addEventListener("abort", onAbort, { once: true });
    return onAbort;
  }

  /** The id under which a request waits. Some servers send numbers back as text. */
  find(id: RequestId | null | undefined): number | undefined {
    const number = typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : id;
    return typeof number === "number" && this.#pending.has(number) ? number : undefined;
  }

  resolve(id: number, result: object): void {
    const request = this.#take(id);
    if (request === undefined) return;
    const fault = request.check(result);
    if (fault === undefined) request.resolve(result);
    else request.reject(new McpError("protocol", `${this.#options.name} answered ${request.method} wrongly: ${describeFault(fault)}`));
  }

  reject(id: number, error: McpError): void {
    this.#take(id)?.reject(error);
  }

  /** Settles all that waits; nothing may be added afterwards. */
  rejectAll(error: McpError): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, error);
    this.#deadlines.stop();
  }

  progress(params: ProgressNotificationParams): void {
    const { progressToken } = params;
    const entry = typeof progressToken === "number" ? this.#pending.get(progressToken) : undefined;
    if (entry === undefined) return;
    this.#prolong(entry);
    entry.request.onProgress?.(params);
  }

  /** Stops the idle times until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    for (const entry of this.#pending.values()) this.#prolong(entry);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      for (const entry of this.#pending.values()) this.#prolong(entry);
    };
  }

  #prolong(entry: Entry, now = this.#options.clock.monotonic()): void {
    const idleAt = this.#holds > 0 ? Infinity : now + entry.request.timeoutMs;
    entry.at = Math.min(idleAt, entry.endsAt);
    this.#deadlines.watch(entry.at);
  }

  #timedOut({ request, at, endsAt }: Entry): void {
    const ms = at === endsAt ? request.maxTotalMs : request.timeoutMs;
    this.#giveUp(
      request.id,
      new McpError("timeout", `${this.#options.name} did not answer ${request.method} within ${String(ms / 1000)} s`),
    );
  }

  #giveUp(id: number, error: McpError): void {
    const request = this.#take(id);
    if (request === undefined) return;
    this.#options.onGivenUp(request, error.kind === "timeout" ? "no answer in time" : "cancelled by the caller");
    request.reject(error);
  }

  #take(id: number): PendingRequest | undefined {
    const entry = this.#pending.get(id);
    if (entry === undefined) return undefined;
    this.#pending.delete(id);
    if (entry.onAbort !== undefined) entry.request.signal?.removeEventListener("abort", entry.onAbort);
    return entry.request;
  }
}
