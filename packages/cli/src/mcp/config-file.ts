import { constants } from "node:fs";
import { mkdir, open, readFile, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { CodexError } from "@codex/core";

/** A lock that is older was left by a process that died. ms. */
const STALE_MS = 10_000;
const WAIT_MS = 5000;
const POLL_MS = 20;

/**
 * Replaces the text of the file `path`, empty when there is none, by what `change` makes of it. The file is never half written, stays a link
 * where it is one, and is for its owner only; two changes at once come one after the other.
 */
export async function changeFile(path: string, change: (text: string) => string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await realpath(path).catch(() => path);
  const unlock = await lock(`${target}.lock`);
  try {
    const text = await readFile(target, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw new CodexError("config_invalid", `${path} cannot be read: ${error.message}`, { cause: error });
    });
    await replace(target, change(text));
  } finally {
    await unlock();
  }
}

async function replace(target: string, text: string): Promise<void> {
  const draft = `${target}.new`;
  await rm(draft, { force: true });
  try {
    const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw new CodexError("file_unreadable", `${target} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      await (await open(path, "wx", 0o600)).close();
      return () => unlink(path).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw new CodexError("file_unreadable", `${path} cannot be made: ${(error as Error).message}`, { cause: error });
    }
    const left = await stat(path).catch(() => undefined);
    if (left !== undefined && Date.now() - left.mtimeMs > STALE_MS) await rm(path, { force: true });
    if (waited >= WAIT_MS)
      throw new CodexError("file_unreadable", `another program is changing the file: ${path} is there`, { hint: "Remove it if none is." });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
