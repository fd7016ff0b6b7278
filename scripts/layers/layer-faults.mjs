// @ts-check
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { sourceImports } from "./source-imports.mjs";
import { existingPackages, readLayerTable } from "./table.mjs";

/** @import { LayerPackage, LayerTable } from "./table.mjs" */
/** @import { SourceImport } from "./source-imports.mjs" */

/** @typedef {{ name: string, dependencies?: Record<string, string>, devDependencies?: Record<string, string>, peerDependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest */
/** @typedef {{ pkg: LayerPackage, home: string, root: string, manifest: Manifest, table: LayerTable }} Scope */

/**
 * Everything in the workspace at `root` that breaks the layer table: a package that declares a neighbour it may not, a source that
 * imports what its package does not declare or leaves its package, a folder of core that reaches up. One line each, with its place.
 * @param {string} root
 * @returns {string[]}
 */
export function layerFaults(root) {
  const table = readLayerTable(root);
  return existingPackages(table).flatMap((pkg) => {
    const home = join(root, "packages", pkg.folder);
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    const scope = { pkg, home, root, manifest, table };
    return [...manifestFaults(scope), ...sourceFiles(join(home, "src")).flatMap((file) => fileFaults(file, scope))];
  });
}

/** @param {Scope} scope */
function manifestFaults({ pkg, manifest, table }) {
  const place = `packages/${pkg.folder}/package.json`;
  const named = manifest.name === pkg.name ? [] : [`${place}: the name is ${manifest.name}, layers.json says ${pkg.name}`];
  const workspace = new Set(table.packages.map((other) => other.name));
  const refused = [...declared(manifest)].filter((name) => workspace.has(name) && !pkg.imports.includes(name));
  return [...named, ...refused.map((name) => `${place}: declares ${name}, which its layer may not import`)];
}

/**
 * @param {string} file
 * @param {Scope} scope
 */
function fileFaults(file, scope) {
  const place = relative(scope.root, file).split(sep).join("/");
  const placed = scope.pkg.folder === "core" ? unplaced(file, scope) : [];
  const imports = sourceImports(readFileSync(file, "utf8"));
  return [...placed, ...imports.flatMap((entry) => importFaults(entry, file, scope))].map((fault) => fault.replace(/^/, `${place}`));
}

/**
 * @param {SourceImport} entry
 * @param {string} file
 * @param {Scope} scope
 */
function importFaults({ specifier, line }, file, scope) {
  const fault = specifier.startsWith(".") ? relativeFault(specifier, file, scope) : bareFault(specifier, scope);
  return fault === undefined ? [] : [`:${line}: ${fault}`];
}

/**
 * @param {string} specifier
 * @param {string} file
 * @param {Scope} scope
 */
function relativeFault(specifier, file, { pkg, home, table }) {
  const target = resolve(dirname(file), specifier);
  if (!isInside(target, join(home, "src")) && target !== join(home, "package.json"))
    return `"${specifier}" leaves the sources of ${pkg.name}`;
  if (pkg.folder !== "core") return undefined;
  const from = coreRow(file, home, table);
  const to = coreRow(target, home, table);
  if (from === undefined || to === undefined || to.level <= from.level) return undefined;
  return `core/src/${from.name} (row ${from.level}) may not import ${to.name} (row ${to.level})`;
}

/**
 * @param {string} specifier
 * @param {Scope} scope
 */
function bareFault(specifier, { pkg, manifest, table }) {
  if (specifier.startsWith("node:")) return undefined;
  if (isBuiltin(specifier)) return `"${specifier}" is written "node:${specifier}"`;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (name !== pkg.name && table.packages.some((other) => other.name === name) && !pkg.imports.includes(name)) {
    return `${pkg.name} may not import ${name}`;
  }
  return declared(manifest).has(name) ? undefined : `"${name}" is not declared in packages/${pkg.folder}/package.json`;
}

/**
 * @param {string} file
 * @param {Scope} scope
 */
function unplaced(file, { home, table }) {
  return coreRow(file, home, table) === undefined ? [`: belongs to no row of "core" in layers.json`] : [];
}

/**
 * The row of core a file belongs to, by its first folder under src or its own name there.
 * @param {string} file
 * @param {string} home
 * @param {LayerTable} table
 */
function coreRow(file, home, table) {
  const [first = ""] = relative(join(home, "src"), file).split(sep);
  const name = first.replace(/\.ts$/, "");
  const level = table.core.findIndex((row) => row.includes(name));
  return level < 0 ? undefined : { name, level };
}

/**
 * @param {Manifest} manifest
 * @returns {Set<string>}
 */
function declared({ dependencies, devDependencies, peerDependencies, optionalDependencies }) {
  return new Set([dependencies, devDependencies, peerDependencies, optionalDependencies].flatMap((part) => Object.keys(part ?? {})));
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isInside(path, folder) {
  return path === folder || path.startsWith(folder + sep);
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
