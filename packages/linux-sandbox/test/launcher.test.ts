import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launch } from "./support/launch.ts";
import { missing } from "./support/requirements.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "launcher-test-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sh = (script: string): string[] => ["--", "/bin/sh", "-c", script];

describe.each(["landlock", "bwrap"] as const)("below %s", (backend) => {
  const below = (...words: string[]): string[] => ["--backend", backend, ...words];

  test.skipIf(missing(backend))("exit code and both outputs are the command's", async () => {
    expect(await launch(below(...sh("echo out; echo err >&2; exit 7")))).toEqual({
      code: 7,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test.skipIf(missing(backend))("the command is told how it is confined", async () => {
    const print = sh("echo $CODEX_SANDBOX $CODEX_SANDBOX_NETWORK_DISABLED");
    expect((await launch(below(...print))).stdout).toBe(`${backend} 1\n`);
    expect((await launch(below("-s", "network-full-access", ...print))).stdout).toBe(`${backend}\n`);
  });

  test.skipIf(missing(backend))("a signal reaches the command, which may answer it", async () => {
    const ended = await launch(below(...sh("trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done")), {
      started: (pid) => process.kill(pid, "SIGTERM"),
    });
    expect([ended.code, ended.stdout]).toEqual([5, "ready\ncaught\n"]);
  });

  test.skipIf(missing(backend))("a program that does not exist is 127", async () => {
    const { code, stderr } = await launch(below("--", "no-such-program-here"));
    expect([code, stderr]).toEqual([127, "codex-linux-sandbox: no-such-program-here: no such program\n"]);
  });

  test.skipIf(missing(backend))("a file that is not executable is 126", async () => {
    expect((await launch(below("--", "/etc/passwd"))).code).toBe(126);
  });

  test.skipIf(missing(backend))("a broken pipe ends the command as it would outside", async () => {
    const before = ["/bin/bash", "-c", 'set -o pipefail; "$@" | head -1; echo ${PIPESTATUS[0]}', "sh"];
    expect((await launch(below("--", "yes"), { before })).stdout).toBe("y\n141\n");
  });

  test.skipIf(missing(backend))("a folder that was granted is writable and its neighbour not", async () => {
    const write = sh(`echo x > ${folder}/in && ! echo x > ${folder}-out`);
    expect((await launch(below("-s", `disk-write-folder=${folder}`, ...write))).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["in"]);
  });
});

test("without a sandbox to set up the command runs as it is", async () => {
  const { code, stdout } = await launch(["--sandbox", "danger-full-access", ...sh("echo [$CODEX_SANDBOX]; exit 3")]);
  expect([code, stdout]).toEqual([3, "[]\n"]);
});

test("wrong usage is 2 and says what is wrong", async () => {
  expect(await launch(["-s", "disk-write-cdw", "true"])).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr: "codex-linux-sandbox: `disk-write-cdw` is not a permission. Did you mean `disk-write-cwd`?\nTry --help.\n",
  });
});

test("help and version go to standard output", async () => {
  expect((await launch(["--help"])).stdout).toContain("Usage: codex-linux-sandbox");
  expect((await launch(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/u);
});
