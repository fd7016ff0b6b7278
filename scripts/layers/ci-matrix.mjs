// @ts-check
import { existingPackages } from "./table.mjs";

/** @import { LayerTable } from "./table.mjs" */

/**
 * The line of the workflow that lists the packages to build alone.
 * @param {LayerTable} table
 */
export function ciMatrix(table) {
  const names = existingPackages(table).map((pkg) => JSON.stringify(pkg.name));
  return `        package: [${names.join(", ")}]`;
}
