import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/apply_patch.js", import.meta.url));
const patchOf = (...lines: string[]): string => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");

interface Place {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: (args: readonly (string | Buffer)[], input?: string | Uint8Array) => SpawnSyncReturns<string>;
}

function openPlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "apply-patch-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(cwd);
  mkdirSync(home);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: home };
  return {
    cwd,
    home,
    env,
    run: (args, input = "") => spawnSync(process.execPath, [BIN, ...(args as string[])], { cwd, env, input, encoding: "utf8" }),
  };
}

const ADD = patchOf("*** Add File: dir/a.txt", "+one");
const SUMMARY = "Success. Updated the following files:\nA dir/a.txt\n";

describe("apply_patch", () => {
  test.each([
    ["as its argument", [ADD], ""],
    ["on stdin", [], `${ADD}\n`],
    ["in a here document's wrapping", [`<<'EOF'\n${ADD}\nEOF\n`], ""],
  ])("takes the patch %s, prints what changed and leaves no trace besides", (_name, args, input) => {
    const { run, cwd, home } = openPlace();
    const { status, stdout, stderr } = run(args, input);
    expect({ status, stdout, stderr, content: readFileSync(join(cwd, "dir/a.txt"), "utf8") }).toEqual({
      status: 0,
      stdout: SUMMARY,
      stderr: "",
      content: "one\n",
    });
    expect([readdirSync(cwd), readdirSync(join(home, "patch-journal")), statSync(join(home, "patch-journal")).mode & 0o777]).toEqual([
      ["dir"],
      [],
      0o700,
    ]);
  });

  test.each([
    ["nothing", [], "", 2, /^Usage: apply_patch PATCH\n/],
    ["two arguments", [ADD, ADD], "", 2, /one argument, and got 2/],
    ["what is no patch", ["hello"], "", 1, /^The patch is malformed at line 1: .*\n.*should look like this:\n\*\*\* Begin Patch/],
    [
      "a patch that does not fit",
      [patchOf("*** Add File: b", "+b", "*** Delete File: missing")],
      "",
      1,
      /missing cannot be deleted: there is no such file/,
    ],
    ["stdin that is not UTF-8", [], Buffer.from([0x2a, 0xff]), 1, /stdin is not UTF-8/],
  ])("answers %s with its exit code, on stderr alone, and writes nothing", (_name, args, input, ...[code, message]: [number, RegExp]) => {
    const { run, cwd } = openPlace();
    const { status, stdout, stderr } = run(args, input);
    expect({ status, stdout, stderr, files: readdirSync(cwd) }).toEqual({
      status: code,
      stdout: "",
      stderr: expect.stringMatching(message),
      files: [],
    });
  });

  test.each([
    ["--help", /^Usage: apply_patch PATCH\n[\s\S]*\*\*\* Begin Patch\n/u],
    ["--version", /^apply_patch \d+\.\d+\.\d+\S*\n$/u],
  ])("answers %s", (option, expected) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, option], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(expected);
  });

  test("loads little", () => {
    const dist = new URL("../../dist/", import.meta.url);
    const seen = new Set(["apply-patch.js"]);
    for (const file of seen)
      for (const [, path] of readFileSync(new URL(file, dist), "utf8").matchAll(/import(?:[\w*{][^"();]*from)?"\.\/([^"]+)"/g))
        seen.add(path ?? "");
    const bytes = [...seen].reduce((sum, file) => sum + statSync(new URL(file, dist)).size, 0);
    expect(bytes).toBeLessThan(80_000);
  });

  test("applies 20 MB", { timeout: 120_000 }, () => {
    const { run, cwd } = openPlace();
    const line = "x".repeat(99);
    const big = patchOf(`*** Add File: big\n${`+${line}\n`.repeat(200_000).trimEnd()}`);
    expect(run([], big).status).toBe(0);
    expect(statSync(join(cwd, "big")).size).toBe(20_000_000);
  });

  test("keeps its journal beside the files when codex home cannot be written, and takes it away again", () => {
    const { run, cwd, home } = openPlace();
    rmSync(home, { recursive: true });
    writeFileSync(home, "no folder");
    expect(run([ADD]).stdout).toBe(SUMMARY);
    expect(readdirSync(cwd)).toEqual(["dir"]);
    const outside = join(cwd, "../outside");
    const { status, stderr } = run([patchOf(`*** Add File: ${outside}`, "+x")]);
    expect([status, existsSync(outside)]).toEqual([1, false]);
    expect(stderr).toMatch(/^No journal can be kept, so nothing was begun/);
  });

  test("writes where a working directory that is a link leads to", () => {
    const { cwd, env } = openPlace();
    symlinkSync(cwd, `${cwd}-link`);
    const { status } = spawnSync(process.execPath, [BIN, ADD], { cwd: `${cwd}-link`, env, encoding: "utf8" });
    expect([status, readFileSync(join(cwd, "dir/a.txt"), "utf8")]).toEqual([0, "one\n"]);
  });

  test("leaves all or nothing when it is killed, and the next run takes back what was begun", { timeout: 300_000 }, async () => {
    const { run, cwd, home, env } = openPlace();
    const files = 400;
    const names = Array.from({ length: files }, (_, i) => `f${i}`);
    const before = (): void => {
      rmSync(cwd, { recursive: true });
      mkdirSync(cwd);
      for (const name of names) writeFileSync(join(cwd, name), `old ${name}\n`);
    };
    const patch = patchOf(
      ...names.flatMap((name) => [`*** Update File: ${name}`, "@@", `-old ${name}`, `+new ${name}`]),
      ...names.flatMap((name) => [`*** Add File: new/${name}`, "+added"]),
    );
    const endings = { none: 0, all: 0 };
    let cut = 0;
    for (let round = 0; round < 12; round++) {
      before();
      const child = spawn(process.execPath, [BIN], { cwd, env, stdio: ["pipe", "ignore", "ignore"] });
      const closed = new Promise((resolve) => child.on("close", resolve));
      child.stdin.on("error", () => undefined).end(patch);
      // Once the journal says that it is under way, it is let go on for a while, longer each round.
      const journal = join(home, "patch-journal");
      while (child.exitCode === null && !(existsSync(journal) && readdirSync(journal).some((name) => name.endsWith(".undo"))))
        await new Promise(setImmediate);
      for (let turn = 0; turn < round * 20 && child.exitCode === null; turn++) await new Promise(setImmediate);
      child.kill("SIGKILL");
      await closed;
      if (readdirSync(journal).some((name) => name.endsWith(".undo"))) cut++;
      expect(run([patchOf("*** Add File: next", "+x")]).status).toBe(0);
      rmSync(join(cwd, "next"));
      const now = readdirSync(cwd).toSorted();
      const isNew = names.every((name) => readFileSync(join(cwd, name), "utf8") === `new ${name}\n`);
      const isOld = names.every((name) => readFileSync(join(cwd, name), "utf8") === `old ${name}\n`);
      if (isNew && now.length === files + 1 && readdirSync(join(cwd, "new")).length === files) endings.all++;
      else if (isOld && now.length === files) endings.none++;
      else expect({ round, now: now.slice(0, 20) }).toBe("whole or untouched");
      expect(readdirSync(journal)).toEqual([]);
    }
    expect(cut).toBeGreaterThan(2);
    expect(endings.none + endings.all).toBe(12);
  });
});
