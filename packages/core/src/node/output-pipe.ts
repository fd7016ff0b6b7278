import { spawn } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync, unlink } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { onProcessExit } from "./exit-hooks.ts";

/** Pipes made by one `mkfifo` process. */
const BATCH = 4;
/** What one read takes at most: the capacity of a pipe on Linux. */
const READ_SIZE = 64 * 1024;

/** One real pipe for both output streams of a command, so that what is written to them arrives in the order of writing. */
export interface OutputPipe {
  /** For stdio 1 and 2 of the child. Blocking, as programs expect it. */
  readonly writeFd: number;
  /** The child has its copies: ours is closed. The pipe ends when the last writer is gone. */
  closeWriteEnd(): void;
  /** From now on chunks go to `onData`; the bytes are overwritten after it returns. `onEnd` is called once. */
  read(onData: (chunk: Uint8Array) => void, onEnd: () => void): void;
  /** Gives `onData` at once what was written so far and not seen yet. */
  readRest(): void;
  /**
   * Somebody may still hold the write end: what they write is thrown away, so that they go on unharmed, until the last of
   * them is gone. Then the pipe closes itself. Does not keep the process alive.
   */
  discard(): void;
  /** Closes both ends. Only a pipe that ended is used again. */
  close(): void;
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

/** A directory only this user can look into, gone when this process exits at the latest. */
async function makeDirectory(temporaryDirectory: string): Promise<PipeDirectory> {
  const path = await mkdtemp(join(temporaryDirectory, "codex-pipes-"));
  const forget = onProcessExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    forget,
    remove: async () => {
      forget();
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

interface Slot {
  readonly path: string;
  /** Kept with the pipe, so that a command costs no new 64 KB. */
  buffer: Uint8Array | undefined;
}

function openedPipe(slot: Slot, ends: { readFd: number; writeFd: number }, release: (reusable: boolean) => void): OutputPipe {
  let writeOpen = true;
  let socket: Socket | undefined;
  let ended = false;
  let released = false;
  let sink: (chunk: Uint8Array) => void = () => undefined;
  const buffer = (slot.buffer ??= Buffer.allocUnsafeSlow(READ_SIZE));

  const closeWriteEnd = (): void => {
    if (!writeOpen) return;
    writeOpen = false;
    closeSync(ends.writeFd);
  };
  const close = (): void => {
    if (released) return;
    released = true;
    closeWriteEnd();
    if (socket === undefined) closeSync(ends.readFd);
    else socket.destroy();
    release(ended);
  };

  return {
    writeFd: ends.writeFd,
    closeWriteEnd,
    read(onData, onEnd) {
      sink = onData;
      const onread = {
        buffer,
        callback: (length: number) => {
          sink(buffer.subarray(0, length));
          return true;
        },
      };
      socket = new Socket({ fd: ends.readFd, readable: true, writable: false, onread } as ConstructorParameters<typeof Socket>[0]);
      socket.on("end", () => {
        ended = true;
        onEnd();
      });
      // Never seen on a pipe; a pipe in that state is not used again.
      socket.on("error", onEnd);
      socket.resume();
    },
    readRest() {
      if (ended || released) return;
      try {
        for (let length = readSync(ends.readFd, buffer); length > 0; length = readSync(ends.readFd, buffer))
          sink(buffer.subarray(0, length));
      } catch {
        // EAGAIN: nothing is there, while somebody may still write.
      }
    },
    discard() {
      if (ended) return close();
      sink = () => undefined;
      socket?.unref().once("end", close);
    },
    close,
  };
}

function makeNamedPipes(paths: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const maker = spawn("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    maker.on("error", reject);
    maker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error("mkfifo failed"))));
  });
}
