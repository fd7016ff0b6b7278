import { basename, dirname, join } from "node:path";
import type { FileSystem, HeldFolder } from "../host/host.ts";
import { eachAtMost } from "./each-at-most.ts";
import { codeOf } from "./fault.ts";

/** Operations that wait for the disk at the same time: more of them only fill memory. */
const AT_ONCE = 16;
const FOLDERS_AT_ONCE = 8;

/** What is done to one name: `at` is its path while the folder is held, `beside` a name in the same folder. */
export interface NameInFolder {
  readonly at: string;
  readonly beside: (name: string) => string;
}

export interface FolderWork<T> {
  readonly work: (item: T, place: NameInFolder) => Promise<void>;
  /** Told of each failure; the rest goes on unless it throws. */
  readonly failed?: (item: T, error: unknown) => void;
}

/** Thrown when a folder is not where it was decided on: a link took its place, or that of a folder above it. */
export class FolderMoved extends Error {
  constructor(folder: string, realPath: string) {
    super(`${folder} leads to ${realPath} now, which it did not when the patch was checked`);
  }
}

/**
 * Runs `work` for each item in its folder, folder by folder, several at a time. The folder is held meanwhile, so that what is
 * done to a name in it cannot be led elsewhere by a link. Rejects with the first failure, {@link FolderMoved} among them; with
 * `failed`, that is told of each failure instead, and the rest goes on.
 */
export async function inFolders<T extends { readonly path: string }>(
  fs: FileSystem,
  items: readonly T[],
  { work, failed }: FolderWork<T>,
): Promise<void> {
  const fail = (error: unknown, of: readonly T[]): void => {
    if (failed === undefined) throw error;
    for (const item of of) failed(item, error);
  };
  const groups = byFolder(items);
  const within = groups.length === 1 ? AT_ONCE : Math.ceil(AT_ONCE / FOLDERS_AT_ONCE);
  await eachAtMost(FOLDERS_AT_ONCE, groups, async ([folder, members]) => {
    const held = await hold(fs, folder).catch((error: unknown) => fail(error, members));
    if (held === undefined) return;
    const beside = (name: string): string => join(held.path, name);
    try {
      await eachAtMost(within, members, (item) =>
        work(item, { at: beside(basename(item.path)), beside }).catch((error: unknown) => fail(error, [item])),
      );
    } finally {
      await held.close();
    }
  });
}

function byFolder<T extends { readonly path: string }>(items: readonly T[]): (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const folder = dirname(item.path);
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [item]);
    else group.push(item);
  }
  return [...groups];
}

async function hold(fs: FileSystem, folder: string): Promise<HeldFolder> {
  const held = (await tryToHold(fs, folder)) ?? { path: folder, realPath: await fs.realPath(folder), close: () => Promise.resolve() };
  if (held.realPath === folder) return held;
  await held.close();
  throw new FolderMoved(folder, held.realPath);
}

/** Undefined where a folder cannot be held: one that may be searched but not read, or without /proc. */
async function tryToHold(fs: FileSystem, folder: string): Promise<HeldFolder | undefined> {
  try {
    return await fs.holdFolder?.(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") throw error;
    return undefined;
  }
}
