import { lstat, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stats } from "node:fs";
import { onTestFinished } from "vitest";
import type { FileStat, FileSystem } from "../../src/host/host.ts";

/** The looking half of the file system port over the real one. */
export const REAL_FILES: Pick<FileSystem, "stat" | "lstat" | "realPath"> = {
  stat: (path) => orUndefined(stat(path)),
  lstat: (path) => orUndefined(lstat(path)),
  realPath: (path) => realpath(path),
};

/** A folder of its own, real path, removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "codex-safety-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function orUndefined(stats: Promise<Stats>): Promise<FileStat | undefined> {
  try {
    const found = await stats;
    const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : found.isSymbolicLink() ? "link" : "other";
    return { kind, size: found.size, mode: found.mode & 0o7777, modifiedMs: found.mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
