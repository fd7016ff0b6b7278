import * as fs from "node:fs/promises";
import type { Stats } from "node:fs";
import type { FileStat, FileSystem } from "../host/host.ts";

/** The machine's file system. */
export const nodeFileSystem: FileSystem = {
  readFile: (path) => fs.readFile(path),
  writeFile: (path, data, options) => fs.writeFile(path, data, options),
  appendFile: (path, data, options) => fs.appendFile(path, data, options),
  makeDirectory: async (path, options) => {
    await fs.mkdir(path, { ...options, recursive: true });
  },
  remove: (path) => fs.rm(path, { recursive: true }),
  rename: (from, to) => fs.rename(from, to),
  readDirectory: (path) => fs.readdir(path),
  stat: (path) => statOrNothing(() => fs.stat(path)),
  lstat: (path) => statOrNothing(() => fs.lstat(path)),
  realPath: (path) => fs.realpath(path),
  changeMode: (path, mode) => fs.chmod(path, mode),
  isWritable: (path) =>
    fs.access(path, fs.constants.W_OK).then(
      () => true,
      () => false,
    ),
};

async function statOrNothing(read: () => Promise<Stats>): Promise<FileStat | undefined> {
  try {
    const stats = await read();
    const { size, mode, mtimeMs, nlink, uid, gid } = stats;
    return { kind: kindOf(stats), size, mode: mode & 0o7777, modifiedMs: mtimeMs, links: nlink, owner: `${uid}:${gid}` };
  } catch (error) {
    // ENOTDIR: a parent is a file, so nothing can be there either.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function kindOf(stats: Stats): FileStat["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "link" : "other";
}
