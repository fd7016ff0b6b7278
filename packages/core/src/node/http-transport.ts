import type * as http from "node:http";
import type { Socket } from "node:net";
import type { ModelHttpRequest, ModelHttpSink, ModelTransport, ModelTransportEnd } from "../host/host.ts";
import { openRoutes, type Route } from "./http-routes.ts";

export interface HttpTransportOptions {
  /** Read for `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The model transport over node:http and node:https: connections are kept and used again, answers are not compressed,
 * redirects are not followed. A kept connection that the server had closed meanwhile is replaced once without notice.
 */
export function openHttpTransport(options: HttpTransportOptions): ModelTransport {
  const routes = openRoutes(options.env);
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const active = new Set<() => void>();
  let closed = false;

  async function send(request: ModelHttpRequest, sink: ModelHttpSink, signal: AbortSignal): Promise<ModelTransportEnd> {
    if (signal.aborted) return { type: "aborted" };
    if (closed) return { type: "failed", kind: "unreachable", code: "CLOSED", message: "the transport is closed" };
    try {
      const route = await routes.find(new URL(request.url));
      if (isAborted(signal)) return { type: "aborted" };
      const first = await exchange({ request, sink, signal, route, connectTimeoutMs, active });
      if (first.type !== "stale") return first;
      route.dropIdle();
      const second = await exchange({ request, sink, signal, route, connectTimeoutMs, active });
      return second.type === "stale" ? { type: "failed", kind: "cut", code: second.code, message: second.message } : second;
    } catch (error) {
      return signal.aborted ? { type: "aborted" } : { type: "failed", kind: "unreachable", ...described(error) };
    }
  }

  async function close(): Promise<void> {
    closed = true;
    for (const stop of [...active]) stop();
    routes.close();
  }

  return { send, close };
}

interface Exchange {
  readonly request: ModelHttpRequest;
  readonly sink: ModelHttpSink;
  readonly signal: AbortSignal;
  readonly route: Route;
  readonly connectTimeoutMs: number;
  /** Ends the exchanges that are under way. */
  readonly active: Set<() => void>;
}

type ExchangeEnd = ModelTransportEnd | { readonly type: "stale"; readonly code: string; readonly message: string };

function exchange({ request, sink, signal, route, connectTimeoutMs, active }: Exchange): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    let connected = false;
    let answered = false;
    let over = false;

    const { body, headers, method } = request;
    const length = method === "GET" ? {} : { "content-length": Buffer.byteLength(body) };
    const outgoing = route.request({
      ...route.options,
      method,
      headers: { ...(route.options.headers as http.OutgoingHttpHeaders | undefined), ...headers, ...length },
    });
    const connectTimer = setTimeout(() => {
      const seconds = connectTimeoutMs / 1000;
      outgoing.destroy(Object.assign(new Error(`no connection within ${seconds} s`), { code: "ETIMEDOUT" }));
    }, connectTimeoutMs);

    function finish(end: ExchangeEnd): void {
      if (over) return;
      over = true;
      clearTimeout(connectTimer);
      signal.removeEventListener("abort", abort);
      active.delete(abort);
      resolve(end);
    }

    function abort(): void {
      finish({ type: "aborted" });
      outgoing.destroy();
    }

    function fail(error: unknown): void {
      const cause = described(error);
      if (!answered && outgoing.reusedSocket && isReset(cause.code)) finish({ type: "stale", ...cause });
      else finish({ type: "failed", kind: connected ? "cut" : "unreachable", ...cause });
    }

    outgoing.on("socket", (socket: Socket & { readonly encrypted?: boolean }) => {
      const ready = (): void => {
        connected = true;
        clearTimeout(connectTimer);
      };
      if (outgoing.reusedSocket) ready();
      else socket.once(socket.encrypted === true ? "secureConnect" : "connect", ready);
      socket.setNoDelay(true);
    });
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      connected = true;
      answered = true;
      if (over) return;
      sink.head(response.statusCode ?? 0, headersOf(response));
      response.on("data", (chunk: Uint8Array) => {
        if (!over) sink.data(chunk);
      });
      response.on("end", () => finish({ type: "ended" }));
      response.on("error", fail);
      response.on("close", () => finish({ type: "failed", kind: "cut", code: "ECONNRESET", message: "the connection was closed" }));
    });
    signal.addEventListener("abort", abort, { once: true });
    active.add(abort);
    outgoing.end(method === "GET" ? undefined : body);
  });
}

/** Asked anew: an abort may have come while something was waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function isReset(code: string): boolean {
  return code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED";
}

function headersOf(response: http.IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

/** Connecting by name may fail once per address; the first failure says what the others do. */
function described(error: unknown): { readonly code: string; readonly message: string } {
  const cause: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "UNKNOWN";
  return { code, message: cause instanceof Error ? cause.message : String(cause) };
}
