import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { isWithin, type Plan } from "./plan.ts";

/** Protected paths as they were before a command. */
export type ProtectedBefore = ReadonlyMap<string, string>;

export function protectedBefore(plan: Plan): ProtectedBefore {
  return new Map(plan.protectedPaths.map((path) => [path, identity(path)]));
}

/**
 * The protected paths that are not what they were and that a command below bwrap may have moved. What is a mount it can neither
 * remove nor rename, so that a change there was made by another program; only through a folder in between that is no mount
 * (`mounts` are the writable ones) can something protected be moved.
 */
export function movedSince(before: ProtectedBefore, plan: Plan, mounts: readonly string[]): string[] {
  const fixed = new Set(mounts);
  const roots = plan.writableRoots.map(({ path }) => path);
  const movable = (path: string): boolean => {
    for (let folder = dirname(path); roots.some((root) => isWithin(folder, root)); folder = dirname(folder)) {
      if (!fixed.has(folder)) return true;
    }
    return false;
  };
  return [...before].filter(([path, was]) => identity(path) !== was && movable(path)).map(([path]) => path);
}

function identity(path: string): string {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.dev}:${stats.ino}`;
}
