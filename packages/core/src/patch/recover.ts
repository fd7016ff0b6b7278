import { isAbsolute, relative, sep } from "node:path";
import type { Clock, FileSystem, ProcessIdentity } from "../host/host.ts";
import {
  isAbandoned,
  journalPath,
  listJournals,
  NOBODY,
  removeJournal,
  removeQuietly,
  turn,
  type Journal,
  type JournalFile,
  type JournalFolder,
} from "./journal.ts";
import { tidyUp, undoJournal, type UndoNote } from "./undo.ts";

export interface RecoverOptions {
  readonly fs: FileSystem;
  readonly clock: Pick<Clock, "now">;
  readonly identity: ProcessIdentity | undefined;
  readonly folders: readonly JournalFolder[];
  /** Patches in or above or below this folder are recovered; others wait for a start of theirs. Absolute, real. */
  readonly cwd: string;
}

/** One patch that was cut off. */
export interface RecoveredPatch {
  /** Where it was applied. */
  readonly cwd: string;
  /** Files and folders it would have changed. */
  readonly paths: readonly string[];
  /** What could not be brought back now; it is tried again at the next start. */
  readonly failed: readonly UndoNote[];
  /** What somebody changed since, and is left as it is. */
  readonly left: readonly UndoNote[];
}

/**
 * Takes back the patches that were cut off by a crash, and tidies up after those that were cut off when they were done. A patch
 * that another process is applying is left alone. Costs one look into each folder when there is nothing to do. Never rejects.
 */
export async function recoverPatches(options: RecoverOptions): Promise<RecoveredPatch[]> {
  const files = (await Promise.all(options.folders.map((folder) => listJournals(options.fs, folder).catch(() => [])))).flat();
  const recovered: RecoveredPatch[] = [];
  for (const file of files) {
    const patch = await recover(file, options).catch(() => undefined);
    if (patch !== undefined) recovered.push(patch);
  }
  return recovered;
}

async function recover(file: JournalFile, options: RecoverOptions): Promise<RecoveredPatch | undefined> {
  const { fs, identity, clock } = options;
  if (!(await isAbandoned(file, { fs, identity, now: clock.now() }))) return undefined;
  if (file.state === "new") return void (await removeQuietly(fs, journalPath(file)));
  const { readJournal } = await import("./read-journal.ts");
  const read = await readJournal(fs, file);
  if (!read.ok || !concerns(read.journal, options.cwd)) return undefined;
  const { journal } = read;
  if (journal.steps.some(({ path }) => file.folder.covers?.(path) === false)) return undefined;
  // Of several that start at the same time, one gets it.
  const mine = await turn(fs, file, { owner: identity?.id ?? NOBODY });
  if (file.state === "done") {
    if ((await tidyUp(fs, journal, { folder: file.folder })).length === 0) await removeJournal(fs, mine);
    return undefined;
  }
  const { failed, left } = await undoJournal(fs, journal, { folder: file.folder });
  await (failed.length > 0 ? turn(fs, mine, { owner: NOBODY }) : removeJournal(fs, mine));
  return { cwd: journal.cwd, paths: journal.steps.map(({ path }) => path), failed, left };
}

function concerns({ cwd, steps }: Journal, folder: string): boolean {
  return isBelow(folder, cwd) || isBelow(cwd, folder) || steps.some(({ path }) => isBelow(folder, path));
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== "..";
}

/** What a person is told of it. */
export function describeRecovery({ cwd, paths, failed, left }: RecoveredPatch): string {
  const notes = (label: string, list: readonly UndoNote[]): string =>
    list.length === 0 ? "" : ` ${label}: ${list.map(({ path, reason }) => `${path} (${reason})`).join(", ")}.`;
  return (
    `A patch in ${cwd} had been cut off before it was whole, and was taken back (${paths.length === 1 ? "1 path" : `${paths.length} paths`}).` +
    notes("Not brought back yet, tried again at the next start", failed) +
    notes("Left as it is", left)
  );
}
