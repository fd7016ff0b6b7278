import type { Plan } from "./plan.ts";

/**
 * One thing a confined command cannot do, or can do in a private place.
 *
 * - `write`: nothing outside the writable roots is created, changed, emptied, renamed or removed.
 * - `network`: no connection leaves, none comes in, and no Unix socket outside is reached.
 * - `carveout`: `.git`, `.codex` and `.agents` inside writable roots stay as they are.
 * - `metadata`: owners, modes, times and attributes outside the writable roots stay as they are.
 * - `denied_reads`: the plan's denied paths cannot be read.
 * - `loopback`: servers and clients of the command reach each other on a loopback of their own.
 * - `abstract_sockets`: abstract Unix sockets outside (D-Bus, X11) are not reached.
 * - `signals`: processes outside get no signals.
 * - `processes`: processes outside are not seen, and their scheduling cannot be changed.
 * - `ipc`: System V and POSIX queues, semaphores and shared memory of others are not reached.
 */
export type Guarantee = (typeof GUARANTEES)[number];

export const GUARANTEES = [
  "write",
  "network",
  "carveout",
  "metadata",
  "denied_reads",
  "loopback",
  "abstract_sockets",
  "signals",
  "processes",
  "ipc",
] as const;

interface KernelSupport {
  readonly landlockAbi: number;
  readonly seccomp: boolean;
}

/** What a thread confined to the plan by Landlock and seccomp holds. Everything that is not limited by the plan is left out. */
export function heldByLandlock(plan: Plan, { landlockAbi, seccomp }: KernelSupport): Guarantee[] {
  const readOnly = !plan.fullWrite && plan.writableRoots.length === 0;
  const offline = plan.network === "none" && seccomp;
  return pick({
    // Before ABI 3 files outside could still be emptied, before ABI 1 there is nothing.
    write: !plan.fullWrite && landlockAbi >= 3,
    network: offline,
    metadata: readOnly && seccomp,
    abstract_sockets: offline || landlockAbi >= 6,
    signals: landlockAbi >= 6,
    ipc: readOnly && seccomp,
  });
}

/** What a command below bwrap holds; with the network on it takes Landlock around bwrap for abstract sockets. */
export function heldByBwrap(plan: Plan, { landlockAbi, seccomp, net }: KernelSupport & { readonly net: boolean }): Guarantee[] {
  const offline = plan.network === "none";
  return pick({
    write: !plan.fullWrite,
    network: offline && seccomp,
    carveout: plan.writableRoots.length > 0,
    metadata: !plan.fullWrite,
    denied_reads: plan.deniedReads.length > 0,
    loopback: offline && net,
    abstract_sockets: offline ? net || seccomp : landlockAbi >= 6,
    signals: true,
    processes: true,
    ipc: true,
  });
}

function pick(held: Partial<Record<Guarantee, boolean>>): Guarantee[] {
  return GUARANTEES.filter((guarantee) => held[guarantee] === true);
}
