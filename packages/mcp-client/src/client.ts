import {
  checkPaginatedResult,
  checkTool,
  CLIENT_REQUESTS,
  describeFault,
  encodeBatch,
  encodeMessage,
  hasBatches,
  isSupportedProtocolVersion,
  MCP_SCHEMA_VERSION,
  METHOD_NOT_FOUND,
  parseMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
  toServerNotification,
  type CallToolResult,
  type Check,
  type ClientCapabilities,
  type ClientNotifications,
  type ClientRequests,
  type ElicitRequestParams,
  type ElicitResult,
  type GetPromptResult,
  type Implementation,
  type InitializeResult,
  type InvalidMessage,
  type JSONRPCErrorResponse,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResultResponse,
  type ListToolsResult,
  type OutgoingMessage,
  type ParsedMessage,
  type ProtocolVersion,
  type ReadResourceResult,
  type RequestId,
  type Root,
  type ServerNotification,
  type ServerNotifications,
  type ServerRequests,
  type Tool,
} from "@codex/mcp-types";
import { Correlator, type PendingRequest, type RequestOptions } from "./correlate.ts";
import { McpError } from "./error.ts";
import { allPages } from "./pages.ts";
import { ServerRequestDesk, type ServerRequestHandler } from "./server-requests.ts";
import { systemClock } from "./system-clock.ts";
import type { Clock, Transport } from "./transport.ts";
import { VERSION } from "./version.ts";

export interface ClientOptions {
  readonly clientInfo?: Implementation | undefined;
  /** What the client says it can do, besides what follows from the other options. */
  readonly capabilities?: ClientCapabilities | undefined;
  /** The protocol version to propose. */
  readonly protocolVersion?: ProtocolVersion | undefined;
  /** The folders the server should keep to. */
  readonly roots?: (() => readonly Root[] | Promise<readonly Root[]>) | undefined;
  /** Asks the user on the server's behalf. */
  readonly elicit?: ((params: ElicitRequestParams, context: { readonly signal: AbortSignal }) => Promise<ElicitResult>) | undefined;
  /** Limits for requests that name none, ms. Defaults: initialize 30,000; tools/call 300,000; others 60,000; in all 3,600,000. */
  readonly initializeTimeoutMs?: number | undefined;
  readonly callTimeoutMs?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  readonly maxTotalMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Told once each what the server does wrong without harm: garbage on its output, answers nobody waits for. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

interface Question {
  readonly method: string;
  readonly params: object | undefined;
  readonly check: Check;
}

type Listener = (params: never) => void;

const INITIALIZE_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 300_000;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_TOTAL_MS = 3_600_000;
const MAX_WARNINGS = 20;
/** Servers choose ids and names of any length. Characters. */
const MAX_WARNING = 300;
/** A server that asks without reading must not fill the memory. */
const MAX_UNREAD_ANSWERS = 256;
/** Made once, not for each message. */
const TAKING_LISTS = { batches: true } as const;

/** One connection to one server. Call `initialize` first, `close` last; after that nothing of the server is left. */
export class McpClient implements AsyncDisposable {
  /** Resolves with the reason when the connection has ended, from whichever side. */
  readonly closed: Promise<McpError>;
  readonly #transport: Transport;
  readonly #options: ClientOptions;
  readonly #correlator: Correlator;
  readonly #desk = new ServerRequestDesk((id) => this.#warn(`asks twice under the id ${JSON.stringify(id)}; only the first is answered`));
  readonly #listeners = new Map<string, Set<Listener>>();
  #markClosed: (reason: McpError) => void = () => undefined;
  #ended: McpError | undefined;
  #initialized: InitializeResult | undefined;
  #nextId = 1;
  /** Answers to the server that are not on their way yet. */
  #unread = 0;
  readonly #warned = new Set<string>();

  constructor(transport: Transport, options: ClientOptions = {}) {
    this.#transport = transport;
    this.#options = options;
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
    const { name } = transport;
    this.#correlator = new Correlator({
      name,
      clock: options.clock ?? systemClock,
      onGivenUp: (request, reason) => this.#tellGivenUp(request, reason),
    });
    const { roots, elicit } = options;
    if (roots !== undefined) this.handle("roots/list", async () => ({ roots: [...(await roots())] }));
    if (elicit !== undefined) this.handle("elicitation/create", elicit);
    transport.start({
      message: (text) => this.#receive(text),
      failed: (id, error) => this.#fail(id, error),
      waitsFor: (id) => this.#correlator.find(id) !== undefined,
      warning: (text) => this.#warn(text),
      ended: (error) => this.#end(error),
    });
  }

  /** How messages call the server. */
  get name(): string {
    return this.#transport.name;
  }

  get pid(): number | undefined {
    return this.#transport.pid;
  }

  get stderrTail(): string {
    return this.#transport.stderrTail;
  }

  /** What the server said of itself; undefined before `initialize`. */
  get server(): InitializeResult | undefined {
    return this.#initialized;
  }

  /** Agrees on a protocol version and capabilities. Closes the connection when that fails. */
  async initialize(options: RequestOptions = {}): Promise<InitializeResult> {
    try {
      const params = {
        protocolVersion: this.#options.protocolVersion ?? MCP_SCHEMA_VERSION,
        capabilities: this.#capabilities(),
        clientInfo: this.#options.clientInfo ?? { name: "codex-mcp-client", version: VERSION },
      };
      const result = await this.request("initialize", params, options);
      if (!isSupportedProtocolVersion(result.protocolVersion)) {
        const known = SUPPORTED_PROTOCOL_VERSIONS.join(", ");
        throw new McpError("protocol", `${this.name} speaks the protocol version ${result.protocolVersion}, which is none of ${known}`);
      }
      this.#initialized = result;
      this.#transport.agreed?.(result.protocolVersion);
      await this.notify("notifications/initialized");
      return result;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Sends a request and checks the answer. Rejects with an {@link McpError}; every wait has an end. */
  request<M extends keyof ClientRequests>(
    method: M,
    params: ClientRequests[M]["params"],
    options: RequestOptions = {},
  ): Promise<ClientRequests[M]["result"]> {
    return this.#ask({ method, params, check: CLIENT_REQUESTS[method].result }, options);
  }

  /** Resolves when the notification is on its way. */
  async notify<M extends keyof ClientNotifications>(method: M, params?: ClientNotifications[M]["params"]): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    await this.#transport.send({ text: encodeMessage({ method, params }) });
  }

  /** One page. */
  listTools(params?: ClientRequests["tools/list"]["params"], options?: RequestOptions): Promise<ListToolsResult> {
    return this.request("tools/list", params, options);
  }

  /** All pages. A tool that does not fit the protocol is left out with a warning: the others are not at fault. */
  async listAllTools(options: RequestOptions = {}): Promise<Tool[]> {
    const tools = await allPages(this.name, async (params) => {
      const result = await this.#ask<ListToolsResult>({ method: "tools/list", params, check: checkToolPage }, options);
      return { items: result.tools, nextCursor: result.nextCursor };
    });
    return tools.filter((tool) => {
      const fault = checkTool(tool);
      if (fault !== undefined)
        this.#warn(`has a tool that is left out: ${describeFault({ ...fault, path: [nameOf(tool), ...fault.path] })}`);
      return fault === undefined;
    });
  }

  /** A tool that fails is a result with `isError`, not a rejection. */
  callTool(name: string, args?: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<CallToolResult> {
    return this.request("tools/call", { name, arguments: args }, options);
  }

  async listAllResources(options?: RequestOptions): Promise<ClientRequests["resources/list"]["result"]["resources"]> {
    return allPages(this.name, async (page) => {
      const { resources, nextCursor } = await this.request("resources/list", page, options);
      return { items: resources, nextCursor };
    });
  }

  async listAllResourceTemplates(
    options?: RequestOptions,
  ): Promise<ClientRequests["resources/templates/list"]["result"]["resourceTemplates"]> {
    return allPages(this.name, async (page) => {
      const { resourceTemplates, nextCursor } = await this.request("resources/templates/list", page, options);
      return { items: resourceTemplates, nextCursor };
    });
  }

  readResource(uri: string, options?: RequestOptions): Promise<ReadResourceResult> {
    return this.request("resources/read", { uri }, options);
  }

  async listAllPrompts(options?: RequestOptions): Promise<ClientRequests["prompts/list"]["result"]["prompts"]> {
    return allPages(this.name, async (page) => {
      const { prompts, nextCursor } = await this.request("prompts/list", page, options);
      return { items: prompts, nextCursor };
    });
  }

  getPrompt(name: string, args?: Record<string, string>, options?: RequestOptions): Promise<GetPromptResult> {
    return this.request("prompts/get", { name, arguments: args }, options);
  }

  async ping(options?: RequestOptions): Promise<void> {
    await this.request("ping", undefined, options);
  }

  /** Listens to a notification until the returned function is called. One that the protocol does not have comes unchecked. */
  on<M extends keyof ServerNotifications>(method: M, listener: (params: ServerNotifications[M]["params"]) => void): () => void;
  on(method: string, listener: (params: Readonly<Record<string, unknown>> | undefined) => void): () => void;
  on(method: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Answers a kind of request. The server is told -32601 of all others but ping. */
  handle<M extends keyof ServerRequests>(method: M, handler: ServerRequestHandler<M>): void {
    const asksUser = method === "elicitation/create";
    this.#desk.handle<M>(method, async (params, context) => {
      // A call cannot go on while its server waits for the user.
      const release = asksUser ? this.#correlator.hold() : undefined;
      try {
        return await handler(params, context);
      } finally {
        release?.();
      }
    });
  }

  /** Ends the connection and the server with all it started. What still waits is rejected. */
  async close(): Promise<void> {
    this.#end(new McpError("closed", `the connection to ${this.name} was closed`));
    await this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #capabilities(): ClientCapabilities {
    return {
      ...(this.#options.roots !== undefined && { roots: {} }),
      ...(this.#options.elicit !== undefined && { elicitation: { form: {}, url: {} } }),
      ...this.#options.capabilities,
    };
  }

  #ask<T extends object>({ method, params, check }: Question, options: RequestOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal, onProgress } = options;
      if (this.#ended !== undefined) return reject(this.#ended);
      if (signal?.aborted === true) return reject(new McpError("cancelled", `${method} was cancelled`, { cause: signal.reason }));
      const id = this.#nextId;
      this.#nextId += 1;
      this.#correlator.add({
        id,
        method,
        check,
        timeoutMs: options.timeoutMs ?? this.#usualTimeoutMs(method),
        maxTotalMs: options.maxTotalMs ?? this.#options.maxTotalMs ?? MAX_TOTAL_MS,
        signal,
        onProgress,
        // The check has made it that.
        resolve: resolve as (result: object) => void,
        reject,
      });
      const wantsProgress = method === "tools/call" || onProgress !== undefined;
      void this.#send({ id, method, params: wantsProgress ? withProgressToken(params, id) : params }, id);
    });
  }

  #usualTimeoutMs(method: string): number {
    if (method === "tools/call") return this.#options.callTimeoutMs ?? CALL_TIMEOUT_MS;
    if (method === "initialize") return this.#options.initializeTimeoutMs ?? INITIALIZE_TIMEOUT_MS;
    return this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  /** Settles when the message is on its way or has failed, which is told to whoever waits for its answer. */
  #send(message: OutgoingMessage, id?: RequestId): Promise<void> | undefined {
    try {
      return this.#transport.send({ text: encodeMessage(message), id })?.catch((error: unknown) => this.#notSent(error, id));
    } catch (error) {
      this.#notSent(error, id);
      return undefined;
    }
  }

  #notSent(error: unknown, id: RequestId | undefined): void {
    const failure = error instanceof McpError ? error : new McpError("closed", `${this.name} could not be reached`, { cause: error });
    if (id === undefined) this.#warn(`could not be told something: ${failure.message}`);
    else this.#fail(id, failure);
  }

  #receive(text: string): void {
    const parsed = parseMessage(text, TAKING_LISTS);
    if (parsed.type !== "batch") return this.#take(parsed);
    const { protocolVersion = "" } = this.#initialized ?? {};
    const requests = parsed.items.filter((item) => item.type === "request").map(({ message }) => message);
    for (const item of parsed.items) if (item.type !== "request") this.#take(item);
    if (hasBatches(protocolVersion)) return requests.length > 0 ? void this.#answerAll(requests) : undefined;
    // What waits for one of them would otherwise wait in vain.
    this.#warn("sends messages in lists, which this version of the protocol does not have");
    for (const message of requests) void this.#answer(message);
  }

  #take(parsed: ParsedMessage): void {
    switch (parsed.type) {
      case "result":
        return this.#takeResult(parsed.message);
      case "error":
        return this.#takeError(parsed.message);
      case "request":
        return void this.#answer(parsed.message);
      case "notification":
        return this.#takeNotification(parsed.message);
      case "invalid":
        return this.#takeInvalid(parsed);
    }
  }

  #takeResult({ id, result }: JSONRPCResultResponse): void {
    const known = this.#known(id);
    if (known !== undefined) this.#correlator.resolve(known, result);
  }

  #takeError({ id, error }: JSONRPCErrorResponse): void {
    const { code, message, data } = error;
    if (id === undefined || id === null) return this.#warn(`reports an error without an id: ${message} (${String(code)})`);
    const known = this.#known(id);
    if (known !== undefined)
      this.#correlator.reject(known, new McpError("rpc", `${this.name}: ${message} (${String(code)})`, { code, data }));
  }

  #takeInvalid({ id, reason, isAnswer }: InvalidMessage): void {
    const known = isAnswer ? this.#correlator.find(id) : undefined;
    if (known !== undefined) this.#correlator.reject(known, new McpError("protocol", `${this.name} answered wrongly: ${reason}`));
    else this.#warn(`sent an invalid message: ${reason}`);
  }

  #takeNotification(message: JSONRPCNotification): void {
    const narrowed = toServerNotification(message);
    const listeners = this.#listeners.get(message.method);
    if (!narrowed.ok && narrowed.code !== METHOD_NOT_FOUND) return listeners === undefined ? undefined : this.#warn(narrowed.reason);
    if (narrowed.ok) this.#takeKnown(narrowed.message);
    for (const listener of listeners ?? []) listener(message.params as never);
  }

  #takeKnown({ method, params }: ServerNotification): void {
    if (method === "notifications/progress") this.#correlator.progress(params);
    if (method === "notifications/cancelled" && params.requestId !== undefined) this.#desk.cancel(params.requestId);
  }

  async #answer(request: JSONRPCRequest): Promise<void> {
    if (this.#unread >= MAX_UNREAD_ANSWERS) return this.#warn("does not read the answers to what it asks; more of it is passed over");
    const answer = await this.#desk.answer(request);
    if (answer === undefined || this.#ended !== undefined) return;
    this.#unread += 1;
    await this.#send(answer);
    this.#unread -= 1;
  }

  /** Requests that came as one list are answered as one. */
  async #answerAll(requests: readonly JSONRPCRequest[]): Promise<void> {
    const answers = (await Promise.all(requests.map((request) => this.#desk.answer(request)))).filter((answer) => answer !== undefined);
    if (answers.length === 0 || this.#ended !== undefined) return;
    try {
      await this.#transport.send({ text: encodeBatch(answers) });
    } catch (error) {
      this.#warn(`could not be answered: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #known(id: RequestId): number | undefined {
    const known = this.#correlator.find(id);
    if (known === undefined) this.#warn(`answered a request that nobody waits for (id ${JSON.stringify(id)})`);
    else if (typeof id === "string") this.#warn(`answers with its ids as text (${JSON.stringify(id)})`);
    return known;
  }

  #fail(id: RequestId, error: McpError): void {
    const known = this.#correlator.find(id);
    if (known !== undefined) this.#correlator.reject(known, error);
  }

  #tellGivenUp({ id, method }: PendingRequest, reason: string): void {
    this.#transport.abandon?.(id);
    // The protocol forbids to cancel this one; the connection is closed instead.
    if (method !== "initialize") void this.#send({ method: "notifications/cancelled", params: { requestId: id, reason } });
  }

  #warn(said: string): void {
    const text = said.length > MAX_WARNING ? `${said.slice(0, MAX_WARNING)}…` : said;
    if (this.#warned.has(text) || this.#warned.size > MAX_WARNINGS) return;
    this.#warned.add(text);
    const last = this.#warned.size > MAX_WARNINGS;
    this.#options.onWarning?.(last ? `${this.name}: further warnings are not shown` : `${this.name} ${text}`);
  }

  #end(reason: McpError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#correlator.rejectAll(reason);
    this.#desk.cancelAll();
    this.#markClosed(reason);
  }
}

function withProgressToken(params: object | undefined, id: number): object {
  const meta = (params as { readonly _meta?: object } | undefined)?._meta;
  return { ...params, _meta: meta === undefined ? { progressToken: id } : { ...meta, progressToken: id } };
}

/** Like the protocol's own, but for the tools themselves. */
const checkToolPage: Check = (value) => {
  const { tools } = Object(value) as { readonly tools?: unknown };
  return checkPaginatedResult(value) ?? (Array.isArray(tools) ? undefined : { path: ["tools"], reason: "expected a list" });
};

function nameOf(tool: unknown): string {
  const { name } = Object(tool) as { readonly name?: unknown };
  return typeof name === "string" ? name : "(no name)";
}
