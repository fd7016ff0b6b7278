import * as fs from "node:fs/promises";
import { closeSync, constants, fstatSync, open, read, readFile as readToEnd, type Stats } from "node:fs";
import { promisify } from "node:util";
import type { FileStat, FileSystem, HeldFolder, WriteFileOptions } from "../host/host.ts";

/** The machine's file system. */
export const nodeFileSystem: FileSystem = {
  readFile,
  writeFile,
  appendFile: (path, data, options) => fs.appendFile(path, data, options),
  makeDirectory: async (path, options) => {
    await fs.mkdir(path, { ...options, recursive: true });
  },
  remove: (path) => fs.rm(path, { recursive: true }),
  removeFile: (path) => fs.unlink(path),
  removeEmptyFolder: (path) => fs.rmdir(path),
  rename: (from, to) => fs.rename(from, to),
  link: (from, to) => fs.link(from, to),
  syncFolder,
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
  ...(process.platform === "linux" ? { holdFolder } : {}),
};

const descriptorOf = promisify(open);
const readPart = promisify(read);
const readRest = promisify(readToEnd);

/** Size and end of an open file are the kernel's own knowledge: asked here and now, where a thread for each would cost more. */
async function readFile(path: string): Promise<Uint8Array> {
  const file = await descriptorOf(path, "r");
  try {
    const { size } = fstatSync(file);
    // Of a file that is made while it is read, as in /proc, the size is not known.
    if (size === 0) return await readRest(file);
    // In one piece: Node reads in parts, puts them together and looks for more.
    const whole = Buffer.allocUnsafeSlow(size);
    let length = 0;
    for (let bytes = -1; bytes !== 0 && length < size; length += bytes) {
      // oxlint-disable-next-line no-await-in-loop -- what follows stands behind it
      bytes = (await readPart(file, whole, length, size - length, null)).bytesRead;
    }
    return whole.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

async function writeFile(path: string, data: Uint8Array | string, options: WriteFileOptions = {}): Promise<void> {
  const { mode, exactMode, exclusive = false, noFollow = false, flush = false } = options;
  const flag = flagsOf(exclusive, noFollow);
  if (exactMode === undefined) return fs.writeFile(path, data, { flag, flush, ...(mode === undefined ? {} : { mode }) });
  const file = await fs.open(path, flag, exactMode);
  try {
    await file.writeFile(data);
    await file.chmod(exactMode);
    if (flush) await file.sync();
  } finally {
    await file.close();
  }
}

function flagsOf(exclusive: boolean, noFollow: boolean): string | number {
  if (exclusive) return "wx";
  return noFollow ? constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0) : "w";
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === "win32") return;
  const folder = await fs.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** An open folder has a path of its own in /proc, which no rename and no link put in its place can bend. */
async function holdFolder(path: string): Promise<HeldFolder> {
  const folder = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const door = `/proc/self/fd/${folder.fd}`;
    return { realPath: await fs.readlink(door), path: door, close: () => folder.close() };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

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
