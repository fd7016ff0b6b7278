import { dirname, join } from "node:path";
import type { FileStat, FileSystem } from "../host/host.ts";
import { summaryText, type ApplyPatchAction, type PatchStep } from "./action.ts";
import { causeOf, codeOf } from "./fault.ts";

export type ApplyPatchOutcome =
  /** Everything is on disk. `leftovers` are temporary files that could not be removed. */
  | { readonly ok: true; readonly summary: string; readonly leftovers: readonly string[] }
  /** Nothing of the patch is on disk, except what `notRestored` names: files whose former state could not be brought back. */
  | { readonly ok: false; readonly message: string; readonly notRestored: readonly string[] };

export interface ApplyPatchOptions {
  /** Letters and digits that no other session shares; part of temporary names. */
  readonly token?: string;
}

type RemoveStep = Extract<PatchStep, { type: "remove" }>;
type WriteStep = Extract<PatchStep, { type: "write" }>;

/**
 * Applies a computed patch. First everything is checked against the disk again and every new content is written beside its
 * place; then each file changes by a rename. What fails midway is undone. Never rejects for reasons outside this program.
 */
export async function applyPatch(action: ApplyPatchAction, fs: FileSystem, options: ApplyPatchOptions = {}): Promise<ApplyPatchOutcome> {
  const work: Work = { fs, token: options.token ?? "0", serial: 0, undo: [], trash: [], staged: [], checkedFolders: new Set() };
  const removes = action.steps.filter((step) => step.type === "remove");
  const writes = action.steps.filter((step) => step.type === "write");
  try {
    for (const step of removes) {
      await checkFolder(work, dirname(step.path));
      await checkUnchanged(work, step.path, step.before);
    }
    const freed = new Set(removes.map((step) => step.path));
    for (const step of writes) await stageWrite(work, step, freed);
    for (const step of removes) await setAside(work, step);
    for (const staged of work.staged) await putInPlace(work, staged);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return { ok: false, message: error.message, notRestored: await rollBack(work) };
  }
  const leftovers: string[] = [];
  for (const path of work.trash) await fs.remove(path).catch(() => void leftovers.push(path));
  return { ok: true, summary: summaryText(action), leftovers };
}

class StepFailed extends Error {}

interface Work {
  readonly fs: FileSystem;
  readonly token: string;
  serial: number;
  /** Each brings one change back; run last to first. Rejects when it cannot. */
  readonly undo: { readonly path: string; readonly run: () => Promise<void> }[];
  /** Removed files under their temporary names. */
  readonly trash: string[];
  readonly staged: StagedWrite[];
  readonly checkedFolders: Set<string>;
}

interface StagedWrite {
  readonly step: WriteStep;
  /** Holds the new content; undefined when the folder takes no new files, so that the file is written in place. */
  readonly temporary: string | undefined;
}

/** A file changed since the patch was computed (while somebody was asked, say) is not overwritten. */
async function checkUnchanged(work: Work, path: string, before: Uint8Array | undefined): Promise<void> {
  if (before === undefined) return;
  const now = await attempt(`${path} cannot be read`, () => work.fs.readFile(path));
  if (Buffer.compare(now, before) !== 0)
    throw new StepFailed(`${path} was changed by something else since the patch was checked. Read it again.`);
}

/** What was decided on is the real place. A folder that has become a link since would lead elsewhere. */
async function checkFolder(work: Work, folder: string): Promise<string> {
  const nearest = await attempt(`${folder} cannot be looked at`, () => nearestFolder(work.fs, folder));
  if (work.checkedFolders.has(nearest)) return nearest;
  const real = await attempt(`${nearest} cannot be looked at`, () => work.fs.realPath(nearest));
  if (real !== nearest) throw new StepFailed(`${nearest} leads to ${real} now, which it did not when the patch was checked.`);
  work.checkedFolders.add(nearest);
  return nearest;
}

async function stageWrite(work: Work, step: WriteStep, freed: ReadonlySet<string>): Promise<void> {
  const folder = await checkFolder(work, dirname(step.path));
  await checkUnchanged(work, step.path, step.before);
  const stat = await attempt(`${step.path} cannot be looked at`, () => lstat(work.fs, step.path));
  if (step.before === undefined && stat !== undefined && !freed.has(step.path)) {
    throw new StepFailed(`${step.path} was made by something else since the patch was checked. Read it first.`);
  }
  if (step.before !== undefined) await checkWritable(work, step.path, stat);
  work.staged.push({ step, temporary: await writeTemporary(work, step, { folder, stat }) });
}

/** A rename would replace a read-only file: it asks the folder, not the file. */
async function checkWritable(work: Work, path: string, stat: FileStat | undefined): Promise<void> {
  if (stat?.kind !== "file") throw new StepFailed(`${path} is not the file any more that the patch was checked against.`);
  if ((stat.mode & 0o222) === 0) throw new StepFailed(`${path} cannot be written: it is read-only.`);
  try {
    await work.fs.appendFile(path, "");
  } catch (error) {
    // A running program cannot be opened for writing, but it can be replaced.
    if (codeOf(error) !== "ETXTBSY") throw new StepFailed(`${path} cannot be written: ${causeOf(error)}.`);
  }
}

async function writeTemporary(
  work: Work,
  step: WriteStep,
  place: { readonly folder: string; readonly stat: FileStat | undefined },
): Promise<string | undefined> {
  const { folder, stat } = place;
  const temporary = await temporaryName(work, folder);
  work.undo.push({ path: temporary, run: () => removeIfThere(work.fs, temporary) });
  try {
    await work.fs.writeFile(temporary, step.content, step.mode === undefined ? {} : { mode: step.mode });
    if (step.mode !== undefined) await work.fs.changeMode(temporary, step.mode);
    const made = step.before === undefined ? undefined : await lstat(work.fs, temporary);
    if (made === undefined || stat === undefined || isReplaceable(stat, made)) return temporary;
    await work.fs.remove(temporary);
    return undefined;
  } catch (error) {
    if (step.before !== undefined && ["EACCES", "EPERM", "EROFS"].includes(codeOf(error))) return undefined;
    throw new StepFailed(`${step.path} cannot be written: ${causeOf(error)}.`);
  }
}

/** A rename gives the file a new owner and parts it from its other hard links; such a file is written in place. */
function isReplaceable(original: FileStat, replacement: FileStat): boolean {
  return original.owner === replacement.owner && (original.links ?? 1) === 1;
}

async function setAside(work: Work, step: RemoveStep): Promise<void> {
  const aside = await temporaryName(work, dirname(step.path));
  await attempt(`${step.path} cannot be removed`, () => work.fs.rename(step.path, aside));
  work.trash.push(aside);
  work.undo.push({ path: step.path, run: () => work.fs.rename(aside, step.path) });
}

async function putInPlace(work: Work, { step, temporary }: StagedWrite): Promise<void> {
  if (step.before === undefined) await makeFolders(work, dirname(step.path));
  if (temporary !== undefined) {
    try {
      await work.fs.rename(temporary, step.path);
      work.undo.push({ path: step.path, run: () => bringBack(work, step) });
      return;
    } catch (error) {
      // A mounted file cannot be replaced, only written.
      if (step.before === undefined || !["EBUSY", "EXDEV"].includes(codeOf(error)))
        throw new StepFailed(`${step.path} cannot be written: ${causeOf(error)}.`);
      await removeIfThere(work.fs, temporary).catch(() => undefined);
    }
  }
  const { before } = step;
  if (before !== undefined) work.undo.push({ path: step.path, run: () => work.fs.writeFile(step.path, before) });
  await attempt(`${step.path} cannot be written`, () => work.fs.writeFile(step.path, step.content));
}

async function bringBack(work: Work, step: WriteStep): Promise<void> {
  if (step.before === undefined) return work.fs.remove(step.path);
  const temporary = await temporaryName(work, dirname(step.path));
  try {
    await work.fs.writeFile(temporary, step.before, step.mode === undefined ? {} : { mode: step.mode });
    if (step.mode !== undefined) await work.fs.changeMode(temporary, step.mode);
    await work.fs.rename(temporary, step.path);
  } catch {
    await removeIfThere(work.fs, temporary).catch(() => undefined);
    await work.fs.writeFile(step.path, step.before);
  }
}

async function makeFolders(work: Work, folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; (await attempt(`${at} cannot be looked at`, () => stat(work.fs, at))) === undefined; at = dirname(at))
    missing.unshift(at);
  for (const path of missing) {
    await attempt(`the folder ${path} cannot be made`, () => work.fs.makeDirectory(path));
    work.undo.push({ path, run: () => removeEmptyFolder(work.fs, path) });
  }
}

async function removeEmptyFolder(fs: FileSystem, path: string): Promise<void> {
  if ((await fs.readDirectory(path)).length === 0) await fs.remove(path);
}

/** Last change first; goes on after a failure and gives the paths that failed. */
async function rollBack(work: Work): Promise<string[]> {
  const failed: string[] = [];
  for (const { path, run } of work.undo.toReversed()) await run().catch(() => void failed.push(path));
  return failed;
}

async function nearestFolder(fs: FileSystem, folder: string): Promise<string> {
  let at = folder;
  while ((await stat(fs, at))?.kind !== "directory" && at !== dirname(at)) at = dirname(at);
  return at;
}

async function temporaryName(work: Work, folder: string): Promise<string> {
  for (;;) {
    const name = join(folder, `.codex-patch-${work.token}-${work.serial++}`);
    if ((await attempt(`${folder} cannot be looked at`, () => lstat(work.fs, name))) === undefined) return name;
  }
}

async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  if ((await lstat(fs, path)) !== undefined) await fs.remove(path);
}

async function lstat(fs: FileSystem, path: string): Promise<FileStat | undefined> {
  return fs.lstat(path).catch(nothingThere);
}

async function stat(fs: FileSystem, path: string): Promise<FileStat | undefined> {
  return fs.stat(path).catch(nothingThere);
}

function nothingThere(error: unknown): undefined {
  if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
  throw error;
}

async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new StepFailed(`${what}: ${causeOf(error)}.`);
  }
}
