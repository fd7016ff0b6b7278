// @ts-check
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * A package.json, as far as the checks read it.
 * @typedef {object} PackageManifest
 * @property {string} name
 * @property {string} [version]
 * @property {Record<string, unknown>} [exports]
 * @property {string | Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 */

/** @typedef {{ name: string, folder: string, neighbours: readonly string[] }} WorkspacePackage `folder` is under packages/; `neighbours` are all workspace packages it needs, near and far. */

/**
 * The packages under packages/ with everything of the workspace each one declares, directly or through another.
 * @param {string} root
 * @returns {readonly WorkspacePackage[]}
 */
export function workspacePackages(root) {
  const manifests = readdirSync(join(root, "packages"))
    .filter((folder) => existsSync(join(root, "packages", folder, "package.json")))
    .map((folder) => ({ folder, manifest: readManifest(join(root, "packages", folder)) }));
  const direct = new Map(manifests.map(({ manifest }) => [manifest.name, workspaceNames(manifest)]));
  return manifests.map(({ folder, manifest }) => ({ name: manifest.name, folder, neighbours: reachable(manifest.name, direct) }));
}

/**
 * @param {string} folder
 * @returns {PackageManifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** @param {PackageManifest} manifest */
function workspaceNames({ dependencies, devDependencies }) {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, range]) => range.startsWith("workspace:"))
    .map(([name]) => name);
}

/**
 * @param {string} name
 * @param {ReadonlyMap<string, readonly string[]>} direct
 */
function reachable(name, direct) {
  /** @type {Set<string>} */
  const seen = new Set();
  const queue = [...(direct.get(name) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(direct.get(next) ?? []));
  }
  return [...seen].sort();
}
