import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { INVALID_REQUEST } from "@codex/mcp-types";
import { atMost, CLOSE_LIMIT_MS, toldToEnd } from "../ending.ts";
import { IDLE_MS } from "../open-tools.ts";
import type { ListenAddress, ServerSettings } from "../server-flags.ts";
import { limitedWarnings } from "../warnings.ts";
import { PATH, refusalOf, type Refusal } from "./guard.ts";
import { HttpSession } from "./session.ts";

const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** For the last answers to be taken. */
const FLUSH_LIMIT_MS = 200;
const MAX_SESSIONS = 32;
const MIN_TOKEN_LENGTH = 16;
const SWEEP_EVERY_MS = 60_000;
const TOKEN_VARIABLE = "CODEX_MCP_SERVER_TOKEN";

/**
 * Serves hosts on this machine over streamable HTTP until SIGTERM, SIGINT or SIGHUP comes. Prints the address on stdout once it listens.
 * Returns the exit code; the caller then ends the process.
 */
export async function runHttpServer(address: ListenAddress, settings: ServerSettings): Promise<number> {
  const token = process.env[TOKEN_VARIABLE]?.trim() ?? "";
  // What the agent starts has no business with it.
  delete process.env[TOKEN_VARIABLE];
  if (token.length < MIN_TOKEN_LENGTH) {
    process.stderr.write(
      `error: ${TOKEN_VARIABLE} must hold the token that hosts send, of ${String(MIN_TOKEN_LENGTH)} characters or more\nMake one with: openssl rand -hex 32\n`,
    );
    return 2;
  }
  const warn = limitedWarnings();
  const ended = toldToEnd(warn);
  const sessions = new Sessions(settings, warn);
  const server = createServer(
    (request, response) => void serve(request, response, { sessions, token }).catch((error: unknown) => failed(response, error, warn)),
  );
  try {
    process.stdout.write(`${await listening(server, address)}\n`);
  } catch (error) {
    process.stderr.write(`error: nothing can listen on ${address.host}:${String(address.port)}: ${(error as Error).message}\n`);
    return 1;
  }
  const exitCode = await ended;
  const closed = new Promise((resolve) => server.close(resolve));
  await atMost(CLOSE_LIMIT_MS, sessions.close());
  server.closeIdleConnections();
  await atMost(FLUSH_LIMIT_MS, closed);
  server.closeAllConnections();
  return exitCode;
}

function listening(server: Server, { host, port }: ListenAddress): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const name = host === "::1" ? "[::1]" : host;
      resolve(`http://${name}:${String((server.address() as AddressInfo).port)}${PATH}`);
    });
  });
}

/** The hosts that have introduced themselves, by the ids they were given. */
class Sessions {
  readonly #open = new Map<string, HttpSession>();
  readonly #settings: ServerSettings;
  readonly #warn: (text: string) => void;
  readonly #sweeping: NodeJS.Timeout;

  constructor(settings: ServerSettings, warn: (text: string) => void) {
    this.#settings = settings;
    this.#warn = warn;
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_EVERY_MS).unref();
  }

  find(id: string): HttpSession | undefined {
    const session = this.#open.get(id);
    if (session !== undefined) session.usedAt = performance.now();
    return session;
  }

  /** One for a host that is about to introduce itself; undefined when there are too many at work. */
  create(): HttpSession | undefined {
    if (this.#open.size >= MAX_SESSIONS) {
      const idle = [...this.#open.values()].filter(({ isBusy }) => !isBusy).toSorted((a, b) => a.usedAt - b.usedAt);
      if (idle[0] === undefined) return undefined;
      this.drop(idle[0]);
    }
    return new HttpSession({ id: randomUUID(), settings: this.#settings, warn: this.#warn });
  }

  add(session: HttpSession): void {
    session.usedAt = performance.now();
    this.#open.set(session.id, session);
  }

  drop(session: HttpSession): void {
    this.#open.delete(session.id);
    void session.close().catch((error: unknown) => this.#warn(`a session did not end well: ${String(error)}`));
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#open.values()].map((session) => session.close()));
  }

  #sweep(): void {
    const before = performance.now() - (this.#settings.idleMs ?? IDLE_MS);
    for (const session of this.#open.values()) if (!session.isBusy && session.usedAt < before) this.drop(session);
  }
}

interface Serving {
  readonly sessions: Sessions;
  readonly token: string;
}

async function serve(request: IncomingMessage, response: ServerResponse, { sessions, token }: Serving): Promise<void> {
  const { method = "", headers, url = "" } = request;
  const refusal = refusalOf({ method, path: url.split("?", 1)[0] ?? "", headers }, token);
  if (refusal !== undefined) return refuse(response, refusal);
  const id = headers["mcp-session-id"];
  const session = typeof id === "string" ? sessions.find(id) : undefined;
  if (id !== undefined && session === undefined) return refuse(response, { status: 404, reason: "there is no such session" });
  if (method === "POST") return post(request, response, { sessions, session });
  if (session === undefined) return refuse(response, { status: 400, reason: "Mcp-Session-Id is missing" });
  if (method === "GET") return listen(session, headers["last-event-id"], response);
  sessions.drop(session);
  response.writeHead(204).end();
}

async function post(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, session: known }: { readonly sessions: Sessions; readonly session: HttpSession | undefined },
): Promise<void> {
  const text = await bodyOf(request);
  if (text === undefined) return refuse(response, { status: 413, reason: `a message has at most ${String(MAX_BODY_BYTES)} bytes` });
  if (known !== undefined) return known.post(text, response);
  const session = sessions.create();
  if (session === undefined)
    return refuse(response, { status: 503, reason: `${String(MAX_SESSIONS)} hosts are at work, which is the limit` });
  // Whoever has not introduced itself with this message gets its refusal, and that is all.
  session.post(text, response);
  if (session.isOpen) sessions.add(session);
}

function listen(session: HttpSession, lastEventId: string | readonly string[] | undefined, response: ServerResponse): void {
  if (lastEventId === undefined) return session.listen(response);
  if (typeof lastEventId === "string" && session.resume(lastEventId, response)) return;
  refuse(response, { status: 400, reason: "Last-Event-ID is none that this session has given" });
}

/** Undefined when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refuse(response: ServerResponse, { status, reason, headers = {} }: Refusal): void {
  response.writeHead(status, { ...headers, "content-type": "application/json", ...(status === 413 && { connection: "close" }) });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: INVALID_REQUEST, message: reason } }));
}

function failed(response: ServerResponse, error: unknown, warn: (text: string) => void): void {
  // A host that breaks off its request is no fault of ours.
  if (response.destroyed) return;
  warn(`a request failed inside: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
