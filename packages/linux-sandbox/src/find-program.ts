import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
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

/**
 * Whether execvp(3) would find something to run from the folder `cwd`: bwrap itself answers with the same exit code for every failure.
 * A script whose interpreter is not there is as good as missing.
 */
export function findProgram(name: string, path: string, cwd: string): "found" | "missing" | "forbidden" {
  const candidates = name.includes("/") ? [name] : path.split(delimiter).map((folder) => join(folder === "" ? "." : folder, name));
  let there = false;
  for (const candidate of candidates) {
    const file = resolve(cwd, candidate);
    try {
      const stats = statSync(file);
      if (!stats.isFile()) {
        there ||= name.includes("/");
        continue;
      }
      there = true;
      accessSync(file, constants.X_OK);
      return existsSync(interpreterOf(file) ?? "/") ? "found" : "missing";
    } catch {
      // The next folder may have it.
    }
  }
  return there ? "forbidden" : "missing";
}

/** What the first line of a script names, when it is absolute. */
function interpreterOf(file: string): string | undefined {
  const start = Buffer.alloc(256);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    readSync(descriptor, start, 0, start.length, 0);
  } catch {
    // May be executed all the same.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return /^#![ \t]*(\/[^\s\0]+)/u.exec(start.toString("latin1"))?.[1];
}
