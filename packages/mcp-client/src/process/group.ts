import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * Sends the signal to every member of the group that `leader` leads. Harmless when nothing is left. A program that left the group
 * (setsid, a daemon) is not reached. Windows knows no groups: there the tree below `leader` is ended by force.
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

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

function hasLivingMember(group: number): boolean {
  // The newest first: what was started last is what is asked about.
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger).reverse();
  return pids.some((pid) => {
    const stat = readStat(pid);
    return stat !== undefined && Number(stat.group) === group && stat.state !== "Z" && stat.state !== "X";
  });
}

/** What Linux tells about a process; undefined when it is gone. `startTime` counts ticks since the machine started. */
export function readStat(pid: number): { readonly state: string; readonly group: string; readonly startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    // After the name, which is in parentheses and may hold anything.
    const [state = "", , group = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, group, startTime: rest[16] ?? "" };
  } catch {
    return undefined;
  }
}
