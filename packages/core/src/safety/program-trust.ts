import { basename, dirname, isAbsolute, join } from "node:path";
import type { FileSystem } from "../host/host.ts";
import { isInside } from "./path-containment.ts";

export interface ProgramContext {
  /** Real paths; a program found below one of them may have been put there by the model. */
  readonly untrustedDirectories: readonly string[];
  /** The PATH the command will be started with. */
  readonly searchPath: string;
  readonly fs: Pick<FileSystem, "stat" | "realPath">;
}

/** Folders of the system, compared as written: an absolute program is known by its name only in one of these. */
const SYSTEM_DIRECTORIES: ReadonlySet<string> = new Set([
  "/bin",
  "/usr/bin",
  "/usr/local/bin",
  "/opt/homebrew/bin",
  "/run/current-system/sw/bin",
]);

/**
 * The name under which a program may be looked up in a list of known ones, or undefined when its name proves nothing: a path
 * that is relative or outside the system's folders, or a bare name that the PATH finds where the model can write.
 */
export async function trustedProgramName(program: string, context: ProgramContext): Promise<string | undefined> {
  if (!program.includes("/")) return (await isFoundInTrustedPlace(program, context)) ? program : undefined;
  if (!SYSTEM_DIRECTORIES.has(dirname(program)) || program !== join(dirname(program), basename(program))) return undefined;
  return (await isTrustedPlace(program, context)) ? basename(program) : undefined;
}

/** Where programs are looked up when PATH is not set. */
const DEFAULT_SEARCH_PATH = "/usr/bin:/bin";

/** Also true when the PATH does not hold the name at all: then nothing will run. */
async function isFoundInTrustedPlace(name: string, context: ProgramContext): Promise<boolean> {
  for (const directory of (context.searchPath || DEFAULT_SEARCH_PATH).split(":")) {
    // A relative entry means another folder after each `cd`.
    if (!isAbsolute(directory)) return false;
    const candidate = join(directory, name);
    const found = await context.fs.stat(candidate).catch(() => undefined);
    if (found?.kind === "file" && (found.mode & 0o111) !== 0) return isTrustedPlace(candidate, context);
  }
  return true;
}

async function isTrustedPlace(path: string, { fs, untrustedDirectories }: ProgramContext): Promise<boolean> {
  const real = await fs.realPath(path).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? path : undefined));
  if (real === undefined) return false;
  return !untrustedDirectories.some((directory) => isInside(directory, path) || isInside(directory, real));
}
