#!/usr/bin/env node
// Runs everything that enforces something on this machine, and fails where anything would have to be skipped.
// As root the tests of linux-sandbox try each attempt as another user too. Usage: test-sandbox.mjs [VITEST ARGUMENT]...
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const TESTS = [
  "packages/linux-sandbox",
  "packages/core/test/sandbox",
  "packages/core/test/session/sandbox.test.ts",
  "packages/core/test/node/confined-processes.test.ts",
  "packages/cli/test/process/sandbox.test.ts",
  "examples/test/demo.test.ts",
];
const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("node_modules/vitest/vitest.mjs", `file://${root}`));
const env = { ...process.env, CODEX_REQUIRE_SANDBOX: "1" };
const { status } = spawnSync(process.execPath, [vitest, "run", ...TESTS, ...process.argv.slice(2)], { cwd: root, env, stdio: "inherit" });
process.exitCode = status ?? 1;
