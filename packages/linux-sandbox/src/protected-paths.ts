import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { isWithin, type Plan } from "./plan.ts";

/** What stood at paths before a command. */
export type PathsBefore = ReadonlyMap<string, string>;

export function pathsBefore(paths: readonly string[]): PathsBefore {
  return new Map(paths.map((path) => [path, identity(path)]));
}

export function areAsBefore(before: PathsBefore): boolean {
  return [...before].every(([path, was]) => identity(path) === was);
}

/**
 * The protected paths that are not what they were and that a command below bwrap may have moved. What is a mount it can neither
 * remove nor rename, so that a change there was made by another program; only through a folder in between that is no mount
 * (`mounts` are the writable ones) can something protected be moved.
 */
export function movedSince(before: PathsBefore, plan: Plan, mounts: readonly string[]): string[] {
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
