import { basename, dirname, join, normalize } from "node:path";
import type { FileSystem } from "../host/host.ts";

/** A path a patch touches and where that really is. */
export interface PatchPath {
  /** Absolute, as the patch gave it. */
  readonly path: string;
  /**
   * Every place a change of `path` can reach, links resolved: where the name itself lives and, when it is a link, where that
   * leads. Empty when it cannot be told (a link to nothing, a folder that cannot be searched): outside every root.
   */
  readonly locations: readonly string[];
}

type Lookup = Pick<FileSystem, "lstat" | "realPath">;

/**
 * Finds the real places of the files a patch adds, updates, deletes or moves (sources and targets alike): the nearest ancestor
 * that exists is resolved and the rest appended, so a linked folder inside the working directory cannot lead out unseen. Never
 * rejects. True at the time of asking only: write soon after, to these very paths.
 */
export async function canonicalPatchPaths(fs: Lookup, paths: readonly string[]): Promise<PatchPath[]> {
  return Promise.all(paths.map(async (path) => ({ path, locations: await locationsOf(fs, normalize(path)) })));
}

/** The same for folders that may be written: real paths, each once; those that cannot be resolved are left out. */
export async function canonicalRoots(fs: Lookup, roots: readonly string[]): Promise<string[]> {
  const resolved = await Promise.all(roots.map((root) => resolve(fs, normalize(root))));
  return [...new Set(resolved.filter((root) => root !== undefined))];
}

async function locationsOf(fs: Lookup, path: string): Promise<string[]> {
  const parent = await resolve(fs, dirname(path));
  const target = await resolve(fs, path);
  if (parent === undefined || target === undefined) return [];
  return [...new Set([join(parent, basename(path)), target])];
}

/** Undefined for what is there but leads nowhere, or cannot be looked at. */
async function resolve(fs: Lookup, path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    const presence = await look(fs, current);
    if (presence === "unknown") return undefined;
    if (presence === "present") {
      const real = await fs.realPath(current).catch(() => undefined);
      return real === undefined ? undefined : join(real, ...missing);
    }
    if (dirname(current) === current) return undefined;
    missing.unshift(basename(current));
  }
}

async function look(fs: Lookup, path: string): Promise<"present" | "absent" | "unknown"> {
  try {
    return (await fs.lstat(path)) === undefined ? "absent" : "present";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "absent" : "unknown";
  }
}
