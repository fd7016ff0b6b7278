import { constants } from "node:os";
import { spawnProgram, type ProgramStart } from "./spawn-program.ts";
import type { ChildExit, StartedChild } from "./started-child.ts";
import type { Libc } from "./syscalls.ts";

/** The children of this process that were started by {@link spawnProgram}, on whatever thread; Node knows nothing of them. */
export class Children {
  readonly #libc: Libc;
  readonly #running = new Map<number, (exit: ChildExit) => void>();

  constructor(libc: Libc) {
    this.#libc = libc;
    process.on("SIGCHLD", () => {
      for (const pid of this.#running.keys()) this.#look(pid);
    });
  }

  /** Starts a program from this thread. Throws SpawnFailure. */
  spawn(start: ProgramStart): StartedChild {
    const pid = spawnProgram(start, this.#libc);
    return { pid, exit: this.watch(pid) };
  }

  /** Sees the end of a child, once. Until then its id is nobody else's. */
  watch(pid: number): Promise<ChildExit> {
    return new Promise((resolve) => {
      this.#running.set(pid, resolve);
      // It may have ended before.
      this.#look(pid);
    });
  }

  #look(pid: number): void {
    const status = this.#libc.wait(pid);
    if (status === undefined) return;
    this.#running.get(pid)?.(exitOf(status));
    this.#running.delete(pid);
  }
}

function exitOf(status: number): ChildExit {
  const number = status & 0x7f;
  if (number === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: SIGNALS.get(number) ?? `SIG${number}` };
}

/** The first name of each number. */
const SIGNALS = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);
