import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runLegacyCommand } from "../src/legacy/command-line.ts";

const WORLD = {
  cwd: "/",
  version: "1.2.3",
  readFile: async (path: string) =>
    path === "a.policy"
      ? { ok: true as const, text: 'define_program(program = "a", args = [ARG_WFILE], should_match = [[]])\n' }
      : { ok: false as const, message: "there is no such file" },
};

test.each([
  [
    ["check", "ls", "-l"],
    0,
    '{"result":"safe","match":{"program":"ls","flags":[{"name":"-l"}],"opts":[],"args":[],"system_path":["/bin/ls","/usr/bin/ls"]}}\n',
  ],
  [
    ["--require-safe", "check", "cat"],
    13,
    '{"result":"unverified","error":{"type":"VarargMatcherDidNotMatchAnything","program":"cat","matcher":"ReadableFiles"}}\n',
  ],
  [
    ["--require-safe", "check-json", '{"program":"pwd"}'],
    0,
    '{"result":"safe","match":{"program":"pwd","flags":[],"opts":[],"args":[],"system_path":[]}}\n',
  ],
  [["--version"], 0, "codex-execpolicy 1.2.3\n"],
])("%j", async (args, exitCode, stdout) => {
  expect(await runLegacyCommand(args, WORLD)).toEqual({ exitCode, stdout, stderr: "" });
});

test.each([
  [["check"], 1, "no command is given: check PROGRAM [ARGS...]"],
  [["check-json", "{"], 1, "the command is no JSON"],
  [["check-json", "[]"], 1, "this JSON is no command"],
  [["-p", "none.policy", "check", "ls"], 1, "the policy none.policy cannot be read: there is no such file"],
  [["-p", "a.policy", "check", "ls"], 1, "a.policy:1:51: [] should match but does not"],
  [["chek", "ls"], 2, "There is no command `chek`. Did you mean `check`?"],
  [["--require-saf", "check"], 2, "There is no option `--require-saf`. Did you mean `--require-safe`?"],
  [["-p"], 2, "-p wants a file."],
  [[], 2, "One of the commands check and check-json is wanted."],
])("%j is answered by what is wrong", async (args, exitCode, message) => {
  const result = await runLegacyCommand(args, WORLD);

  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode, stdout: "" });
  expect(result.stderr.startsWith(message), result.stderr).toBe(true);
});

test("the program that is installed judges by a file and ends with the code for it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "codex-policy-"));
  try {
    const policy = join(folder, "p");
    writeFileSync(policy, 'define_program(program = "rm", args = [ARG_UNVERIFIED_VARARGS], forbidden = "not here")\n');
    const bin = fileURLToPath(new URL("../bin/codex-execpolicy.js", import.meta.url));
    const result = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
      execFile(process.execPath, [bin, "--require-safe", "-p", policy, "check", "rm", "x"], (error, stdout) =>
        resolve({ code: error?.code ?? 0, stdout }),
      );
    });
    expect(result.code).toBe(14);
    expect(JSON.parse(result.stdout)).toMatchObject({ result: "forbidden", reason: "not here" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
