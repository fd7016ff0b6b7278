import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bwrapArguments, prepareBwrap, wantsScopes, writableMounts, type BwrapLaunch } from "../src/bwrap.ts";
import { compilePlan, type Plan } from "../src/plan.ts";
import type { SandboxPermission } from "../src/policy.ts";
import { probeSupport } from "../src/probe.ts";
import { openLibc } from "../src/syscalls.ts";
import { planOf } from "./support/plans.ts";
import { missing } from "./support/requirements.ts";

const everything = { path: "/usr/bin/bwrap", proc: true, net: true, bindFd: true };
const NAMESPACES = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"];
const PROC = ["--proc", "/proc", "--remount-ro", "/proc"];
const root = (path: string): Plan["writableRoots"][number] => ({ path, dev: "1", ino: "2", born: "3", readOnly: [] });

describe("bwrapArguments", () => {
  const request = { argv: ["prog", "--flag"], cwd: "/w" };

  test("a policy that only reads mounts everything read-only, its own devices too", () => {
    expect(bwrapArguments(planOf({}), request, { bwrap: everything, binds: [], protectedPaths: [], seccomp: 3 })).toEqual([
      ...["--die-with-parent", ...NAMESPACES, "--unshare-net", "--cap-drop", "ALL"],
      ...["--ro-bind", "/", "/", "--dev", "/dev", ...PROC, "--remount-ro", "/dev"],
      ...["--seccomp", "3", "--chdir", "/w", "--", "prog", "--flag"],
    ]);
  });

  test("writable folders come first, what is protected or hidden in them lies over them", () => {
    const plan = planOf({ writableRoots: [root("/w")], deniedReads: ["/nowhere/secret"] });
    const binds = ["--bind-fd", "3", "/w"];
    expect(bwrapArguments(plan, request, { bwrap: everything, binds, protectedPaths: ["/w/.git"], seccomp: 4 })).toEqual([
      ...["--die-with-parent", ...NAMESPACES, "--unshare-net", "--cap-drop", "ALL"],
      ...["--ro-bind", "/", "/", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm", ...PROC],
      ...[...binds, "--ro-bind-try", "/w/.git", "/w/.git", "--ro-bind", "/dev/null", "/nowhere/secret"],
      ...["--remount-ro", "/dev", "--seccomp", "4", "--chdir", "/w", "--", "prog", "--flag"],
    ]);
  });

  test("what the machine or the policy does not have is left out", () => {
    const parts = { bwrap: { ...everything, proc: false, net: false }, binds: [], protectedPaths: [], seccomp: 3 };
    const flags = bwrapArguments(planOf({}), request, parts);
    expect([flags.includes("--proc"), flags.includes("--unshare-net")]).toEqual([false, false]);
    const online = bwrapArguments(planOf({ network: "full", fullWrite: true }), request, { ...parts, bwrap: everything });
    expect([online.includes("--unshare-net"), online.includes("--ro-bind"), online.includes("--remount-ro")]).toEqual([false, false, true]);
  });
});

test("folders on the way to something protected are mounts of their own, so that nobody moves them away", () => {
  const plan = planOf({ writableRoots: [root("/t"), root("/t/work")] });
  const protectedPaths = ["/t/work/.git", "/t/work/a/b/.git", "/t/x/.git"];
  expect(writableMounts(plan, { protectedPaths, bindFd: true })).toEqual(["/t", "/t/work", "/t/work/a", "/t/work/a/b", "/t/x"]);
  expect(writableMounts(plan, { protectedPaths, bindFd: false })).toEqual(["/t"]);
});

test("scopes around bwrap are wanted only where the network is shared and Landlock has them", () => {
  expect([wantsScopes(planOf({}), 7), wantsScopes(planOf({ network: "full" }), 5), wantsScopes(planOf({ network: "full" }), 6)]).toEqual([
    false,
    false,
    true,
  ]);
});

describe("a prepared command", () => {
  let folder = "";
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "bwrap-test-")));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  // What started the tests may have left descriptors open.
  beforeAll(() => openLibc().closeAllOnExec(3));

  test.skipIf(missing("bwrap"))("is refused when a root was replaced after the plan was made", () => {
    const plan = planFor();
    renameSync(folder, `${folder}-old`);
    mkdirSync(folder);
    try {
      expect(prepareBwrap(plan, everything, { argv: ["true"], cwd: folder })).toEqual({ ok: false, stale: [folder] });
    } finally {
      rmSync(`${folder}-old`, { recursive: true });
    }
  });

  test.skipIf(missing("bwrap"))("leaves nothing behind at the names it kept from appearing", async () => {
    mkdirSync(join(folder, ".git"));
    const script = "ls -A; mkdir .agents 2>/dev/null || echo refused; rmdir .agents 2>/dev/null || echo refused";
    expect(await finish(prepare(planFor(), script))).toEqual({
      code: 0,
      output: ".agents\n.codex\n.git\nrefused\nrefused\n",
      violated: [],
    });
    expect(readdirSync(folder)).toEqual([".git"]);
  });

  test.skipIf(missing("bwrap"))("shares the names it keeps with other commands until the last one ends", async () => {
    const first = prepare(planFor(), "true");
    const second = prepare(planFor(), "touch .codex/x 2>/dev/null || echo refused");
    expect((await finish(first)).violated).toEqual([]);
    expect(existsSync(join(folder, ".codex"))).toBe(true);
    expect((await finish(second)).output).toBe("refused\n");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(missing("bwrap"))("takes over what a killed session left at the names", async () => {
    const left = prepare(planFor(), "true");
    left.spawned();
    // Never ended: its lock is gone with its process, which a second open file of this one stands for.
    expect((await finish(prepare(planFor(), "touch .git/x 2>/dev/null || echo refused"))).output).toBe("refused\n");
    left.ended();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(missing("bwrap"))("leaves alone what another program put at a kept name, and does not blame the command", async () => {
    const launch = prepare(planFor(), "true");
    writeFileSync(join(folder, ".agents", "mine"), "");
    expect((await finish(launch)).violated).toEqual([]);
    expect(readdirSync(folder)).toEqual([".agents"]);
  });

  test.skipIf(missing("bwrap"))("says what stands at a kept name that another program had freed", async () => {
    const launch = prepare(planFor(), "true");
    const replace = (): void => {
      rmdirSync(join(folder, ".agents"));
      writeFileSync(join(folder, ".agents"), "");
    };
    expect((await finish(launch, replace)).violated).toEqual([join(folder, ".agents")]);
  });

  test.skipIf(missing("bwrap"))("does not blame a command for what it cannot have moved or removed", async () => {
    for (const name of [".git", "sub/.git"]) mkdirSync(join(folder, name), { recursive: true });
    const removeAll = (): void => {
      renameSync(join(folder, "sub"), join(folder, "other"));
      rmdirSync(join(folder, ".git"));
    };
    expect((await finish(prepare(planFor(), "true"), removeAll)).violated).toEqual([]);
  });

  test.skipIf(missing("bwrap"))("says what a command may have moved where folders in between are no mounts", async () => {
    for (const name of [".git", "sub/.git"]) mkdirSync(join(folder, name), { recursive: true });
    const without = { ...bwrap, bindFd: false };
    expect((await finish(prepare(planFor(), "mv sub other", without))).violated).toEqual([join(folder, "sub", ".git")]);
  });

  test.skipIf(missing("bwrap"))("keeps nested repositories where they are", async () => {
    mkdirSync(join(folder, "a", "b", ".git"), { recursive: true });
    const script =
      "mv a c 2>/dev/null || echo refused; mv a/b c 2>/dev/null || echo refused; touch a/b/.git/x 2>/dev/null || echo refused; touch a/b/file && ls a/b";
    expect((await finish(prepare(planFor(), script))).output).toBe("refused\nrefused\nrefused\nfile\n");
  });

  test.skipIf(missing("bwrap"))("hides what must not be read, also from its owner", async () => {
    const secret = join(folder, "secret");
    mkdirSync(join(folder, "hidden"));
    writeFileSync(secret, "s3cret\n");
    writeFileSync(join(folder, "hidden", "file"), "s3cret\n");
    const plan = planFor({ deniedReads: [secret, join(folder, "hidden")] });
    const script =
      "cat secret; cat hidden/file; chmod 777 secret hidden; rm -rf secret hidden; mv secret other; cat secret other hidden/file; exit 0";
    expect((await finish(prepare(plan, `(${script}) 2>/dev/null`))).output).toBe("");
    expect(lstatSync(secret).size).toBe(7);
  });

  test.skipIf(missing("bwrap"))("passes exit codes on, 128+n for a signal", async () => {
    expect((await finish(prepare(planFor(), "exit 7"))).code).toBe(7);
    expect((await finish(prepare(planFor(), "kill -9 $$"))).code).toBe(137);
  });

  test.skipIf(missing("bwrap"))("hands no descriptor to the command", async () => {
    mkdirSync(join(folder, "a", ".git"), { recursive: true });
    // 3 is the folder that ls reads.
    expect((await finish(prepare(planFor(), "exec ls /proc/self/fd"))).output).toBe("0\n1\n2\n3\n");
  });

  function planFor({
    deniedReads = [],
    permissions = ["disk-write-cwd"],
  }: { deniedReads?: string[]; permissions?: SandboxPermission[] } = {}): Plan {
    return compilePlan({ permissions }, { cwd: folder, platform: "linux", temporaryDirectory: "/nowhere", deniedReads });
  }

  function prepare(plan: Plan, script: string, support = bwrap): BwrapLaunch {
    const prepared = prepareBwrap(plan, support, { argv: ["/bin/sh", "-c", script], cwd: folder });
    if (!prepared.ok) throw new Error(`stale: ${prepared.stale.join(", ")}`);
    return prepared.launch;
  }
});

const bwrap = (await probeSupport()).bwrap ?? everything;

async function finish(
  launch: BwrapLaunch,
  meanwhile = (): void => undefined,
): Promise<{ code: unknown; output: string; violated: readonly string[] }> {
  const child = spawn(launch.file, launch.args, { stdio: ["ignore", "pipe", "inherit", ...launch.descriptors] });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  launch.spawned();
  meanwhile();
  return { code, output, ...launch.ended() };
}
