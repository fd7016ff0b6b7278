import { dirname } from "node:path";
import { isWritableBelow } from "./path-containment.ts";
import type { PatchPath } from "./patch-paths.ts";

/** True when every place that a change of the path can reach is below one of the roots and not protected there. */
export function isCovered({ locations }: PatchPath, roots: readonly string[]): boolean {
  return locations.length > 0 && locations.every((location) => roots.some((root) => isWritableBelow(root, location)));
}

/** The smallest folder whose grant would cover the path; undefined when there is none short of the whole disk. */
export function grantableRoot(path: PatchPath): string | undefined {
  const folder = path.locations.map((location) => dirname(location)).find((candidate) => isCovered(path, [candidate]));
  return folder === undefined || dirname(folder) === folder ? undefined : folder;
}
