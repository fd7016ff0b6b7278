import { spawn } from "node:child_process";
import { closeSync, constants, openSync, rmSync, unlink } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { onProcessExit } from "./exit-hooks.ts";
import { isRunning } from "./process-identity.ts";
import { openPipeReader, type PipeReader } from "./pipe-reader.ts";

/** Pipes made by one `mkfifo` process. */
const BATCH = 4;
/** One real pipe for both output streams of a command, so that what is written to them arrives in the order of writing. */
export interface OutputPipe extends PipeReader {
  /** For stdio 1 and 2 of the child. Blocking, as programs expect it. */
  readonly writeFd: number;
  /** The child has its copies: ours is closed. The pipe ends when the last writer is gone. */
  closeWriteEnd(): void;
}

export interface OutputPipes {
  /** Undefined where named pipes cannot be had: Windows, no `mkfifo`, an unwritable temporary directory. */
  acquire(): Promise<OutputPipe | undefined>;
  /** Closes every pipe and removes them from disk. */
  close(): Promise<void>;
}

/**
 * Node itself gives children socket pairs: two of them lose the order of the streams, and on one `> /dev/stdout` fails with
 * ENXIO. Node cannot make a plain pipe, but it can open a named one, so a few are made once and used again and again.
 */
export function createOutputPipes(temporaryDirectory: string): OutputPipes {
  const free: Slot[] = [];
  const inUse = new Set<OutputPipe>();
  let directory: Promise<PipeDirectory> | undefined;
  let batch: Promise<void> | undefined;
  let made = 0;
  let unusable = process.platform === "win32";
  let closed = false;

  const makeBatch = async (): Promise<void> => {
    directory ??= makeDirectory(temporaryDirectory);
    const folder = (await directory).path;
    const paths = Array.from({ length: BATCH }, () => join(folder, String(made++)));
    await makeNamedPipes(paths);
    for (const path of paths) free.push({ path, buffer: undefined });
  };

  const refill = (): Promise<void> => {
    batch ??= makeBatch().finally(() => {
      batch = undefined;
    });
    return batch;
  };

  const open = (slot: Slot): OutputPipe => {
    const readFd = openSync(slot.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const pipe = openedPipe(slot, { readFd, writeFd: openSync(slot.path, constants.O_WRONLY) }, (reusable) => {
        inUse.delete(pipe);
        if (reusable && !closed) free.push(slot);
        else unlink(slot.path, () => undefined);
      });
      inUse.add(pipe);
      return pipe;
    } catch (error) {
      closeSync(readFd);
      throw error;
    }
  };

  return {
    async acquire() {
      while (!unusable && !closed) {
        const slot = free.pop();
        try {
          if (slot !== undefined) return open(slot);
          await refill();
        } catch {
          // A pipe that does not open was swept from the temporary directory, and the others with it: start afresh.
          unusable = slot === undefined;
          free.length = 0;
          (await directory?.catch(() => undefined))?.forget();
          directory = undefined;
        }
      }
      return undefined;
    },
    async close() {
      closed = true;
      for (const pipe of inUse) pipe.close();
      await (await directory?.catch(() => undefined))?.remove();
    },
  };
}

interface PipeDirectory {
  readonly path: string;
  remove(): Promise<void>;
  /** It is gone already. */
  forget(): void;
}

/** A directory only this user can look into, gone when this process exits; when it is killed, with the next one that makes one. */
async function makeDirectory(temporaryDirectory: string): Promise<PipeDirectory> {
  const path = await mkdtemp(join(temporaryDirectory, `${NAME}${process.pid}-`));
  const swept = sweep(temporaryDirectory).catch(() => undefined);
  const forget = onProcessExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    forget,
    remove: async () => {
      forget();
      await swept;
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

const NAME = "codex-pipes-";

/** Removes what processes left that were killed. One that only cannot be seen from here makes itself another. */
async function sweep(temporaryDirectory: string): Promise<void> {
  const left = (await readdir(temporaryDirectory)).filter((name) => {
    const owner = name.startsWith(NAME) ? /^(\d+)-/.exec(name.slice(NAME.length))?.[1] : undefined;
    return owner !== undefined && !isRunning(Number(owner));
  });
  await Promise.all(left.map((name) => rm(join(temporaryDirectory, name), { recursive: true, force: true })));
}

interface Slot {
  readonly path: string;
  /** Kept with the pipe, so that a command costs no new 64 KB. */
  buffer: Uint8Array | undefined;
}

function openedPipe(slot: Slot, ends: { readFd: number; writeFd: number }, release: (reusable: boolean) => void): OutputPipe {
  let writeOpen = true;
  const closeWriteEnd = (): void => {
    if (!writeOpen) return;
    writeOpen = false;
    closeSync(ends.writeFd);
  };
  const reader = openPipeReader(ends.readFd, slot, (ended) => {
    closeWriteEnd();
    release(ended);
  });
  return { ...reader, writeFd: ends.writeFd, closeWriteEnd };
}

function makeNamedPipes(paths: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const maker = spawn("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    maker.on("error", reject);
    maker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error("mkfifo failed"))));
  });
}
