import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { buildSeccomp, type SeccompOptions } from "./bpf.ts";
import { changedRoots, isWithin, realPathOf, type Plan } from "./plan.ts";
import { holdPlaceholders } from "./placeholder.ts";
import { areAsBefore, movedSince, pathsBefore } from "./protected-paths.ts";
import type { BwrapSupport } from "./probe.ts";
import { architectureOf } from "./syscall-numbers.ts";
import { openLibc, type Libc } from "./syscalls.ts";

export interface BwrapRequest {
  readonly argv: readonly string[];
  /** Absolute, existing. */
  readonly cwd: string;
  /** Descriptors that the command itself gets, from 3 on. They stay the caller's to close. */
  readonly inherited?: readonly number[];
}

/** A bwrap command that is ready to be spawned, once, with the command's environment as its own. */
export interface BwrapLaunch {
  readonly file: string;
  readonly args: readonly string[];
  /** What the child must have as its descriptors 3, 4, 5 …, in this order: `stdio: [in, out, err, ...descriptors]`. */
  readonly descriptors: readonly number[];
  /** Closes here what was opened for the spawn. Call once when it has succeeded or failed. */
  readonly spawned: () => void;
  /** True while every path that a mount guards is still what it was when the launch was prepared. */
  readonly isCurrent: () => boolean;
  /** Removes what was put in the way of missing protected names. Call once when the command has ended or was never spawned. */
  readonly ended: () => BwrapAftermath;
}

export interface BwrapAftermath {
  /** Protected paths that are no longer where they were, or appeared although they must not. */
  readonly violated: readonly string[];
}

export type BwrapPreparation =
  | { readonly ok: true; readonly launch: BwrapLaunch }
  /** Roots were replaced or are gone: compile the plan anew. Nothing was opened or created. */
  | { readonly ok: false; readonly stale: readonly string[] };

/** True when bwrap must be spawned from a thread confined with scope `scopes`: with the network on it cannot keep abstract sockets inside. */
export function wantsScopes(plan: Plan, landlockAbi: number): boolean {
  return plan.network === "full" && landlockAbi >= 6;
}

/**
 * Opens and creates what one confined command needs: the seccomp program, the writable folders, folders in the way of missing
 * protected names. The exit code of bwrap is the command's, 128+n when signal n ended it, 1 when bwrap or the command could not
 * be started.
 */
export function prepareBwrap(plan: Plan, bwrap: BwrapSupport, request: BwrapRequest): BwrapPreparation {
  const libc = openLibc();
  const stale = changedRoots(plan);
  if (stale.length > 0) return { ok: false, stale };
  const inherited = request.inherited ?? [];
  const descriptors: number[] = [...inherited];
  const placeholders = holdPlaceholders([...plan.missingProtected, ...goneFromTop(plan)], libc);
  const protectedPaths = [...plan.protectedPaths.filter(exists), ...placeholders.paths];
  const before = pathsBefore(plan.protectedPaths);
  const denied = pathsBefore(plan.deniedReads);
  const child = (descriptor: number): number => descriptors.push(descriptor) + 2;

  const writable = writableMounts(plan, { protectedPaths, bindFd: bwrap.bindFd });
  const bind = (path: string): string[] => {
    const descriptor = bwrap.bindFd ? openFolder(path) : undefined;
    return descriptor === undefined ? ["--bind-try", path, path] : ["--bind-fd", String(child(descriptor)), path];
  };
  // Granted by name inside of something protected: opened again after that was closed.
  const isGrantedInside = (path: string): boolean => protectedPaths.some((closed) => isWithin(path, closed));
  const binds = writable.filter((path) => !isGrantedInside(path)).flatMap(bind);
  const granted = plan.writableRoots.flatMap(({ path }) => (isGrantedInside(path) ? [path] : []));
  const isInGranted = (path: string): boolean => granted.some((folder) => isWithin(path, folder));
  const lateBinds = [
    ...writable.filter(isInGranted).flatMap(bind),
    ...protectedPaths.filter((path) => isInGranted(path)).flatMap((path) => ["--ro-bind-try", path, path]),
  ];
  const seccomp = libc.memoryFile("seccomp", seccompProgram(seccompFor(plan, bwrap)));
  // PWD then tells where the command is, not by which link, as it does under Landlock.
  const args = bwrapArguments(
    plan,
    { argv: request.argv, cwd: realPathOf(request.cwd) ?? request.cwd },
    { bwrap, binds, lateBinds, protectedPaths, seccomp: child(seccomp) },
  );
  return {
    ok: true,
    launch: {
      file: bwrap.path,
      args,
      descriptors,
      spawned: () => {
        for (const descriptor of descriptors.slice(inherited.length)) closeOne(descriptor, { seccomp, libc });
      },
      isCurrent: () => changedRoots(plan).length === 0 && [before, denied].every(areAsBefore) && placeholders.areIntact(),
      ended: () => ({ violated: [...placeholders.release(), ...movedSince(before, plan, writable)] }),
    },
  };
}

interface ArgumentParts {
  readonly bwrap: BwrapSupport;
  /** Options that make folders writable, outer ones first. */
  readonly binds: readonly string[];
  /** The same for folders inside protected paths. */
  readonly lateBinds?: readonly string[];
  readonly protectedPaths: readonly string[];
  /** Number of the program's descriptor in the child. */
  readonly seccomp: number;
}

/** The words after `bwrap`. Pure. Later mounts lie over earlier ones: first everything read-only, then the exceptions. */
export function bwrapArguments(
  plan: Plan,
  { argv, cwd }: BwrapRequest,
  { bwrap, binds, lateBinds = [], protectedPaths, seccomp }: ArgumentParts,
): string[] {
  const hasRoots = plan.writableRoots.length > 0;
  return [
    "--die-with-parent",
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(plan.network === "none" && bwrap.net ? ["--unshare-net"] : []),
    ...["--cap-drop", "ALL"],
    ...[plan.fullWrite ? "--bind" : "--ro-bind", "/", "/"],
    ...["--dev", "/dev"],
    ...(hasRoots || plan.fullWrite ? ["--perms", "1777", "--tmpfs", "/dev/shm"] : []),
    // To the kernel uid 0 in here is still root: kernel settings would be writable.
    ...(bwrap.proc ? ["--proc", "/proc", "--remount-ro", "/proc"] : []),
    ...binds,
    ...protectedPaths.flatMap((path) => ["--ro-bind-try", path, path]),
    ...lateBinds,
    ...plan.deniedReads.flatMap(masked),
    ...(plan.fullWrite ? [] : ["--remount-ro", "/dev"]),
    ...["--seccomp", String(seccomp)],
    ...["--chdir", cwd],
    "--",
    ...argv,
  ];
}

const programs = new Map<string, Uint8Array>();

/** The same few programs are needed for every command. */
function seccompProgram(options: SeccompOptions): Uint8Array {
  const key = JSON.stringify(options);
  const program = programs.get(key) ?? buildSeccomp(options);
  programs.set(key, program);
  return program;
}

function seccompFor(plan: Plan, bwrap: BwrapSupport): SeccompOptions {
  const arch = architectureOf(process.arch);
  if (arch === undefined) throw new Error(`there is no system call filter for ${process.arch}`);
  const network = plan.network === "full" ? "full" : bwrap.net ? "netns" : "none";
  // The read-only mounts guard metadata, and own namespaces everything that is shared.
  return { arch, network, readOnlyMetadata: false, sharedNamespaces: false };
}

/**
 * The roots and, when links cannot be slipped in, the folders between a root and what is protected in it: each is a mount of its
 * own then, which cannot be renamed away with the protected folder in it.
 */
export function writableMounts(plan: Plan, { protectedPaths, bindFd }: { protectedPaths: readonly string[]; bindFd: boolean }): string[] {
  const roots = plan.writableRoots.map(({ path }) => path);
  // Inside an outer root it is writable anyway; binding it by name would follow a link put in its place.
  if (!bindFd) return roots.filter((path) => !roots.some((outer) => outer !== path && isWithin(path, outer)));
  const guarded = [...protectedPaths, ...roots].flatMap((path) => foldersBetween(path, roots));
  const sorted = [...new Set(guarded)].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  // Nearest the root first, so that a cut leaves out the deepest ones.
  return [...new Set([...roots, ...sorted.slice(0, MAX_GUARDS)])].toSorted();
}

function foldersBetween(path: string, roots: readonly string[]): string[] {
  const between: string[] = [];
  for (let folder = dirname(path); roots.some((root) => folder !== root && isWithin(folder, root)); folder = dirname(folder))
    between.push(folder);
  return between;
}

/** Every mount costs bwrap a reading of the mount table. */
const MAX_GUARDS = 100;

/** A device on a mount that allows none cannot be opened, an empty folder of mode 0 not be listed. */
function masked(path: string): string[] {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return ["--perms", "0000", "--tmpfs", path, "--remount-ro", path];
  return ["--ro-bind", "/dev/null", path];
}

/** Protected names at the top of a root that existed when the plan was made and are gone now. */
function goneFromTop(plan: Plan): string[] {
  const tops = new Set(plan.writableRoots.map(({ path }) => path));
  return plan.protectedPaths.filter((path) => tops.has(dirname(path)) && !exists(path));
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function openFolder(path: string): number | undefined {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
}

const O_PATH = 0o10000000;

function closeOne(descriptor: number, { seccomp, libc }: { seccomp: number; libc: Libc }): void {
  if (descriptor === seccomp) libc.close(descriptor);
  else closeSync(descriptor);
}
