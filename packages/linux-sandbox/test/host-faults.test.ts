import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startExecHost, type ConfinementRequest, type ExecHost } from "../src/client.ts";
import { confinementIn, ended, finished, gone, Hosted, hostedEnvironment, hostPid, processesIn, until } from "./support/hosted.ts";
import { missing } from "./support/requirements.ts";

const LOST = { type: "lost", code: "ERR_EXEC_HOST_LOST" };

let folder = "";
let work = "";
const hosts: ExecHost[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "host-faults-")));
  work = join(folder, "work");
  mkdirSync(work);
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A host, whose entry does something to itself first when there is a `fault`. */
function hosted({ fault, path = process.env["PATH"] ?? "" }: { fault?: string; path?: string } = {}): Hosted {
  const host = startExecHost({ env: { PATH: path }, ...(fault === undefined ? {} : { entry: faultyEntry(fault) }) });
  hosts.push(host);
  return new Hosted(host, work);
}

function faultyEntry(fault: string): string {
  const [faults, real] = ["./support/faulty-host.mjs", "../dist/exec-host.js"].map((one) => new URL(one, import.meta.url).href);
  const entry = join(folder, "entry.mjs");
  const name = fault.split("(", 1)[0] ?? "";
  writeFileSync(entry, `import { ${name} } from ${JSON.stringify(faults)};\n${fault};\nawait import(${JSON.stringify(real)});\n`);
  return entry;
}

type Kind = readonly [name: string, confinement: () => ConfinementRequest | undefined];

const reading = (): ConfinementRequest => confinementIn(work);
const writing = (): ConfinementRequest => confinementIn(work, "disk-write-cwd");
const CONFINED: readonly Kind[] = [
  ["reading only", reading],
  ["with a writable folder", writing],
];
const ALL: readonly Kind[] = [["unconfined", () => undefined], ...CONFINED];
const ofAgent = (): string[] => readdirSync("/proc/self/fd");

describe("the thread that confines", () => {
  test.skipIf(missing("landlock"))("crashes: its commands get a named error and are ended, the others and the next one go on", async () => {
    const { start, run } = bound(hosted({ fault: "crashingWorkers()" }));
    const others = [await start(["sleep", "600"]), await start(["sleep", "600"], confinementIn(work, "network-full-access"))];
    const own = await start(["sleep", "600"], reading());
    // The newest worker is the one that is told to crash.
    process.kill(hostPid("entry.mjs"), "SIGUSR2");
    expect(await own.exit).toEqual({ ...LOST, message: expect.stringMatching(/^the thread that confines commands failed: /) });
    await gone(own.pid);
    expect(await run(["echo", "next"], { confinement: reading() })).toMatchObject({ output: "next\n", exit: ended(0) });
    expect(processesIn(work)).toEqual(others.map(({ pid }) => pid));
  });

  test.skipIf(missing("landlock"))("confines itself and no other thread of the host", async () => {
    const { run } = bound(hosted());
    await run(["true"], { confinement: reading() });
    expect(confinedThreads(hostPid())).toBe(1);
    await run(["true"], { confinement: confinementIn(work, "network-full-access") });
    expect(confinedThreads(hostPid())).toBe(2);
  });
});

describe("a host that is killed", () => {
  test(
    "a hundred times, each time while a command runs, leaves no process and no descriptor, and the next command works",
    { timeout: 120_000 },
    async () => {
      const { start, run } = bound(hosted());
      const kinds = [undefined, reading()];
      await run(["true"]);
      const before = ofAgent().length;
      for (let time = 0; time < 100; time++) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const command = await start(["sleep", "600"], time % 10 === 0 ? kinds[1] : kinds[0]);
        process.kill(hostPid(), "SIGKILL");
        // oxlint-disable-next-line no-await-in-loop
        const { exit } = await finished(command);
        expect(exit).toMatchObject(LOST);
      }
      await until(() => processesIn(work).length === 0);
      expect((await run(["echo", "on"], { confinement: reading() })).output).toBe("on\n");
      expect(ofAgent().length).toBeLessThanOrEqual(before);
    },
  );

  test.skipIf(missing("landlock", "bwrap")).each(ALL)(
    "in the instant in which it starts a command %s takes that one with it",
    async (_, how) => {
      const { host } = hosted({ fault: "dyingAtSpawn()" });
      const confinement = how();
      const request = { argv: ["sleep", "600"], cwd: work, env: hostedEnvironment(work) };
      const started = await host.spawn({ ...request, ...(confinement === undefined ? {} : { confinement }) });
      expect(started).toMatchObject({ ok: false, code: "ERR_EXEC_HOST_LOST" });
      await until(() => processesIn(work).length === 0);
    },
  );
});

test.skipIf(missing("landlock"))("an agent that is killed while a command is started leaves nothing", async () => {
  const entry = faultyEntry("slowToLearn(200)");
  const agent = join(folder, "agent.mjs");
  const request = { argv: ["sleep", "600"], cwd: work, env: hostedEnvironment(work), confinement: reading() };
  const client = new URL("../dist/client.js", import.meta.url).href;
  writeFileSync(
    agent,
    `import { startExecHost } from ${JSON.stringify(client)};
await startExecHost(${JSON.stringify({ env: { PATH: process.env["PATH"] }, entry })}).spawn(${JSON.stringify(request)});`,
  );
  const child = spawn(process.execPath, [agent], { cwd: "/", stdio: "ignore" });
  await until(() => processesIn(work).length > 0);
  child.kill("SIGKILL");
  await until(() => processesIn(work).length === 0);
});

describe("a machine without bubblewrap", () => {
  test.skipIf(missing("landlock"))("gives Landlock, says what is missing, and the command runs", async () => {
    const { host, run } = bound(hosted({ path: "/nowhere" }));
    expect(await host.prepare(writing())).toMatchObject({
      backend: "landlock",
      missing: ["metadata", "carveout", "processes", "ipc", "loopback"],
      reasons: ["bubblewrap (bwrap) is not installed."],
    });
    const script = "touch in; touch ../out 2>/dev/null || echo refused; echo $CODEX_SANDBOX";
    expect((await run(["sh", "-c", script], { confinement: writing() })).output).toBe("refused\nlandlock\n");
  });

  test("does not run what requires the missing, and names the way out", async () => {
    const { host } = hosted({ path: "/nowhere" });
    const confinement: ConfinementRequest = { ...writing(), require: ["carveout"] };
    expect(await host.prepare(confinement)).toMatchObject({ backend: "none", hint: expect.stringContaining("Install bubblewrap") });
    expect(await host.spawn({ argv: ["touch", "ran"], cwd: work, env: {}, confinement })).toEqual({
      ok: false,
      code: "ERR_SANDBOX_UNAVAILABLE",
      message: expect.stringMatching(/requires carveout, which cannot be guaranteed.*Install bubblewrap \(bwrap\) or take carveout out/),
    });
    expect(readdirSync(work)).toEqual([]);
  });

  test.skipIf(missing("landlock")).each([
    ["that exits with 1", "exit 1", "cannot start"],
    [
      "that AppArmor keeps from making namespaces",
      "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1",
      "cannot start: bwrap: setting up uid map: Permission denied.",
    ],
    [
      "that may not set up its loopback",
      "echo 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted' >&2; exit 1",
      "cannot start: bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted.",
    ],
    ["that runs nothing and says all is well", "exit 0", "cannot start"],
    ["that is killed", "kill -9 $$", "cannot start"],
  ])("or with one %s: Landlock steps in, with the reason", async (_, script, reason) => {
    writeFileSync(join(folder, "bwrap"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bwrap"), 0o755);
    const { host, run } = bound(hosted({ path: folder }));
    expect(await host.prepare(writing())).toMatchObject({ backend: "landlock", reasons: [expect.stringContaining(reason)] });
    expect((await run(["sh", "-c", "echo $CODEX_SANDBOX"], { confinement: writing() })).output).toBe("landlock\n");
  });
});

test.skipIf(missing("bwrap"))(
  "a sandbox that cannot be set up is tried again; when it never can, that is said and nothing ran",
  async () => {
    const real = execFileSync("sh", ["-c", "command -v bwrap"], { encoding: "utf8" }).trim();
    const left = join(folder, "left");
    const failing = `n=$(/bin/cat ${left}); [ "$n" -gt 0 ] && { echo $((n - 1)) > ${left}; echo "bwrap: the source is gone" >&2; exit 1; }`;
    writeFileSync(join(folder, "bwrap"), `#!/bin/sh\n${failing}\nexec ${real} "$@"\n`, { mode: 0o755 });
    writeFileSync(left, "0");
    const { host, run } = bound(hosted({ path: folder }));
    expect(await host.prepare(writing())).toMatchObject({ backend: "bwrap" });
    const command = { argv: ["sh", "-c", "echo once >> ran; cat ran"], cwd: work, env: hostedEnvironment(work), confinement: writing() };
    writeFileSync(left, "99");
    expect(await host.spawn(command)).toEqual({
      ok: false,
      code: "ERR_SANDBOX_UNAVAILABLE",
      message: expect.stringMatching(/^Nothing was run: the sandbox could not be set up.*bwrap: the source is gone$/),
    });
    expect(existsSync(join(work, "ran"))).toBe(false);
    writeFileSync(left, "2");
    expect((await run(command.argv, { confinement: writing() })).output).toBe("once\n");
  },
);

describe("a kernel", () => {
  test.skipIf(missing("bwrap")).each([38, 95])("without Landlock (errno %i) leaves it to bubblewrap", async (errno) => {
    const { host, run } = bound(hosted({ fault: `withoutLandlock(${errno})` }));
    expect(await host.prepare(reading())).toMatchObject({ backend: "bwrap", missing: [] });
    const script = "touch no 2>/dev/null || echo refused; echo $CODEX_SANDBOX";
    expect((await run(["sh", "-c", script], { confinement: reading() })).output).toBe("refused\nbwrap\n");
  });

  test("without Landlock, on a machine without bubblewrap, runs nothing and says why and what to do", async () => {
    const { host } = hosted({ fault: "withoutLandlock(38)", path: "/nowhere" });
    expect(await host.prepare(reading())).toEqual({
      backend: "none",
      reason: expect.stringMatching(
        /cannot be confined on this machine\. This kernel has no Landlock.* bubblewrap \(bwrap\) is not installed\./,
      ),
      hint: expect.stringContaining("--dangerously-bypass-approvals-and-sandbox"),
    });
    const start = await host.spawn({ argv: ["touch", "ran"], cwd: work, env: {}, confinement: reading() });
    expect(start).toMatchObject({ ok: false, code: "ERR_SANDBOX_UNAVAILABLE" });
    expect((await new Hosted(host, work).run(["echo", "bare"])).output).toBe("bare\n");
  });

  test.skipIf(missing("landlock"))("with 15 Landlock layers around the host takes one more", async () => {
    const { run } = bound(hosted({ fault: "insideLayers(15)", path: "/nowhere" }));
    expect((await run(["echo", "ran"], { confinement: reading() })).output).toBe("ran\n");
  });

  test.skipIf(missing("landlock"))("with 16 takes no other: nothing runs, and the reason is said", async () => {
    const { host } = hosted({ fault: "insideLayers(16)", path: "/nowhere" });
    expect(await host.prepare(reading())).toMatchObject({ backend: "none", reason: expect.stringContaining("16 layers") });
  });

  test.skipIf(missing("landlock"))("with 16, not asked because the answer is remembered, refuses all the same", async () => {
    const request = { ...reading(), cacheDirectory: join(folder, "cache") };
    await hosted({ path: "/nowhere" }).host.prepare(request);
    expect(existsSync(join(folder, "cache/sandbox-support.json"))).toBe(true);
    const { host } = hosted({ fault: "insideLayers(16)", path: "/nowhere" });
    expect(await host.spawn({ argv: ["touch", "ran"], cwd: work, env: {}, confinement: request })).toEqual({
      ok: false,
      code: "ERR_SANDBOX_WORKER",
      message: "Landlock allows 16 layers, and this process is already inside that many",
    });
  });
});

describe("folders that go away", () => {
  test.skipIf(missing("landlock", "bwrap")).each(ALL)("the working directory, before a command %s: it is not started", async (_, how) => {
    const { host } = hosted();
    const confinement = how();
    if (confinement !== undefined) await host.prepare(confinement);
    rmSync(work, { recursive: true });
    const request = { argv: ["true"], cwd: work, env: hostedEnvironment(work) };
    expect(await host.spawn({ ...request, ...(confinement === undefined ? {} : { confinement }) })).toMatchObject({
      ok: false,
      code: "ENOENT",
    });
  });

  test.skipIf(missing("landlock", "bwrap")).each(CONFINED)(
    "the working directory, under a running command %s: it goes on, and the next one is not started",
    async (_, how) => {
      const { host, start } = bound(hosted());
      const confinement = how();
      const command = await start(
        ["sh", "-c", "echo ready; while [ -e ../stop ]; do :; done; pwd -P >/dev/null 2>&1; echo went on"],
        confinement,
      );
      let said = "";
      const end = finished(command, (text) => (said += text));
      writeFileSync(join(folder, "stop"), "");
      await until(() => said.includes("ready"));
      rmSync(work, { recursive: true });
      rmSync(join(folder, "stop"));
      expect((await end).output).toContain("went on\n");
      expect(await host.spawn({ argv: ["true"], cwd: work, env: {}, ...(confinement === undefined ? {} : { confinement }) })).toMatchObject(
        { ok: false, code: "ENOENT" },
      );
    },
  );

  test.skipIf(missing("bwrap"))("a writable one, made again with the same number: what is new in it is protected", async () => {
    const { run } = bound(hosted());
    expect((await run(["touch", "one"], { confinement: writing() })).exit).toEqual(ended(0));
    // The sandbox that stands ready holds the folder, and lets go of it before a command runs unconfined.
    await run(["true"]);
    const { ino } = statSync(work);
    for (let same = false; !same; same = statSync(work).ino === ino) {
      rmSync(work, { recursive: true });
      mkdirSync(work);
    }
    mkdirSync(join(work, "sub/.git"), { recursive: true });
    const script = "touch two; touch sub/.git/no 2>/dev/null || echo refused";
    expect((await run(["sh", "-c", script], { confinement: writing() })).output).toBe("refused\n");
    await run(["true"]);
    expect(readdirSync(work).toSorted()).toEqual(["sub", "two"]);
  });
});

test.skipIf(missing("landlock", "bwrap"))(
  "a hundred commands of three kinds at once are not mixed up and leave nothing",
  { timeout: 60_000 },
  async () => {
    const { host, run } = bound(hosted());
    const kinds = [undefined, reading(), writing()];
    await host.prepare(writing());
    const before = ofAgent().length;
    const runs = await Promise.all(
      Array.from({ length: 100 }, (_, i) => run(["sh", "-c", `echo ${i}; exit ${i % 7}`], { confinement: kinds[i % 3] })),
    );
    expect(runs.map(({ output, exit }) => ({ output, exit }))).toEqual(runs.map((_, i) => ({ output: `${i}\n`, exit: ended(i % 7) })));
    await run(["true"]);
    expect(readdirSync(work)).toEqual([]);
    // Some pipes are kept for the next.
    await until(() => ofAgent().length <= before + 20);
  },
);

describe("below bubblewrap", () => {
  test.skipIf(missing("bwrap"))("a program that cannot be run is told as without a sandbox", async () => {
    const { host } = hosted();
    writeFileSync(join(work, "plain"), "");
    writeFileSync(join(work, "script"), "#!/nowhere/interpreter\n", { mode: 0o755 });
    const codes = async (confinement: ConfinementRequest | undefined): Promise<unknown[]> => {
      const words = [["no-such-program"], ["/nowhere/program"], ["./plain"], ["./script"], ["/tmp"], [work]];
      const more = confinement === undefined ? {} : { confinement };
      const starts = words.map((argv) => host.spawn({ argv, cwd: work, env: { PATH: "/usr/bin:/bin" }, ...more }));
      return (await Promise.all(starts)).map((start) => (start.ok ? "started" : start.code));
    };
    const bare = await codes(undefined);
    expect(bare).toEqual(["ENOENT", "ENOENT", "EACCES", "ENOENT", "EACCES", "EACCES"]);
    expect(await codes(writing())).toEqual(bare);
  });

  test.skipIf(missing("bwrap"))("a command that is asked to end can tidy up first", async () => {
    const { start } = bound(hosted());
    const command = await start(["bash", "-c", "trap 'echo tidied; exit 3' TERM; sleep 600 & echo ready; wait"], writing());
    const { output, exit } = await finished(command, (text) => text.includes("ready") && command.terminate());
    expect({ output, exit }).toEqual({ output: "ready\ntidied\n", exit: ended(3) });
    await until(() => processesIn(work).length === 0);
  });
});

/** The methods of one host, to be taken apart. */
function bound(one: Hosted): Pick<Hosted, "host" | "start" | "run"> {
  return { host: one.host, start: (...words) => one.start(...words), run: (...words) => one.run(...words) };
}

/** Threads of a process that a system call filter lies on. */
function confinedThreads(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).filter((thread) =>
    /^Seccomp:\s2$/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8")),
  ).length;
}
