/** Why a patch cannot be applied, for the model. Nothing was written. */
export interface PatchFault {
  /** Absolute. */
  readonly path: string;
  readonly message: string;
}

/** Thrown inside this folder only; what is exported from it returns the fault. */
export class PatchRefused extends Error {
  readonly fault: PatchFault;
  constructor(path: string, message: string) {
    super(message);
    this.fault = { path, message };
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or folder",
  ENOTDIR: "part of the path is a file, not a folder",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENAMETOOLONG: "the name is too long",
  EBUSY: "it is in use",
  EMFILE: "too many open files",
  EXDEV: "it is on another file system",
};

/** The system's reason in words, with its code. */
export function causeOf(error: unknown): string {
  const code = codeOf(error);
  const words = CAUSES[code];
  if (words !== undefined) return `${words} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** Node's error code, or empty. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
