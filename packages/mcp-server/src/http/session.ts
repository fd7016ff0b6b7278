import type { ServerResponse } from "node:http";
import {
  hasBatches,
  INVALID_REQUEST,
  parseMessage,
  type JSONRPCRequest,
  type OutgoingMessage,
  type ParsedMessage,
  type RequestId,
} from "@codex/mcp-types";
import { openTools, systemClock } from "../open-tools.ts";
import { Outbox } from "../outbox.ts";
import { McpServer } from "../server.ts";
import type { ServerSettings } from "../server-flags.ts";
import { EventLog } from "./event-log.ts";
import { EventStream, parseEventId } from "./event-stream.ts";

export interface SessionOptions {
  readonly id: string;
  readonly settings: ServerSettings;
  readonly warn: (text: string) => void;
}

/** What a posted message is answered on. */
interface Reply {
  /** Requests that wait for their answers. */
  readonly open: Set<RequestId>;
  readonly response: ServerResponse;
  /** Opened by the first message that is not the only answer. */
  stream: EventStream | undefined;
}

/** The first version whose readers know an event without data, which only gives them an id to come back with. */
const PRIMED_SINCE = "2025-11-25";

/** One host that came over HTTP. Each message goes out on the answer to the request that it belongs to, the others on the host's own stream. */
export class HttpSession {
  readonly id: string;
  /** When it was last spoken to; by the caller's clock. */
  usedAt = 0;
  readonly #server: McpServer;
  readonly #outbox: Outbox;
  readonly #replies = new Map<RequestId, Reply>();
  readonly #tokens = new Map<unknown, RequestId>();
  /** Our questions, and the call each was asked in. */
  readonly #questions = new Map<RequestId, RequestId>();
  readonly #log = new EventLog();
  /** The host's own stream, for what belongs to no request. */
  readonly #own: EventStream;
  #streams = 0;
  /** The message that is being taken: what cannot say whose answer it is belongs to that. */
  #current: Reply | undefined;

  constructor({ id, settings, warn }: SessionOptions) {
    this.id = id;
    this.#own = this.#newStream();
    this.#outbox = new Outbox({ write: (text, message) => this.#write(text, message) });
    this.#server = new McpServer({
      outbox: this.#outbox,
      clock: systemClock,
      warn,
      openTools: (host) => openTools(settings, { host, warn }),
    });
  }

  /** Whether something runs or is listened to. */
  get isBusy(): boolean {
    return this.#replies.size > 0 || this.#own.isOpen;
  }

  /** Whether a host has introduced itself. */
  get isOpen(): boolean {
    return this.#server.isInitialized;
  }

  /** Takes what was posted, and answers on `response`: at once, or as a stream while a call runs. */
  post(text: string, response: ServerResponse): void {
    const { version } = this.#server;
    const parsed = version !== undefined && hasBatches(version) ? parseMessage(text, { batches: true }) : parseMessage(text);
    const items = parsed.type === "batch" ? parsed.items : [parsed];
    const requests = items.flatMap((item) => (item.type === "request" ? [item.message] : []));
    const repeated = requests.find(({ id }, index) => this.#replies.has(id) || requests.findIndex((one) => one.id === id) !== index);
    if (repeated !== undefined)
      return refuse(response, repeated.id, `the id ${JSON.stringify(repeated.id)} is that of a request that is open`);
    const reply: Reply = { open: new Set(requests.map(({ id }) => id)), response, stream: undefined };
    for (const request of requests) this.#expect(request, reply);
    this.#current = reply;
    this.#server.receive(text);
    this.#current = undefined;
    for (const id of cancelledBy(items)) this.#close(id);
    if (requests.length === 0 && !response.writableEnded) response.writeHead(202).end();
  }

  /** Goes on with the host's own stream; the connection before it ends. */
  listen(response: ServerResponse): void {
    this.#connect(this.#own, response);
  }

  /** Takes up the stream that broke after this event, also one whose last message is sent already. False when no stream has given the id. */
  resume(lastEventId: string, response: ServerResponse): boolean {
    const place = parseEventId(lastEventId);
    if (place === undefined || place.stream >= this.#streams) return false;
    const running = [this.#own, ...[...this.#replies.values()].map(({ stream }) => stream)].find((stream) => stream?.key === place.stream);
    const stream = running ?? this.#newStream(place.stream);
    this.#connect(stream, response, place.number);
    if (running === undefined) stream.end();
    return true;
  }

  /** Stops all calls and threads; what is open is answered. */
  async close(): Promise<void> {
    this.#outbox.end();
    await this.#server.close();
    for (const id of this.#replies.keys()) this.#close(id);
    this.#own.end();
  }

  #newStream(key = this.#streams++): EventStream {
    return new EventStream({ key, log: this.#log, onDrained: () => this.#drained() });
  }

  #connect(stream: EventStream, response: ServerResponse, after?: number): void {
    stream.connect(response, { after, primed: (this.#server.version ?? "") >= PRIMED_SINCE });
  }

  #expect({ id, params }: JSONRPCRequest, reply: Reply): void {
    this.#replies.set(id, reply);
    const { progressToken: token } = Object(params?.["_meta"]) as { readonly progressToken?: unknown };
    if (token !== undefined) this.#tokens.set(token, id);
  }

  #write(text: string, message: OutgoingMessage | readonly OutgoingMessage[]): boolean {
    const answered = answeredBy(message);
    const reply = this.#replyFor(message);
    if (reply === undefined) this.#own.send(text);
    else if (answered.length > 0 && reply.stream === undefined && answered.length >= reply.open.size) this.#answerAtOnce(text, reply);
    else this.#streamOf(reply).send(text);
    for (const id of answered) if (id !== null) this.#close(id);
    return !this.#isBehind();
  }

  #answerAtOnce(text: string, { response }: Reply): void {
    const isError = text.startsWith('{"jsonrpc":"2.0","id":null');
    response.writeHead(isError ? 400 : 200, {
      "content-type": "application/json",
      ...(this.#current !== undefined && this.#server.isInitialized && { "mcp-session-id": this.id }),
    });
    response.end(text);
  }

  #streamOf(reply: Reply): EventStream {
    if (reply.stream === undefined) {
      reply.stream = this.#newStream();
      this.#connect(reply.stream, reply.response);
    }
    return reply.stream;
  }

  #replyFor(message: OutgoingMessage | readonly OutgoingMessage[]): Reply | undefined {
    const [one] = isList(message) ? message : [message];
    if (one === undefined) return undefined;
    if ("method" in one) return this.#replies.get(this.#callOf(one) ?? "");
    return one.id === null || one.id === undefined ? this.#current : (this.#replies.get(one.id) ?? this.#current);
  }

  /** The call that a message of ours is sent in the course of. */
  #callOf(message: Extract<OutgoingMessage, { readonly method: string }>): RequestId | undefined {
    const { _meta, progressToken, requestId, codex_mcp_tool_call_id: callId } = (message.params ?? {}) as Readonly<Record<string, unknown>>;
    switch (message.method) {
      case "codex/event":
        return (_meta as { readonly requestId?: RequestId } | undefined)?.requestId;
      case "notifications/progress":
        return this.#tokens.get(progressToken);
      case "notifications/cancelled":
        return this.#questions.get(requestId as RequestId);
      default: {
        // It is told as text, whatever it was.
        const call = [...this.#replies.keys()].find((id) => String(id) === callId);
        if ("id" in message && call !== undefined) this.#questions.set(message.id, call);
        return call;
      }
    }
  }

  /** Nothing more comes for the request. */
  #close(id: RequestId): void {
    const reply = this.#replies.get(id);
    if (reply === undefined) return;
    this.#replies.delete(id);
    for (const [token, of] of this.#tokens) if (of === id) this.#tokens.delete(token);
    for (const [question, of] of this.#questions) if (of === id) this.#questions.delete(question);
    reply.open.delete(id);
    if (reply.open.size > 0) return;
    if (reply.stream !== undefined) reply.stream.end();
    else if (!reply.response.writableEnded) reply.response.writeHead(202).end();
  }

  #isBehind(): boolean {
    return this.#own.isBehind || [...this.#replies.values()].some(({ stream }) => stream?.isBehind === true);
  }

  #drained(): void {
    if (!this.#isBehind()) this.#outbox.drained();
  }
}

/** The requests that the message answers. */
function answeredBy(message: OutgoingMessage | readonly OutgoingMessage[]): readonly (RequestId | null)[] {
  return (isList(message) ? message : [message]).flatMap((one) => ("method" in one ? [] : [one.id ?? null]));
}

/** The requests that the host takes back: they get no answer. */
function cancelledBy(items: readonly ParsedMessage[]): readonly RequestId[] {
  return items.flatMap((item) => {
    if (item.type !== "notification" || item.message.method !== "notifications/cancelled") return [];
    const { requestId } = (item.message.params ?? {}) as { readonly requestId?: RequestId };
    return requestId === undefined ? [] : [requestId];
  });
}

function refuse(response: ServerResponse, id: RequestId, message: string): void {
  response.writeHead(400, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: INVALID_REQUEST, message } }));
}

function isList(message: OutgoingMessage | readonly OutgoingMessage[]): message is readonly OutgoingMessage[] {
  return Array.isArray(message);
}
