import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Guarantee } from "./guarantee.ts";
import { programFile, probeSupport, type ProbeOptions, type Support } from "./probe.ts";

/** What a sandbox kept and did not keep when it was really tried. JSON-serialisable. */
export interface SandboxReport {
  readonly support: Support;
  readonly trials: readonly SandboxTrial[];
}

export interface SandboxTrial {
  readonly backend: "landlock" | "bwrap";
  readonly policy: TriedPolicy;
  readonly held: readonly Guarantee[];
  readonly gaps: readonly SandboxGap[];
  /** Why the trial could not be made; `held` and `gaps` are then empty. */
  readonly failure?: string;
}

export interface SandboxGap {
  readonly guarantee: Guarantee;
  /** What was tried and should have failed (for `loopback`: should have worked). */
  readonly attempts: readonly string[];
}

export type TriedPolicy = "read-only" | "workspace-write";

/**
 * Runs a short series of attempts under each backend that this machine has, for a policy that only reads and for one with a
 * writable folder, without network. Takes about a second; touches only a temporary folder of its own. Never rejects.
 */
export async function probeSandbox(options: ProbeOptions = {}): Promise<SandboxReport> {
  const support = await probeSupport(options);
  const backends = [
    ...(support.landlockAbi > 0 && support.seccomp ? (["landlock"] as const) : []),
    ...(support.bwrap === undefined ? [] : (["bwrap"] as const)),
  ];
  const cases = backends.flatMap((backend) => POLICIES.map((policy) => ({ backend, policy })));
  return { support, trials: await Promise.all(cases.map(trial)) };
}

const POLICIES = ["read-only", "workspace-write"] as const;

/** Every attempt and the guarantee that it would break. */
const BREAKS = {
  "create a file": "write",
  "empty a file": "write",
  "rename a file": "write",
  "remove a file": "write",
  "write through a link": "write",
  "change a git hook": "carveout",
  "change a nested git hook": "carveout",
  "replace .git": "carveout",
  "create .agents": "carveout",
  "change a mode": "metadata",
  "change a time": "metadata",
  "connect over TCP": "network",
  "connect to a Unix socket": "network",
  "connect to an abstract socket": "abstract_sockets",
  "signal a process": "signals",
  "see a process": "processes",
  "read a process' environment": "processes",
  "use System V queues": "ipc",
  "serve on loopback": "loopback",
} as const satisfies Record<string, Guarantee>;

export type AttemptName = keyof typeof BREAKS;

/** What attempts.js is told to try its luck on. */
export interface AttemptTargets {
  readonly workspace: string;
  readonly victim: string;
  readonly pid: number;
  readonly port: number;
  readonly socket: string;
  readonly abstractName: string;
  readonly ipcNamespace: string;
}

async function trial({ backend, policy }: { backend: "landlock" | "bwrap"; policy: TriedPolicy }): Promise<SandboxTrial> {
  const folder = mkdtempSync(join(tmpdir(), "codex-sandbox-probe-"));
  const servers: Server[] = [];
  try {
    const targets = await makeTargets(folder, servers);
    const grants = [
      "-s",
      "disk-full-read-access",
      ...(policy === "workspace-write" ? ["-s", `disk-write-folder=${targets.workspace}`] : []),
    ];
    const words = [
      programFile("launcher-main"),
      "--backend",
      backend,
      ...grants,
      "--",
      process.execPath,
      programFile("attempts"),
      JSON.stringify(targets),
    ];
    const { stdout, stderr } = await run(words, targets.workspace);
    const line = stdout.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("[")) return { backend, policy, held: [], gaps: [], failure: stderr.trim().split("\n").at(-1) ?? "no answer" };
    return { backend, policy, ...judge(JSON.parse(line) as AttemptName[], policy) };
  } catch (error) {
    return { backend, policy, held: [], gaps: [], failure: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(succeeded: readonly AttemptName[], policy: TriedPolicy): Pick<SandboxTrial, "held" | "gaps"> {
  const broken = new Map<Guarantee, string[]>();
  for (const [attempt, guarantee] of Object.entries(BREAKS)) {
    // Without writable folders the carve-outs are a part of `write`.
    const judged = guarantee === "carveout" && policy === "read-only" ? "write" : guarantee;
    const list = broken.get(judged) ?? [];
    broken.set(judged, list);
    if (succeeded.some((name) => name === attempt) !== (guarantee === "loopback")) list.push(attempt);
  }
  const all = [...broken];
  return {
    held: all.flatMap(([guarantee, attempts]) => (attempts.length === 0 ? [guarantee] : [])),
    gaps: all.flatMap(([guarantee, attempts]) => (attempts.length === 0 ? [] : [{ guarantee, attempts }])),
  };
}

async function makeTargets(folder: string, servers: Server[]): Promise<AttemptTargets> {
  const workspace = join(folder, "workspace");
  const victim = join(folder, "victim");
  for (const made of [join(workspace, ".git"), join(workspace, "sub", ".git"), victim]) mkdirSync(made, { recursive: true });
  writeFileSync(join(victim, "file"), "kept\n");
  const socket = join(victim, "socket");
  const abstractName = `codex-sandbox-probe-${randomUUID()}`;
  const tcp = await listening({ host: "127.0.0.1", port: 0 }, servers);
  await listening({ path: socket }, servers);
  await listening({ path: `\0${abstractName}` }, servers);
  return {
    workspace,
    victim,
    pid: process.pid,
    port: (tcp.address() as AddressInfo).port,
    socket,
    abstractName,
    ipcNamespace: readlinkSync("/proc/self/ns/ipc"),
  };
}

function listening(options: { path: string } | { host: string; port: number }, servers: Server[]): Promise<Server> {
  const server = createServer((socket) => socket.end());
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => resolve(server));
  });
}

function run(words: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd, timeout: 15_000, encoding: "utf8" }, (error, stdout, stderr) => {
      resolve({ stdout, stderr: stderr === "" && error !== null ? error.message : stderr });
    });
  });
}
