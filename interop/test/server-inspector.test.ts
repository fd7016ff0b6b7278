import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CODEX, JUDGES } from "../support/judges.ts";

function inspect(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const home = mkdtempSync(join(tmpdir(), "codex-inspected-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const argv = [JUDGES.inspector, "--cli", process.execPath, CODEX, "mcp-server", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", env: { ...process.env, CODEX_HOME: home } });
  return { status, stdout, stderr };
}

test("the inspector lists the tools of codex mcp-server", () => {
  const { status, stdout } = inspect("--method", "tools/list");
  expect(status).toBe(0);
  const { tools } = JSON.parse(stdout) as { tools: { name: string; inputSchema: { required: string[] } }[] };
  expect(tools.map(({ name, inputSchema }) => [name, inputSchema.required])).toEqual([
    ["codex", ["prompt"]],
    ["codex-reply", ["threadId", "prompt"]],
    ["codex-close", ["threadId"]],
  ]);
});

test("the inspector is told what is wrong with a call", () => {
  const { stdout } = inspect("--method", "tools/call", "--tool-name", "codex", "--tool-arg", "sandbox=readonly");
  expect(JSON.parse(stdout)).toEqual({
    isError: true,
    content: [{ type: "text", text: expect.stringContaining("did you mean `read-only`?") }],
  });
});

test("the inspector gets an error for what codex mcp-server does not have", () => {
  const { status, stderr } = inspect("--method", "resources/list");
  expect(status).not.toBe(0);
  expect(stderr).toContain("-32601");
});
