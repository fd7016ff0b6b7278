import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Processes } from "../../src/host/host.ts";
import { describeResult } from "../../src/exec/result.ts";
import { KEPT_OUTPUT_BYTES, runCommand, type CommandContext, type CommandResult } from "../../src/exec/run-command.ts";
import { systemClock } from "../../src/node/clock.ts";
import { createProcesses } from "../../src/node/processes.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

let folder: string;
let processes: Processes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-command-test-"));
  processes = createProcesses({ clock: systemClock, temporaryDirectory: folder, timings: { graceMs: 100 } });
});
afterEach(async () => {
  await processes.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a command's end and its output are told as they were", async () => {
  const deltas: string[] = [];
  const result = await run([join(FIXTURES, "both-streams.sh"), "3"], { onChunk: (chunk, stream) => deltas.push(`${stream}:${chunk}`) });
  const output = "out 1\nerr 1\nout 2\n";
  expect(result).toEqual({
    type: "exited",
    exitCode: 3,
    signal: null,
    violated: [],
    output,
    captured: { head: output, tail: "", cutBytes: 0, cutLines: 0, totalBytes: 18 },
    cutBytes: 0,
    durationMs: expect.any(Number),
    timedOut: false,
    aborted: false,
  });
  expect(deltas.map((delta) => delta.replace("merged:", "")).join("")).toBe(output);
});

test("50 MB of output are counted, and little of it is kept, shown or held", async () => {
  const argv = [process.execPath, join(FIXTURES, "print-lines.mjs"), "50"] as const;
  await run([process.execPath, join(FIXTURES, "print-lines.mjs"), "2"]);
  const before = process.memoryUsage().rss;
  let peak = 0;
  let shown = 0;
  const result = await run(argv, {
    onChunk: (chunk) => {
      shown += chunk.length;
      peak = Math.max(peak, process.memoryUsage().rss);
    },
  });
  peak = Math.max(peak, process.memoryUsage().rss);
  expect(result).toMatchObject({ exitCode: 0, cutBytes: 50 * 1024 * 1024 - KEPT_OUTPUT_BYTES });
  expect(result.captured.cutLines).toBe(result.cutBytes / 64);
  expect(shown).toBeLessThan(1024 * 1024 + 100);
  expect((peak - before) / 1e6).toBeLessThan(15);
});

test("an abort is no error", async () => {
  const controller = new AbortController();
  const result = await run(["sh", "-c", "echo ready; sleep 600"], { signal: controller.signal, onChunk: () => controller.abort() });
  expect(result).toMatchObject({ type: "signalled", signal: "SIGTERM", aborted: true, timedOut: false, output: "ready\n" });
  expect(await run(["true"], { signal: controller.signal })).toMatchObject({ type: "not_started", code: "ABORT_ERR", aborted: true });
});

describe("what the model is told", () => {
  test("of a command that ended", async () => {
    expect(await told([join(FIXTURES, "both-streams.sh"), "0"])).toBe("Exit code: 0\nWall time: # s\nOutput:\nout 1\nerr 1\nout 2\n");
    expect(await told(["false"])).toBe("Exit code: 1\nWall time: # s\nNo output.");
    expect(await told(["sh", "-c", "kill -9 $$"])).toBe("Ended by signal: SIGKILL\nWall time: # s\nNo output.");
  });

  test("of a command that was ended", async () => {
    expect(await told(["sh", "-c", "echo begun; sleep 600"], { timeoutMs: 100 })).toBe(
      "Timed out: the command and its children were ended (signal SIGTERM).\nWall time: # s\nOutput:\nbegun\n",
    );
    const controller = new AbortController();
    expect(
      await told(["sh", "-c", "trap 'exit 4' TERM; echo begun; while :; do :; done"], {
        signal: controller.signal,
        onChunk: () => controller.abort(),
      }),
    ).toBe("Interrupted before it was done: the command and its children were ended (exit code 4).\nWall time: # s\nOutput:\nbegun\n");
  });

  test("of a command that did not start", async () => {
    expect(await told(["no-such-program"])).toBe("The command was not started: program not found on PATH: no-such-program (ENOENT).");
  });

  test("of too much output", async () => {
    expect(await told(["seq", "1", "100000"], { maxTokens: 40 })).toMatchInlineSnapshot(`
      "Exit code: 0
      Wall time: # s
      Left out of the output: 588840 of 588895 bytes
      Output:
      1
      2
      3
      4
      5
      6
      7
      8
      9
      10
      11
      12
      13
      [… 588840 bytes left out: 99983 lines, about 147210 tokens …]
      99997
      99998
      99999
      100000
      "
    `);
  });
});

interface Options extends Partial<CommandContext> {
  readonly timeoutMs?: number;
  readonly maxTokens?: number;
}

function run(argv: readonly [string, ...string[]], { timeoutMs = 60_000, ...context }: Options = {}): Promise<CommandResult> {
  const env = { PATH: process.env["PATH"] ?? "" };
  return runCommand(
    { argv, cwd: folder, timeoutMs, env },
    { host: { clock: systemClock, processes }, signal: new AbortController().signal, ...context },
  );
}

async function told(argv: readonly [string, ...string[]], options: Options = {}): Promise<string> {
  return describeResult(await run(argv, options), options.maxTokens ?? 1000).replace(/Wall time: \d+\.\d s/, "Wall time: # s");
}
