import { readdirSync, readlinkSync } from "node:fs";

/**
 * Kills every process that has one of these pipes (inodes) open, but this one. For commands whose id nobody was told because the
 * exec host died while it started them.
 */
export function killWriters(inodes: ReadonlySet<number>): void {
  if (inodes.size === 0) return;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || !hasOpen(pid, inodes)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
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
