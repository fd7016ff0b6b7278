import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isGroupAlive, isLiving, readStat, signalGroup } from "./group.ts";
import { endStrays, findStrays } from "./strays.ts";

interface Identity {
  readonly pid: number;
  /** When it started; a pid alone may mean another process by now. */
  readonly started: string;
}

interface OrphanRecord {
  readonly server: Identity;
  readonly owner: Identity;
}

const FOLDER = "mcp-servers";
const GRACE_MS = 2000;
const POLL_MS = 25;

/** Notes in the state folder that this process runs the group. The returned function takes the note back. */
export function recordServer(stateDir: string, pid: number): () => void {
  const server = identityOf(pid);
  const owner = identityOf(process.pid);
  if (server === undefined || owner === undefined) return () => undefined;
  const folder = join(stateDir, FOLDER);
  const file = join(folder, `${String(pid)}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Another start may be sweeping: it must not find half a note.
    writeFileSync(`${file}.new`, JSON.stringify({ server, owner } satisfies OrphanRecord), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // A full disk must not keep the server from running.
    return () => undefined;
  }
  return () => rmSync(file, { force: true });
}

/**
 * Ends the servers that earlier processes left behind because they were killed: those whose owner is gone and which are still the process
 * that was noted. Resolves with the number of groups it ended.
 */
export async function sweepOrphans(stateDir: string): Promise<number> {
  const folder = join(stateDir, FOLDER);
  let ended = 0;
  for (const name of listed(folder)) {
    const file = join(folder, name);
    const record = readRecord(file);
    if (record !== undefined && isSame(record.owner)) continue;
    if (record !== undefined && isOrphanGroup(record.server)) {
      const strays = findStrays(record.server.pid);
      await endGroup(record.server.pid);
      await endStrays(strays, GRACE_MS);
      ended += 1;
    }
    rmSync(file, { force: true });
  }
  return ended;
}

/** Asks the group to stop, waits, kills. Resolves when no member runs any more, or soon after the kill. */
export async function endGroup(leader: number, graceMs: number = GRACE_MS): Promise<void> {
  signalGroup(leader, "SIGTERM");
  if (await groupEnds(leader, graceMs)) return;
  signalGroup(leader, "SIGKILL");
  await groupEnds(leader, GRACE_MS);
}

async function groupEnds(leader: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; isGroupAlive(leader); waited += POLL_MS) {
    if (waited >= withinMs) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

function readRecord(file: string): OrphanRecord | undefined {
  try {
    const { server, owner } = JSON.parse(readFileSync(file, "utf8")) as Partial<OrphanRecord>;
    return isIdentity(server) && isIdentity(owner) ? { server, owner } : undefined;
  } catch {
    return undefined;
  }
}

function isIdentity(value: unknown): value is Identity {
  const { pid, started } = Object(value) as Partial<Identity>;
  return typeof pid === "number" && Number.isInteger(pid) && pid > 1 && typeof started === "string";
}

/** The leader may be gone while its children live on; its number is not given to another process as long as they do. */
function isOrphanGroup(server: Identity): boolean {
  const now = startedAt(server.pid);
  return (now === undefined || now === server.started) && isGroupAlive(server.pid);
}

function isSame({ pid, started }: Identity): boolean {
  return startedAt(pid) === started;
}

function identityOf(pid: number): Identity | undefined {
  const started = startedAt(pid);
  return started === undefined ? undefined : { pid, started };
}

/** In a form that only compares; undefined when the process is gone or the system does not tell. */
function startedAt(pid: number): string | undefined {
  if (process.platform === "win32") return undefined;
  if (process.platform === "linux") {
    const stat = readStat(pid);
    return stat === undefined || !isLiving(stat) ? undefined : `${bootId()} ${stat.startTime}`;
  }
  try {
    const time = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return time === "" ? undefined : time;
  } catch {
    return undefined;
  }
}

/** Start times count from the start of the machine. */
function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
}
