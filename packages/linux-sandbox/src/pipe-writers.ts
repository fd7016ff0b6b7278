import { readdirSync, readlinkSync } from "node:fs";

/**
 * Kills every process that has one of these pipes (inodes) open, but this one. For commands whose id nobody was told because the
 * exec host died while it started them.
 */
export function killWriters(inodes: ReadonlySet<number>): void {
  if (inodes.size === 0) return;
  // Who is killed may just have started another.
  for (let pass = 0; pass < MOST_PASSES && killOnce(inodes); pass++);
}

const MOST_PASSES = 20;

/** Whether there was anybody. */
function killOnce(inodes: ReadonlySet<number>): boolean {
  const writers = readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && hasOpen(pid, inodes));
  for (const pid of writers) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
  return writers.length > 0;
}

function hasOpen(pid: number, inodes: ReadonlySet<number>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const inode = /^pipe:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(Number(inode));
    });
  } catch {
    // Not ours, or gone.
    return false;
  }
}
