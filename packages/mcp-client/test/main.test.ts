import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { VERSION } from "../src/version.ts";
import { FIXTURE } from "./support/connection.ts";

const BIN = fileURLToPath(new URL("../bin/codex-mcp-client.js", import.meta.url));

function run(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("the program prints the tools with sorted keys, and what the server says of itself beside them", () => {
  const { status, stdout, stderr } = run(process.execPath, FIXTURE);

  const tool = (name: string): object => ({ inputSchema: { type: "object" }, name, "x-kept": { deep: [null] } });
  expect(status).toBe(0);
  expect(stdout).toBe(`${JSON.stringify({ nextCursor: "2", tools: [tool("echo"), tool("env")] }, null, 2)}\n`);
  expect(JSON.parse(stderr)).toMatchObject({ asked: { protocolVersion: "2025-11-25", capabilities: {} } });
});

test.each([[[]], [["-h"]], [["--help"]]])("the program explains itself on stderr and fails when called with %j", (args) => {
  expect(run(...args)).toEqual({ status: 1, stdout: "", stderr: expect.stringContaining("Usage: codex-mcp-client PROGRAM [ARGS...]") });
});

test("the program fails with the server's last words", () => {
  expect(run(process.execPath, FIXTURE, "exit-at-once")).toEqual({
    status: 1,
    stdout: "",
    stderr: `${process.execPath} exited with code 3; the last it wrote to stderr:\nno configuration found\n`,
  });
});

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  expect(VERSION).toBe(version);
  expect(run("--version")).toEqual({ status: 0, stdout: `codex-mcp-client ${version}\n`, stderr: "" });
});
