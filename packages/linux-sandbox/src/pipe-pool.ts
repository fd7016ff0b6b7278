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
  readonly #free: number[] = [];

  constructor(libc: Pick<Libc, "pipe">) {
    this.#libc = libc;
  }

  acquire(): PipeEnds {
    const used = this.#free.pop();
    if (used === undefined) return this.#libc.pipe();
    try {
      return { read: used, write: openSync(`/proc/self/fd/${used}`, constants.O_WRONLY) };
    } catch (error) {
      closeSync(used);
      throw error;
    }
  }

  /** `reusable`: nobody has the write end any more and everything was read. */
  release(read: number, reusable: boolean): void {
    if (reusable && this.#free.length < MOST_FREE) this.#free.push(read);
    else closeSync(read);
  }
}

/** What `start` begins has the write end then; the read end is its `pipe`, and `onPipe`'s before it starts. */
export async function withOutputPipe<Refused extends "stale" = never>(
  pipes: PipePool,
  start: (output: number) => Promise<StartedChild | Refused>,
  onPipe: (pipe: number) => void,
): Promise<StartedCommand | Refused> {
  const { read, write } = pipes.acquire();
  let started: StartedChild | Refused | undefined;
  try {
    onPipe(read);
    started = await start(write);
    return typeof started === "string" ? started : { ...started, pipe: read };
  } finally {
    closeSync(write);
    if (typeof started !== "object") pipes.release(read, false);
  }
}

const MOST_FREE = 16;
