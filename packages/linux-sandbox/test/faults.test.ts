import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { programFile } from "../src/probe.ts";
import { launch } from "./support/launch.ts";
import { missing } from "./support/requirements.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "faults-test-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command on a kernel that answers ENOSYS (or another errno) to landlock_create_ruleset. */
function withoutLandlock(errno = 38): [string, ...string[]] {
  const script = `
import ctypes, os, struct, sys
lib = ctypes.CDLL(None, use_errno=True)
nr = 444
code = [(0x20,0,0,0),(0x15,0,1,nr),(0x06,0,0,0x50000+${errno}),(0x06,0,0,0x7fff0000)]
program = b"".join(struct.pack("HBBI", *c) for c in code)
buffer = ctypes.create_string_buffer(program)
header = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(buffer))
assert lib.prctl(38, 1, 0, 0, 0) == 0
assert lib.prctl(22, 2, header, 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])
`;
  return ["/usr/bin/python3", "-c", script];
}

const NO_BWRAP = { PATH: "/nowhere" };
const write = ["--", "/bin/sh", "-c", "echo x > /etc/sandbox-test-file"];
const withRoot = (): string[] => ["-s", "disk-full-read-access", "-s", `disk-write-folder=${folder}`];

test.skipIf(missing("python"))("a kernel without Landlock and no bwrap: nothing runs, the reason and the way out are said", async () => {
  const { code, stdout, stderr } = await launch(["--", "/bin/echo", "ran"], { before: withoutLandlock(), env: NO_BWRAP });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("cannot be confined");
  expect(stderr).toContain("bubblewrap (bwrap) is not installed");
  expect(stderr).toContain("--dangerously-bypass-approvals-and-sandbox");
});

test.skipIf(missing("python"))("Landlock switched off at boot is the same as none", async () => {
  const { code, stdout } = await launch(["--backend", "landlock", "--", "/bin/echo", "ran"], {
    before: withoutLandlock(95),
    env: NO_BWRAP,
  });
  expect([code, stdout]).toEqual([1, ""]);
});

test.skipIf(missing("python", "bwrap"))("a kernel without Landlock: bwrap does it", async () => {
  const { code, stdout } = await launch(["--", "/bin/sh", "-c", "echo $CODEX_SANDBOX"], { before: withoutLandlock() });
  expect([code, stdout]).toEqual([0, "bwrap\n"]);
  expect((await launch(write, { before: withoutLandlock() })).code).not.toBe(0);
});

test.skipIf(missing("python"))("the self-test says that Landlock is missing and that the filter works", () => {
  const [file, ...args] = [...withoutLandlock(), process.execPath, programFile("self-test")];
  const { stdout } = spawnSync(file, args, { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual({ landlockAbi: 0, seccomp: true, reasons: ["This kernel has no Landlock, or it is switched off."] });
});

test.skipIf(missing("landlock"))(
  "without bwrap writable folders are confined by Landlock, and what that does not hold is said",
  async () => {
    const { code, stdout, stderr } = await launch([...withRoot(), "--", "/bin/sh", "-c", "echo $CODEX_SANDBOX"], { env: NO_BWRAP });
    expect([code, stdout]).toEqual([0, "landlock\n"]);
    expect(stderr).toBe(
      "codex-linux-sandbox: not guaranteed here: metadata, carveout, processes, ipc, loopback (bubblewrap (bwrap) is not installed)\n",
    );
  },
);

test.skipIf(missing("landlock"))("a bwrap that cannot start is named with its reason, and Landlock steps in", async () => {
  fakeBwrap("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1");
  const { code, stdout, stderr } = await launch([...withRoot(), "--", "/bin/sh", "-c", "echo $CODEX_SANDBOX"], { env: { PATH: folder } });
  expect([code, stdout]).toEqual([0, "landlock\n"]);
  expect(stderr).toContain("cannot start: bwrap: setting up uid map: Permission denied");
});

test.skipIf(missing("landlock"))("a bwrap that runs nothing and says all is well is not believed", async () => {
  fakeBwrap("exit 0");
  expect((await launch([...withRoot(), "--", "/bin/sh", "-c", "echo $CODEX_SANDBOX"], { env: { PATH: folder } })).stdout).toBe(
    "landlock\n",
  );
});

test.skipIf(missing("landlock"))("asking for a bwrap that is not there runs nothing", async () => {
  const { code, stdout, stderr } = await launch(["--backend", "bwrap", "--", "/bin/echo", "ran"], { env: NO_BWRAP });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("bubblewrap (bwrap) is not installed");
});

test.skipIf(missing("landlock"))(
  "in the 17th layer Landlock is full: the command does not run, and the reason is said",
  { timeout: 120_000 },
  async () => {
    const nested = (depth: number): string[] =>
      depth === 0
        ? ["/bin/echo", "ran"]
        : [process.execPath, programFile("launcher-main"), "--backend", "landlock", "--", ...nested(depth - 1)];
    const sixteen = await launch(["--backend", "landlock", "--", ...nested(15)]);
    expect([sixteen.code, sixteen.stdout]).toEqual([0, "ran\n"]);
    const seventeen = await launch(["--backend", "landlock", "--", ...nested(16)]);
    expect([seventeen.code, seventeen.stdout]).toEqual([1, ""]);
    expect(seventeen.stderr).toContain("16 layers");
  },
);

test.skipIf(missing("landlock", "bwrap"))("bwrap cannot start inside Landlock; Landlock can inside bwrap", async () => {
  const launcher = [process.execPath, programFile("launcher-main")];
  const inside = await launch(["--backend", "landlock", "--", ...launcher, "--backend", "bwrap", "--", "/bin/echo", "ran"]);
  expect([inside.code, inside.stdout]).toEqual([1, ""]);
  const around = await launch(["--backend", "bwrap", "--", ...launcher, "--backend", "landlock", "--", "/bin/echo", "ran"]);
  expect([around.code, around.stdout]).toEqual([0, "ran\n"]);
});

function fakeBwrap(script: string): void {
  writeFileSync(join(folder, "bwrap"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
