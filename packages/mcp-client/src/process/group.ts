import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * Sends the signal to every member of the group that `leader` leads. Harmless when nothing is left. What has left the group
 * is not reached, see {@link findStrays}. Windows knows no groups: there the tree below `leader` is ended by force.
 */
export function signalGroup(leader: number, signal: "SIGTERM" | "SIGKILL"): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(leader), "/T", "/F"], { stdio: "ignore", windowsHide: true });
    return;
  }
  // A stopped process acts on TERM only once it runs again.
  if (send(-leader, signal) && signal === "SIGTERM") send(-leader, "SIGCONT");
}

/** Whether a member is left that runs and that we may signal. */
export function isGroupAlive(leader: number): boolean {
  if (process.platform === "win32") return send(leader, 0);
  // Orphans that are dead stay in the group until process 1 reaps them, which in a container may be late or never.
  return send(-leader, 0) && (process.platform !== "linux" || hasLivingMember(leader));
}

function hasLivingMember(group: number): boolean {
  // The newest first: what was started last is what is asked about.
  return allPids().some((pid) => {
    const stat = readStat(pid);
    return stat !== undefined && stat.group === group && isLiving(stat);
  });
}

/** The newest first. */
export function allPids(): readonly number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger).reverse();
}

export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** Counts ticks since the machine started. */
  readonly startTime: string;
}

/** What Linux tells about a process; undefined when it is gone. */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    // After the name, which is in parentheses and may hold anything.
    const [state = "", parent = "", group = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent), group: Number(group), startTime: rest[16] ?? "" };
  } catch {
    return undefined;
  }
}

/** A dead one may wait long for its parent. */
export function isLiving({ state }: ProcessStat): boolean {
  return state !== "Z" && state !== "X";
}

export function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
