import { closeSync, constants, openSync } from "node:fs";
import type { StartedChild, StartedCommand } from "./started-child.ts";
import type { Libc } from "./syscalls.ts";

export interface PipeEnds {
  /** Names the pipe; stays open until {@link PipePool.release}. */
  readonly read: number;
  /** Blocking, as programs expect it. The caller closes it once the command has its copy. */
  readonly write: number;
}

/**
 * Real pipes for the output of commands, used again and again. Node gives children socket pairs, on which `> /dev/stdout` fails;
 * a named pipe would be a file that Landlock forbids to open.
 */
export class PipePool {
  readonly #libc: Pick<Libc, "pipe">;
  readonly #onNew: (read: number) => void;
  readonly #free: number[] = [];

  /** `onNew` is told of each pipe before anything gets its write end. */
  constructor(libc: Pick<Libc, "pipe">, onNew: (read: number) => void = () => undefined) {
    this.#libc = libc;
    this.#onNew = onNew;
  }

  acquire(): PipeEnds {
    const used = this.#free.pop();
    if (used === undefined) return this.#make();
    try {
      return { read: used, write: openSync(`/proc/self/fd/${used}`, constants.O_WRONLY) };
    } catch (error) {
      closeSync(used);
      throw error;
    }
  }

  #make(): PipeEnds {
    const ends = this.#libc.pipe();
    this.#onNew(ends.read);
    return ends;
  }

  /** `reusable`: nobody has the write end any more and everything was read. */
  release(read: number, reusable: boolean): void {
    if (reusable && this.#free.length < MOST_FREE) this.#free.push(read);
    else closeSync(read);
  }
}

/** What `start` begins has the write end then; the read end is its `pipe`. */
export async function withOutputPipe<Refused extends "stale" = never>(
  pipes: PipePool,
  start: (output: number) => Promise<StartedChild | Refused>,
): Promise<StartedCommand | Refused> {
  const { read, write } = pipes.acquire();
  let started: StartedChild | Refused | undefined;
  try {
    started = await start(write);
    return typeof started === "string" ? started : { ...started, pipe: read };
  } finally {
    closeSync(write);
    if (typeof started !== "object") pipes.release(read, false);
  }
}

const MOST_FREE = 16;
