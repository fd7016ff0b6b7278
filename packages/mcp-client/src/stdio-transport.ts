import type { ChildProcessByStdio } from "node:child_process";
import { statSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { openLineReader, type OverlongLine, type RequestId } from "@codex/mcp-types";
import { McpError, messageOf } from "./error.ts";
import { findCommand } from "./process/find-command.ts";
import { signalGroup } from "./process/group.ts";
import { endGroup, recordServer, sweepOrphans } from "./process/orphans.ts";
import { endStrays, type Stray } from "./process/strays.ts";
import { straysOf } from "./process/watchdog.ts";
import { startGroup, type StartedGroup } from "./process/start-group.ts";
import { createEnvForMcpServer } from "./server-env.ts";
import { openTail } from "./tail.ts";
import type { Envelope, Receiver, Transport } from "./transport.ts";

/** A server that is a program and speaks on its standard streams. */
export interface StdioServerSpec {
  /** A path, or a name that is looked up on the server's PATH. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Set for the server, over what it gets by {@link createEnvForMcpServer}. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Names of further variables that the server gets. */
  readonly envVars?: readonly string[] | undefined;
  /** Gives the server all variables. */
  readonly inheritEnv?: boolean | undefined;
  readonly cwd?: string | undefined;
}

export interface StdioOptions {
  /** How messages call the server. Default: the command. */
  readonly name?: string | undefined;
  /** The environment the server's is taken from. Default: that of this process. */
  readonly base?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where running servers are noted, so that the next start can end those that a killed process left. Default: nowhere. */
  readonly stateDir?: string | undefined;
  /** How long the server has to end by itself when its input ends, and again after SIGTERM, ms. Default 2000. */
  readonly graceMs?: number | undefined;
  /** A longer message is dropped and its request fails. Default 32 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const GRACE_MS = 2000;
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const MAX_WRITE_MS = 30_000;
const STDERR_TAIL_BYTES = 8192;
/** How long what is left in the pipes of a dead server may take to arrive. */
const DRAIN_MS = 500;

/** Starts the server in a process group of its own. Rejects with the kind `spawn` when it cannot be started. */
export async function openStdioTransport(spec: StdioServerSpec, options: StdioOptions = {}): Promise<Transport> {
  const name = options.name ?? spec.command;
  if (options.stateDir !== undefined) await sweepOrphans(options.stateDir);
  const group = await started(spec, name, options);
  return childTransport(group, name, options);
}

async function started(spec: StdioServerSpec, name: string, options: StdioOptions): Promise<StartedGroup> {
  const env = createEnvForMcpServer(spec.env, {
    ...(options.base !== undefined && { base: options.base }),
    names: spec.envVars ?? [],
    inherit: spec.inheritEnv ?? false,
  });
  const cwd = spec.cwd ?? process.cwd();
  if (!isFolder(cwd)) throw new McpError("spawn", `${name} did not start: its folder ${cwd} does not exist`);
  const found = findCommand(spec.command, env, cwd);
  if (!found.ok) throw new McpError("spawn", `${name} did not start: ${found.message}`, { hint: found.hint });
  const group = await startGroup({ path: found.path, args: spec.args ?? [], cwd, env });
  const { child } = group;
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    // Stays for good: an error without a listener would end the whole program.
    child.on("error", (error) => reject(new McpError("spawn", `${name} did not start: ${messageOf(error)}`, { cause: error })));
  });
  return group;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function childTransport({ child: started, unwatch }: StartedGroup, name: string, options: StdioOptions): Transport {
  const child = started as Child;
  const pid = child.pid ?? 0;
  const unrecord = options.stateDir === undefined ? () => undefined : recordServer(options.stateDir, pid);
  const graceMs = options.graceMs ?? GRACE_MS;
  const stderr = openTail(STDERR_TAIL_BYTES);
  const exit = exitOf(child);
  const drained = new Promise((resolve) => child.once("close", resolve));
  let closing: Promise<void> | undefined;
  /** Known only while the server runs: afterwards nothing tells whose they were. */
  let strays: readonly Stray[] = [];
  let blocked: Promise<void> | undefined;
  /** It went on running without an output, and so had to be ended. */
  let isMute = false;

  child.stderr.on("data", stderr.push);
  // A server that is gone closes its streams; its end is reported by itself.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => undefined);
  const gone = exit.then(async (how) => {
    await clearAway(child, { drained, strays, graceMs });
    unwatch();
    unrecord();
    return how;
  });

  function start(receiver: Receiver): void {
    const reader = openLineReader({
      maxBytes: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
      onLine: receiver.message,
      onGarbage: (head) => receiver.warning(`wrote a line to its output that is no message: ${head}`),
      onOverflow: (line) => overlong(line, name, receiver),
    });
    child.stdout.on("data", reader.push).on("end", () => {
      isMute = closing === undefined && isRunning(child);
      void close();
    });
    void gone.then((how) => {
      const first = isMute && child.signalCode !== null ? "closed its output and " : "";
      receiver.ended(new McpError("closed", `${name} ${first}${how}${quoted(stderr.text())}`));
    });
  }

  function send({ text }: Envelope): Promise<void> | undefined {
    const { stdin } = child;
    if (stdin.writableEnded || stdin.destroyed) return refused(`${name} is not running${quoted(stderr.text())}`);
    if (stdin.writableLength > MAX_QUEUED_BYTES) return refused(`${name} does not read its input`);
    if (stdin.write(text)) return undefined;
    blocked ??= writable(stdin, name).finally(() => (blocked = undefined));
    return blocked;
  }

  function close(): Promise<void> {
    if (closing === undefined && isRunning(child)) strays = straysOf(pid);
    closing ??= shutDown(child, { exit, strays, graceMs }).then(async () => void (await gone));
    return closing;
  }

  return {
    name,
    pid,
    get stderrTail() {
      return stderr.text();
    },
    start,
    send,
    close,
  };
}

function refused(message: string): Promise<never> {
  return Promise.reject(new McpError("closed", message));
}

function isRunning({ exitCode, signalCode }: Child): boolean {
  return exitCode === null && signalCode === null;
}

/** In words, once the server has exited. */
function exitOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exited with code ${String(code)}` : `was ended by ${signal}`));
  });
}

interface Remains {
  readonly drained: Promise<unknown>;
  readonly strays: readonly Stray[];
  readonly graceMs: number;
}

/** What a server started and did not end goes with it; what it had still written is read first. */
async function clearAway({ pid = 0, stdout, stderr }: Child, { drained, strays, graceMs }: Remains): Promise<void> {
  signalGroup(pid, "SIGTERM");
  await within(drained, DRAIN_MS);
  await endGroup(pid, graceMs);
  await endStrays(strays, graceMs);
  for (const stream of [stdout, stderr]) stream.destroy();
}

interface Ending {
  readonly exit: Promise<string>;
  readonly strays: readonly Stray[];
  readonly graceMs: number;
}

/** First its input ends, then SIGTERM, then SIGKILL, both to the whole group and what has left it. */
async function shutDown(child: Child, { exit, strays, graceMs }: Ending): Promise<void> {
  child.stdin.end();
  child.stdout.resume();
  if (await within(exit, graceMs)) return;
  if (child.pid !== undefined) await Promise.all([endGroup(child.pid, graceMs), endStrays(strays, graceMs)]);
  await exit;
}

/** Whether it settled in time. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

async function writable(stdin: Writable, name: string): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    const done = (): void => {
      stdin.off("drain", done);
      stdin.off("close", done);
      resolve();
    };
    stdin.on("drain", done);
    stdin.on("close", done);
  });
  if (!(await within(ready, MAX_WRITE_MS))) throw new McpError("timeout", `${name} does not read its input`);
}

/** Only the request that the message answered is lost; the message's ends tell which one that is. */
function overlong({ bytes, head, tail }: OverlongLine, name: string, receiver: Receiver): void {
  const size = `a message of ${String(Math.round(bytes / 1024 / 1024))} MiB, more than is taken`;
  const id = answeredId(head, tail);
  if (id === undefined) receiver.warning(`sent ${size}`);
  else receiver.failed(id, new McpError("protocol", `${name} answered with ${size}`));
}

function answeredId(head: string, tail: string): RequestId | undefined {
  const number =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,/.exec(head)?.[1] ??
    /,\s*"id"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(tail)?.[1];
  return number === undefined ? undefined : Number(number);
}

function quoted(stderr: string): string {
  const text = stderr.trim();
  return text === "" ? "" : `; the last it wrote to stderr:\n${text.slice(-2000)}`;
}
