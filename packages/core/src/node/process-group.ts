import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * A process and what it started, ended as one. On POSIX the child leads its own group, whose id is its pid. A program that
 * leaves the group (setsid, a daemon) cannot be reached this way.
 */
export interface ProcessGroup {
  readonly pid: number;
  /** Sends the signal to every member. Harmless when nothing is left. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Whether a member is left that runs and that we may signal. */
  alive(): boolean;
}

/** `terminate`: how it is asked to end, where TERM to every member is not the way. */
export function processGroup(pid: number, terminate?: () => void): ProcessGroup {
  return process.platform === "win32" ? windowsTree(pid) : posixGroup(pid, terminate);
}

function posixGroup(pid: number, terminate?: () => void): ProcessGroup {
  const send = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, signal);
    } catch {
      // ESRCH: gone. EPERM: other users' processes only (or, on macOS, zombies only): beyond our power either way.
      return false;
    }
  };
  return {
    pid,
    kill: (signal) => {
      if (signal === "SIGTERM" && terminate !== undefined) return terminate();
      // A stopped process acts on TERM only once it runs again.
      if (send(signal) && signal === "SIGTERM") send("SIGCONT");
    },
    // Orphans that are dead stay in the group until process 1 reaps them, which in a container may be late or never.
    alive: () => send(0) && (process.platform !== "linux" || hasLivingMember(pid)),
  };
}

function hasLivingMember(group: number): boolean {
  // The newest first: what was started last is what is asked about.
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger).reverse();
  return pids.some((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      // After the name, which is in parentheses and may hold anything: state, parent, group.
      const [state, , memberOf] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
      return Number(memberOf) === group && state !== "Z" && state !== "X";
    } catch {
      return false;
    }
  });
}

/** By its place: Windows looks for a bare name in the current folder first, which may be a stranger's repository. */
const TASKKILL = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");

/** Windows has no signals: the tree below the child is ended by force, at the first request. */
function windowsTree(pid: number): ProcessGroup {
  return {
    pid,
    kill: () => {
      const killer = spawn(TASKKILL, ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
      killer.on("error", () => undefined);
      killer.unref();
    },
    alive: () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    },
  };
}
