// @ts-check
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * One package of the workspace as layers.json describes it.
 * @typedef {object} LayerPackage
 * @property {string} name
 * @property {string} folder Its folder under packages/.
 * @property {number} layer 0 is the lowest.
 * @property {readonly string[]} imports The workspace packages it may import, types included.
 * @property {readonly string[]} world Globs, from its folder, of the files that may touch the process, the clock, the disk and the network.
 * @property {boolean} exists Whether packages/<folder>/package.json is there.
 */

/**
 * @typedef {object} LayerTable
 * @property {readonly LayerPackage[]} packages In the order of the file, lowest layer first.
 * @property {readonly (readonly string[])[]} core The folders of packages/core/src, lowest row first.
 */

/**
 * Reads and checks the layer table of the workspace at `root`. Throws an Error that names the faulty entry.
 * @param {string} root
 * @returns {LayerTable}
 */
export function readLayerTable(root) {
  const raw = JSON.parse(readFileSync(join(root, "layers.json"), "utf8"));
  /** @type {LayerPackage[]} */
  const packages = Object.entries(raw.packages).map(([name, entry]) => ({
    name,
    folder: entry.folder,
    layer: entry.layer,
    imports: entry.imports,
    world: entry.world ?? [],
    exists: existsSync(join(root, "packages", entry.folder, "package.json")),
  }));
  const table = { packages, core: raw.core };
  refuseFaults(table, root);
  return table;
}

/** @param {LayerTable} table */
export function existingPackages(table) {
  return table.packages.filter((pkg) => pkg.exists);
}

/**
 * @param {LayerTable} table
 * @param {string} root
 */
function refuseFaults(table, root) {
  const byName = new Map(table.packages.map((pkg) => [pkg.name, pkg]));
  for (const pkg of table.packages) {
    for (const name of pkg.imports) {
      const target = byName.get(name);
      if (target === undefined) throw new Error(`layers.json: ${pkg.name} imports ${name}, which is not in the table`);
      if (target.layer >= pkg.layer)
        throw new Error(`layers.json: ${pkg.name} (layer ${pkg.layer}) may not import ${name} (layer ${target.layer})`);
    }
  }
  const folders = new Set(table.packages.map((pkg) => pkg.folder));
  const packagesFolder = join(root, "packages");
  const present = existsSync(packagesFolder) ? readdirSync(packagesFolder) : [];
  for (const folder of present) {
    if (existsSync(join(packagesFolder, folder, "package.json")) && !folders.has(folder)) {
      throw new Error(`layers.json: packages/${folder} is not in the table; give it a layer`);
    }
  }
  const rows = table.core.flat();
  const twice = rows.find((name, index) => rows.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`layers.json: the core folder ${twice} is listed twice`);
}
