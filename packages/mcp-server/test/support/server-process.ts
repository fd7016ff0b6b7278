import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FakeResponsesServer, type ScriptedTurn, startFakeResponsesServer } from "@codex/core";
import { onTestFinished } from "vitest";

export const BIN = fileURLToPath(new URL("../../bin/codex-mcp-server.js", import.meta.url));

/** A message as it came, unchecked. */
export interface Message {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, never>;
  readonly result?: Record<string, never>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** The server as a host sees it that writes its messages by hand. */
export interface ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** A folder to work in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly provider: FakeResponsesServer;
  /** All that came so far, lists as lists. */
  readonly messages: readonly (Message | readonly Message[])[];
  readonly stderr: string;
  send(message: object): void;
  write(text: string | Uint8Array): void;
  /** Resolves with the first message, present or to come, that `is` takes. */
  shows(is: (message: Message) => boolean): Promise<Message>;
  /** Sends a request under a new id and resolves with its answer. */
  ask(method: string, params?: object): Promise<Message>;
  callTool(name: string, args: object, meta?: object): { readonly id: number; readonly answer: Promise<Message> };
  initialize(options?: { readonly version?: string; readonly capabilities?: object }): Promise<Message>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly config?: string;
  /** Start another program that serves. */
  readonly program?: readonly string[];
}

export async function startServer(turns: readonly ScriptedTurn[] = [], options: StartOptions = {}): Promise<ServerProcess> {
  if (!existsSync(join(BIN, "../../dist/main.js"))) throw new Error("the server is not built: run pnpm build");
  const root = mkdtempSync(join(tmpdir(), "codex-mcp-"));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(join(cwd, "inner"), { recursive: true });
  mkdirSync(home);
  if (options.config !== undefined) (await import("node:fs")).writeFileSync(join(home, "config.toml"), options.config);
  const provider = await startFakeResponsesServer(turns);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: home, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: provider.url };
  const child = spawn(process.execPath, [...(options.program ?? [BIN]), ...(options.args ?? [])], { cwd, env, stdio: "pipe" });
  const exited = once(child, "close").then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
    await provider.close();
    rmSync(root, { recursive: true, force: true });
  });
  return drive(child, { cwd, env, provider, exited });
}

function drive(child: ChildProcessWithoutNullStreams, place: Pick<ServerProcess, "cwd" | "env" | "provider" | "exited">): ServerProcess {
  const messages: (Message | readonly Message[])[] = [];
  const waiting = new Set<() => void>();
  let [rest, stderr, nextId] = ["", "", 1];
  child.stdin.on("error", () => undefined);
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    // Anything else on stdout than messages fails here.
    for (const line of lines) messages.push(JSON.parse(line) as Message);
    for (const check of waiting) check();
  });

  const server: ServerProcess = {
    ...place,
    child,
    messages,
    get stderr() {
      return stderr;
    },
    send: (message) => server.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    write: (text) => void child.stdin.write(text),
    shows: (is) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = messages.flat().find((message) => is(message));
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
        void place.exited.then(() => reject(new Error(`the server ended first:\n${JSON.stringify(messages)}\n${stderr}`)));
      }),
    ask: (method, params) => {
      const id = nextId++;
      server.send({ id, method, params });
      return server.shows(answers(id));
    },
    callTool: (name, args, meta) => {
      const id = nextId++;
      server.send({ id, method: "tools/call", params: { name, arguments: args, ...(meta !== undefined && { _meta: meta }) } });
      const answer = server.shows(answers(id));
      answer.catch(() => undefined);
      return { id, answer };
    },
    initialize: async ({ version = "2025-11-25", capabilities = {} } = {}) => {
      const params = { protocolVersion: version, capabilities, clientInfo: { name: "test", version: "1" } };
      const answer = await server.ask("initialize", params);
      server.send({ method: "notifications/initialized" });
      return answer;
    },
  };
  return server;
}

export function answers(id: string | number | null): (message: Message) => boolean {
  return (message) => message.id === id && ("result" in message || "error" in message);
}

/** Whether the message tells of an event of this type. */
export function isEvent(type: string): (message: Message) => boolean {
  return ({ method, params }) => method === "codex/event" && (params?.["msg"] as { type?: string } | undefined)?.type === type;
}

export async function openServer(
  turns: readonly ScriptedTurn[] = [],
  options: StartOptions & { readonly capabilities?: object } = {},
): Promise<ServerProcess> {
  const server = await startServer(turns, options);
  await server.initialize({ capabilities: options.capabilities ?? {} });
  return server;
}

/** What an event says of where it belongs. */
export function metaOf({ params }: Message): { readonly threadId: string; readonly requestId?: string | number } {
  return (params as unknown as { _meta: { threadId: string } })._meta;
}

/** The thread that a call of `codex` was answered from. */
export function threadIdOf({ result }: Message): string {
  return (result as unknown as { structuredContent: { threadId: string } }).structuredContent.threadId;
}

/** The text a call was answered with. */
export function textOf({ result }: Message): string {
  return (result as unknown as { content: [{ text: string }] }).content[0].text;
}

/** Whether the process runs; one that waits for its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Resolves when it holds; the test's own limit ends the wait. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
