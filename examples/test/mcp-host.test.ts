import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { call, customCall, say, startFakeResponsesServer, type FakeResponsesServer } from "../../packages/core/src/index.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

const HOST = fileURLToPath(new URL("../mcp-host/host.mjs", import.meta.url));
const PATCH = customCall("apply_patch", "*** Begin Patch\n*** Add File: note.md\n+hello\n*** End Patch\n");

let folder: string;
let provider: FakeResponsesServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-host-"));
  await Promise.all([mkdir(join(folder, "work")), mkdir(join(folder, "home"))]);
  provider = await startFakeResponsesServer([PATCH, call("shell", { command: ["cat", "note.md"] }), say("Noted."), say("You are welcome.")]);
});
afterEach(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});

function runHost(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"], HOME: folder, CODEX_HOME: join(folder, "home"), OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: provider.url };
  return promisify(execFile)(process.execPath, [HOST, ...args], { env, cwd: join(folder, "work") });
}

test("the host allows a change, sees it happen, and goes on with the thread", async () => {
  const { stdout, stderr } = await runHost("--yes", "Write hello to note.md.", "Thanks.");
  const path = join(folder, "work", "note.md");
  expect(stderr).toBe("");
  expect(stdout.split("\n").filter((line) => !/^ {2}(?!exit)/.test(line))).toEqual([
    "? Codex wants to change these files:",
    "~ 1 files",
    "$ cat note.md",
    "  exit code 0",
    "codex: Noted.",
    "codex: You are welcome.",
    "",
  ]);
  expect(stdout).toContain(`  add ${path}`);
  expect(await readFile(path, "utf8")).toBe("hello\n");
});

test("without a terminal nothing is allowed, and the agent is told", async () => {
  const { stdout } = await runHost("Write hello to note.md.");
  expect(stdout).toContain("! declined: the user said no");
  expect(stdout).toContain("codex: Noted.");
  expect(existsSync(join(folder, "work", "note.md"))).toBe(false);
});
