import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { getSystemErrorName } from "node:util";
import { DEFAULT_PATH } from "./find-program.ts";
import { SpawnFailure, type Command } from "./started-child.ts";
import type { Libc } from "./syscalls.ts";

export interface ProgramStart extends Command {
  /** The program's descriptors 0, 1, 2, 3 …: descriptors of this process, which stay the caller's, or "ignore" (/dev/null). */
  readonly stdio: readonly (number | "ignore")[];
}

/**
 * Starts a program the way execvp(3) finds it, by the PATH of its own environment, from this thread, whose confinement it inherits.
 * It leads a session of its own. Returns its process id; its end is seen by {@link Children}. Throws SpawnFailure with Node's codes.
 */
export function spawnProgram({ argv, cwd, env, stdio }: ProgramStart, libc: Libc): number {
  const [name = "", ...args] = argv;
  const variables = Object.entries(env).map(([variable, value]) => `${variable}=${value}`);
  if ([cwd, ...argv, ...variables].some((text) => text.includes("\0"))) {
    throw new SpawnFailure("ERR_INVALID_ARG_VALUE", "a program, argument, directory or variable contains a NUL byte");
  }
  const moved: number[] = [];
  const above = stdio.map((one) => {
    if (one === "ignore" || one >= stdio.length) return one;
    const copy = libc.duplicate(one, stdio.length);
    moved.push(copy);
    return copy;
  });
  try {
    const start = (file: string, words: readonly string[]): number => libc.spawn({ file, argv: words, env: variables, cwd, stdio: above });
    const result = firstThatRuns(candidatesFor(name, env["PATH"] ?? DEFAULT_PATH, cwd), (file) => {
      const pid = start(file, argv);
      // What has no format that the system knows is a script for the shell.
      return pid === -ENOEXEC ? start("/bin/sh", ["/bin/sh", file, ...args]) : pid;
    });
    if (result > 0) return result;
    const code = getSystemErrorName(result);
    throw new SpawnFailure(code, `spawn ${name} ${code}`);
  } finally {
    for (const copy of moved) libc.close(copy);
  }
}

function candidatesFor(name: string, path: string, cwd: string): string[] {
  if (name === "") return [];
  if (name.includes("/")) return [name];
  const places = path.split(delimiter).map((folder) => (folder === "" ? name : `${folder}/${name}`));
  return places.filter((place) => existsSync(resolve(cwd, place)));
}

/** The process id of the first one that could be started, or why none could. */
function firstThatRuns(files: readonly string[], start: (file: string) => number): number {
  let forbidden = false;
  let last = -ENOENT;
  for (const file of files) {
    last = start(file);
    if (last === -EACCES) forbidden = true;
    else if (!GO_ON.has(-last)) return last;
  }
  return forbidden ? -EACCES : last;
}

const ENOENT = 2;
const ENOEXEC = 8;
const EACCES = 13;
/** ENOENT, ENODEV, ENOTDIR, ESTALE, ETIMEDOUT: the next folder may have it. */
const GO_ON: ReadonlySet<number> = new Set([ENOENT, 19, 20, 116, 110]);
