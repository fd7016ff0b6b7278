import { promises } from "node:fs";
import { buildSeccomp } from "./bpf.ts";
import type { Guarantee } from "./guarantee.ts";
import { heldByLandlock } from "./held-guarantees.ts";
import { landlockAbi, readableEntries, restrictThread, rulesetFor, rulesFor, SCOPES_ONLY } from "./landlock.ts";
import type { Plan } from "./plan.ts";
import { architectureOf } from "./syscall-numbers.ts";
import type { Libc } from "./syscalls.ts";

/** `plan`: the whole plan. `scopes`: only abstract sockets and signals are kept inside; the plan's other parts are bwrap's. */
export type ConfineScope = "plan" | "scopes";

/** What holds for the thread from now on. JSON-serialisable. */
export interface Confinement {
  readonly landlockAbi: number;
  readonly enforced: readonly Guarantee[];
  /** What the plan needs and this thread does not have. */
  readonly absent: readonly Guarantee[];
}

/**
 * Makes libuv create its threads now. To be awaited before the first thread of the process confines itself: threads inherit, and
 * a pool made later would be confined for everyone.
 */
export async function warmThreadPool(): Promise<void> {
  await promises.stat("/");
}

/**
 * Confines the calling thread, for good, and with it every process and thread that it starts. Other threads stay as they are. The
 * order matters: each step needs what the next one takes away. Throws in words for a user when the write or network part of the
 * plan cannot be had; the thread may then be half confined and must not be used.
 */
export function confineThread(plan: Plan, scope: ConfineScope, libc: Libc): Confinement {
  const abi = landlockAbi(libc);
  const check = (result: number, what: string): void => {
    if (result < 0) throw new Error(`${what} failed (errno ${-result})`);
  };
  check(libc.syscall("prctl", PR_SET_NO_NEW_PRIVS, 1), "no_new_privs");
  if (scope === "scopes") {
    if (abi >= 6) restrictThread(libc, abi, { ruleset: SCOPES_ONLY, rules: [] });
    const held: Guarantee[] = abi >= 6 ? ["abstract_sockets", "signals"] : [];
    return { landlockAbi: abi, enforced: held, absent: [] };
  }

  const arch = architectureOf(process.arch);
  if (arch === undefined) throw new Error(`there is no system call filter for ${process.arch}`);
  if (!plan.fullWrite && abi === 0) throw new Error("this kernel has no Landlock, or it is switched off");
  dropCapabilities(libc);
  const ruleset = rulesetFor(plan, abi);
  if (ruleset.handledFs !== 0n || ruleset.handledNet !== 0n || ruleset.scoped !== 0n) {
    restrictThread(libc, abi, { ruleset, rules: rulesFor(plan, abi, readableEntries()) });
  }
  const readOnlyMetadata = !plan.fullWrite && plan.writableRoots.length === 0;
  const thread = libc.syscall("gettid");
  const program = buildSeccomp({
    arch,
    network: plan.network,
    readOnlyMetadata,
    sharedNamespaces: true,
    ...(thread === process.pid ? {} : { thread }),
  });
  check(installFilter(libc, program), "the system call filter (seccomp)");

  const held = heldByLandlock(plan, { landlockAbi: abi, seccomp: true });
  return { landlockAbi: abi, enforced: held, absent: plan.needs.filter((guarantee) => !held.includes(guarantee)) };
}

/** The environment variables that tell a command how it is confined. */
export function sandboxEnvironment(plan: Plan, backend: "landlock" | "bwrap"): Record<string, string> {
  return { CODEX_SANDBOX: backend, ...(plan.network === "none" ? { CODEX_SANDBOX_NETWORK_DISABLED: "1" } : {}) };
}

/** Empties all five capability sets of the thread, so that root inside is an ordinary user that owns root's files. */
function dropCapabilities(libc: Libc): void {
  for (let capability = 0; capability < 64; capability++) {
    // EINVAL: past the last one. EPERM: not root, so there is nothing to drop.
    if (libc.syscall("prctl", PR_CAPBSET_DROP, capability) < 0) break;
  }
  libc.syscall("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(0, CAPABILITY_VERSION_3, true);
  const result = libc.syscall("capset", header, new Uint8Array(24));
  if (result < 0) throw new Error(`dropping capabilities failed (errno ${-result})`);
}

/** -errno, or 0. */
function installFilter(libc: Libc, program: Uint8Array): number {
  const description = new Uint8Array(16);
  const view = new DataView(description.buffer);
  view.setUint16(0, program.length / 8, true);
  view.setBigUint64(8, libc.addressOf(program), true);
  return libc.syscall("seccomp", SECCOMP_SET_MODE_FILTER, 0, description);
}

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const CAPABILITY_VERSION_3 = 0x2008_0522;
const SECCOMP_SET_MODE_FILTER = 1;
