import { PLACEHOLDER_TIME } from "@codex/linux-sandbox";
import { dirname, join } from "node:path";
import type { FileSystem } from "../host/host.ts";
import type { Config } from "./config.ts";

type Lookup = Pick<FileSystem, "stat">;

/** The folders from the project's root down to cwd. The root is the nearest one upwards that holds a root marker; else cwd itself. */
export async function projectDirectories(config: Pick<Config, "cwd" | "projectDoc">, fs: Lookup): Promise<readonly [string, ...string[]]> {
  const upwards = ancestors(config.cwd);
  const marked = await Promise.all(
    upwards.map(async (directory) => {
      const hits = await Promise.all(config.projectDoc.rootMarkers.map((marker) => isThere(join(directory, marker), fs)));
      return hits.includes(true);
    }),
  );
  const root = marked.indexOf(true);
  const [first = config.cwd, ...rest] = upwards.slice(0, root === -1 ? 1 : root + 1).toReversed();
  return [first, ...rest];
}

/**
 * Whether something is at `path`. What cannot be looked at, such as links in a circle, counts as nothing; so does the empty folder
 * that a sandbox puts in a missing name's place.
 */
export async function isThere(path: string, fs: Lookup): Promise<boolean> {
  const stat = await fs.stat(path).catch(() => undefined);
  return stat !== undefined && !(stat.kind === "directory" && Math.floor(stat.modifiedMs / 1000) === PLACEHOLDER_TIME);
}

/** The directory itself, then each one above it up to the root of the file system. */
export function ancestors(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
