#!/usr/bin/env node
// Kills and fails patches at every change they make to the disk, as often as the promise is made for: `pnpm test:patches [RUNS]`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const runs = process.argv[2] ?? "10000";
const { status } = spawnSync("pnpm", ["exec", "vitest", "run", "packages/core/test/patch/crash.test.ts"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  env: { ...process.env, CODEX_TEST_PATCH_RUNS: runs },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
