import { openLineReader } from "@codex/mcp-types";
import { atMost, CLOSE_LIMIT_MS, toldToEnd } from "./ending.ts";
import { openTools, systemClock } from "./open-tools.ts";
import { Outbox } from "./outbox.ts";
import { McpServer } from "./server.ts";
import type { ServerSettings } from "./server-flags.ts";
import { limitedWarnings } from "./warnings.ts";

/** A longer line is refused without being kept. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
/** When so much waits for a host that does not read, nothing more is read from it either. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;
const FLUSH_LIMIT_MS = 200;

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

/** Resolves with the exit code. A host that is gone on either stream is an orderly end. */
function untilEnd(warn: (text: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => resolve(0);
    process.stdin.on("end", end).on("error", end);
    process.stdout.on("error", end).on("close", end);
    void toldToEnd(warn).then(resolve);
  });
}

function flushed(write: Write): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed || process.stdout.writableLength === 0) resolve();
    else write("", resolve);
  });
}
