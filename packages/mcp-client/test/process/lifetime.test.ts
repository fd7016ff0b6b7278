import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { sweepServers } from "../../src/index.ts";
import { openFixture, textOf, until } from "../support/connection.ts";

const OWNER = fileURLToPath(new URL("../fixtures/owner.mjs", import.meta.url));
const STUBBORN = ["ignore-eof", "ignore-term", "grandchild"];
/** Other systems do not tell what descends from what. */
const STRAY = process.platform === "linux" ? ["stray"] : [];
const skip = process.platform === "win32";

beforeAll(() => {
  if (skip) console.log("skipped: Windows has no signals and no process groups");
});

interface Owner {
  readonly process: ChildProcess;
  readonly stateDir: string;
  /** The server and what it started. */
  readonly pids: readonly number[];
}

async function startOwner(way: string, faults: readonly string[] = STUBBORN): Promise<Owner> {
  const stateDir = mkdtempSync(join(tmpdir(), "mcp-state-"));
  const owner = spawn(process.execPath, [OWNER, stateDir, way, ...faults], { stdio: ["ignore", "pipe", "ignore"] });
  const line = await new Promise<string>((resolve) => owner.stdout.once("data", (data: Buffer) => resolve(data.toString())));
  const pids = JSON.parse(line) as readonly number[];
  onTestFinished(() => {
    for (const pid of [owner.pid ?? 0, ...pids]) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    rmSync(stateDir, { recursive: true });
  });
  expect(pids).toHaveLength(1 + faults.filter((fault) => fault === "grandchild" || fault === "stray").length);
  return { process: owner, stateDir, pids };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A dead orphan may wait long for process 1.
    return !/\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, "latin1"));
  } catch {
    return false;
  }
}

const allGone = (pids: readonly number[]) => (): boolean => !pids.some(isRunning);

describe.skipIf(skip)("a server that ignores the end of its input and SIGTERM, and has a child that does too, is gone", () => {
  test.each(["exit", "throw", "close"])("after the owner's %s", async (way) => {
    const owner = await startOwner(way, [...STUBBORN, ...STRAY]);
    await until(() => owner.process.exitCode !== null);
    await until(allGone(owner.pids));
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL", "SIGSEGV"] as const)("after %s to the owner", async (signal) => {
    const owner = await startOwner("wait", [...STUBBORN, ...STRAY]);
    owner.process.kill(signal);
    await until(allGone(owner.pids));
    expect(owner.process.signalCode).toBe(signal);
  });

  test("after SIGKILL to the owner in the moment in which it starts the server", async () => {
    const owner = await startOwner("at-once", ["ignore-eof", "ignore-term"]);
    await until(() => owner.process.signalCode !== null);
    await until(allGone(owner.pids));
  });

  test("after a next start, when the owner and its watchdog were killed", async () => {
    const owner = await startOwner("wait", [...STUBBORN, ...STRAY]);
    const children = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(owner.process.pid)], { encoding: "utf8" });
    const watchdog = Number(/^\s*(\d+) sh$/m.exec(children)?.[1]);
    process.kill(watchdog, "SIGKILL");
    await until(() => !isRunning(watchdog));
    owner.process.kill("SIGKILL");
    await until(() => owner.process.signalCode !== null);
    expect(owner.pids.map(isRunning)).toEqual(owner.pids.map(() => true));

    const ended = await sweepServers(owner.stateDir);

    expect(ended).toBe(1);
    expect(allGone(owner.pids)()).toBe(true);
    expect(readdirSync(join(owner.stateDir, "mcp-servers"))).toEqual([]);
  });
});

describe.skipIf(skip)("a sweep", () => {
  test("leaves the servers of a living owner alone", async () => {
    const owner = await startOwner("wait");
    expect(await sweepServers(owner.stateDir)).toBe(0);
    expect(owner.pids.map(isRunning)).toEqual([true, true]);
    const [record = ""] = readdirSync(join(owner.stateDir, "mcp-servers"));
    expect(statSync(join(owner.stateDir, "mcp-servers", record)).mode & 0o777).toBe(0o600);
  });

  test("leaves a process alone that has the number of a former server", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "mcp-state-"));
    const stranger = spawn(process.execPath, ["-e", "setInterval(()=>{},1000)"], { detached: true, stdio: "ignore" });
    onTestFinished(() => {
      stranger.kill("SIGKILL");
      rmSync(stateDir, { recursive: true });
    });
    const { mkdirSync, writeFileSync } = await import("node:fs");
    mkdirSync(join(stateDir, "mcp-servers"));
    const record = { server: { pid: stranger.pid, started: "before" }, owner: { pid: 999_999_999, started: "before" } };
    writeFileSync(join(stateDir, "mcp-servers", `${String(stranger.pid)}.json`), JSON.stringify(record));

    expect(await sweepServers(stateDir)).toBe(0);
    expect(isRunning(stranger.pid ?? 0)).toBe(true);
    expect(readdirSync(join(stateDir, "mcp-servers"))).toEqual([]);
  });
});

describe.skipIf(skip)("close", () => {
  test.each([[[]], [["ignore-eof"]], [["ignore-eof", "ignore-term"]], [["grandchild"]], [STRAY]])(
    "leaves nothing of a server with %j",
    async (faults) => {
      const client = await openFixture(faults, { graceMs: 100 });
      const pids = JSON.parse(textOf(await client.callTool("pids"))) as readonly number[];

      await Promise.all([client.close(), client.close()]);

      expect(pids.map(isRunning)).toEqual(pids.map(() => false));
    },
  );

  test("takes with it what a server left behind when it died", async () => {
    const client = await openFixture(["grandchild"], { graceMs: 100 });
    const pids = JSON.parse(textOf(await client.callTool("pids"))) as readonly number[];

    await client.callTool("die").catch(() => undefined);

    expect(pids.map(isRunning)).toEqual([false, false]);
  });
});
