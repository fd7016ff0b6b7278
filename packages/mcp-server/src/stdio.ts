import type { Clock } from "@codex/core";
import { openLineReader } from "@codex/mcp-types";
import { Outbox } from "./outbox.ts";
import { McpServer } from "./server.ts";
import type { ServerSettings } from "./server-flags.ts";
import type { HostPort, ToolRunner } from "./tool-runner.ts";

/** A longer line is refused without being kept. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
/** When so much waits for a host that does not read, nothing more is read from it either. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;
/** For turns and what they run to end. Afterwards what is left is killed as the process exits; in all it stays below 2 s. ms. */
const CLOSE_LIMIT_MS = 1500;
const FLUSH_LIMIT_MS = 200;
/** Lines on stderr; a host that sends garbage without end must not fill it. */
const MAX_WARNINGS = 100;

/**
 * Serves one host on this process's standard streams until its input ends, nobody reads the output any more, or SIGTERM, SIGINT or
 * SIGHUP comes. Returns the exit code; the caller then ends the process, which kills what could not be ended in time.
 * While it runs, stdout belongs to the protocol: what anything else writes there goes to stderr.
 */
export async function runStdioServer(settings: ServerSettings = {}): Promise<number> {
  const { stdin, stdout } = process;
  const output = reserveStdout();
  const warn = limitedWarnings();
  const outbox = new Outbox({ write: (text) => output.write(text) });
  const server = new McpServer({ outbox, clock: systemClock, warn, openTools: (host) => openTools(settings, { host, warn }) });
  const reader = openLineReader({
    maxBytes: MAX_LINE_BYTES,
    onLine: (text) => server.receive(text),
    onGarbage: (head) => server.receiveGarbage(head),
    onOverflow: (line) => server.receiveOverlong(line),
  });
  stdin.on("data", (chunk: Buffer) => {
    reader.push(chunk);
    if (stdout.writableLength > MAX_UNREAD_BYTES) stdin.pause();
  });
  stdout.on("drain", () => {
    outbox.drained();
    stdin.resume();
  });
  const exitCode = await untilEnd(warn);
  stdin.pause();
  outbox.end();
  await atMost(CLOSE_LIMIT_MS, server.close());
  await atMost(FLUSH_LIMIT_MS, flushed(output.write));
  output.release();
  return exitCode;
}

/** Loads the agent, which nothing needs before the first call. */
async function openTools(
  settings: ServerSettings,
  { host, warn }: { readonly host: HostPort; readonly warn: (text: string) => void },
): Promise<ToolRunner> {
  const { Agent } = await import("./agent.ts");
  return new Agent({
    host,
    warn,
    clock: systemClock,
    processCwd: process.cwd(),
    overrides: settings.overrides ?? [],
    profile: settings.profile,
    strict: settings.strict ?? false,
    approvalTimeoutMs: settings.approvalTimeoutMs ?? 300_000,
    idleMs: settings.idleMs ?? 3_600_000,
    maxThreads: settings.maxThreads ?? 16,
  });
}

type Write = (text: string, done?: () => void) => boolean;

/** Takes stdout for the protocol alone. A stray line on it, by any library, would end the host's connection. */
function reserveStdout(): { readonly write: Write; readonly release: () => void } {
  const { stdout, stderr } = process;
  const original = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return {
    write: (text, done) => original(text, "utf8", done),
    release: () => void (stdout.write = original),
  };
}

/** Resolves with the exit code: 0 for every orderly end, 1 after a fault. */
function untilEnd(warn: (text: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => resolve(0);
    const fault = (error: unknown): void => {
      warn(`a fault in Codex: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      resolve(1);
    };
    process.stdin.on("end", end).on("error", end);
    process.stdout.on("error", end).on("close", end);
    process.stderr.on("error", () => undefined);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
    process.on("uncaughtException", fault).on("unhandledRejection", fault);
  });
}

function limitedWarnings(): (text: string) => void {
  let left = MAX_WARNINGS;
  return (text) => {
    left -= 1;
    if (left >= 0) process.stderr.write(`codex-mcp-server: ${text}\n`);
    if (left === 0) process.stderr.write("codex-mcp-server: further warnings are not shown\n");
  };
}

const systemClock: Pick<Clock, "timer"> = {
  timer: (ms, callback, options) => {
    const timer = setTimeout(callback, ms);
    if (options?.unref === true) timer.unref();
    return () => clearTimeout(timer);
  },
};

function flushed(write: Write): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed || process.stdout.writableLength === 0) resolve();
    else write("", resolve);
  });
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
