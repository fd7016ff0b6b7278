import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Children } from "./children.ts";
import { WORKER_LOST, type NewPipes } from "./host-protocol.ts";
import { SpawnFailure, type StartedChild, type StartedCommand } from "./started-child.ts";
import type { Libc } from "./syscalls.ts";

export interface PipeEnds {
  /** Names the pipe; stays open until {@link PipePool.release}. */
  readonly read: number;
  /** Blocking, as programs expect it. The caller closes it once the command has its copy. */
  readonly write: number;
}

export interface PipePoolOptions {
  readonly libc: Pick<Libc, "pipe" | "close">;
  readonly children: Pick<Children, "spawn">;
  /** Told of pipes before anything gets a write end. */
  readonly onNew: (pipes: NewPipes) => void;
}

/**
 * Real pipes for the output of commands, used again and again. Node gives children socket pairs, on which `> /dev/stdout` fails;
 * a named pipe would be a file that Landlock forbids to open.
 */
export class PipePool {
  readonly #options: PipePoolOptions;
  readonly #free: number[] = [];
  /** What a keeper waits at. */
  readonly #gates = new Map<number, number>();

  constructor(options: PipePoolOptions) {
    this.#options = options;
  }

  acquire(): PipeEnds {
    if (this.#free.length === 0) this.#make();
    const read = this.#free.pop() ?? -1;
    try {
      return { read, write: openSync(`/proc/self/fd/${read}`, constants.O_WRONLY) };
    } catch (error) {
      closeSync(read);
      throw error;
    }
  }

  #make(): void {
    const { libc, onNew } = this.#options;
    const reads = Array.from({ length: BATCH }, () => {
      const { read, write } = libc.pipe();
      closeSync(write);
      return read;
    });
    try {
      const { pid, gate } = startKeeper(reads, this.#options);
      this.#gates.set(pid, gate);
      const pipes = reads.map((pipe, index) => ({ pipe, descriptor: FIRST_KEPT + index, inode: fstatSync(pipe).ino }));
      onNew({ keeper: pid, pipes });
      this.#free.push(...reads);
    } catch (error) {
      for (const read of reads) closeSync(read);
      throw error;
    }
  }

  /** The pipes of this keeper were opened: it can go. */
  opened(keeper: number): void {
    const gate = this.#gates.get(keeper);
    if (gate !== undefined) closeSync(gate);
    this.#gates.delete(keeper);
  }

  /** `reusable`: nobody has the write end any more and everything was read. Else whoever kept the pipe open has closed it, too. */
  release(read: number, reusable: boolean): void {
    if (reusable) this.#free.push(read);
    else closeSync(read);
  }
}

/** What `start` begins has the write end then; the read end is its `pipe`. */
export async function withOutputPipe<Refused extends "stale" = never>(
  pipes: PipePool,
  start: (output: number) => Promise<StartedChild | Refused>,
): Promise<StartedCommand | Refused> {
  const { read, write } = pipes.acquire();
  // A thread that is lost may have started something that goes on writing.
  let isUnused = false;
  try {
    const started = await start(write);
    isUnused = typeof started === "string";
    return typeof started === "string" ? started : { ...started, pipe: read };
  } catch (error) {
    isUnused = !(error instanceof SpawnFailure && error.code === WORKER_LOST);
    throw error;
  } finally {
    closeSync(write);
    if (isUnused) pipes.release(read, true);
  }
}

/** `gate`: it ends when that is closed. */
function startKeeper(reads: readonly number[], { libc, children }: PipePoolOptions): { readonly pid: number; readonly gate: number } {
  const [gate, ready] = [libc.pipe(), libc.pipe()];
  try {
    const { pid } = startAndClose(ready.write, () =>
      children.spawn({ argv: KEEPER, cwd: "/", env: {}, stdio: [gate.read, ready.write, "ignore", ...reads] }),
    );
    // For a moment it is as hidden as this process, from which it was made.
    readSync(ready.read, new Uint8Array(1));
    return { pid, gate: gate.write };
  } catch (error) {
    libc.close(gate.write);
    throw error;
  } finally {
    for (const descriptor of [ready.read, gate.read]) closeSync(descriptor);
  }
}

/** Closes here what only the child needs, once, whether it started or not. */
function startAndClose<Child>(descriptor: number, start: () => Child): Child {
  try {
    return start();
  } finally {
    closeSync(descriptor);
  }
}

/** Most sessions never need another. */
const BATCH = 4;
const FIRST_KEPT = 3;
/** Says that it is there and waits for the end of its input. */
const KEEPER = ["/bin/sh", "-c", "echo; read -r _"];
