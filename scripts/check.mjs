// @ts-check
// Everything CI checks beyond the tests, one line per step; goes on after a failure.
// Usage: node scripts/check.mjs [--only TEXT] [--totals FILE]
//   --only    runs the steps whose name contains TEXT
//   --totals  writes {"passed","failed"} to FILE and leaves the closing line to the caller
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkChangesets } from "./checks/changeset-status.mjs";
import { checkGenerated } from "./checks/generated-stale.mjs";
import { checkPackage } from "./isolated/check-package.mjs";
import { findPnpm } from "./isolated/pnpm.mjs";
import { runCommand } from "./isolated/run-command.mjs";
import { readManifest, workspacePackages } from "./isolated/workspace-packages.mjs";

/** @import { StepResult } from "./checks/changeset-status.mjs" */
/** @import { WorkspacePackage } from "./isolated/workspace-packages.mjs" */

/** @typedef {{ name: string, run: () => Promise<StepResult & { summary?: string }> }} Step */

const { values } = parseArgs({ options: { only: { type: "string" }, totals: { type: "string" } } });
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const pnpm = await findPnpm();
const tarballs = mkdtempSync(join(tmpdir(), "tarballs-"));
try {
  const totals = await runSteps(allSteps().filter(({ name }) => name.includes(values.only ?? "")));
  if (values.totals === undefined) console.log(`${totals.passed} passed, ${totals.failed} failed`);
  else writeFileSync(values.totals, JSON.stringify(totals));
  if (totals.failed > 0) process.exitCode = 1;
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}

/** @param {readonly Step[]} steps */
async function runSteps(steps) {
  const totals = { passed: 0, failed: 0 };
  for (const { name, run } of steps) {
    const start = Date.now();
    const { ok, output, skipped, summary } = await run();
    const time = `${((Date.now() - start) / 1000).toFixed(1)} s`;
    if (skipped !== undefined) {
      console.log(`skip  ${name}: ${skipped}`);
      continue;
    }
    totals[ok ? "passed" : "failed"] += 1;
    console.log(`${ok ? "ok  " : "FAIL"}  ${name}  ${time}${summary === undefined ? "" : `  ${summary}`}`);
    if (!ok) console.log(output.trimEnd().replace(/^/gm, "      | "));
  }
  return totals;
}

/** @returns {Step[]} */
function allSteps() {
  const packages = workspacePackages(root);
  return [
    command("typecheck", [...pnpm, "run", "typecheck"]),
    command("lint", [...pnpm, "run", "lint", "--format=unix"]),
    command("format", [...pnpm, "run", "format:check"]),
    command("knip", [...pnpm, "exec", "knip"]),
    { name: "generated files", run: () => checkGenerated(root, pnpm) },
    { name: "changesets", run: () => checkChangesets(root, pnpm) },
    ...packages.flatMap((pkg) => packageSteps(pkg, packages)),
  ];
}

/**
 * The package alone, then the tarball that came out of it.
 * @param {WorkspacePackage} pkg
 * @param {readonly WorkspacePackage[]} all
 * @returns {Step[]}
 */
function packageSteps(pkg, all) {
  /** @type {string | undefined} */
  let tarball;
  const ofTarball = (/** @type {string} */ name, /** @type {(file: string) => readonly string[]} */ argv) => ({
    name: `${name} ${pkg.name}`,
    run: async () => (tarball === undefined ? { ok: false, output: "there is no tarball" } : ran(argv(tarball))),
  });
  const isolated = async () => {
    const result = await checkPackage(pkg, all, { root, pnpm, tarballs });
    tarball = result.tarball;
    return result;
  };
  const isLibrary = Object.keys(readManifest(join(root, "packages", pkg.folder)).exports ?? {}).some((key) => !key.endsWith(".json"));
  return [
    { name: `isolated ${pkg.name}`, run: isolated },
    ofTarball("publint", (file) => [...pnpm, "exec", "publint", "run", file, "--strict"]),
    ...(isLibrary
      ? [ofTarball("attw", (file) => [...pnpm, "exec", "attw", file, "--profile", "esm-only", "--no-definitely-typed", "--no-emoji"])]
      : []),
  ];
}

/**
 * @param {string} name
 * @param {readonly string[]} argv
 * @returns {Step}
 */
function command(name, argv) {
  return { name, run: () => ran(argv) };
}

/**
 * @param {readonly string[]} argv
 * @returns {Promise<StepResult>}
 */
async function ran(argv) {
  const { FORCE_COLOR: _, ...env } = process.env;
  const { code, output } = await runCommand(argv, { cwd: root, env: { ...env, NO_COLOR: "1" } });
  return { ok: code === 0, output };
}
