import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Must be read to its end, or the request aborted. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends one request; resolves when the answer's head is there. No redirects, no limits of time. */
export type HttpExchange = (request: HttpRequest) => Promise<HttpResponse>;

/** How requests to one address travel: what makes them, and its options but for method and body. */
export interface HttpRoute {
  readonly request: typeof httpRequest;
  readonly options: RequestOptions;
}

/** Exchanges over node:http. `routeTo` finds the way, for instance through a proxy; without it requests go straight, and connections are kept. */
export function openNodeExchange(routeTo: (url: URL) => HttpRoute | Promise<HttpRoute> = directRoutes()): HttpExchange {
  return async ({ method, url, headers, body, signal }) => {
    const { request, options } = await routeTo(url);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const all = { ...(options.headers as OutgoingHttpHeaders | undefined), ...headers, ...length };
    return exchange(() => request({ ...options, method, headers: all }), body, signal);
  };
}

function directRoutes(): (url: URL) => HttpRoute {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  return (url) =>
    url.protocol === "https:"
      ? { request: httpsRequest, options: { ...urlToHttpOptions(url), agent: secure } }
      : { request: httpRequest, options: { ...urlToHttpOptions(url), agent: plain } };
}

function exchange(open: () => ClientRequest, body: string | undefined, signal: AbortSignal): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("the request was aborted"));
    const outgoing = open();
    // Destroyed without an error: between the end of an answer and the reuse of its connection nobody listens for one, and it would end
    // the program. Node's own `signal` option does just that.
    const onAbort = (): void => {
      outgoing.destroy();
      reject(new Error("the request was aborted"));
    };
    const done = (): void => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    outgoing.setNoDelay(true);
    outgoing.on("error", reject);
    outgoing.on("close", done);
    outgoing.on("response", (incoming: IncomingMessage) => {
      incoming.on("close", done);
      // Whoever reads the body sees the error as well; without a listener it would end the program when nobody reads any more.
      incoming.on("error", () => undefined);
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming });
    });
    outgoing.end(body);
  });
}

/** The whole body as text. Rejects when it is longer than the limit. */
export async function bodyText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the answer is larger than ${String(maxBytes)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
