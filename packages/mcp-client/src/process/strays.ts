import { allPids, isLiving, readStat, send, type ProcessStat } from "./group.ts";

/** A process as it was seen: by now its number may be another's. */
export interface Stray {
  readonly pid: number;
  readonly startTime: string;
}

const POLL_MS = 25;
/** How long the end of what was killed may take. */
const KILL_MS = 2000;

/**
 * What descends from the group's members and has left the group, as the browsers do that some servers start. Daemons, which have let go of
 * their parent, are not among it. Empty on other systems than Linux: Windows ends the whole tree anyway.
 */
export function findStrays(leader: number): readonly Stray[] {
  if (process.platform !== "linux") return [];
  const all = new Map(allPids().flatMap((pid) => describe(pid)));
  const found = new Set([...all].flatMap(([pid, { group }]) => (group === leader ? [pid] : [])));
  // Grows while it is walked, so that children of children come, too.
  for (const parent of found) for (const [pid, stat] of all) if (stat.parent === parent) found.add(pid);
  return [...found].flatMap((pid) => {
    const stat = all.get(pid);
    return stat === undefined || stat.group === leader ? [] : [{ pid, startTime: stat.startTime }];
  });
}

function describe(pid: number): readonly (readonly [number, ProcessStat])[] {
  const stat = readStat(pid);
  return stat === undefined || !isLiving(stat) ? [] : [[pid, stat]];
}

/** Asks those that still run to stop, waits, kills. */
export async function endStrays(strays: readonly Stray[], graceMs: number): Promise<void> {
  signalStrays(strays, "SIGTERM");
  if (await areGone(strays, graceMs)) return;
  signalStrays(strays, "SIGKILL");
  await areGone(strays, KILL_MS);
}

async function areGone(strays: readonly Stray[], withinMs: number): Promise<boolean> {
  for (let waited = 0; strays.some(isThere); waited += POLL_MS) {
    if (waited >= withinMs) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

export function signalStrays(strays: readonly Stray[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const stray of strays) if (isThere(stray)) send(stray.pid, signal);
}

function isThere({ pid, startTime }: Stray): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.startTime === startTime && isLiving(stat);
}
