// One run of one program: time, processor time, memory, and when its requests reached the fake server.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeResponsesServer } from "../packages/core/dist/index.js";

const LIMIT_MS = 300_000;
/** Waits for a byte before it starts the program, so that its own start does not count; then reports what the kernel counted. */
const ACCOUNTANT = `
import os,resource,sys
os.write(3,b"r"); os.read(3,1)
pid=os.fork()
if pid==0:
  os.closerange(3,4); os.execvp(sys.argv[2],sys.argv[2:])
_,status,usage=os.wait4(pid,0)
open(sys.argv[1],"w").write("%f %d" % (usage.ru_utime+usage.ru_stime, usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status) & 255)`;
const PYTHON = ["python3", "python"].find((name) => spawnSync(name, ["-c", "import os; os.wait4"], { stdio: "ignore" }).status === 0);

/** Processor time and memory are measured only where Python can ask the kernel for them. */
export const hasAccounting = PYTHON !== undefined && process.platform !== "win32";

/**
 * @param {import("./peers.mjs").Peer} peer
 * @param {{args?: string[], turns?: Function}} benchCase
 * @param {string} home kept from run to run, as a user's is
 * @returns {Promise<{exitCode: number, wallMs: number, cpuMs?: number, peakMb?: number, firstRequestMs?: number, gapsMs: number[]}>}
 */
export async function measure(peer, benchCase, home) {
  const folder = await mkdtemp(join(tmpdir(), "codex-bench-"));
  const serverStartedAt = performance.now();
  const server = benchCase.turns === undefined ? undefined : await startFakeResponsesServer(benchCase.turns(peer.shell));
  try {
    const { args, env } = server === undefined ? { args: benchCase.args, env: { HOME: home } } : peer.run(server.url, home);
    const usageFile = join(folder, "usage");
    const command = hasAccounting ? [PYTHON, "-S", "-E", "-c", ACCOUNTANT, usageFile, ...peer.prefix, ...args] : [...peer.prefix, ...args];
    const work = await mkdtemp(join(folder, "work-"));
    const { exitCode, wallMs, startedAt } = await runOnce(command, { cwd: work, env });
    const [cpu, peak] = hasAccounting ? (await readFile(usageFile, "utf8")).split(" ").map(Number) : [];
    const arrivals = (server?.requests ?? []).map((request) => request.atMs + serverStartedAt - startedAt);
    return {
      exitCode,
      wallMs,
      cpuMs: cpu === undefined ? undefined : cpu * 1000,
      peakMb: peak === undefined ? undefined : peak / 1024,
      firstRequestMs: arrivals[0],
      gapsMs: arrivals.slice(1).map((at, index) => at - arrivals[index]),
    };
  } finally {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(command, { cwd, env }) {
  const base = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", TERM: "xterm-256color", TMPDIR: tmpdir(), NO_PROXY: "127.0.0.1" };
  const child = spawn(command[0], command.slice(1), {
    cwd,
    env: { ...base, ...env },
    stdio: ["ignore", "ignore", "ignore", hasAccounting ? "pipe" : "ignore"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  const gate = child.stdio[3];
  if (gate) {
    await Promise.race([new Promise((resolve) => gate.once("data", resolve)), ended]);
    gate.write("g");
  }
  const startedAt = performance.now();
  const exitCode = await ended;
  clearTimeout(limit);
  gate?.destroy();
  return { exitCode, wallMs: performance.now() - startedAt, startedAt };
}
