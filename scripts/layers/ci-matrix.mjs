// @ts-check
import { existingPackages } from "./table.mjs";

/** @import { LayerTable } from "./table.mjs" */

/**
 * The lines of the workflow that list the packages to build alone: one each, so that no number of them makes a line too long.
 * @param {LayerTable} table
 */
export function ciMatrix(table) {
  const names = existingPackages(table).map((pkg) => `          - ${JSON.stringify(pkg.name)}`);
  return ["        package:", ...names].join("\n");
}
