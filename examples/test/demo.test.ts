import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CASSETTE = join(ROOT, "examples/settle-up.cassette.jsonl");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-demo-test-"));
  await mkdir(join(folder, "home"));
});
afterEach(() => rm(folder, { recursive: true }));

interface ScriptResult {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function runScript(name: string, args: readonly string[] = []): Promise<ScriptResult> {
  const env = { PATH: process.env["PATH"], HOME: join(folder, "home"), SystemRoot: process.env["SystemRoot"] };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, "scripts", name), ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

/** The demo with a cassette that `change` has changed. */
async function demoWith(change: (text: string) => string): Promise<ScriptResult> {
  const text = await readFile(CASSETTE, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  const cassette = join(folder, "changed.jsonl");
  await writeFile(cassette, changed);
  return runScript("demo.mjs", ["--cassette", cassette]);
}

test("the demo fixes the example's bug with a home that is empty, and says what to do next", async () => {
  const { code, stdout, stderr } = await runScript("demo.mjs");
  expect(code, stderr).toBe(0);
  if (process.env["CODEX_REQUIRE_SANDBOX"] === "1") expect(stdout).not.toContain("they run unconfined");
  expect(stdout).toContain("12 of 13 tests pass.\nfails: a trip with a refund settles to the last cent\n");
  expect(stdout).toContain("\n+  const cent = Math.sign(left);\n");
  expect(stdout).toContain("14 of 14 tests pass.\n");
  expect(stdout).toContain("export OPENAI_API_KEY=…");
  expect(stdout + stderr).not.toContain("\u001b");
});

test("on a machine that cannot confine commands the demo does its work all the same", async () => {
  const { code, stdout, stderr } = await runScript("demo.mjs", ["--unconfined"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("--dangerously-bypass-approvals-and-sandbox");
  expect(stdout).toContain("14 of 14 tests pass.\n");
});

test("the demo fails when the patch is taken out of the cassette", async () => {
  const isPatch = (line: string): boolean => line.includes('"type":"response.output_item.done"') && line.includes("*** Begin Patch");
  const { code, stderr } = await demoWith((text) => text.split("\n").filter((line) => !isPatch(line)).join("\n"));
  expect(code).toBe(1);
  expect(stderr).toContain("replay_mismatch");
  expect(stderr).toContain("The demo failed: the agent ended with exit code 1");
});

test("the demo fails when the patch in the cassette does not fix the bug", async () => {
  const { code, stdout, stderr } = await demoWith((text) => text.replaceAll("Math.sign(left)", "Math.max(left, 0)"));
  expect(code).toBe(1);
  expect(stdout).toContain("the balances do not add up");
  expect(stderr).toContain("The demo failed: the example's tests do not pass after the agent's work");
});

test("the demo's cassette is what the agent does now", async () => {
  const { code, stderr } = await runScript("record-demo.mjs", ["--check"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});
