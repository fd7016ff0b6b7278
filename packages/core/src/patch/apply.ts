import { dirname, sep } from "node:path";
import type { FileStat, FileSystem } from "../host/host.ts";
import { summaryText, type ApplyPatchAction, type PatchStep } from "./action.ts";
import { eachAtMost } from "./each-at-most.ts";
import { causeOf, codeOf } from "./fault.ts";
import { FolderMoved, inFolders, type NameInFolder } from "./in-folders.ts";
import {
  copyPath,
  fingerprint,
  journalPath,
  NOBODY,
  removeJournal,
  removeQuietly,
  temporaryName,
  turn,
  writeJournal,
  type Journal,
  type JournalFile,
  type JournalFolder,
  type JournalStep,
} from "./journal.ts";
import { tidyUp, undoJournal, type UndoNote } from "./undo.ts";

export type ApplyPatchOutcome =
  /** Everything is on disk. `leftovers` are temporary files that could not be removed. */
  | { readonly ok: true; readonly summary: string; readonly leftovers: readonly string[] }
  /** Nothing of the patch is on disk, except what `notRestored` names: files whose former state could not be brought back. */
  | { readonly ok: false; readonly message: string; readonly notRestored: readonly UndoNote[] };

export interface ApplyPatchOptions {
  /** 8 to 40 letters and digits that no other patch has; part of temporary names. */
  readonly token: string;
  /** Where the journal may be kept, the first that can be written. */
  readonly journalFolders: readonly JournalFolder[];
  /** The id of this process; see `ProcessIdentity`. */
  readonly owner: string;
  /** A file with several names gets parted from the others, which may be where nothing may be written. Default: all of them change. */
  readonly partsHardLinks?: boolean;
}

type RemoveStep = Extract<PatchStep, { type: "remove" }>;
type WriteStep = Extract<PatchStep, { type: "write" }>;

/**
 * Applies a computed patch, all or nothing. First everything is checked against the disk again. Then a journal says what will be
 * done, and from there on a failure, or a process that ends at any instant, is followed by taking everything back: at once, or by
 * `recoverPatches`. The patch is in place when the journal is marked done. Never rejects for reasons outside this program.
 */
export async function applyPatch(action: ApplyPatchAction, fs: FileSystem, options: ApplyPatchOptions): Promise<ApplyPatchOutcome> {
  try {
    const work = await check(action, fs, options);
    const cwd = await fs.realPath(action.cwd).catch(() => action.cwd);
    const journal: Journal = { version: 1, cwd, token: options.token, steps: work.steps.map(({ entry }) => entry) };
    const leftovers = await carryOut(work, journal, await openJournal(work, journal));
    return { ok: true, summary: summaryText(action), leftovers };
  } catch (error) {
    if (error instanceof StepFailed) return { ok: false, message: error.message, notRestored: error.notRestored };
    throw error;
  }
}

class StepFailed extends Error {
  readonly notRestored: readonly UndoNote[];
  constructor(message: string, notRestored: readonly UndoNote[] = []) {
    super(message);
    this.notRestored = notRestored;
  }
}

/** One step with its entry in the journal, at the same index as there. */
type IndexedStep = { readonly path: string; readonly index: number } & (
  | { readonly entry: Extract<JournalStep, { type: "remove" }>; readonly step: RemoveStep }
  | { readonly entry: Extract<JournalStep, { type: "folder" }>; readonly step: undefined }
  | { readonly entry: Extract<JournalStep, { type: "add" | "update" }>; readonly step: WriteStep }
);
type IndexedWrite = Extract<IndexedStep, { readonly step: WriteStep }>;

interface Work {
  readonly fs: FileSystem;
  readonly options: ApplyPatchOptions;
  readonly steps: readonly IndexedStep[];
  /** Files that cannot be replaced, only written. */
  readonly inPlace: Set<IndexedWrite>;
  /** What the files to be replaced were when they were checked, by path. */
  readonly originals: ReadonlyMap<string, FileStat>;
  /** Who owns a file that is made in a folder, by the folder: asked of the first one. */
  readonly owners: Map<string, Promise<string | undefined>>;
  /** Steps that were begun, folders aside. What has the name of a new file that was not is not the patch's, whatever it holds. */
  readonly begun: Set<number>;
}

const CHECKS_AT_ONCE = 16;

async function check(action: ApplyPatchAction, fs: FileSystem, options: ApplyPatchOptions): Promise<Work> {
  const removed = new Set(action.steps.flatMap((step) => (step.type === "remove" ? [step.path] : [])));
  const originals = new Map<string, FileStat>();
  const checked = eachAtMost(CHECKS_AT_ONCE, action.steps, async (step) => {
    const stat = await checkStep(fs, step);
    if (stat !== undefined) originals.set(step.path, stat);
  });
  // Made while the disk is waited for.
  const writes = action.steps.flatMap((step) => (step.type === "write" ? [{ path: step.path, step, entry: writeEntry(step) }] : []));
  await checked;
  const folders = await missingFolders(fs, action.steps, removed);
  const bare = [
    ...action.steps.flatMap((step) =>
      step.type === "remove" ? [{ path: step.path, step, entry: { type: "remove", path: step.path } as const }] : [],
    ),
    ...folders.map((path) => ({ path, step: undefined, entry: { type: "folder", path } as const })),
    ...writes,
  ];
  const steps = bare.map((one, index) => ({ ...one, index }));
  return { fs, options, steps, originals, owners: new Map(), inPlace: new Set(), begun: new Set() };
}

function writeEntry({ path, content, before, mode }: WriteStep): Extract<JournalStep, { type: "add" | "update" }> {
  const now = fingerprint(content);
  if (before !== undefined) return { type: "update", path, now, before: fingerprint(before) };
  if (mode !== undefined || content.length > MAX_DIRECT_BYTES) return { type: "add", path, now };
  const text = Buffer.from(content).toString("utf8");
  return { type: "add", path, now, text };
}

/** A new file that is not larger stands in the journal whole, and is written without a detour. */
const MAX_DIRECT_BYTES = 4096;

/** Of a file that is to be replaced, what it is. */
async function checkStep(fs: FileSystem, step: PatchStep): Promise<FileStat | undefined> {
  await checkUnchanged(fs, step.path, step.before);
  // Whether a new file's name is still free shows when it is taken.
  if (step.type === "remove" || step.before === undefined) return undefined;
  const stat = await attempt(`${step.path} cannot be looked at`, () => lstat(fs, step.path));
  await checkWritable(fs, step.path, stat);
  return stat;
}

/** A file changed since the patch was computed (while somebody was asked, say) is not overwritten. */
async function checkUnchanged(fs: FileSystem, path: string, before: Uint8Array | undefined): Promise<void> {
  if (before === undefined) return;
  const now = await attempt(`${path} cannot be read`, () => fs.readFile(path));
  if (Buffer.compare(now, before) !== 0)
    throw new StepFailed(`${path} was changed by something else since the patch was checked. Read it again.`);
}

/** A rename would replace a read-only file: it asks the folder, not the file. */
async function checkWritable(fs: FileSystem, path: string, stat: FileStat | undefined): Promise<void> {
  if (stat?.kind !== "file") throw new StepFailed(`${path} is not the file any more that the patch was checked against.`);
  if ((stat.mode & 0o222) === 0) throw new StepFailed(`${path} cannot be written: it is read-only.`);
  if ((await fs.isWritable?.(path)) === true) return;
  try {
    // Tells why.
    await fs.appendFile(path, "");
  } catch (error) {
    // A running program cannot be opened for writing, but it can be replaced.
    if (codeOf(error) !== "ETXTBSY") throw new StepFailed(`${path} cannot be written: ${causeOf(error)}.`);
  }
}

/** The folders that have to be made, each after the one it is in. */
async function missingFolders(fs: FileSystem, steps: readonly PatchStep[], removed: ReadonlySet<string>): Promise<string[]> {
  const known = new Map<string, boolean>();
  const isMissing = async (folder: string): Promise<boolean> => {
    const answer = known.get(folder);
    if (answer !== undefined) return answer;
    const found = await attempt(`${folder} cannot be looked at`, () => lstat(fs, folder));
    // A removed file may give way to a folder of its name.
    const missing = found === undefined || (removed.has(folder) && found.kind !== "directory");
    known.set(folder, missing);
    return missing;
  };
  const missing = new Set<string>();
  for (const step of steps) {
    if (step.type !== "write" || step.before !== undefined) continue;
    const way: string[] = [];
    for (let folder = dirname(step.path); !missing.has(folder) && (await isMissing(folder)); folder = dirname(folder)) way.unshift(folder);
    for (const folder of way) missing.add(folder);
  }
  return [...missing].sort((a, b) => a.length - b.length);
}

/** Opens the journal in the first folder that takes it. */
async function openJournal({ fs, steps, options }: Work, journal: Journal): Promise<JournalFile> {
  const refusals: string[] = [];
  for (const folder of options.journalFolders) {
    const outside = steps.find(({ path }) => folder.covers?.(path) === false);
    if (outside !== undefined) {
      refusals.push(`${folder.path}: ${outside.path} is not below it`);
      continue;
    }
    try {
      return await writeJournal(fs, journal, { folder, owner: options.owner });
    } catch (error) {
      refusals.push(`${folder.path}: ${causeOf(error)}`);
    }
  }
  throw new StepFailed(`No journal can be kept, so nothing was begun (${refusals.join("; ")}).`);
}

async function carryOut(work: Work, journal: Journal, file: JournalFile): Promise<readonly string[]> {
  const { fs } = work;
  try {
    await setAside(work);
    await makeFolders(work);
    await stageWrites(work);
    await putInPlace(work, file.folder);
    const done = await attempt("The journal cannot be closed", () => turn(fs, file, { state: "done" }));
    return await tidy(work, journal, done);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    throw new StepFailed(error.message, await takeBack(work, journal, file));
  }
}

/** What cannot be removed now is removed at the next start. */
async function tidy({ fs, inPlace }: Work, journal: Journal, file: JournalFile): Promise<readonly string[]> {
  const unusual = new Set([...inPlace].map(({ index }) => index));
  const leftovers = await tidyUp(fs, journal, { folder: file.folder, unusual });
  if (leftovers.length > 0) return leftovers;
  return removeJournal(fs, file).then(
    () => [],
    () => [journalPath(file)],
  );
}

async function takeBack({ fs, begun }: Work, journal: Journal, file: JournalFile): Promise<readonly UndoNote[]> {
  const { failed, left } = await undoJournal(fs, journal, { folder: file.folder, begun });
  // What failed may succeed at the next start: when there is room again, say.
  if (failed.length > 0) await turn(fs, file, { owner: NOBODY }).catch(() => undefined);
  else await removeJournal(fs, file).catch(() => undefined);
  return [...failed, ...left];
}

async function setAside({ fs, steps, options, begun }: Work): Promise<void> {
  const removes = steps.filter(({ entry }) => entry.type === "remove");
  await inFolders(fs, removes, {
    work: ({ index }, place) => {
      begun.add(index);
      return fs.rename(place.at, place.beside(temporaryName(options.token, index, "gone")));
    },
    failed: stepFailure,
  });
}

async function makeFolders({ fs, steps }: Work): Promise<void> {
  const folders = steps.filter(({ entry }) => entry.type === "folder");
  const depths = new Map<number, IndexedStep[]>();
  for (const folder of folders) {
    const depth = folder.path.split(sep).length;
    depths.set(depth, [...(depths.get(depth) ?? []), folder]);
  }
  // A folder is made after the one it is in.
  for (const [, level] of [...depths].sort(([a], [b]) => a - b))
    await inFolders(fs, level, { work: (_, place) => fs.makeDirectory(place.at), failed: stepFailure });
}

/** Writes every new content beside its place: after this, only renames are left. */
async function stageWrites(work: Work): Promise<void> {
  const { fs, inPlace } = work;
  const staged = writesOf(work).filter(({ entry }) => !isDirect(entry));
  const stageOne = async (write: IndexedWrite, place: NameInFolder): Promise<void> => {
    if (!(await stage(work, write, place))) inPlace.add(write);
  };
  await inFolders(fs, staged, { work: stageOne, failed: stepFailure });
}

/** False when the file has to be written in place: its folder takes no new file, or a replacement would not be the same to its owner. */
async function stage(work: Work, { step, index, path }: IndexedWrite, place: NameInFolder): Promise<boolean> {
  const { fs, options, originals, begun } = work;
  const temporary = place.beside(temporaryName(options.token, index, "new"));
  begun.add(index);
  try {
    await fs.writeFile(temporary, step.content, { exclusive: true, ...(step.mode === undefined ? {} : { exactMode: step.mode }) });
  } catch (error) {
    if (step.before !== undefined && ["EACCES", "EPERM", "EROFS"].includes(codeOf(error))) return false;
    throw error;
  }
  if (step.before === undefined) return true;
  const original = originals.get(path);
  const parts =
    original?.owner !== (await ownerIn(work, dirname(path), temporary)) || ((original?.links ?? 1) > 1 && options.partsHardLinks !== true);
  if (parts) await fs.removeFile(temporary);
  return !parts;
}

function ownerIn({ fs, owners }: Work, folder: string, made: string): Promise<string | undefined> {
  const known = owners.get(folder);
  if (known !== undefined) return known;
  const owner = fs.lstat(made).then((stat) => stat?.owner);
  owners.set(folder, owner);
  return owner;
}

async function putInPlace(work: Work, journalFolder: JournalFolder): Promise<void> {
  const { fs, inPlace, options } = work;
  const putOne = async (write: IndexedWrite, place: NameInFolder): Promise<void> => {
    const temporary = place.beside(temporaryName(options.token, write.index, "new"));
    if (write.step.before === undefined) return addFile(work, write, { at: place.at, temporary });
    if (inPlace.has(write)) return writeInPlace(work, write, { at: place.at, journalFolder });
    await keepOld(work, write, place);
    try {
      await fs.rename(temporary, place.at);
    } catch (error) {
      // A mounted file cannot be replaced, only written.
      if (!["EBUSY", "EXDEV"].includes(codeOf(error))) throw error;
      inPlace.add(write);
      await writeInPlace(work, write, { at: place.at, journalFolder });
    }
  };
  await inFolders(fs, writesOf(work), { work: putOne, failed: stepFailure });
}

async function addFile(
  { fs, begun }: Work,
  write: IndexedWrite,
  place: { readonly at: string; readonly temporary: string },
): Promise<void> {
  begun.add(write.index);
  try {
    await (isDirect(write.entry)
      ? fs.writeFile(place.at, write.step.content, { exclusive: true })
      : makeVisible(fs, place.temporary, place.at));
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      await removeQuietly(fs, place.temporary);
      begun.delete(write.index);
    }
    throw error;
  }
}

/** Unlike a rename, a link does not replace what somebody put there meanwhile. */
async function makeVisible(fs: FileSystem, temporary: string, path: string): Promise<void> {
  try {
    await fs.link(temporary, path);
  } catch (error) {
    if (!LINKS_UNKNOWN.has(codeOf(error))) throw error;
    if ((await fs.lstat(path)) !== undefined) throw Object.assign(new Error("something is there"), { code: "EEXIST" });
    return fs.rename(temporary, path);
  }
  await fs.removeFile(temporary);
}

/** The codes of file systems, and of the kernel's protections, that take no second name for a file. */
const LINKS_UNKNOWN: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** Keeps the former file itself under a second name, so that bringing it back needs no room on the disk; else a copy. */
async function keepOld({ fs, options }: Work, { step, index }: IndexedWrite, place: NameInFolder): Promise<void> {
  const old = place.beside(temporaryName(options.token, index, "old"));
  try {
    await fs.link(place.at, old);
  } catch (error) {
    if (!LINKS_UNKNOWN.has(codeOf(error))) throw error;
    await fs.writeFile(old, step.before ?? "", { exclusive: true, exactMode: step.mode ?? 0o600, flush: true });
  }
}

async function writeInPlace(
  { fs, options }: Work,
  { step, index }: IndexedWrite,
  place: { readonly at: string; readonly journalFolder: JournalFolder },
): Promise<void> {
  const copy = copyPath(place.journalFolder, options.token, index);
  await fs.writeFile(copy, step.before ?? "", { exclusive: true, exactMode: 0o600, flush: true });
  await fs.writeFile(place.at, step.content, { noFollow: true });
}

function isDirect(entry: JournalStep): boolean {
  return entry.type === "add" && entry.text !== undefined;
}

function writesOf({ steps }: Work): IndexedWrite[] {
  return steps.filter((one): one is IndexedWrite => one.step?.type === "write");
}

/** How a failure at a step is told. */
function stepFailure({ path, entry }: IndexedStep, error: unknown): never {
  if (error instanceof FolderMoved) throw new StepFailed(`${error.message}.`);
  if (entry.type === "add" && codeOf(error) === "EEXIST")
    throw new StepFailed(`${path} was made by something else since the patch was checked. Read it first.`);
  const what = { remove: "removed", folder: "made", add: "written", update: "written" }[entry.type];
  throw new StepFailed(`${entry.type === "folder" ? `the folder ${path}` : path} cannot be ${what}: ${causeOf(error)}.`);
}

async function lstat(fs: FileSystem, path: string): Promise<FileStat | undefined> {
  return fs.lstat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  });
}

async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new StepFailed(`${what}: ${causeOf(error)}.`);
  }
}
