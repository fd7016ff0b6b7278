import { readFileSync } from "node:fs";

/**
 * The process id of the command that a running bwrap (`pid`) has started: bwrap, its process 1, the command. Undefined when it is
 * not there yet or any more, or when the kernel does not list children. A signal to bwrap itself would kill the command at once;
 * one to the command lets it end by itself.
 */
export function commandBelow(pid: number): number | undefined {
  const first = childrenOf(pid)[0];
  return first === undefined ? undefined : childrenOf(first)[0];
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
