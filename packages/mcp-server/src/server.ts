import type { Clock } from "@codex/core";
import {
  hasBatches,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  isSupportedProtocolVersion,
  MCP_SCHEMA_VERSION,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  parseMessage,
  toClientNotification,
  toClientRequest,
  type CallToolRequestParams,
  type ClientRequest,
  type InitializeRequestParams,
  type InitializeResult,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type OutgoingMessage,
  type OverlongLine,
  type ParsedMessage,
  type RequestId,
} from "@codex/mcp-types";
import { TOOLS } from "./generated/tools.ts";
import { HostRequests } from "./host-requests.ts";
import type { Outbox } from "./outbox.ts";
import { Progress } from "./progress.ts";
import type { HostPort, ToolRunner } from "./tool-runner.ts";
import { VERSION } from "./version.ts";

export interface McpServerOptions {
  readonly outbox: Outbox;
  readonly clock: Pick<Clock, "timer">;
  /** Called once, by the first call of a tool: the agent and its libraries are large. */
  readonly openTools: (host: HostPort) => Promise<ToolRunner>;
  /** Told what the host does wrong, and faults of ours. */
  readonly warn: (text: string) => void;
}

/** What a message is answered with; undefined: nothing. */
type Reply = OutgoingMessage | undefined | Promise<OutgoingMessage | undefined>;

interface OpenCall {
  readonly controller: AbortController;
  readonly progress: Progress;
  /** The host took it back: it gets no answer. */
  cancelled: boolean;
}

const INSTRUCTIONS =
  "Codex is a coding agent. `codex` starts a thread on a task, `codex-reply` goes on with it, `codex-close` closes it. Each thread is a conversation with its own folder and permissions.";

/** One connection to one host: reads its messages, answers every request once, and owns the calls that run. */
export class McpServer {
  readonly #options: McpServerOptions;
  readonly #outbox: Outbox;
  readonly #requests: HostRequests;
  readonly #calls = new Map<RequestId, OpenCall>();
  readonly #replies = new Set<Promise<void>>();
  #host: InitializeRequestParams | undefined;
  #version: string | undefined;
  #tools: Promise<ToolRunner> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.#outbox = options.outbox;
    this.#requests = new HostRequests(options.outbox, options.clock);
  }

  get isInitialized(): boolean {
    return this.#host !== undefined;
  }

  /** The protocol version that was agreed on; undefined before `initialize`. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Takes one line. */
  receive(text: string): void {
    const parsed = this.#version !== undefined && hasBatches(this.#version) ? parseMessage(text, { batches: true }) : parseMessage(text);
    if (parsed.type === "batch") this.#track(this.#takeBatch(parsed.items));
    else this.#reply(this.#take(parsed));
  }

  /** Takes a line that begins like no message. */
  receiveGarbage(head: string): void {
    this.#options.warn(`a line is no JSON-RPC message: ${JSON.stringify(head)}`);
    this.#outbox.send(failure(null, PARSE_ERROR, "not JSON: a message is one JSON object on one line"));
  }

  /** Takes a line that was too long to be kept. */
  receiveOverlong({ bytes, head, tail }: OverlongLine): void {
    const id = idAtEnds(head, tail);
    const reason = `the message is too long: ${String(bytes)} bytes`;
    this.#options.warn(reason);
    this.#outbox.send(failure(id, INVALID_REQUEST, reason));
  }

  /** Stops all calls and threads. Resolves when every request has its answer; later ones are refused. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#requests.close();
    await (await this.#tools?.catch(() => undefined))?.close();
    await Promise.all(this.#replies);
  }

  #take(parsed: ParsedMessage): Reply {
    switch (parsed.type) {
      case "request":
        return this.#answer(parsed.message);
      case "notification":
        this.#notice(parsed.message);
        return undefined;
      case "result":
      case "error":
        if (!this.#requests.answer(parsed.message)) this.#options.warn(`an answer to no request: id ${JSON.stringify(parsed.message.id)}`);
        return undefined;
      case "invalid": {
        const { id, reason, code, isAnswer } = parsed;
        this.#options.warn(`a message cannot be used: ${reason}`);
        if (!isAnswer) return failure(id, code, reason);
        if (id !== null) this.#requests.refuse(id, reason);
        return undefined;
      }
    }
  }

  /** One list of answers, in the order of the requests, once all are there. */
  async #takeBatch(items: readonly ParsedMessage[]): Promise<void> {
    const replies = await Promise.all(items.map(async (item) => this.#take(item)));
    const answers = replies.filter((reply) => reply !== undefined);
    if (answers.length > 0) this.#outbox.send(answers);
  }

  #reply(reply: Reply): void {
    if (reply instanceof Promise) {
      this.#track(
        reply.then((answer) => {
          if (answer !== undefined) this.#outbox.send(answer);
        }),
      );
    } else if (reply !== undefined) this.#outbox.send(reply);
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#options.warn(`a fault inside: ${String(error)}`))
      .finally(() => this.#replies.delete(tracked));
    this.#replies.add(tracked);
  }

  #answer(request: JSONRPCRequest): Reply {
    const { id, method } = request;
    // Looked at first: a request that nobody serves is that, whatever its params are.
    if (!SERVED.has(method)) return notFound(id, method);
    if (this.#calls.has(id)) return failure(id, INVALID_REQUEST, `the id ${JSON.stringify(id)} is that of a call that still runs`);
    const narrowed = toClientRequest(request);
    if (!narrowed.ok) return failure(id, narrowed.code, narrowed.reason);
    if (this.#host === undefined && method !== "initialize" && method !== "ping") {
      return failure(id, INVALID_REQUEST, `${method} came before initialize`);
    }
    return this.#serve(id, narrowed.message);
  }

  #serve(id: RequestId, request: ClientRequest): Reply {
    switch (request.method) {
      case "initialize":
        return this.#initialize(id, request.params);
      case "tools/list":
        // All tools are on the first page, so no cursor is one of ours.
        return request.params?.cursor === undefined
          ? { id, result: { tools: TOOLS } }
          : failure(id, INVALID_PARAMS, `unknown cursor: ${request.params.cursor}`);
      case "tools/call":
        return this.#callTool(id, request.params);
      case "ping":
        return { id, result: {} };
      default:
        return notFound(id, request.method);
    }
  }

  #initialize(id: RequestId, params: InitializeRequestParams): OutgoingMessage {
    if (this.#host !== undefined) return failure(id, INVALID_REQUEST, "initialize was called before");
    const { protocolVersion } = params;
    this.#host = params;
    this.#version = isSupportedProtocolVersion(protocolVersion) ? protocolVersion : MCP_SCHEMA_VERSION;
    const result: InitializeResult = {
      protocolVersion: this.#version,
      capabilities: { tools: {} },
      serverInfo: { name: "codex-mcp-server", title: "Codex", version: VERSION },
      instructions: INSTRUCTIONS,
    };
    return { id, result };
  }

  async #callTool(id: RequestId, params: CallToolRequestParams): Promise<OutgoingMessage | undefined> {
    if (!TOOLS.some(({ name }) => name === params.name)) {
      const names = TOOLS.map(({ name }) => name).join(", ");
      return failure(id, INVALID_PARAMS, `unknown tool: ${params.name}; there are ${names}`);
    }
    if (this.#closing !== undefined) return failure(id, INTERNAL_ERROR, "the server is shutting down");
    const progress = new Progress(params._meta?.progressToken, this.#outbox, this.#options.clock);
    const call: OpenCall = { controller: new AbortController(), progress, cancelled: false };
    this.#calls.set(id, call);
    try {
      const tools = await (this.#tools ??= this.#options.openTools(this.#hostPort()));
      const { signal } = call.controller;
      const result = await tools.call({ id, name: params.name, arguments: params.arguments ?? {}, progress, signal });
      return call.cancelled ? undefined : { id, result };
    } catch (error) {
      this.#options.warn(
        `the call ${JSON.stringify(id)} failed inside: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return call.cancelled ? undefined : failure(id, INTERNAL_ERROR, `a fault in Codex: ${messageOf(error)}`);
    } finally {
      progress.end();
      if (this.#calls.get(id) === call) this.#calls.delete(id);
    }
  }

  #notice(message: JSONRPCNotification): void {
    const narrowed = toClientNotification(message);
    if (!narrowed.ok) return this.#options.warn(narrowed.reason);
    if (narrowed.message.method !== "notifications/cancelled") return;
    const { requestId } = narrowed.message.params;
    const call = requestId === undefined ? undefined : this.#calls.get(requestId);
    if (requestId === undefined || call === undefined) return;
    call.cancelled = true;
    call.progress.end();
    // The id is free from here on; the call's own end comes later.
    this.#calls.delete(requestId);
    call.controller.abort();
  }

  #hostPort(): HostPort {
    const { elicitation } = this.#host?.capabilities ?? {};
    return {
      // An empty object is what hosts said before there were several kinds.
      canElicit: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
      notify: (message) => this.#outbox.send(message),
      ask: (question) => this.#requests.ask(question),
      ready: (signal) => this.#outbox.ready(signal),
    };
  }
}

const SERVED: ReadonlySet<string> = new Set(["initialize", "ping", "tools/list", "tools/call"]);

function failure(id: RequestId | null, code: number, message: string): OutgoingMessage {
  return { id, error: { code, message } };
}

function notFound(id: RequestId, method: string): OutgoingMessage {
  return { id, error: { code: METHOD_NOT_FOUND, message: `method not found: ${method}`, data: { method } } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The id of a message of which only the ends are known, where it is certain that it is the message's own. */
function idAtEnds(head: string, tail: string): RequestId | null {
  const id =
    /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15}|"[^"\\]{0,200}")\s*,/.exec(head.trimStart())?.[1] ??
    // One closing brace, so that it stands in the outermost object.
    /,\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{0,200}")\s*\}\s*$/.exec(tail)?.[1];
  return id === undefined ? null : (JSON.parse(id) as RequestId);
}
