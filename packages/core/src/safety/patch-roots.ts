import { dirname } from "node:path";
import { isInside, isWritableBelow } from "./path-containment.ts";
import type { PatchPath } from "./patch-paths.ts";

/**
 * True when every place that a change of the path can reach is below one of the roots and not protected there. What is in one of the
 * `closed` folders counts only below a root that lies in that folder too, or is it.
 */
export function isCovered({ locations }: Pick<PatchPath, "locations">, roots: readonly string[], closed: readonly string[] = []): boolean {
  const isOpen = (location: string, root: string): boolean =>
    isWritableBelow(root, location) && !closed.some((folder) => isInside(folder, location) && !isInside(folder, root));
  return locations.length > 0 && locations.every((location) => roots.some((root) => isOpen(location, root)));
}

/** The smallest folder whose grant would cover the path; undefined when there is none short of the whole disk. */
export function grantableRoot(path: PatchPath): string | undefined {
  const folder = path.locations.map((location) => dirname(location)).find((candidate) => isCovered(path, [candidate]));
  return folder === undefined || dirname(folder) === folder ? undefined : folder;
}
