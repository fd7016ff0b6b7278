import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { encodeTurn, type EncodedTurn } from "./encode-turn.ts";
import { modelList, parseBody, wireOf, type RecordedRequest } from "./recorded-request.ts";
import { refuse, type ScriptedTurn } from "./scripted-turn.ts";

/** A model provider on a loopback socket that follows a script. */
export interface FakeResponsesServer {
  /** What to configure as `base_url`: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly port: number;
  /** The model requests so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** Resolves once `count` model requests have arrived in all. */
  received(count: number): Promise<void>;
  /** Puts new turns in place of what is left of the script. */
  setTurns(turns: readonly ScriptedTurn[]): void;
  /** Breaks every connection and stops listening. */
  close(): Promise<void>;
}

export interface FakeServerOptions {
  /** Names that the model list holds. */
  readonly models?: readonly string[];
  /** How long an unused connection is kept, ms; default 60,000. */
  readonly keepAliveMs?: number;
  /** Default: a free port. */
  readonly port?: number;
}

/**
 * Starts the server: `POST …/responses` and `POST …/chat/completions` are answered by the next of `turns` in their own format,
 * `GET …/models` by a list, anything else with 404. A request after the last turn is refused with a 400 that says so.
 */
export async function startFakeResponsesServer(
  turns: readonly ScriptedTurn[],
  options: FakeServerOptions = {},
): Promise<FakeResponsesServer> {
  const started = performance.now();
  const requests: RecordedRequest[] = [];
  let left = [...turns];
  let connections = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const rawBody = await readBody(request);
    const wire = wireOf(path);
    if (wire === undefined || request.method !== "POST") {
      const isList = path.split("?")[0]?.endsWith("/models") === true;
      response.writeHead(isList ? 200 : 404, { "content-type": "application/json" });
      response.end(isList ? modelList(options.models ?? []) : "{}");
      return;
    }
    const body = parseBody(rawBody);
    requests.push({ method: "POST", path, headers: flatHeaders(request.headers), rawBody, body, atMs: performance.now() - started });
    const number = requests.length;
    for (const { count, resolve } of waiting) if (number >= count) resolve();
    const turn = left.shift() ?? refuse(400, `the script has no turn for request ${number}`);
    await deliver(encodeTurn(turn, { wire, number, model: String(body["model"]) }), response);
  }

  const server = http.createServer(
    { keepAliveTimeout: options.keepAliveMs ?? 60_000, requestTimeout: 0, noDelay: true },
    (request, response) => {
      // A client that goes away in the middle is what tests are made of.
      answer(request, response).catch(() => response.destroy());
    },
  );
  server.on("connection", () => void (connections += 1));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    get connections() {
      return connections;
    },
    received: (count) => (requests.length >= count ? Promise.resolve() : new Promise((resolve) => void waiting.push({ count, resolve }))),
    setTurns: (next) => void (left = [...next]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function flatHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

async function deliver({ head, writes, end, delivery }: EncodedTurn, response: http.ServerResponse): Promise<void> {
  await pause(delivery.delayMs);
  if (head !== undefined) {
    response.writeHead(head.status, head.headers);
    response.flushHeaders();
  }
  for (const write of writes) {
    if (response.destroyed) return;
    // oxlint-disable-next-line no-await-in-loop -- writes come one after another
    await writeAll(response, write);
    // oxlint-disable-next-line no-await-in-loop -- a torn event must arrive in pieces, so each write gets its own packet
    if (writes.length > 1) await pause(delivery.deltaDelayMs ?? 0);
  }
  if (end === "clean") response.end();
  // What was written goes out before the reset, which would discard it.
  else if (end === "destroy") setImmediate(() => response.destroy());
}

function writeAll(response: http.ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (response.write(bytes)) return resolve();
    response.once("close", resolve);
    response.once("drain", resolve);
  });
}

function pause(ms: number | undefined): Promise<void> {
  if (ms === undefined) return Promise.resolve();
  return ms === 0 ? new Promise((resolve) => void setImmediate(resolve)) : new Promise((resolve) => void setTimeout(resolve, ms));
}
