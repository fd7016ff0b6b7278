import type { Check, ProgressNotificationParams, RequestId } from "@codex/mcp-types";
import { describeFault } from "@codex/mcp-types";
import { McpError } from "./error.ts";
import type { Timer } from "./transport.ts";

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
  readonly options: RequestOptions;
  resolve(result: object): void;
  reject(error: McpError): void;
}

interface Entry extends PendingRequest {
  cancelIdle: (() => void) | undefined;
  cancelTotal: (() => void) | undefined;
  removeAbort: (() => void) | undefined;
}

export interface CorrelatorOptions {
  readonly name: string;
  readonly timer: Timer;
  /** A request was given up by its caller or by its time; the server may stop. */
  readonly onGivenUp: (request: PendingRequest, reason: string) => void;
}

/** The requests that wait for an answer. Each is settled exactly once; what comes later finds nothing. */
export class Correlator {
  readonly #pending = new Map<number, Entry>();
  readonly #options: CorrelatorOptions;
  #holds = 0;

  constructor(options: CorrelatorOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Must come before the request is written, or a quick answer finds nobody. */
  add(request: PendingRequest): void {
    const entry: Entry = { ...request, cancelIdle: undefined, cancelTotal: undefined, removeAbort: undefined };
    this.#pending.set(request.id, entry);
    const { maxTotalMs, signal } = request.options;
    this.#startIdle(entry);
    if (isLimit(maxTotalMs)) entry.cancelTotal = this.#options.timer(maxTotalMs, () => this.#timedOut(entry, maxTotalMs));
    if (signal !== undefined) {
      const onAbort = (): void => this.#giveUp(entry, new McpError("cancelled", `${entry.method} was cancelled`, { cause: signal.reason }));
      signal.addEventListener("abort", onAbort, { once: true });
      entry.removeAbort = () => signal.removeEventListener("abort", onAbort);
    }
  }

  /** The id under which a request waits. Some servers send numbers back as text. */
  find(id: RequestId | null | undefined): number | undefined {
    const number = typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : id;
    return typeof number === "number" && this.#pending.has(number) ? number : undefined;
  }

  resolve(id: number, result: object): void {
    const entry = this.#take(id);
    if (entry === undefined) return;
    const fault = entry.check(result);
    if (fault === undefined) entry.resolve(result);
    else entry.reject(new McpError("protocol", `${this.#options.name} answered ${entry.method} wrongly: ${describeFault(fault)}`));
  }

  reject(id: number, error: McpError): void {
    this.#take(id)?.reject(error);
  }

  rejectAll(error: McpError): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, error);
  }

  progress(params: ProgressNotificationParams): void {
    const { progressToken } = params;
    const entry = typeof progressToken === "number" ? this.#pending.get(progressToken) : undefined;
    if (entry === undefined) return;
    this.#startIdle(entry);
    entry.options.onProgress?.(params);
  }

  /** Stops the idle times until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    for (const entry of this.#pending.values()) this.#stopIdle(entry);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      for (const entry of this.#pending.values()) this.#startIdle(entry);
    };
  }

  #startIdle(entry: Entry): void {
    this.#stopIdle(entry);
    const { timeoutMs } = entry.options;
    if (!isLimit(timeoutMs) || this.#holds > 0) return;
    entry.cancelIdle = this.#options.timer(timeoutMs, () => this.#timedOut(entry, timeoutMs));
  }

  #stopIdle(entry: Entry): void {
    entry.cancelIdle?.();
    entry.cancelIdle = undefined;
  }

  #timedOut(entry: Entry, ms: number): void {
    this.#giveUp(entry, new McpError("timeout", `${this.#options.name} did not answer ${entry.method} within ${String(ms / 1000)} s`));
  }

  #giveUp(entry: Entry, error: McpError): void {
    if (this.#take(entry.id) === undefined) return;
    this.#options.onGivenUp(entry, error.kind === "timeout" ? "no answer in time" : "cancelled by the caller");
    entry.reject(error);
  }

  #take(id: number): Entry | undefined {
    const entry = this.#pending.get(id);
    if (entry === undefined) return undefined;
    this.#pending.delete(id);
    this.#stopIdle(entry);
    entry.cancelTotal?.();
    entry.removeAbort?.();
    return entry;
  }
}

/** Real timers take no more than 31 bits, and fire at once beyond. */
function isLimit(ms: number | undefined): ms is number {
  return ms !== undefined && ms < 2 ** 31;
}
