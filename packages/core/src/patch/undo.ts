import { dirname, join } from "node:path";
import type { FileSystem } from "../host/host.ts";
import { causeOf, codeOf } from "./fault.ts";
import { FolderMoved, inFolders, type NameInFolder } from "./in-folders.ts";
import {
  copyPath,
  isSameContent,
  removeQuietly,
  temporaryName,
  type Fingerprint,
  type Journal,
  type JournalFolder,
  type JournalStep,
} from "./journal.ts";

export interface UndoReport {
  /** Paths that could not be brought back, and why. They can be tried again. */
  readonly failed: readonly UndoNote[];
  /** Paths that somebody changed after the patch was cut off, and which are left as they are now. */
  readonly left: readonly UndoNote[];
}

export interface UndoNote {
  readonly path: string;
  readonly reason: string;
}

/**
 * Takes back what a journal says was begun. Looks at the disk for how far it came, so it can be cut off and run again. Content
 * that is neither the former nor the patch's own is nobody's but the user's, and stays. Who knows which files it began to change
 * names their steps with `begun`; the others are not looked at. Never rejects.
 */
export async function undoJournal(
  fs: FileSystem,
  journal: Journal,
  { folder, begun }: { readonly folder: JournalFolder; readonly begun?: ReadonlySet<number> },
): Promise<UndoReport> {
  const all = journal.steps.map((step, index): IndexedStep => ({ path: step.path, step, index }));
  const steps = all.filter(({ step, index }) => step.type === "folder" || begun?.has(index) !== false);
  const work: Undo = { fs, journal, folder, steps, failed: [], left: [] };
  await eachStep(work, "add", takeBackAdd);
  await eachStep(work, "update", takeBackUpdate);
  // The deepest folder was made last.
  for (const { path } of steps.filter(({ step }) => step.type === "folder").toReversed()) await removeMadeFolder(work, path);
  await eachStep(work, "remove", takeBackRemove);
  return { failed: work.failed, left: work.left };
}

/**
 * Removes the temporary files of a patch that is in place. Returns those that remain. Never rejects. Who carried it out names with
 * `unusual` the steps whose file was not replaced by a rename; of the others only what such a step leaves is looked for.
 */
export async function tidyUp(
  fs: FileSystem,
  journal: Journal,
  { folder, unusual }: { readonly folder: JournalFolder; readonly unusual?: ReadonlySet<number> },
): Promise<string[]> {
  const remaining: string[] = [];
  const steps = journal.steps.map((step, index) => ({ path: step.path, step, index })).filter(({ step }) => leavesFiles(step));
  const tidy = async ({ path, step, index }: IndexedStep, place: NameInFolder): Promise<void> => {
    const usual = unusual?.has(index) === false;
    for (const name of temporaryNames(journal.token, step, index).filter((one) => !usual || !one.endsWith(".new")))
      if (!(await removeQuietly(fs, place.beside(name)))) remaining.push(join(dirname(path), name));
    if (step.type !== "update" || usual) return;
    const copy = copyPath(folder, journal.token, index);
    if (!(await removeQuietly(fs, copy))) remaining.push(copy);
  };
  // What is in a folder that is not there any more cannot be in the way.
  await inFolders(fs, steps, { work: tidy, failed: () => undefined });
  return remaining;
}

function leavesFiles(step: JournalStep): boolean {
  return step.type !== "folder" && !(step.type === "add" && step.text !== undefined);
}

interface IndexedStep {
  readonly path: string;
  readonly step: JournalStep;
  readonly index: number;
}

interface Undo {
  readonly fs: FileSystem;
  readonly journal: Journal;
  readonly folder: JournalFolder;
  readonly steps: readonly IndexedStep[];
  readonly failed: UndoNote[];
  readonly left: UndoNote[];
}

function temporaryNames(token: string, step: JournalStep, index: number): string[] {
  switch (step.type) {
    case "remove":
      return [temporaryName(token, index, "gone")];
    case "add":
      return step.text === undefined ? [temporaryName(token, index, "new")] : [];
    case "update":
      return [temporaryName(token, index, "new"), temporaryName(token, index, "old")];
    case "folder":
      return [];
  }
}

type StepOf<T extends JournalStep["type"]> = { readonly step: Extract<JournalStep, { type: T }>; readonly index: number };

async function eachStep<T extends JournalStep["type"]>(
  work: Undo,
  type: T,
  takeBack: (work: Undo, item: StepOf<T>, place: NameInFolder) => Promise<void>,
): Promise<void> {
  const steps = work.steps.filter(({ step }) => step.type === type);
  await inFolders(work.fs, steps, {
    work: ({ step, index }, place) => takeBack(work, { step: step as Extract<JournalStep, { type: T }>, index }, place),
    failed: ({ path }, error) => {
      if (error instanceof FolderMoved) work.left.push({ path, reason: error.message });
      else if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR") work.failed.push({ path, reason: causeOf(error) });
      // A new file whose folder was not made yet, or is gone, is not there: as it should be.
      else if (type !== "add") work.left.push({ path, reason: "its folder is not there any more" });
    },
  });
}

/** Only what holds the patch's content, or what was written of it, is the patch's file. */
async function takeBackAdd({ fs, journal, left }: Undo, { step, index }: StepOf<"add">, place: NameInFolder): Promise<void> {
  const found = await look(fs, place.at);
  if (found.kind === "file" && isPatchs(step, found.content)) await fs.removeFile(place.at);
  else if (found.kind !== "nothing") left.push({ path: step.path, reason: "something else was put there since" });
  if (step.text === undefined) await removeIfThere(fs, place.beside(temporaryName(journal.token, index, "new")));
}

function isPatchs({ now, text }: StepOf<"add">["step"], content: Uint8Array): boolean {
  if (text === undefined) return isSameContent(now, content);
  return content.length <= now[0] && Buffer.from(text, "utf8").subarray(0, content.length).equals(content);
}

async function takeBackUpdate(work: Undo, { step, index }: StepOf<"update">, place: NameInFolder): Promise<void> {
  const { fs, journal, folder, left } = work;
  await removeIfThere(fs, place.beside(temporaryName(journal.token, index, "new")));
  const oldName = temporaryName(journal.token, index, "old");
  const oldPath = place.beside(oldName);
  const copy = copyPath(folder, journal.token, index);
  const [old, copied, found] = await Promise.all([look(fs, oldPath), look(fs, copy), look(fs, place.at)]);
  const isUntouched = found.kind === "file" && isSameContent(step.before, found.content);
  const isOurs = found.kind === "nothing" || (found.kind === "file" && isSameContent(step.now, found.content));
  if (holds(copied, step.before) && found.kind === "file") {
    // Written in place, so it may hold any part of either content.
    if (!isUntouched) await fs.writeFile(place.at, copied.content, { noFollow: true });
  } else if (holds(old, step.before) && isOurs) await fs.rename(oldPath, place.at);
  else if (!isUntouched) return void left.push({ path: step.path, reason: changedSince(step.path, old, oldName) });
  // A rename between two names of one file leaves both.
  await removeIfThere(fs, oldPath);
  await removeIfThere(fs, copy);
}

async function takeBackRemove({ fs, journal, left }: Undo, { step, index }: StepOf<"remove">, place: NameInFolder): Promise<void> {
  const name = temporaryName(journal.token, index, "gone");
  if ((await fs.lstat(place.beside(name))) === undefined) return;
  if ((await fs.lstat(place.at)) === undefined) return fs.rename(place.beside(name), place.at);
  const reason = `something else was put there since; the removed file is ${join(dirname(step.path), name)}`;
  left.push({ path: step.path, reason });
}

async function removeMadeFolder({ fs, failed }: Undo, path: string): Promise<void> {
  try {
    await inFolders(fs, [{ path }], { work: (_item, place) => fs.removeEmptyFolder(place.at) });
  } catch (error) {
    // Not made yet, or somebody uses it.
    const expected = error instanceof FolderMoved || ["ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST"].includes(codeOf(error));
    if (!expected) failed.push({ path, reason: causeOf(error) });
  }
}

function changedSince(path: string, old: Found, oldName: string): string {
  const kept = old.kind === "nothing" ? "" : `; its former content is ${join(dirname(path), oldName)}`;
  return `it was changed by something else since${kept}`;
}

type Found = { readonly kind: "nothing" | "other" } | { readonly kind: "file"; readonly content: Uint8Array };

async function look(fs: FileSystem, path: string): Promise<Found> {
  const stat = await fs.lstat(path);
  if (stat === undefined) return { kind: "nothing" };
  return stat.kind === "file" ? { kind: "file", content: await fs.readFile(path) } : { kind: "other" };
}

/** A copy that was cut off while it was made restores nothing. */
function holds(found: Found, wanted: Fingerprint): found is Found & { readonly kind: "file" } {
  return found.kind === "file" && isSameContent(wanted, found.content);
}

async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  if ((await fs.lstat(path)) !== undefined) await fs.removeFile(path);
}
