import type { FileSystem } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";

/** What goes wrong at one operation that changes the disk, counted from 0. */
export interface Fault {
  readonly at: number;
  /**
   * `kill_before`, `kill_midway` and `kill_after`: the process ends, having done nothing, half or all of the operation. `fail`: it fails once.
   * `full`: it and every later one that needs room fails.
   */
  readonly kind: "kill_before" | "kill_midway" | "kill_after" | "fail" | "full";
  /** Node's code, for `fail`. */
  readonly code?: string;
}

export interface FaultyFileSystem extends FileSystem {
  /** Operations that changed the disk, or were to. */
  readonly operations: () => number;
}

type Mutation =
  | "writeFile"
  | "appendFile"
  | "makeDirectory"
  | "remove"
  | "removeFile"
  | "removeEmptyFolder"
  | "rename"
  | "link"
  | "changeMode";
const MUTATIONS: readonly Mutation[] = [
  ...(["writeFile", "appendFile", "makeDirectory", "remove", "removeFile", "removeEmptyFolder", "rename", "link", "changeMode"] as const),
];
const NEEDS_ROOM: ReadonlySet<Mutation> = new Set(["writeFile", "makeDirectory", "link"]);

/** The machine's file system, with one fault. Nothing is flushed: a killed process leaves the system's buffers alone. */
export function faultyFileSystem(fault: Fault | undefined): FaultyFileSystem {
  let count = 0;
  let dead = false;
  const guarded = Object.fromEntries(
    MUTATIONS.map((name) => {
      const run = (...args: readonly unknown[]): Promise<unknown> => real(name, args);
      return [name, (...args: readonly unknown[]) => mutate(name, args, run)];
    }),
  );
  const mutate = async (
    name: Mutation,
    args: readonly unknown[],
    run: (...args: readonly unknown[]) => Promise<unknown>,
  ): Promise<unknown> => {
    if (dead) throw new Error("the process is dead");
    const number = count++;
    if (fault === undefined || number < fault.at) return run(...args);
    switch (fault.kind) {
      case "fail":
        if (number === fault.at) throw failure(fault.code ?? "EIO");
        return run(...args);
      case "full":
        if (NEEDS_ROOM.has(name)) throw failure("ENOSPC");
        return run(...args);
      case "kill_before":
        break;
      case "kill_midway":
        dead = true;
        if (name === "writeFile") await run(args[0], half(args[1] as Uint8Array | string), args[2]);
        break;
      case "kill_after":
        dead = true;
        await run(...args);
        break;
    }
    dead = true;
    throw new Error("the process is dead");
  };
  const reading = Object.fromEntries(
    (["readFile", "readDirectory", "stat", "lstat", "realPath", "holdFolder"] as const).map((name) => [
      name,
      async (path: string) => {
        if (dead) throw new Error("the process is dead");
        return nodeFileSystem[name]?.(path);
      },
    ]),
  );
  return { ...nodeFileSystem, ...guarded, ...reading, syncFolder: () => Promise.resolve(), operations: () => count } as FaultyFileSystem;
}

function real(name: Mutation, args: readonly unknown[]): Promise<unknown> {
  if (name !== "writeFile") return (nodeFileSystem[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
  const [path, data, options] = args as Parameters<FileSystem["writeFile"]>;
  return nodeFileSystem.writeFile(path, data, { ...options, flush: false });
}

function half(data: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(data);
  return bytes.subarray(0, bytes.length >> 1);
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
