import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { isWithin } from "./plan.ts";

/** The first bwrap of `path` (like $PATH) that can be executed and lies outside `untrusted`, canonical. */
export function findBwrap(path: string, untrusted?: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      const found = realpathSync.native(join(folder, "bwrap"));
      accessSync(found, constants.X_OK);
      if (untrusted === undefined || !isWithin(found, untrusted)) return found;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
