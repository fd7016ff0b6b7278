import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../src/version.ts";
import { SERVER_FLAGS } from "../src/server-flags.ts";
import { BIN } from "./support/server-process.ts";

function run(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8", input: "" });
  return { status, stdout, stderr };
}

test("--help explains every option, and --version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  const help = run("--help");
  expect([help.status, help.stderr]).toEqual([0, ""]);
  for (const { name, description } of SERVER_FLAGS) expect(help.stdout).toMatch(new RegExp(`--${name}.* ${description.slice(0, 20)}`));
  expect(VERSION).toBe(version);
  expect(run("-V")).toEqual({ status: 0, stdout: `codex-mcp-server ${version}\n`, stderr: "" });
});

test.each([
  [["--nope"], "'--nope'"],
  [["word"], "'word'"],
  [["--max-threads", "0"], '--max-threads takes a whole number from 1 to 1000, not "0"'],
  [["--approval-timeout", "soon"], '--approval-timeout takes a whole number from 1 to 2147483, not "soon"'],
  [["--idle-timeout", "99999999999"], "--idle-timeout takes a whole number"],
])("%j is refused before anything is served", (args, message) => {
  expect(run(...args)).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
});
