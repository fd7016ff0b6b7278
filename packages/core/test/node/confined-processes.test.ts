import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Confinement, ProcessOutcome, Processes } from "../../src/host/host.ts";
import { systemClock } from "../../src/node/clock.ts";
import { createProcesses } from "../../src/node/processes.ts";

const probe = createProcesses({ clock: systemClock, temporaryDirectory: tmpdir() });
const status = await probe.sandbox?.({ policy: { permissions: ["disk-full-read-access"] }, cwd: "/", require: [] });
await probe.close();
const available = status?.type === "available";
if (!available) console.log(`skipped: confined processes (${status?.reason ?? "no sandbox"})`);

let folder: string;
let processes: Processes;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "confined-")));
  processes = createProcesses({ clock: systemClock, temporaryDirectory: tmpdir(), timings: { graceMs: 300, abortGraceMs: 100 } });
});
afterEach(async () => {
  await processes.close();
  rmSync(folder, { recursive: true, force: true });
});

const reading = (): Confinement => ({ policy: { permissions: ["disk-full-read-access"] }, cwd: folder, require: [] });
const writing = (): Confinement => ({ policy: { permissions: ["disk-full-read-access", "disk-write-cwd"] }, cwd: folder, require: [] });
const BOTH = [
  ["reading only", reading],
  ["with a writable folder", writing],
] as const;

describe.skipIf(!available).each(BOTH)("a command %s", (_, how) => {
  test("ends with its output in the order of writing", async () => {
    const { output, outcome } = await run("for i in $(seq 100); do echo o$i; echo e$i >&2; done; exit 4", how());
    expect(output).toBe(Array.from({ length: 100 }, (__, i) => `o${i + 1}\ne${i + 1}\n`).join(""));
    expect(outcome).toEqual({ type: "exited", exitCode: 4, timedOut: false, aborted: false });
  });

  test("that ignores TERM is gone after its time is up, and so is what it started", async () => {
    const { outcome, output } = await run("trap '' TERM; echo ready; sleep 600 & sleep 600", how(), { timeoutMs: 500 });
    expect({ outcome, output }).toMatchObject({ outcome: { timedOut: true, aborted: false }, output: "ready\n" });
    expect(commandsIn(folder)).toEqual([]);
  });

  test("is ended by an abort", async () => {
    const stop = new AbortController();
    const { outcome } = await run("echo ready; sleep 600", how(), { signal: stop.signal, onReady: () => stop.abort() });
    expect(outcome).toMatchObject({ aborted: true });
    expect(commandsIn(folder)).toEqual([]);
  });

  // 255 shells that ignore TERM, made by doubling: bounded, so that a test that fails does not take the machine with it.
  const BOMB = 'trap "" TERM; grow() { [ $1 -gt 0 ] && { grow $(($1-1)) & grow $(($1-1)) & }; exec sleep 600; }; grow 7';

  test("that doubles itself again and again is gone after its time is up, and the next one works", async () => {
    const { outcome } = await run(BOMB, how(), { timeoutMs: 300 });
    expect(outcome).toMatchObject({ timedOut: true });
    expect(commandsIn(folder)).toEqual([]);
    expect((await run("echo next", how())).output).toBe("next\n");
  });

  test("can tidy up when its time is up", async () => {
    const { outcome, output } = await run("trap 'echo tidied; exit 3' TERM; sleep 600 & echo ready; wait", how(), { timeoutMs: 500 });
    expect({ outcome, output }).toEqual({
      outcome: { type: "exited", exitCode: 3, timedOut: true, aborted: false },
      output: "ready\ntidied\n",
    });
    expect(commandsIn(folder)).toEqual([]);
  });

  test("that is not there is told as without a sandbox", async () => {
    const request = { cwd: folder, env: { PATH: process.env["PATH"] ?? "" }, timeoutMs: 20_000, onOutput: () => undefined };
    for (const argv of [["no-such-program"], ["./no-such-program"], ["/tmp"]] as const) {
      const signal = new AbortController().signal;
      // oxlint-disable-next-line no-await-in-loop
      const [bare, confined] = await Promise.all(
        [undefined, how()].map((confinement) => processes.run({ ...request, argv, confinement }, signal)),
      );
      expect(confined).toEqual(bare);
      expect(confined).toMatchObject({ type: "not_started" });
    }
  });

  test("that is not asked for any more is not started", async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await run("touch x", how(), { signal: stop.signal })).outcome).toMatchObject({ type: "not_started", code: "ABORT_ERR" });
  });
});

// What a start costs must not grow with this process: somebody small has to be the parent.
describe.skipIf(!available || process.platform !== "linux")("a large program", () => {
  const ballast = Buffer.alloc(160 * 2 ** 20, 1);

  test("is the parent of no command, confined or not, once the exec host is there", async () => {
    expect(ballast.length).toBeGreaterThan(0);
    const parents = [(await run("echo $PPID", reading())).output, (await run("echo $PPID", undefined)).output];
    expect(parents).toEqual([parents[0], parents[0]]);
    expect(parents[0]).not.toBe(`${process.pid}\n`);
  });
});

describe.skipIf(!available)("what a command leaves in the background", () => {
  test("goes on until the session ends", async () => {
    const { outcome, output } = await run("sleep 600 > /dev/null 2>&1 & echo $!", reading());
    expect(outcome).toMatchObject({ type: "exited", exitCode: 0 });
    expect(existsSync(`/proc/${output.trim()}`)).toBe(true);
    await processes.close();
    expect(commandsIn(folder)).toEqual([]);
  });
});

interface RunOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onReady?: () => void;
}

async function run(
  script: string,
  confinement: Confinement | undefined,
  options: RunOptions = {},
): Promise<{ output: string; outcome: ProcessOutcome }> {
  const { timeoutMs = 20_000, signal = new AbortController().signal, onReady } = options;
  let output = "";
  const onOutput = (chunk: Uint8Array): void => {
    output += Buffer.from(chunk).toString();
    if (output.includes("ready")) onReady?.();
  };
  const env = { PATH: process.env["PATH"] ?? "", STARTED_IN: folder };
  const outcome = await processes.run({ argv: ["bash", "-c", script], cwd: folder, env, timeoutMs, confinement, onOutput }, signal);
  return { output, outcome };
}

/** Living processes that were started for `path`: whatever they call themselves and wherever they went. */
function commandsIn(path: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const marked = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`STARTED_IN=${path}`);
      return marked && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
    } catch {
      return false;
    }
  });
}
