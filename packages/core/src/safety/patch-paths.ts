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
  const resolve = resolver(fs);
  return Promise.all(paths.map(async (path) => ({ path, locations: await locationsOf(normalize(path), resolve) })));
}

/** The same for folders that may be written: real paths, each once; those that cannot be resolved are left out. */
export async function canonicalRoots(fs: Lookup, roots: readonly string[]): Promise<string[]> {
  const resolve = resolver(fs);
  const resolved = await Promise.all(roots.map((root) => resolve(normalize(root))));
  return [...new Set(resolved.filter((root) => root !== undefined))];
}

type Resolve = (path: string) => Promise<string | undefined>;

async function locationsOf(path: string, resolve: Resolve): Promise<string[]> {
  const [parent, target] = await Promise.all([resolve(dirname(path)), resolve(path)]);
  if (parent === undefined || target === undefined) return [];
  return [...new Set([join(parent, basename(path)), target])];
}

/** Looks at each path once. Undefined for what is there but leads nowhere, or cannot be looked at. */
function resolver(fs: Lookup): Resolve {
  const known = new Map<string, Promise<string | undefined>>();
  const looked = new Map<string, Promise<Presence>>();
  const presenceOf = (path: string): Promise<Presence> => {
    const found = looked.get(path) ?? lookBelow(path);
    looked.set(path, found);
    return found;
  };
  // Of many new files in a new folder, the folder alone is looked for.
  const lookBelow = async (path: string): Promise<Presence> =>
    dirname(path) !== path && (await presenceOf(dirname(path))) === "absent" ? "absent" : look(fs, path);
  const find: Resolve = async (path) => {
    const presence = await presenceOf(path);
    if (presence === "unknown") return undefined;
    if (presence === "present") return fs.realPath(path).catch(() => undefined);
    if (dirname(path) === path) return undefined;
    const parent = await resolve(dirname(path));
    return parent === undefined ? undefined : join(parent, basename(path));
  };
  const resolve: Resolve = (path) => {
    const found = known.get(path) ?? find(path);
    known.set(path, found);
    return found;
  };
  return resolve;
}

type Presence = "present" | "absent" | "unknown";

async function look(fs: Lookup, path: string): Promise<Presence> {
  try {
    return (await fs.lstat(path)) === undefined ? "absent" : "present";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "absent" : "unknown";
  }
}
