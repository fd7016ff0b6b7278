import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { FileSystem, ProcessIdentity } from "../host/host.ts";
import { codeOf } from "./fault.ts";

/** A folder that journals may be kept in. */
export interface JournalFolder {
  /** Absolute. Made when missing, mode 0700. */
  readonly path: string;
  /** Which real paths a journal in it may speak of. Set where anybody may have put a journal; undefined: all. */
  readonly covers?: (path: string) => boolean;
}

/** What a patch will do to the disk, written down before it does: enough to take it all back. Paths are real. */
export interface Journal {
  readonly version: 1;
  /** Where the patch was applied; absolute. */
  readonly cwd: string;
  /** Part of the names of all temporary files of this patch: 8 to 40 letters and digits. */
  readonly token: string;
  readonly steps: readonly JournalStep[];
}

export type JournalStep =
  /** The file, or link, waits under the name {@link temporaryName} with `gone`. */
  | { readonly type: "remove"; readonly path: string }
  | { readonly type: "folder"; readonly path: string }
  /** With `text`, the whole content: the file is written where it belongs, so a part of it may be there. */
  | { readonly type: "add"; readonly path: string; readonly now: Fingerprint; readonly text?: string | undefined }
  | { readonly type: "update"; readonly path: string; readonly now: Fingerprint; readonly before: Fingerprint };

/** Tells a content from others that nobody forged: length in bytes and CRC-32. */
export type Fingerprint = readonly [size: number, sum: number];

/**
 * What the file's name says of it, together with whose it is. `new`: it is being written, nothing else was done. `undo`: the patch is under
 * way, or was cut off. `done`: the patch is in place, temporary files may be left.
 */
export type JournalState = "new" | "undo" | "done";

export interface JournalFile {
  readonly folder: JournalFolder;
  readonly token: string;
  /** The id of the process that works on it, or {@link NOBODY}. */
  readonly owner: string;
  readonly state: JournalState;
}

/** The owner of a journal that nobody works on: taking the patch back failed. */
export const NOBODY = "nobody";

const NAME = /^([0-9A-Za-z]{8,40})_([0-9A-Za-z-]+)\.(new|undo|done)$/;
/** A journal whose owner cannot be told counts as abandoned after this time, ms. A patch is applied in seconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

export function journalPath({ folder, token, owner, state }: JournalFile): string {
  return join(folder.path, `${token}_${owner}.${state}`);
}

export function fingerprint(content: Uint8Array): Fingerprint {
  return [content.length, crc32(content)];
}

export function isSameContent([size, sum]: Fingerprint, content: Uint8Array): boolean {
  return content.length === size && crc32(content) === sum;
}

/** Name of the temporary file of step `index`, in the folder of the file itself. */
export function temporaryName(token: string, index: number, kind: "new" | "old" | "gone"): string {
  return `.codex-patch-${token}-${index}.${kind}`;
}

/** Where the former content of a file is kept that has to be written in place. */
export function copyPath(folder: JournalFolder, token: string, index: number): string {
  return join(folder.path, `${token}_${index}.copy`);
}

/** Writes a journal that survives a loss of power and belongs to `owner`. Rejects, having left nothing, when it cannot be. */
export async function writeJournal(
  fs: FileSystem,
  journal: Journal,
  place: { readonly folder: JournalFolder; readonly owner: string },
): Promise<JournalFile> {
  const file: JournalFile = { ...place, token: journal.token, state: "new" };
  const { path } = place.folder;
  await fs.makeDirectory(path, { mode: 0o700 });
  const stat = await fs.lstat(path);
  if (stat?.kind !== "directory") throw new Error(`${path} is not a folder`);
  if ((stat.mode & 0o777) !== 0o700) await fs.changeMode(path, 0o700);
  try {
    await fs.writeFile(journalPath(file), JSON.stringify(journal), { exclusive: true, exactMode: 0o600, flush: true });
    const ready = await turn(fs, file, { state: "undo" });
    await fs.syncFolder(path);
    return ready;
  } catch (error) {
    await removeQuietly(fs, journalPath(file));
    await removeQuietly(fs, journalPath({ ...file, state: "undo" }));
    await closeFolder(fs, place.folder);
    throw error;
  }
}

/** Renames the journal, which is how its state and its owner change: at once, and for one of several that try. */
export async function turn(
  fs: FileSystem,
  file: JournalFile,
  change: { readonly state?: JournalState; readonly owner?: string },
): Promise<JournalFile> {
  const turned = { ...file, ...change };
  if (journalPath(turned) !== journalPath(file)) await fs.rename(journalPath(file), journalPath(turned));
  return turned;
}

/** Removes a journal whose work is over, and its folder if that was made beside the files. */
export async function removeJournal(fs: FileSystem, file: JournalFile): Promise<void> {
  await fs.removeFile(journalPath(file));
  await closeFolder(fs, file.folder);
}

/** The journals in `folder`. A folder that is not there, or cannot be read, has none. */
export async function listJournals(fs: FileSystem, folder: JournalFolder): Promise<JournalFile[]> {
  const names = await fs.readDirectory(folder.path).catch((): readonly string[] => []);
  // A link would lead to journals that were kept elsewhere, under other limits.
  if (names.length === 0 || (await fs.lstat(folder.path))?.kind !== "directory") return [];
  return names.flatMap((name) => {
    const [, token, owner, state] = NAME.exec(name) ?? [];
    return token === undefined || owner === undefined ? [] : [{ folder, token, owner, state: state as JournalState }];
  });
}

/** Does nobody work on the journal any more? `now` is Unix time, ms. */
export async function isAbandoned(
  file: JournalFile,
  world: { readonly fs: FileSystem; readonly identity: ProcessIdentity | undefined; readonly now: number },
): Promise<boolean> {
  if (file.owner === NOBODY) return true;
  const ended = await world.identity?.hasEnded(file.owner);
  if (ended !== undefined) return ended;
  const stat = await world.fs.lstat(journalPath(file)).catch(() => undefined);
  return stat !== undefined && world.now - stat.modifiedMs > ABANDONED_AFTER_MS;
}

/** Removes what may be there. False when it is still there. */
export async function removeQuietly(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.removeFile(path);
    return true;
  } catch (error) {
    return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
  }
}

/** The journals' own folder in codex home stays; one beside the files goes with its last journal. */
async function closeFolder(fs: FileSystem, folder: JournalFolder): Promise<void> {
  if (folder.covers !== undefined) await fs.removeEmptyFolder(folder.path).catch(() => undefined);
}
