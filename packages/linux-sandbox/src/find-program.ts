import { accessSync, constants, realpathSync, statSync } from "node:fs";
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

/** What execvp(3) takes when PATH is not set. */
export const DEFAULT_PATH = "/bin:/usr/bin";

/** Whether execvp(3) would find something to run: bwrap itself answers with the same exit code for every failure. */
export function findProgram(name: string, path: string): "found" | "missing" | "forbidden" {
  const candidates = name.includes("/") ? [name] : path.split(delimiter).map((folder) => join(folder === "" ? "." : folder, name));
  let there = false;
  for (const candidate of candidates) {
    try {
      if (!statSync(candidate).isFile()) continue;
      there = true;
      accessSync(candidate, constants.X_OK);
      return "found";
    } catch {
      // The next folder may have it.
    }
  }
  return there ? "forbidden" : "missing";
}
