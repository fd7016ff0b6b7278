// @ts-check
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { copyTree } from "./copy-tree.mjs";
import { runCommand } from "./run-command.mjs";

/** @import { WorkspacePackage } from "./workspace-packages.mjs" */

/** @typedef {{ root: string, work: string, pnpm: readonly string[], env: NodeJS.ProcessEnv }} IsolatedContext `work` is an empty folder outside any workspace. */
/** @typedef {{ ok: true, tarballs: ReadonlyMap<string, string>, installMs: number, buildMs: number } | { ok: false, step: string, output: string }} AloneBuild */

/**
 * Builds one package in a fresh copy of the repository that has only what it declares installed, then packs it and its neighbours.
 * @param {WorkspacePackage} pkg
 * @param {readonly WorkspacePackage[]} all
 * @param {IsolatedContext} context
 * @returns {Promise<AloneBuild>}
 */
export async function buildAlone(pkg, all, { root, work, pnpm, env }) {
  const copy = join(work, "copy");
  await copyTree(root, copy);
  const scope = ["--filter", `${pkg.name}...`];
  const install = await runCommand([...pnpm, "install", "--frozen-lockfile", "--prefer-offline", ...scope, "--filter", "."], {
    cwd: copy,
    env,
  });
  if (install.code !== 0) return { ok: false, step: "install", output: install.output };
  // Otherwise pnpm would install the rest of the workspace before it runs a script.
  const build = await runCommand([...pnpm, "--config.verify-deps-before-run=false", ...scope, "build"], { cwd: copy, env });
  if (build.code !== 0) return { ok: false, step: "build", output: build.output };
  const stray = strayBuilds(pkg, all, copy);
  if (stray !== undefined) return { ok: false, step: "build", output: stray };
  const packed = await packAll({ pkg, all, copy, work, pnpm, env });
  return "output" in packed
    ? { ok: false, step: "pack", output: packed.output }
    : { ok: true, tarballs: packed.tarballs, installMs: install.ms, buildMs: build.ms };
}

/**
 * The package and its neighbours have a dist now, and nobody else.
 * @param {WorkspacePackage} pkg
 * @param {readonly WorkspacePackage[]} all
 * @param {string} copy
 */
function strayBuilds(pkg, all, copy) {
  const wanted = new Set([pkg.name, ...pkg.neighbours]);
  const wrong = all.filter(({ name, folder }) => existsSync(join(copy, "packages", folder, "dist")) !== wanted.has(name));
  if (wrong.length === 0) return undefined;
  return wrong
    .map(({ name }) =>
      wanted.has(name) ? `${name} was built but has no dist` : `${name} was built, though ${pkg.name} does not declare it`,
    )
    .join("\n");
}

/**
 * @param {{ pkg: WorkspacePackage, all: readonly WorkspacePackage[], copy: string, work: string, pnpm: readonly string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ tarballs: ReadonlyMap<string, string> } | { output: string }>}
 */
async function packAll({ pkg, all, copy, work, pnpm, env }) {
  /** @type {Map<string, string>} */
  const tarballs = new Map();
  for (const { name, folder } of all.filter((other) => other.name === pkg.name || pkg.neighbours.includes(other.name))) {
    const target = join(work, "tarballs", folder);
    mkdirSync(target, { recursive: true });
    const packed = await runCommand([...pnpm, "--config.verify-deps-before-run=false", "pack", "--pack-destination", target], {
      cwd: join(copy, "packages", folder),
      env,
    });
    const file = readdirSync(target).find((entry) => entry.endsWith(".tgz"));
    if (packed.code !== 0 || file === undefined) return { output: `${name}: ${packed.output}` };
    tarballs.set(name, join(target, file));
  }
  return { tarballs };
}
