import { readFileSync, readdirSync } from "node:fs";
import { Socket } from "node:net";
import type { ConfinementRequest, ExecHost, HostedCommand, HostedExit } from "../../src/client.ts";
import type { SandboxPermission } from "../../src/policy.ts";

export interface Ran {
  readonly output: string;
  readonly bytes: number;
  readonly exit: HostedExit;
}

/** Reading, and what else is permitted, for commands in `cwd`. */
export function confinementIn(cwd: string, ...permissions: SandboxPermission[]): ConfinementRequest {
  const context = { cwd, platform: "linux" as const, temporaryDirectory: "/tmp" };
  return { policy: { permissions: ["disk-full-read-access", ...permissions] }, context, require: [] };
}

/** Starts commands of one host in one folder, and fails where one is not started. */
export class Hosted {
  readonly host: ExecHost;
  readonly folder: string;

  constructor(host: ExecHost, folder: string) {
    this.host = host;
    this.folder = folder;
  }

  async start(argv: readonly string[], confinement?: ConfinementRequest): Promise<HostedCommand> {
    const started = await this.host.spawn({
      argv,
      cwd: this.folder,
      env: hostedEnvironment(this.folder),
      ...(confinement === undefined ? {} : { confinement }),
    });
    if (!started.ok) throw new Error(`${started.code}: ${started.message}`);
    return started.command;
  }

  async run(argv: readonly string[], options: { readonly confinement?: ConfinementRequest | undefined } = {}): Promise<Ran> {
    return finished(await this.start(argv, options.confinement));
  }
}

/** Reads a command's output to its end. */
export async function finished(command: HostedCommand, onOutput = (_: string): void => undefined): Promise<Ran> {
  const chunks: Buffer[] = [];
  const socket = new Socket({ fd: command.output, readable: true, writable: false });
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    onOutput(chunk.toString());
  });
  const closed = new Promise((resolve) => socket.once("end", resolve));
  const [exit] = await Promise.all([command.exit, closed]);
  command.releaseOutput(true);
  const all = Buffer.concat(chunks);
  return { output: all.length > 100_000 ? "" : all.toString(), bytes: all.length, exit };
}

export function ended(code: number): HostedExit {
  return { type: "ended", code, signal: null, violated: [] };
}

/** The newest child of this process that was started with `entry`. */
export function hostPid(entry = "exec-host.js"): number {
  const found = processes().filter(({ parent, words }) => parent === process.pid && words.some((word) => word.endsWith(entry)));
  const newest = found.toSorted((a, b) => a.pid - b.pid).at(-1);
  if (newest === undefined) throw new Error("no exec host runs");
  return newest.pid;
}

/** Living processes that were started for a command in `folder`: whatever they call themselves and wherever they went. */
export function processesIn(folder: string): number[] {
  return processes().flatMap(({ pid, env }) => (env.includes(`${MARK}=${folder}`) ? [pid] : []));
}

/** The environment of commands, which tells what was started in `folder`. */
export function hostedEnvironment(folder: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", A: "a", [MARK]: folder };
}

const MARK = "STARTED_IN";

/** Waits until no living process has the id. */
export async function gone(pid: number): Promise<void> {
  await until(() => !processes().some((one) => one.pid === pid));
}

/** Waits for what other processes bring about; the test's time is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- a wait
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
  readonly env: readonly string[];
}

function processes(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 2);
      if ("ZX".includes(state)) return [];
      const [words = [], env = []] = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0"));
      return [{ pid, parent: Number(parent), words, env }];
    } catch {
      return [];
    }
  });
}
