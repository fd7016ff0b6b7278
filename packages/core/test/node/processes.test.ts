import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { build } from "tsup";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Clock, ProcessOutcome, Processes } from "../../src/host/host.ts";
import { systemClock } from "../../src/node/clock.ts";
import { createProcesses } from "../../src/node/processes.ts";

const NEVER = new AbortController().signal;
const ENV = { PATH: process.env["PATH"] ?? "" };

let folder: string;
let processes: Processes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "processes-test-"));
  processes = createProcesses({ clock: systemClock, temporaryDirectory: folder });
});
afterEach(async () => {
  await processes.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("output", () => {
  test("keeps the order in which both streams were written", async () => {
    const { output, streams } = await run(["sh", "-c", "for i in $(seq 200); do echo o$i; echo e$i >&2; done"]);
    expect(output).toBe(Array.from({ length: 200 }, (_, i) => `o${i + 1}\ne${i + 1}\n`).join(""));
    expect(streams).toEqual(["merged"]);
  });

  test("can be opened again by name", async () => {
    expect(await run(["sh", "-c", "echo one; echo two > /dev/stdout; echo three > /dev/stderr"])).toMatchObject({
      output: "one\ntwo\nthree\n",
      outcome: exited(0),
    });
  });

  test("of many commands at once is not mixed up", async () => {
    const runs = await Promise.all(Array.from({ length: 40 }, (_, i) => run(["sh", "-c", `echo a${i}; echo b${i} >&2`])));
    expect(runs).toEqual(runs.map((_, i) => ({ output: `a${i}\nb${i}\n`, streams: ["merged"], outcome: exited(0) })));
  });

  test("is complete when the command printed a lot and ended", async () => {
    let bytes = 0;
    const outcome = await processes.run(
      request(["sh", "-c", "head -c 20000000 /dev/zero"], { onOutput: (chunk) => (bytes += chunk.length) }),
      NEVER,
    );
    expect({ outcome, bytes }).toEqual({ outcome: exited(0), bytes: 20_000_000 });
  });

  test("comes from two pipes, in their order of arrival, where no named pipe can be made", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = folder;
    try {
      const { output, streams, outcome } = await run([
        process.execPath,
        "-e",
        "console.log('out'); setTimeout(() => console.error('err'), 50)",
      ]);
      expect({ output, streams, outcome }).toEqual({ output: "out\nerr\n", streams: ["stdout", "stderr"], outcome: exited(0) });
    } finally {
      process.env["PATH"] = path;
    }
  });

  test("has its pipe back when the pipes were swept from the temporary directory", async () => {
    await run(["true"]);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    expect(await run(["echo", "still"])).toMatchObject({ output: "still\n", streams: ["merged"] });
  });
});

describe("the outcome", () => {
  test.each([
    [["true"], exited(0)],
    [["sh", "-c", "exit 7"], exited(7)],
    [["sh", "-c", "kill -9 $$"], { type: "signalled", signal: "SIGKILL", timedOut: false, aborted: false }],
    [["sh", "-c", "kill -11 $$"], { type: "signalled", signal: "SIGSEGV", timedOut: false, aborted: false }],
  ] as const)("of %j is told truthfully", async (argv, outcome) => {
    expect((await run([...argv])).outcome).toEqual(outcome);
  });

  test("names a program that is not there", async () => {
    expect((await run(["no-such-program"])).outcome).toEqual({
      type: "not_started",
      code: "ENOENT",
      message: "program not found on PATH: no-such-program",
    });
    expect((await run(["./nothing"])).outcome).toEqual({ type: "not_started", code: "ENOENT", message: "program not found: ./nothing" });
    expect((await run(["true"], { env: { PATH: "" } })).outcome).toMatchObject({ code: "ENOENT" });
  });

  test("names a working directory that is not there or is a file", async () => {
    const cwd = join(folder, "gone");
    expect((await run(["true"], { cwd })).outcome).toEqual({
      type: "not_started",
      code: "ENOENT",
      message: `the working directory does not exist: ${cwd}`,
    });
    writeFileSync(cwd, "");
    expect((await run(["true"], { cwd })).outcome).toEqual({
      type: "not_started",
      code: "ENOTDIR",
      message: `the working directory is not a directory: ${cwd}`,
    });
  });

  test("names what cannot be executed", async () => {
    const file = join(folder, "plain");
    writeFileSync(file, "x", { mode: 0o600 });
    const script = join(folder, "script");
    writeFileSync(script, "#!/no/such/interpreter\n", { mode: 0o700 });
    const outcomes = [];
    for (const argv of [[file], [folder], [script], [""], ["true", "\0"], ["true", "x".repeat(3_000_000)]] as const)
      outcomes.push((await run([...argv])).outcome);
    expect(outcomes).toEqual([
      { type: "not_started", code: "EACCES", message: `no permission to execute ${file}` },
      { type: "not_started", code: "EACCES", message: `not a program but a directory: ${folder}` },
      { type: "not_started", code: "ENOENT", message: `the interpreter that ${script} names in its first line does not exist` },
      expect.objectContaining({ type: "not_started", message: "the command is empty" }),
      { type: "not_started", code: "ERR_INVALID_ARG_VALUE", message: "a program, argument, directory or variable contains a NUL byte" },
      { type: "not_started", code: "E2BIG", message: "the arguments and the environment together are too long for the system" },
    ]);
  });
});

describe("a command", () => {
  test("has the environment it was given and nothing else, and nothing to read", async () => {
    const { output } = await run(["/usr/bin/env"], { env: { ONLY: "this" } });
    expect(output).toBe("ONLY=this\n");
    expect((await run(["cat"])).outcome).toEqual(exited(0));
  });

  test("leads a session of its own, without a terminal", async () => {
    const { output } = await run(["sh", "-c", "ps -o pid=,pgid=,sid= -p $$ 2>/dev/null || cut -d' ' -f1,5,6 /proc/$$/stat"]);
    expect(new Set(output.trim().split(/\s+/)).size).toBe(1);
  });

  test("does not inherit open files of ours", async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => run(["sh", "-c", "sleep 0.1; ls -l /proc/$$/fd"])));
    expect(runs.map(({ output }) => output.match(/\d+ -> \S*codex-pipes/g)?.map((match) => match.slice(0, 1)))).toEqual(
      runs.map(() => ["1", "2"]),
    );
  });
});

describe("at the timeout", () => {
  test("the whole group gets TERM and the outcome says so", async () => {
    const outcome = (await run(["sh", "-c", "sleep 600 & sleep 600"], { timeoutMs: 50 })).outcome;
    expect(outcome).toEqual({ type: "signalled", signal: "SIGTERM", timedOut: true, aborted: false });
  });

  test("what ignores TERM gets KILL", async () => {
    processes = quick();
    const outcome = (await run(["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"], { timeoutMs: 100 })).outcome;
    expect(outcome).toEqual({ type: "signalled", signal: "SIGKILL", timedOut: true, aborted: false });
  });

  test("a grandchild that ignores TERM is killed too", async () => {
    processes = quick();
    const pidFile = join(folder, "pid");
    const { outcome } = await run(["sh", "-c", `(trap '' TERM; echo started; sleep 600 & echo $! > ${pidFile}; wait; sleep 600) & wait`], {
      timeoutMs: 200,
    });
    expect(outcome).toMatchObject({ timedOut: true });
    await gone(Number(readFileSync(pidFile, "utf8")));
  });

  test("a program that tidies up keeps its own exit code", async () => {
    const clock = handClock();
    processes = createProcesses({ clock, temporaryDirectory: folder });
    const result = processes.run(
      request(["sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.02; done"], {
        timeoutMs: 5000,
        onOutput: () => clock.advance(5000),
      }),
      NEVER,
    );
    expect(await settleWith(clock, result)).toEqual({ type: "exited", exitCode: 3, timedOut: true, aborted: false });
  });
});

describe("an abort", () => {
  test("ends the group", async () => {
    const controller = new AbortController();
    const outcome = await processes.run(
      request(["sh", "-c", "echo ready; sleep 600"], { onOutput: () => controller.abort() }),
      controller.signal,
    );
    expect(outcome).toEqual({ type: "signalled", signal: "SIGTERM", timedOut: false, aborted: true });
  });

  test("before the start starts nothing", async () => {
    const outcome = await processes.run(request(["touch", join(folder, "made")]), AbortSignal.abort());
    expect(outcome).toMatchObject({ type: "not_started", code: "ABORT_ERR" });
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  test("ends what earlier commands of the turn left in the background", async () => {
    const controller = new AbortController();
    let output = "";
    await processes.run(
      request(["sh", "-c", "sleep 600 & echo $!"], { onOutput: (chunk) => (output += Buffer.from(chunk).toString()) }),
      controller.signal,
    );
    process.kill(Number(output), 0);
    controller.abort();
    await gone(Number(output));
  });
});

describe("a process left in the background", () => {
  test("holds up nothing, is not harmed by writing, and ends at close", async () => {
    const made = join(folder, "made");
    const { output, outcome } = await run(["sh", "-c", `(sleep 0.3; echo late; echo more; touch ${made}; sleep 600) & echo $!; echo done`]);
    expect(outcome).toEqual(exited(0));
    const [pid, done] = output.split("\n");
    expect(done).toBe("done");
    while (!existsSync(made)) await run(["true"]);
    process.kill(Number(pid), 0);
    await processes.close();
    await gone(Number(pid));
  });

  test("does not get its pipe used by another command", async () => {
    await run(["sh", "-c", "(sleep 0.2; echo stray) & :"]);
    const outputs = await Promise.all(Array.from({ length: 8 }, () => run(["sh", "-c", "sleep 0.4; echo mine"])));
    expect(outputs.map((one) => one.output)).toEqual(Array.from({ length: 8 }, () => "mine\n"));
  });

  test("in a session of its own is not harmed by writing either", async () => {
    const made = join(folder, "made");
    const { output } = await run(["sh", "-c", `setsid sh -c 'echo $$; sleep 0.3; echo late; touch ${made}; exec sleep 600' & sleep 0.1`]);
    while (!existsSync(made)) await run(["true"]);
    process.kill(Number(output), "SIGKILL");
  });

  test("that never stops printing holds up nothing", async () => {
    processes = quick();
    expect((await run(["sh", "-c", "yes & echo $! >&2"])).outcome).toEqual(exited(0));
  });
});

describe("nothing is left behind", () => {
  test("no open file after many commands, no folder after close", async () => {
    for (let i = 0; i < 20; i++) await run(["true"]);
    if (process.platform === "linux") await hosted();
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 200; i++) await run(["true"]);
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
    await processes.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("close ends what runs, and nothing starts afterwards", async () => {
    let started = (): void => undefined;
    const ready = new Promise<void>((resolve) => (started = resolve));
    const running = processes.run(request(["sh", "-c", "echo ready; sleep 600"], { onOutput: () => started() }), NEVER);
    await ready;
    await processes.close();
    expect(await running).toMatchObject({ type: "signalled", aborted: true });
    expect((await run(["true"])).outcome).toMatchObject({ type: "not_started" });
  });

  test("a process that exits takes its commands and their children along", async () => {
    const pids = join(folder, "pids");
    const agent = await bundled(`
      await run(["sh", "-c", "sleep 600 & echo $! >> ${pids}"]);
      void run(["sh", "-c", "trap '' TERM; sleep 600 & echo $! >> ${pids}; echo ready; wait; sleep 600"], () => process.exit(5));
    `);
    expect(() => execFileSync(process.execPath, [agent], { stdio: "pipe" })).toThrow(expect.objectContaining({ status: 5 }));
    for (const pid of readFileSync(pids, "utf8").trim().split("\n")) await gone(Number(pid));
    expect(readdirSync(folder).filter((name) => name.startsWith("codex-pipes"))).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("a command after the first one", () => {
  test("starts from the exec host, and shows and tells just what it would from here", async () => {
    const script = join(folder, "script");
    writeFileSync(script, 'echo "script $1"', { mode: 0o700 });
    const commands = [
      ["sh", "-c", "echo out; echo err >&2; echo again > /dev/stdout; exit 3"],
      ["sh", "-c", "kill -TERM $$"],
      ["env"],
      ["sh", "-c", "grep -E '^Sig(Blk|Ign)|^CapEff|^NoNewPrivs|^Seccomp' /proc/self/status; umask; pwd; tty"],
      ["sh", "-c", "sleep 600 & echo done"],
      [script, "a b"],
      ["no-such-program"],
      ["./nothing"],
      [folder],
      [""],
      ["true", "\0"],
      ["true", "x".repeat(3_000_000)],
    ];
    const both = [];
    for (const argv of commands) {
      await startAnew();
      const cold = await run(argv);
      await hosted();
      both.push({ argv: argv[0], cold, hosted: await run(argv) });
    }
    expect(both.map((one) => ({ argv: one.argv, ...one.hosted }))).toEqual(both.map((one) => ({ argv: one.argv, ...one.cold })));
  });

  test("is stopped just the same", async () => {
    await hosted();
    const waits = ["sh", "-c", "sleep 600 & sleep 600"];
    expect((await run(waits, { timeoutMs: 50 })).outcome).toEqual({ type: "signalled", signal: "SIGTERM", timedOut: true, aborted: false });
    const controller = new AbortController();
    const onOutput = (): void => controller.abort();
    expect(await processes.run(request(["sh", "-c", "echo ready; sleep 600"], { onOutput }), controller.signal)).toEqual({
      type: "signalled",
      signal: "SIGTERM",
      timedOut: false,
      aborted: true,
    });
  });

  test("ends with an agent that is killed, and so do the first one and what both left in the background", async () => {
    const pids = join(folder, "pids");
    const agent = await bundled(`
      const keep = (name) => run(["sh", "-c", \`sleep 600 & echo $! >> ${pids}; echo $$ >> ${pids}; \${name}\`]);
      void keep("exec sleep 600");
      await keep("true");
      while ((await run(["sh", "-c", "echo $PPID"])) === \`\${process.pid}\n\`);
      void keep("exec sleep 600");
      await keep("true");
      await run(["sleep", "0.1"]);
      process.kill(process.pid, "SIGKILL");
    `);
    expect(() => execFileSync(process.execPath, [agent], { stdio: "pipe" })).toThrow(expect.objectContaining({ signal: "SIGKILL" }));
    const left = readFileSync(pids, "utf8").trim().split("\n");
    expect(left).toHaveLength(8);
    for (const pid of left) await gone(Number(pid));
  });

  test("ends also when the agent is killed before the exec host runs", async () => {
    const pids = join(folder, "pids");
    const agent = await bundled(`
      void run(["sh", "-c", "echo $$ > ${pids}; echo ready; exec sleep 600"], () => setImmediate(() => process.kill(process.pid, "SIGKILL")));
    `);
    expect(() => execFileSync(process.execPath, [agent], { stdio: "pipe" })).toThrow(expect.objectContaining({ signal: "SIGKILL" }));
    await gone(Number(readFileSync(pids, "utf8")));
  });
});

describe("start", () => {
  test("leaves a program running on its own", async () => {
    const made = join(folder, "made");
    expect(await processes.start(["touch", made], { cwd: folder, env: ENV })).toEqual({});
    while (!existsSync(made)) await run(["true"]);
  });

  test("reports what does not start", async () => {
    mkdirSync(join(folder, "d"));
    expect((await processes.start(["no-such-program"], { cwd: folder, env: ENV })).error).toMatchObject({ code: "ENOENT" });
    expect((await processes.start(["a\0b"], { cwd: folder, env: ENV })).error).toMatchObject({ code: "ERR_INVALID_ARG_VALUE" });
  });
});

/** A program with a function `run(argv, onOutput)`, which resolves with the output. */
async function bundled(body: string): Promise<string> {
  const source = join(folder, "agent.ts");
  writeFileSync(
    source,
    `
    import { createProcesses } from ${JSON.stringify(join(import.meta.dirname, "../../src/node/processes.ts"))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, "../../src/node/clock.ts"))};
    const processes = createProcesses({ clock: systemClock, temporaryDirectory: ${JSON.stringify(folder)} });
    const base = { cwd: "/", env: { PATH: process.env.PATH }, timeoutMs: 60000 };
    const run = async (argv, then = () => undefined) => {
      let output = "";
      const onOutput = (chunk) => { output += Buffer.from(chunk).toString(); then(); };
      await processes.run({ ...base, argv, onOutput }, new AbortController().signal);
      return output;
    };
    ${body}`,
  );
  // Node 20 does not run TypeScript by itself. What the package of the exec host is made of lies beside its own files.
  const external = ["@codex/linux-sandbox"];
  const outExtension = (): { js: string } => ({ js: ".mjs" });
  const outDir = mkdtempSync(join(import.meta.dirname, "../../node_modules/.processes-test-"));
  onTestFinished(() => rmSync(outDir, { recursive: true, force: true }));
  await build({ config: false, silent: true, entry: [source], format: "esm", outDir, clean: false, outExtension, external });
  return join(outDir, "agent.mjs");
}

/** Forgets the exec host of the commands before. */
async function startAnew(): Promise<void> {
  await processes.close();
  processes = createProcesses({ clock: systemClock, temporaryDirectory: folder });
}

/** Commands start from the exec host from now on. */
async function hosted(): Promise<void> {
  while ((await run(["sh", "-c", "echo $PPID"])).output === `${process.pid}\n`);
}

interface Overrides {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly timeoutMs?: number;
  readonly onOutput?: (chunk: Uint8Array, stream: string) => void;
}

function request(argv: string[], overrides: Overrides = {}): Parameters<Processes["run"]>[0] {
  return { argv: argv as [string, ...string[]], cwd: folder, env: ENV, timeoutMs: 60_000, onOutput: () => undefined, ...overrides };
}

async function run(argv: string[], overrides: Overrides = {}): Promise<{ output: string; streams: string[]; outcome: ProcessOutcome }> {
  const chunks: Buffer[] = [];
  const streams = new Set<string>();
  const outcome = await processes.run(
    request(argv, {
      ...overrides,
      onOutput: (chunk, stream) => {
        chunks.push(Buffer.from(chunk));
        streams.add(stream);
      },
    }),
    NEVER,
  );
  return { output: Buffer.concat(chunks).toString(), streams: [...streams], outcome };
}

function exited(exitCode: number): ProcessOutcome {
  return { type: "exited", exitCode, timedOut: false, aborted: false };
}

/** Waits are cut short where the wait itself is not the point. */
function quick(): Processes {
  return createProcesses({
    clock: systemClock,
    temporaryDirectory: folder,
    timings: { graceMs: 100, abortGraceMs: 100, drainQuietMs: 20, drainMaxMs: 60 },
  });
}

/** Resolves once the process is gone, or only waits to be reaped by whoever inherited it. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function handClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    timer(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at <= now && timers.delete(timer)) timer.callback();
      }
    },
  };
}

/** Lets the hand-made clock pass slowly until the promise settles. */
async function settleWith<T>(clock: { advance(ms: number): void }, promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.finally(() => (done = true));
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(0.01);
  }
  return promise;
}
