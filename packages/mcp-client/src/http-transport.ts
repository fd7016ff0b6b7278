import type { RequestId } from "@codex/mcp-types";
import { McpError, messageOf } from "./error.ts";
import { bodyText, openNodeExchange, type HttpExchange, type HttpResponse } from "./http/exchange.ts";
import { openSseReader } from "./http/sse.ts";
import type { Envelope, Receiver, Transport } from "./transport.ts";

/** A server on the network that speaks streamable HTTP. */
export interface HttpServerSpec {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Asked before every request. */
  readonly bearerToken?: (() => string | undefined | Promise<string | undefined>) | undefined;
}

export interface HttpOptions {
  /** How messages call the server. Default: its URL without query. */
  readonly name?: string | undefined;
  /** Carries the requests, for instance through a proxy. Default: straight over node:http. */
  readonly exchange?: HttpExchange | undefined;
  /** Gets a token when the server wants one and `bearerToken` gave none or an old one. */
  readonly authorize?: HttpAuthorizer | undefined;
  /** A longer message fails its request. Default 32 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

export interface HttpAuthorizer {
  /** The token at hand, renewed when it has run out. */
  token(): Promise<string | undefined>;
  /** The server refused with this challenge; whether it is worth another try. */
  renew(challenge: AuthChallenge, signal: AbortSignal): Promise<boolean>;
}

export interface AuthChallenge {
  readonly status: 401 | 403;
  /** The `WWW-Authenticate` header. */
  readonly header: string;
}

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_RECONNECTS = 8;
const MAX_RENEWALS = 3;
const MAX_MOVES = 3;
const RETRY_MS = 1000;
/** Whatever the server says: it is not to be called without a pause. */
const LEAST_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;
const GOODBYE_MS = 2000;

export function openHttpTransport(spec: HttpServerSpec, options: HttpOptions = {}): Transport {
  return new HttpTransport(spec, options);
}

/** What a stream has told so far, for the next connection to go on from there. */
interface StreamState {
  lastId: string | undefined;
  retryMs: number | undefined;
  /** What broke it off. */
  fault?: string;
}

class HttpTransport implements Transport {
  readonly name: string;
  readonly pid = undefined;
  readonly stderrTail = "";
  readonly #spec: HttpServerSpec;
  readonly #options: HttpOptions;
  #url: URL;
  readonly #exchange: HttpExchange;
  readonly #closing = new AbortController();
  /** Requests whose answer is awaited. */
  readonly #open = new Map<RequestId, AbortController>();
  #receiver: Receiver | undefined;
  #session: string | undefined;
  #version: string | undefined;
  #listening = false;
  #closed: Promise<void> | undefined;

  constructor(spec: HttpServerSpec, options: HttpOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#url = new URL(spec.url);
    this.name = options.name ?? this.#url.origin + this.#url.pathname;
    this.#exchange = options.exchange ?? openNodeExchange();
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  agreed(version: string): void {
    this.#version = version;
  }

  async send({ text, id }: Envelope): Promise<void> {
    const controller = new AbortController();
    if (id !== undefined) this.#open.set(id, controller);
    const signal = AbortSignal.any([this.#closing.signal, controller.signal]);
    try {
      const response = await this.#request("POST", { body: text, signal });
      this.#session ??= headerOf(response, "mcp-session-id");
      await this.#take(response, id, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof McpError
        ? error
        : new McpError("closed", `${this.name} could not be reached: ${messageOf(error)}`, { cause: error });
    } finally {
      if (id !== undefined) this.#open.delete(id);
    }
  }

  abandon(id: RequestId): void {
    this.#open.get(id)?.abort();
  }

  close(): Promise<void> {
    this.#closed ??= this.#sayGoodbye();
    return this.#closed;
  }

  /** The session ends on the server too, if it can be told in time. */
  async #sayGoodbye(): Promise<void> {
    this.#closing.abort();
    if (this.#session === undefined) return;
    try {
      const headers = await this.#headers({});
      const { body } = await this.#exchange({ method: "DELETE", url: this.#url, headers, signal: AbortSignal.timeout(GOODBYE_MS) });
      await bodyText(body, MAX_ERROR_BYTES);
    } catch {
      // The server forgets the session by itself some day.
    }
  }

  async #take(response: HttpResponse, id: RequestId | undefined, signal: AbortSignal): Promise<void> {
    const type = headerOf(response, "content-type") ?? "";
    if (response.status === 200 && type.startsWith("text/event-stream")) return this.#takeStream(response, id, signal);
    const text = await this.#wholeBody(response);
    if (response.status === 200 && type.startsWith("application/json")) {
      this.#receiver?.message(text);
      // Nothing more comes on this connection.
      if (id !== undefined && this.#receiver?.waitsFor(id) === true)
        throw new McpError("protocol", `${this.name} answered with something that is no answer to the request${shortened(text)}`);
      return;
    }
    if (id !== undefined)
      throw new McpError(
        "protocol",
        `${this.name} answered with status ${String(response.status)} and ${type === "" ? "no content" : type}`,
      );
    this.#listen();
  }

  async #wholeBody({ body }: HttpResponse): Promise<string> {
    try {
      return await bodyText(body, this.#maxBytes());
    } catch (error) {
      throw new McpError("protocol", `${this.name} gave no whole answer: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Delivers the events; a stream that breaks off before the answer is taken up again where it ended. */
  async #takeStream(first: HttpResponse, id: RequestId | undefined, signal: AbortSignal): Promise<void> {
    const state: StreamState = { lastId: undefined, retryMs: undefined };
    let response: HttpResponse | undefined = first;
    for (let failures = 0; ;) {
      const delivered: number = response === undefined ? 0 : await this.#deliver(response, state);
      if (id === undefined || signal.aborted || this.#receiver?.waitsFor(id) !== true) return;
      failures = delivered > 0 ? 0 : failures + 1;
      if (state.lastId === undefined || failures > MAX_RECONNECTS)
        throw new McpError("closed", `${this.name} ended the stream before its answer${state.fault ?? ""}`);
      await pause(retryDelay(state, failures), signal);
      if (signal.aborted) return;
      response = await this.#resume(state, signal);
    }
  }

  async #resume(state: StreamState, signal: AbortSignal): Promise<HttpResponse | undefined> {
    try {
      return await this.#request("GET", { lastId: state.lastId, signal });
    } catch (error) {
      if (error instanceof McpError) throw error;
      return undefined;
    }
  }

  /** How many messages came. A stream that breaks ends like one that is closed. */
  async #deliver(response: HttpResponse, state: StreamState): Promise<number> {
    let messages = 0;
    const reader = openSseReader(this.#maxBytes(), ({ data }) => {
      messages += 1;
      this.#receiver?.message(data);
    });
    try {
      for await (const chunk of response.body) {
        reader.push(chunk);
        state.lastId = reader.lastId ?? state.lastId;
        state.retryMs = reader.retryMs ?? state.retryMs;
      }
    } catch (error) {
      state.fault = `: ${messageOf(error)}`;
      if (!this.#closing.signal.aborted) this.#receiver?.warning(`broke off a stream${state.fault}`);
    }
    return messages;
  }

  /** Opens the stream on which the server speaks of its own accord, once; not every server has one. */
  #listen(): void {
    if (this.#listening || this.#version === undefined) return;
    this.#listening = true;
    void this.#listenOn().catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#receiver?.warning(`cannot send messages of its own: ${messageOf(error)}`);
    });
  }

  async #listenOn(): Promise<void> {
    const { signal } = this.#closing;
    const state: StreamState = { lastId: undefined, retryMs: undefined };
    for (let failures = 0; failures <= MAX_RECONNECTS && !signal.aborted;) {
      const response = await this.#exchangeOnce("GET", { lastId: state.lastId, signal }).catch(() => undefined);
      const isStream = response?.status === 200 && (headerOf(response, "content-type") ?? "").startsWith("text/event-stream");
      if (response !== undefined && !isStream) {
        await bodyText(response.body, MAX_ERROR_BYTES);
        return;
      }
      const delivered = response === undefined ? 0 : await this.#deliver(response, state);
      failures = delivered > 0 ? 0 : failures + 1;
      await pause(retryDelay(state, failures), signal);
    }
  }

  /** Rejects when the status tells of a failure; a refusal for want of a token is tried again once there is one. */
  async #request(method: "GET" | "POST", options: ExchangeOptions): Promise<HttpResponse> {
    for (let renewals = 0; ; renewals += 1) {
      const response = await this.#exchangeOnce(method, options);
      const { status } = response;
      if (status < 400) return response;
      const text = await bodyText(response.body, MAX_ERROR_BYTES).catch(() => "");
      if (status !== 401 && status !== 403) throw this.#refusal(status, text);
      const header = headerOf(response, "www-authenticate") ?? "";
      const again = renewals < MAX_RENEWALS && (await this.#options.authorize?.renew({ status, header }, options.signal));
      if (again !== true) throw this.#unauthorized(status, text);
    }
  }

  async #exchangeOnce(method: "GET" | "POST", { body, lastId, signal }: ExchangeOptions): Promise<HttpResponse> {
    for (let moves = 0; ; moves += 1) {
      const headers = await this.#headers({
        accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(lastId !== undefined && { "last-event-id": lastId }),
      });
      const response = await this.#exchange({ method, url: this.#url, headers, body, signal });
      const location = response.status === 307 || response.status === 308 ? headerOf(response, "location") : undefined;
      if (location === undefined) return response;
      await bodyText(response.body, MAX_ERROR_BYTES);
      if (moves >= MAX_MOVES) throw new McpError("http", `${this.name} moves without end`, { code: response.status });
      this.#move(new URL(location, this.#url));
    }
  }

  /** Within the server only: elsewhere the token is nobody's business. */
  #move(to: URL): void {
    if (to.origin !== this.#url.origin)
      throw new McpError("http", `${this.name} has moved to ${to.origin}, which is for you to decide`, { code: 308 });
    this.#url = to;
  }

  async #headers(own: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const token = (await this.#spec.bearerToken?.()) ?? (await this.#options.authorize?.token());
    return {
      ...lowerCased(this.#spec.headers ?? {}),
      ...own,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(this.#session !== undefined && { "mcp-session-id": this.#session }),
      ...(this.#version !== undefined && { "mcp-protocol-version": this.#version }),
    };
  }

  #refusal(status: number, text: string): McpError {
    if (status === 404 && this.#session !== undefined) {
      const ended = new McpError("closed", `${this.name} has ended the session`, { code: status });
      this.#receiver?.ended(ended);
      return ended;
    }
    return new McpError("http", `${this.name} refused with status ${String(status)}${shortened(text)}`, { code: status });
  }

  #unauthorized(status: number, text: string): McpError {
    const hint = status === 401 ? "Log in to the server, or give a bearer token." : "The token does not allow this.";
    return new McpError("auth", `${this.name} refused with status ${String(status)}${shortened(text)}`, { code: status, hint });
  }

  #maxBytes(): number {
    return this.#options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
  }
}

interface ExchangeOptions {
  readonly body?: string;
  readonly lastId?: string | undefined;
  readonly signal: AbortSignal;
}

function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line === "" ? "" : `: ${line.slice(0, 300)}`;
}

function retryDelay({ retryMs }: StreamState, failures: number): number {
  const ms = Math.max(retryMs ?? RETRY_MS * 2 ** Math.max(0, failures - 1), LEAST_RETRY_MS);
  return Math.min(ms, MAX_RETRY_MS);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
