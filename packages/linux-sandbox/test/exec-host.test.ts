import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startExecHost, type ConfinementRequest, type ExecHost } from "../src/client.ts";
import type { SandboxPermission } from "../src/policy.ts";
import { confinementIn, ended, gone, Hosted, hostPid } from "./support/hosted.ts";
import { missing } from "./support/requirements.ts";

const linux = process.platform === "linux";
if (!linux) console.log("skipped: the exec host is for Linux");

let folder: string;
let host: ExecHost;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "exec-host-")));
  host = startExecHost({ env: { PATH: process.env["PATH"], SECRET_API_KEY: "sk-secret" } });
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const confinement = (...permissions: SandboxPermission[]): ConfinementRequest => confinementIn(folder, ...permissions);
const start: Hosted["start"] = (...parameters) => new Hosted(host, folder).start(...parameters);
const run: Hosted["run"] = (...parameters) => new Hosted(host, folder).run(...parameters);

const CONFINED = [
  ["unconfined", () => undefined],
  ["reading only", () => confinement()],
  ["with a writable folder", () => confinement("disk-write-cwd")],
] as const;

describe.skipIf(!linux)("a command", () => {
  test.each(CONFINED)("runs %s with its output, exit code, folder and environment", async (_, how) => {
    const { output, exit } = await run(["sh", "-c", 'echo "$A $(pwd)"; echo e >&2; echo again > /dev/stdout; exit 3'], {
      confinement: how(),
    });
    expect({ output, exit }).toEqual({ output: `a ${folder}\ne\nagain\n`, exit: ended(3) });
  });

  test.each(CONFINED)("%s sees no key, no descriptor and no terminal of the agent", async (_, how) => {
    const { output } = await run(["sh", "-c", "env; ls /proc/self/fd; tty"], { confinement: how() });
    expect(output).not.toContain("secret");
    expect(
      output
        .split("\n")
        .filter((line) => /^\d+$/.test(line))
        .map(Number),
    ).toEqual([0, 1, 2, 3]);
    expect(output).toContain("not a tty");
  });

  test("gets no key from the host either", async () => {
    await run(["true"]);
    expect(readFileSync(`/proc/${hostPid()}/environ`, "utf8")).not.toContain("secret");
  });

  test("is refused writing outside, and what it may do holds for each policy at the same time", async () => {
    const policies = [confinement(), confinement("disk-write-cwd"), confinement("network-full-access"), undefined];
    const script = 'touch "$1" 2>/dev/null && echo wrote || echo refused';
    const outputs = await Promise.all(
      policies.map(async (one, index) => (await run(["sh", "-c", script, "sh", join(folder, `f${index}`)], { confinement: one })).output),
    );
    expect(outputs).toEqual(["refused\n", "wrote\n", "refused\n", "wrote\n"]);
  });

  test.each(CONFINED)("%s that prints 20 MB loses nothing and does not grow the host", async (_, how) => {
    const { bytes } = await run(["sh", "-c", "head -c 20000000 /dev/zero"], { confinement: how() });
    expect(bytes).toBe(20_000_000);
    expect(Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${hostPid()}/status`, "utf8"))?.[1])).toBeLessThan(150_000);
  });

  test("a hundred at once are not mixed up", async () => {
    const how = confinement();
    const runs = await Promise.all(
      Array.from({ length: 100 }, (_, i) => run(["sh", "-c", `echo ${i}; exit ${i % 7}`], { confinement: i % 2 === 0 ? how : undefined })),
    );
    expect(runs.map(({ output, exit }) => ({ output, exit }))).toEqual(runs.map((_, i) => ({ output: `${i}\n`, exit: ended(i % 7) })));
  });

  test("that is not there, and a folder that is not there, are told with Node's code", async () => {
    const start = (argv: string[], cwd: string, one?: ConfinementRequest) =>
      host.spawn({ argv, cwd, env: {}, ...(one === undefined ? {} : { confinement: one }) });
    for (const one of [undefined, confinement()]) {
      // oxlint-disable-next-line no-await-in-loop -- one worker
      expect(await start(["/nowhere/program"], folder, one)).toMatchObject({ ok: false, code: "ENOENT" });
      // oxlint-disable-next-line no-await-in-loop
      expect(await start(["true"], join(folder, "gone"), one)).toMatchObject({ ok: false, code: "ENOENT" });
    }
  });

  test("ended by a signal says so", async () => {
    expect((await run(["sh", "-c", "kill -9 $$"])).exit).toEqual({ type: "ended", code: null, signal: "SIGKILL", violated: [] });
    expect((await run(["sh", "-c", "kill -9 $$"], { confinement: confinement() })).exit).toMatchObject({ signal: "SIGKILL" });
  });
});

describe.skipIf(missing("landlock"))("a confined command, an equal of the thread that started it to Landlock,", () => {
  test("sees no memory, variable or descriptor of the host, not even while a sandbox of another plan waits for its orders", async () => {
    await run(["true"], { confinement: confinement("disk-write-cwd") });
    const script = `for task in /proc/$PPID/task/*; do
      for entry in $task/fd/*; do readlink $entry; done; cat $task/environ $task/maps; head -c 1 $task/mem; done 2>/dev/null | wc -c`;
    expect((await run(["sh", "-c", script], { confinement: confinement() })).output.trim()).toBe("0");
  });

  test.skipIf(missing("scopes"))("cannot signal it by any thread, and may signal itself", async () => {
    const script = `for task in /proc/$PPID/task/*; do kill -0 $(basename $task) && echo reached; done 2>/dev/null; kill -TERM $$`;
    expect(await run(["bash", "-c", script], { confinement: confinement() })).toMatchObject({ output: "", exit: { signal: "SIGTERM" } });
  });
});

describe.skipIf(!linux)("a writable folder", () => {
  test("that was removed and made again is writable again", async () => {
    const work = join(folder, "work");
    const how: ConfinementRequest = { ...confinement("disk-write-cwd"), context: { ...confinement().context, cwd: work } };
    mkdirSync(work);
    expect((await run(["touch", join(work, "one")], { confinement: how })).exit).toEqual(ended(0));
    // Not removed in place: what stands in for missing names there may just be put down.
    renameSync(work, `${work}.old`);
    mkdirSync(work);
    expect((await run(["touch", join(work, "two")], { confinement: how })).exit).toEqual(ended(0));
    expect(existsSync(join(work, "two"))).toBe(true);
  });

  test("that is gone makes nothing else writable", async () => {
    const work = join(folder, "work");
    const how: ConfinementRequest = { ...confinement("disk-write-cwd"), context: { ...confinement().context, cwd: work } };
    const { exit } = await run(["mkdir", work], { confinement: how });
    expect(exit).toMatchObject({ type: "ended", code: 1 });
  });
});

describe.skipIf(missing("bwrap"))("a protected folder", () => {
  const script = "(echo x > .git/hooks/a) 2>/dev/null && echo hook; (echo x >> .git/config) 2>/dev/null && echo config";

  test.each([
    ["stays closed", [], ""],
    ["that was granted by name is open", [".git"], "hook\nconfig\n"],
    ["is open where a part of it was granted", [".git/hooks"], "hook\n"],
  ])("%s", async (_, granted, expected) => {
    mkdirSync(join(folder, ".git/hooks"), { recursive: true });
    const folders = granted.map((path): SandboxPermission => ({ "disk-write-folder": { folder: join(folder, path) } }));
    const how = confinement("disk-write-cwd", ...folders);
    expect((await run(["sh", "-c", script], { confinement: how })).output).toBe(expected);
  });

  test("lets a folder below it be written that was granted, but not the repositories in there", async () => {
    mkdirSync(join(folder, ".codex/work/deep/repo/.git"), { recursive: true });
    const how = confinement("disk-write-cwd", { "disk-write-folder": { folder: join(folder, ".codex/work") } });
    const names = [".codex/no", ".codex/work/yes", ".codex/work/deep/repo/yes", ".codex/work/deep/repo/.git/no", ".codex/work/.git/no"];
    const script =
      'for f; do (echo > "$f") 2>/dev/null && echo "$f"; done; mv .codex/work/deep .codex/work/x 2>/dev/null && echo moved; true';
    expect((await run(["sh", "-c", script, "sh", ...names], { confinement: how })).output).toBe(
      ".codex/work/yes\n.codex/work/deep/repo/yes\n",
    );
  });
});

describe.skipIf(!linux)("the host", () => {
  test("killed while commands run: they fail with a named error, are ended, and the next command runs", async () => {
    const slow = await Promise.all([
      start(["sleep", "60"]),
      start(["sleep", "60"], confinement()),
      start(["sleep", "60"], confinement("disk-write-cwd")),
    ]);
    process.kill(hostPid(), "SIGKILL");
    const exits = await Promise.all(slow.map(({ exit }) => exit));
    expect(exits).toEqual(
      slow.map(() => ({ type: "lost", code: "ERR_EXEC_HOST_LOST", message: "the process that starts commands ended unexpectedly" })),
    );
    for (const { pid } of slow) await gone(pid);
    expect((await run(["echo", "on"], { confinement: confinement() })).output).toBe("on\n");
  });

  test("that dies twice before it started anything is given up, with a named error", async () => {
    const broken = startExecHost({ env: {}, entry: join(folder, "nothing.js") });
    const request = { argv: ["true"], cwd: "/", env: {} };
    expect(await broken.spawn(request)).toMatchObject({ ok: false, code: "ERR_EXEC_HOST_LOST" });
    expect(await broken.spawn(request)).toMatchObject({ ok: false, code: "ERR_EXEC_HOST_LOST" });
    expect(await broken.spawn(request)).toEqual({ ok: false, code: "ERR_EXEC_HOST_LOST", message: expect.stringContaining("died twice") });
    expect(await broken.prepare(confinement())).toMatchObject({ backend: "none" });
    await broken.close();
  });

  test("ends what it started when the agent is gone", async () => {
    const { pid, exit } = await start(["sh", "-c", "trap '' TERM; sleep 60"], confinement());
    await host.close();
    expect(await exit).toMatchObject({ type: "lost", message: "the exec host was closed" });
    await gone(pid);
  });
});

describe.skipIf(!linux)("an agent that goes away", () => {
  test("leaves nothing of the sandbox in the folder", async () => {
    const { exit } = await start(["sleep", "60"], confinement("disk-write-cwd"));
    await host.close();
    expect(await exit).toMatchObject({ type: "lost" });
    expect(readdirSync(folder)).toEqual([]);
  });
});
