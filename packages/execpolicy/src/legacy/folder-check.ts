import { normalizePath, resolvePath } from "../prefix/path.ts";
import type { ValidExec } from "./exec-call.ts";

export type FolderFault =
  | { readonly type: "ReadablePathNotInReadableFolders"; readonly file: string; readonly folders: readonly string[] }
  | { readonly type: "WriteablePathNotInWriteableFolders"; readonly file: string; readonly folders: readonly string[] }
  | { readonly type: "CannotCheckRelativePath"; readonly file: string };

export interface Folders {
  /** Absolute real paths. */
  readonly readable: readonly string[];
  /** Absolute real paths. */
  readonly writeable: readonly string[];
  /** Where the command will start; undefined when that is not known, so that relative files cannot be placed. */
  readonly cwd: string | undefined;
  /** True for a regular file that somebody may execute. */
  readonly isExecutable: (path: string) => boolean;
}

/**
 * Holds the files of a matched call against folders, arguments first, then options. Paths are taken by their letters: who cares
 * for links resolves them first. Gives the program to start: the first of `system_path` that is there, else the name as given.
 */
export function checkFolders(
  exec: ValidExec,
  folders: Folders,
): { readonly ok: true; readonly program: string } | { readonly ok: false; readonly fault: FolderFault } {
  for (const { type, value } of [...exec.args, ...exec.opts]) {
    if (type !== "ReadableFile" && type !== "WriteableFile") continue;
    const fault = fileFault(value, type, folders);
    if (fault !== undefined) return { ok: false, fault };
  }
  return { ok: true, program: exec.system_path.find(folders.isExecutable) ?? exec.program };
}

function fileFault(value: string, type: "ReadableFile" | "WriteableFile", folders: Folders): FolderFault | undefined {
  if (!value.startsWith("/") && folders.cwd === undefined) return { type: "CannotCheckRelativePath", file: value };
  const file = resolvePath(value, folders.cwd ?? "/");
  const allowed = type === "ReadableFile" ? folders.readable : folders.writeable;
  if (allowed.some((folder) => isInside(file, normalizePath(folder)))) return undefined;
  return type === "ReadableFile"
    ? { type: "ReadablePathNotInReadableFolders", file, folders: allowed }
    : { type: "WriteablePathNotInWriteableFolders", file, folders: allowed };
}

function isInside(file: string, folder: string): boolean {
  return folder === "/" || file === folder || file.startsWith(`${folder}/`);
}
