import { readFileSync, readdirSync } from "node:fs";

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

/**
 * Asks the command that bwrap (`pid`) runs, and what it started in its process group, to end. bwrap itself is left out: it would
 * take everything with it at once.
 */
export function terminateBelow(pid: number): void {
  for (const member of membersOf(pid)) {
    send(member, "SIGTERM");
    // A stopped process acts on it only once it runs again.
    send(member, "SIGCONT");
  }
}

function membersOf(group: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const end = stat.lastIndexOf(")");
      const isBwrap = pid === group && stat.slice(stat.indexOf("(") + 1, end) === "bwrap";
      // After the name: state, parent, group.
      return Number(stat.slice(end + 2).split(" ", 3)[2]) === group && !isBwrap ? [pid] : [];
    } catch {
      return [];
    }
  });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
