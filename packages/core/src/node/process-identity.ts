import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "../host/host.ts";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const PID_NAMESPACE = "/proc/self/ns/pid";

/**
 * This process by machine, boot, process namespace, number and start time. A number that was used again is another process; what
 * lives in another namespace (a container, a sandbox) or on another machine cannot be told.
 */
export function nodeProcessIdentity(): ProcessIdentity {
  const own: Identity = {
    machine: digest(hostname()),
    boot: digest(orEmpty(() => readFileSync(BOOT_ID, "utf8"))),
    namespace: digest(orEmpty(() => readlinkSync(PID_NAMESPACE))),
    pid: process.pid,
    start: startTime(orEmpty(() => readFileSync("/proc/self/stat", "utf8"))),
  };
  return {
    id: [own.machine, own.boot, own.namespace, own.pid, own.start].join("-"),
    hasEnded: async (id) => {
      const other = parse(id);
      return other === undefined ? undefined : hasEnded(other, own);
    },
  };
}

interface Identity {
  readonly machine: string;
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  readonly start: string;
}

function parse(id: string): Identity | undefined {
  const [machine, boot, namespace, pid, start, ...more] = id.split("-");
  if (machine === undefined || boot === undefined || namespace === undefined || start === undefined || more.length > 0) return undefined;
  const number = Number(pid);
  return Number.isSafeInteger(number) && number > 0 ? { machine, boot, namespace, pid: number, start } : undefined;
}

async function hasEnded(other: Identity, own: Identity): Promise<boolean | undefined> {
  if (other.machine !== own.machine) return undefined;
  if (other.boot !== own.boot) return true;
  if (other.namespace !== own.namespace) return undefined;
  if (!isRunning(other.pid)) return true;
  if (process.platform !== "linux") return false;
  // Unreadable, and yet it runs: somebody hides it.
  const stat = await readFile(`/proc/${other.pid}/stat`, "utf8").catch(() => undefined);
  return stat === undefined ? !isRunning(other.pid) : startTime(stat) !== other.start || isZombie(stat);
}

/** Whether a process has this number, as far as can be seen from here. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Clock ticks from boot to its start. The name, which may hold anything, ends at the last parenthesis. */
function startTime(stat: string): string {
  return fieldsAfterName(stat)[19] ?? "0";
}

function isZombie(stat: string): boolean {
  return ["Z", "X"].includes(fieldsAfterName(stat)[0] ?? "");
}

function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
