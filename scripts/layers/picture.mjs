// @ts-check
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { existingPackages } from "./table.mjs";

/** @import { LayerTable } from "./table.mjs" */

/**
 * The picture of the layers as text, highest on top; only what exists in the workspace at `root` is drawn.
 * @param {LayerTable} table
 * @param {string} root
 */
export function layerPicture(table, root) {
  const packages = existingPackages(table);
  const known = new Set(packages.map((pkg) => pkg.name));
  const width = Math.max(...packages.map((pkg) => pkg.name.length));
  const lines = [...packages]
    .sort((a, b) => b.layer - a.layer)
    .map((pkg) => {
      const imports = pkg.imports.filter((name) => known.has(name));
      return `L${pkg.layer}  ${pkg.name.padEnd(width)}  ${imports.length === 0 ? "(nothing of the workspace)" : `──► ${imports.join(", ")}`}`;
    });
  const picture = ["```text", ...lines, "```"];
  if (!packages.some((pkg) => pkg.folder === "core")) return picture.join("\n");
  return [
    ...picture,
    "",
    "Inside `packages/core/src` a row may import its own row and the rows below it:",
    "",
    "```text",
    ...coreRows(table, root),
    "```",
  ].join("\n");
}

/**
 * @param {LayerTable} table
 * @param {string} root
 */
function coreRows(table, root) {
  const source = join(root, "packages/core/src");
  return table.core
    .map((row, level) => ({ level, names: row.filter((name) => holdsSource(join(source, name))) }))
    .filter(({ names }) => names.length > 0)
    .map(({ level, names }) => `${level}  ${names.join("  ")}`)
    .reverse();
}

/**
 * A folder without files does not count: git knows no empty folders, so it would be drawn on one machine only.
 * @param {string} path Without the extension, when it is a file.
 */
function holdsSource(path) {
  if (existsSync(`${path}.ts`)) return true;
  return existsSync(path) && readdirSync(path, { recursive: true }).some((entry) => String(entry).endsWith(".ts"));
}
