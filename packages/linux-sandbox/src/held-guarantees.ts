import { GUARANTEES, type Guarantee } from "./guarantee.ts";
import type { Plan } from "./plan.ts";

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
