import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from "node:fs";
import { isPlannedFolder, type Plan, type PlannedRoot } from "./plan.ts";
import type { Libc } from "./syscalls.ts";

/** A `struct landlock_ruleset_attr` in numbers: what is denied unless a rule allows it. */
export interface Ruleset {
  readonly handledFs: bigint;
  readonly handledNet: bigint;
  readonly scoped: bigint;
}

export interface PathRule {
  readonly path: string;
  readonly access: bigint;
  /** A path that may be absent. */
  readonly optional: boolean;
  /** When given, the opened folder must be this one. */
  readonly root?: PlannedRoot;
}

/** The Landlock version of the running kernel, 0 where it is missing or switched off. */
export function landlockAbi(libc: Libc): number {
  return Math.max(0, libc.syscall("landlock_create_ruleset", 0, 0, CREATE_RULESET_VERSION));
}

/** What the ruleset of a plan handles under an ABI. All zero: there is nothing that Landlock could do. */
export function rulesetFor(plan: Plan, abi: number): Ruleset {
  return {
    handledFs: plan.fullWrite ? 0n : allFsRights(abi),
    handledNet: plan.network === "none" && abi >= 4 ? NET_BIND_TCP | NET_CONNECT_TCP : 0n,
    scoped: abi >= 6 ? SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL : 0n,
  };
}

/** Keeps abstract sockets and signals inside and leaves files and mounts alone, so that bwrap can still start below it. */
export const SCOPES_ONLY: Ruleset = { handledFs: 0n, handledNet: 0n, scoped: 3n };

/** The entries of the root folder, in which everything may be read, and whether they are folders. */
export type RootEntries = readonly { readonly path: string; readonly isFolder: boolean }[];

/** All but the devices: who owns a disk's or a kernel's device could read past the file system and set off what opening does. */
export function readableEntries(): RootEntries {
  return readdirSync("/").flatMap((name) => {
    const stats = name === "dev" ? undefined : statSync(`/${name}`, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path: `/${name}`, isFolder: stats.isDirectory() }];
  });
}

/**
 * Reading everywhere but in `/dev`, where folders can be listed; writing to harmless devices and below the roots; device files can be
 * made nowhere.
 */
export function rulesFor(plan: Plan, abi: number, readable: RootEntries): PathRule[] {
  if (plan.fullWrite) return [];
  const handled = allFsRights(abi);
  const device = FS_READ_FILE | FS_WRITE_FILE | (handled & (FS_TRUNCATE | FS_IOCTL_DEV));
  const writable = handled & ~(FS_MAKE_CHAR | FS_MAKE_BLOCK);
  return [
    { path: "/", access: FS_READ_DIR, optional: false },
    ...readable.map(({ path, isFolder }) => ({ path, access: FS_EXECUTE | FS_READ_FILE | (isFolder ? FS_READ_DIR : 0n), optional: true })),
    ...DEVICES.map((path) => ({ path, access: device, optional: true })),
    { path: "/dev/pts", access: device | FS_READ_DIR, optional: true },
    { path: "/dev/shm", access: plan.writableRoots.length > 0 ? writable : FS_READ_FILE | FS_READ_DIR, optional: true },
    ...plan.writableRoots.map((root) => ({ path: root.path, access: writable, optional: false, root })),
  ];
}

/** The bytes of `struct landlock_ruleset_attr` in the size that the ABI knows. */
export function encodeRuleset(ruleset: Ruleset, abi: number): Uint8Array {
  const bytes = new Uint8Array(abi >= 6 ? 24 : abi >= 4 ? 16 : 8);
  const fields = [ruleset.handledFs, ruleset.handledNet, ruleset.scoped].slice(0, bytes.length / 8);
  const view = new DataView(bytes.buffer);
  for (const [index, field] of fields.entries()) view.setBigUint64(index * 8, field, true);
  return bytes;
}

/** The bytes of the packed `struct landlock_path_beneath_attr`. */
export function encodePathRule(access: bigint, descriptor: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, access, true);
  view.setInt32(8, descriptor, true);
  return bytes;
}

/**
 * Restricts the calling thread and its future children; needs no_new_privs. Throws when the kernel refuses, in words for a user,
 * with nothing restricted.
 */
export function restrictThread(libc: Libc, abi: number, { ruleset, rules }: { ruleset: Ruleset; rules: readonly PathRule[] }): void {
  const attribute = encodeRuleset(ruleset, abi);
  const descriptor = libc.syscall("landlock_create_ruleset", attribute, attribute.length, 0);
  if (descriptor < 0) throw new Error(`Landlock refused the ruleset (errno ${-descriptor})`);
  try {
    for (const rule of rules) addRule(libc, descriptor, rule);
    const result = libc.syscall("landlock_restrict_self", descriptor, 0);
    if (result === -E2BIG) throw new Error("Landlock allows 16 layers, and this process is already inside that many");
    if (result < 0) throw new Error(`Landlock did not take effect (errno ${-result})`);
  } finally {
    libc.close(descriptor);
  }
}

function addRule(libc: Libc, ruleset: number, { path, access, optional, root }: PathRule): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_PATH | (constants.O_NOFOLLOW * Number(root !== undefined)));
  } catch (error) {
    if (optional) return;
    throw new Error(`${path} cannot be opened to make it writable`, { cause: error });
  }
  try {
    if (root !== undefined) assertSameFolder(descriptor, root);
    const result = libc.syscall("landlock_add_rule", ruleset, RULE_PATH_BENEATH, encodePathRule(access, descriptor), 0);
    if (result < 0) throw new Error(`Landlock refused the rule for ${path} (errno ${-result})`);
  } finally {
    closeSync(descriptor);
  }
}

function assertSameFolder(descriptor: number, root: PlannedRoot): void {
  if (!isPlannedFolder(fstatSync(descriptor, { bigint: true }), root)) throw new Error(`${root.path} was replaced after the plan was made`);
}

function allFsRights(abi: number): bigint {
  return FS_ABI_1 | (abi >= 2 ? FS_REFER : 0n) | (abi >= 3 ? FS_TRUNCATE : 0n) | (abi >= 5 ? FS_IOCTL_DEV : 0n);
}

const DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx"];

const CREATE_RULESET_VERSION = 1;
const RULE_PATH_BENEATH = 1;
const O_PATH = 0o10000000;
const E2BIG = 7;

const FS_EXECUTE = 1n << 0n;
const FS_WRITE_FILE = 1n << 1n;
const FS_READ_FILE = 1n << 2n;
const FS_READ_DIR = 1n << 3n;
const FS_MAKE_CHAR = 1n << 6n;
const FS_MAKE_BLOCK = 1n << 11n;
const FS_ABI_1 = 0x1fffn;
const FS_REFER = 1n << 13n;
const FS_TRUNCATE = 1n << 14n;
const FS_IOCTL_DEV = 1n << 15n;
const NET_BIND_TCP = 1n << 0n;
const NET_CONNECT_TCP = 1n << 1n;
const SCOPE_ABSTRACT_UNIX = 1n << 0n;
const SCOPE_SIGNAL = 1n << 1n;
