// @ts-check
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildAlone } from "./build-alone.mjs";
import { cleanEnvironment } from "./pnpm.mjs";
import { runAlone } from "./run-alone.mjs";

/** @import { WorkspacePackage } from "./workspace-packages.mjs" */

/** @typedef {{ ok: boolean, summary: string, output: string, tarball: string | undefined }} IsolatedResult `summary` is one line; `output` what the failing step printed. */

/**
 * Builds, packs, installs and runs one package with nothing but what it declares. The temp folder is gone afterwards; the package's
 * tarball is kept in `tarballs` when that is given.
 * @param {WorkspacePackage} pkg
 * @param {readonly WorkspacePackage[]} all
 * @param {{ root: string, pnpm: readonly string[], tarballs?: string | undefined }} options
 * @returns {Promise<IsolatedResult>}
 */
export async function checkPackage(pkg, all, { root, pnpm, tarballs }) {
  const work = realpathSync(mkdtempSync(join(tmpdir(), "isolated-")));
  try {
    refuseOuterModules(work);
    const context = { root, work, pnpm, env: cleanEnvironment(root) };
    const built = await buildAlone(pkg, all, context);
    if (!built.ok) return failed(built);
    const tarball = keep(built.tarballs.get(pkg.name), tarballs);
    const ran = await runAlone(pkg, built.tarballs, context);
    if (!ran.ok) return { ...failed(ran), tarball };
    const summary = `install ${seconds(built.installMs)}, build ${seconds(built.buildMs)}, alone ${seconds(ran.ms)} (${ran.imported} imported, ${ran.bins} bins run)`;
    return { ok: true, summary, output: "", tarball };
  } catch (error) {
    return failed({ step: "set-up", output: error instanceof Error ? error.message : String(error) });
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Node climbs the folders, so modules above the temp folder would hide an undeclared dependency.
 * @param {string} work
 */
function refuseOuterModules(work) {
  for (let folder = dirname(work); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules")))
      throw new Error(`${folder} holds a node_modules folder, so nothing under it is isolated; set TMPDIR elsewhere`);
  }
}

/**
 * @param {string | undefined} file
 * @param {string | undefined} folder
 */
function keep(file, folder) {
  if (file === undefined || folder === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const target = join(folder, basename(file));
  copyFileSync(file, target);
  return target;
}

/**
 * @param {{ step: string, output: string }} fault
 * @returns {IsolatedResult}
 */
function failed({ step, output }) {
  return { ok: false, summary: `${step} failed`, output, tarball: undefined };
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
