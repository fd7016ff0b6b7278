// @ts-check
import { existingPackages } from "./table.mjs";

/** @import { LayerTable } from "./table.mjs" */

/**
 * The lines of the workflow that list the packages to build alone.
 * @param {LayerTable} table
 */
export function ciMatrix(table) {
  // A line each: a list on one line would be broken by the formatter when it gets long.
  const names = existingPackages(table).map((pkg) => `          - ${JSON.stringify(pkg.name)}`);
  return ["        package:", ...names].join("\n");
}
