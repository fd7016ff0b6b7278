import { constants } from "node:fs";
import { chmod, lstat, mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";

/** A log file that cannot grow without bound, private to the user. Several processes may append to one. */
export interface LogFile {
  /** Appends whole lines in one write. Rejects when they could not be written. */
  append(lines: string): Promise<void>;
}

export interface LogFileOptions {
  readonly directory: string;
  readonly name: string;
  /** Bytes after which a new file is begun. */
  readonly maxBytes: number;
  /** Old files that are kept, as `name.1` (the newest) and so on. */
  readonly keep: number;
}

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

export function logFile(options: LogFileOptions): LogFile {
  const path = join(options.directory, options.name);
  return {
    // Opened for each batch: another process may have turned the file meanwhile, and an old one must not be written to.
    async append(lines) {
      await mkdir(options.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      await keepMode(options.directory, PRIVATE_DIRECTORY);
      const size = await sizeOf(path);
      if (size > 0 && size + Buffer.byteLength(lines) > options.maxBytes) await turn(path, options.keep);
      // A link is not followed: it could lead the log anywhere. A pipe nobody reads must not block.
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
      const file = await open(path, flags, PRIVATE_FILE);
      try {
        const stats = await file.stat();
        if (!stats.isFile()) throw new Error(`not a file: ${path}`);
        if ((stats.mode & 0o777) !== PRIVATE_FILE) await file.chmod(PRIVATE_FILE);
        await file.appendFile(lines);
      } finally {
        await file.close();
      }
    },
  };
}

async function keepMode(path: string, mode: number): Promise<void> {
  const stats = await lstat(path);
  if (stats.isDirectory() && (stats.mode & 0o777) !== mode) await chmod(path, mode);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch {
    return 0;
  }
}

/** name.2 → name.3, name.1 → name.2, name → name.1; the oldest is overwritten. What cannot be moved stays. */
async function turn(path: string, keep: number): Promise<void> {
  for (let number = keep - 1; number >= 1; number--) await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(() => undefined);
  await rename(path, `${path}.1`).catch(() => undefined);
}
