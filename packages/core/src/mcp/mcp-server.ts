import type { CallToolResult } from "@codex/mcp-types";
import type { RequestOptions } from "@codex/mcp-client";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import type { Clock } from "../host/host.ts";
import type { McpConnection } from "../host/mcp.ts";
import { offeredInstructions, offeredTools, type OfferedServer } from "./offer.ts";

export interface McpServerOptions {
  readonly config: McpServerConfig;
  readonly clock: Clock;
  /** Connects once; rejects when that fails. The signal ends the attempt. */
  readonly connect: (signal: AbortSignal) => Promise<McpConnection>;
  readonly onState: (state: McpServerState) => void;
  /** What the model is offered is no longer what it was, though nothing was started again. */
  readonly onOfferChanged: () => void;
  /** Told what the user should know; a predicate with the server as its subject. */
  readonly onWarning: (text: string) => void;
}

export type McpServerState =
  | { readonly type: "starting" }
  | { readonly type: "ready" }
  /** `hint` is what the user can do about it. */
  | { readonly type: "failed"; readonly message: string; readonly hint: string | undefined }
  | { readonly type: "closed" };

/** Waits before a server that died is started again, ms; after the last it is given up. A call that succeeds starts the row anew. */
const RESTART_DELAYS_MS = [0, 1000, 4000];

/** The tools of a server that says again and again that they changed are asked for no more often, ms. */
const REFRESH_EVERY_MS = 1000;

/** Characters. */
const MAX_MESSAGE = 4000;

/** Of what is odd about its tools the user is told so much. */
const MAX_WARNINGS = 100;

/** One server of a session: started once, started again when it dies, and gone for good after `close`. */
export class McpServer {
  readonly config: McpServerConfig;
  readonly #options: McpServerOptions;
  readonly #closing = new AbortController();
  #state: McpServerState = { type: "starting" };
  #attempt: Promise<void>;
  #connection: McpConnection | undefined;
  #offered: OfferedServer | undefined;
  /** The server said that its tools changed. */
  #stale = false;
  #refreshing: Promise<void> | undefined;
  #refreshedAt = -Infinity;
  #cancelRefresh: (() => void) | undefined;
  readonly #warned = new Set<string>();
  #restarts = 0;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.config = options.config;
    this.#attempt = this.#start();
  }

  get state(): McpServerState {
    return this.#state;
  }

  /** Settles with the attempt to start that is under way; never rejects. */
  get settled(): Promise<void> {
    return this.#attempt;
  }

  /** What it offered last; while it is started again, too. */
  get offered(): OfferedServer | undefined {
    return this.#state.type === "failed" ? undefined : this.#offered;
  }

  /** Tries once more after a failure. */
  retry(): void {
    if (this.#state.type !== "failed" || this.#closing.signal.aborted) return;
    this.#restarts = 0;
    this.#attempt = this.#start();
  }

  /** Asks for the tools again if the server said that they changed. Never rejects: without an answer the old list stays. */
  async refresh(): Promise<void> {
    await this.#refreshing;
    const connection = this.#connection;
    if (!this.#stale || connection === undefined) return;
    this.#refreshing ??= this.#listAgain(connection).finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  async callTool(tool: string, args: Readonly<Record<string, unknown>>, options: RequestOptions): Promise<CallToolResult> {
    const connection = await this.connection(options.signal);
    const result = await connection.callTool(tool, args, { ...options, timeoutMs: this.config.toolTimeoutMs });
    this.#restarts = 0;
    return result;
  }

  /** The connection, once the start that is under way is over. Rejects when there is none, or the signal comes first. */
  async connection(signal: AbortSignal | undefined): Promise<McpConnection> {
    await orAborted(this.#attempt, signal);
    if (this.#state.type === "failed") throw new Error(`${this.config.name} is not running: ${this.#state.message}`);
    if (this.#connection === undefined) throw new Error(`${this.config.name} is not running`);
    return this.#connection;
  }

  /** Ends the server with all it started. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancelRefresh?.();
    const wasSettled = this.#state.type !== "starting";
    await this.#attempt;
    await this.#connection?.close().catch(() => undefined);
    this.#set(this.#state.type === "failed" && wasSettled ? this.#state : { type: "closed" });
  }

  async #start(delayMs = 0): Promise<void> {
    this.#connection = undefined;
    this.#set({ type: "starting" });
    const { signal } = this.#closing;
    const limit = new AbortController();
    const cancel = this.#options.clock.timer(delayMs + this.config.startupTimeoutMs, () => limit.abort());
    let connection: McpConnection | undefined;
    try {
      await pause(delayMs, this.#options.clock, signal);
      connection = await this.#options.connect(AbortSignal.any([signal, limit.signal]));
      await this.#list(connection, AbortSignal.any([signal, limit.signal]));
      this.#connected(connection);
    } catch (error) {
      await connection?.close().catch(() => undefined);
      const seconds = String(this.config.startupTimeoutMs / 1000);
      const message = limit.signal.aborted ? `it was not ready within ${seconds} s` : messageOf(error);
      this.#set(signal.aborted ? { type: "closed" } : { type: "failed", message, hint: this.#hintFor(error, limit.signal) });
    } finally {
      cancel();
    }
  }

  #hintFor(error: unknown, limit: AbortSignal): string | undefined {
    const isLate = limit.aborted || (error as { readonly kind?: unknown }).kind === "timeout";
    if (isLate) return `If it needs longer, set startup_timeout_sec in [mcp_servers.${this.config.name}].`;
    const { hint } = error as { readonly hint?: unknown };
    return typeof hint === "string" ? hint : undefined;
  }

  #connected(connection: McpConnection): void {
    this.#connection = connection;
    connection.on("notifications/tools/list_changed", () => this.#toolsChanged());
    void connection.closed.then((reason) => this.#died(connection, reason));
    this.#set({ type: "ready" });
  }

  /** Asks for them soon: a server may say so far more often than it is worth to ask. */
  #toolsChanged(): void {
    this.#stale = true;
    if (this.#cancelRefresh !== undefined || this.#closing.signal.aborted) return;
    const { clock } = this.#options;
    const waitMs = Math.max(0, this.#refreshedAt + REFRESH_EVERY_MS - clock.monotonic());
    this.#cancelRefresh = clock.timer(
      waitMs,
      () => {
        this.#cancelRefresh = undefined;
        void this.refresh();
      },
      { unref: true },
    );
  }

  async #listAgain(connection: McpConnection): Promise<void> {
    this.#stale = false;
    this.#refreshedAt = this.#options.clock.monotonic();
    const before = JSON.stringify(this.#offered?.tools);
    try {
      await this.#list(connection, this.#closing.signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.onWarning(`could not list its tools again: ${messageOf(error)}`);
      return;
    }
    if (this.#connection === connection && JSON.stringify(this.#offered?.tools) !== before) this.#options.onOfferChanged();
  }

  async #list(connection: McpConnection, signal: AbortSignal): Promise<void> {
    const capabilities = connection.server?.capabilities;
    const limits = { signal, timeoutMs: this.config.startupTimeoutMs };
    const tools = capabilities?.tools === undefined ? [] : await connection.listAllTools(limits);
    this.#offered = {
      name: this.config.name,
      resources: capabilities?.resources !== undefined,
      tools: offeredTools(tools, this.config, (text) => this.#warnOnce(text)),
      ...offeredInstructions(connection.server?.instructions),
    };
  }

  #warnOnce(text: string): void {
    if (this.#warned.size >= MAX_WARNINGS || this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#options.onWarning(text);
  }

  #died(connection: McpConnection, reason: Error): void {
    if (this.#connection !== connection || this.#closing.signal.aborted) return;
    this.#connection = undefined;
    const delayMs = RESTART_DELAYS_MS[this.#restarts];
    this.#restarts += 1;
    if (delayMs === undefined) {
      this.#set({ type: "failed", message: `it ended too often; the last time: ${messageOf(reason)}`, hint: undefined });
      return;
    }
    this.#options.onWarning(`ended and is started again: ${messageOf(reason)}`);
    // What it left is cleared away first, and the old process has no claim on what the new one needs.
    this.#attempt = connection
      .close()
      .catch(() => undefined)
      .then(() => this.#start(delayMs));
  }

  #set(state: McpServerState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Servers write the words of their errors, at any length. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** Resolves after `ms`; rejects when the signal comes first. */
async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  let cancel: () => void = () => undefined;
  const waited = new Promise<void>((resolve) => (cancel = clock.timer(ms, resolve)));
  try {
    await orAborted(waited, signal);
  } finally {
    cancel();
  }
}

/** The promise's outcome, or a rejection as soon as the signal is aborted. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error("cancelled"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
