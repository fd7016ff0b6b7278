import { lstatSync, readFileSync, realpathSync, statSync, type BigIntStats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Guarantee } from "./guarantee.ts";
import { agentSettings } from "./agent-folder.ts";
import { findRepositories } from "./nested-repositories.ts";
import { isPlaceholder } from "./placeholder.ts";
import {
  hasFullDiskWriteAccess,
  hasFullNetworkAccess,
  writableRoots,
  type SandboxPermission,
  type SandboxPolicy,
  type WritableRootsContext,
} from "./policy.ts";

/** What is to be enforced for one command, with every path canonical. JSON-serialisable and a snapshot of the file system. */
export interface Plan {
  readonly network: "full" | "none";
  /** Nothing is write-protected; there are no roots, protected or missing paths then. */
  readonly fullWrite: boolean;
  /** Existing folders, canonical, each once, outer ones before inner ones. */
  readonly writableRoots: readonly PlannedRoot[];
  /** Existing paths inside the roots that stay read-only: the union of the roots' `readOnly`. */
  readonly protectedPaths: readonly string[];
  /** Protected names at the top of a root that do not exist and must not appear. */
  readonly missingProtected: readonly string[];
  /** Canonical paths, existing when the plan was made. */
  readonly deniedReads: readonly string[];
  /** Everything the policy asks for; what a backend cannot hold of it is a gap to be named. */
  readonly needs: readonly Guarantee[];
  /** Sentences for a notice: a root that does not exist, a scan that was cut short, a protected name that is a link. */
  readonly remarks: readonly string[];
}

export interface PlannedRoot {
  /** Canonical: no link in it. */
  readonly path: string;
  /** Decimal; with `ino` and `born` it tells whether the folder was replaced. */
  readonly dev: string;
  readonly ino: string;
  /** Nanoseconds of its birth, "0" where the file system does not know: an inode's number is given to the next folder made. */
  readonly born: string;
  /** Existing protected paths inside this root, canonical. */
  readonly readOnly: readonly string[];
}

export interface PlanContext extends WritableRootsContext {
  /** Absolute paths that commands must not read. Links are resolved; what does not exist is left out. */
  readonly deniedReads?: readonly string[];
  /**
   * Absolute: the agent's own folder. It stays read-only inside of a writable one. Where it is itself writable, or a permission names it,
   * its settings do.
   */
  readonly agentFolder?: string;
  /** How many folders the search for nested repositories may open per root. Default and most 1500, in temporary folders 200. */
  readonly scanLimit?: number;
}

/** Names whose content decides what programs outside the sandbox run later. */
const PROTECTED_NAMES = [".git", ".codex", ".agents"] as const;

/**
 * What the policy means on this machine now. Reads the file system (canonical roots, nested repositories) and changes nothing.
 * Costs a scan of the roots: keep the plan and ask {@link changedRoots} before each command.
 */
export function compilePlan(policy: SandboxPolicy, context: PlanContext): Plan {
  const fullWrite = hasFullDiskWriteAccess(policy);
  const network = hasFullNetworkAccess(policy) ? "full" : "none";
  const remarks: string[] = [];
  const roots = fullWrite ? [] : canonicalRoots(writableRoots(policy, context), remarks);
  const inside = (path: string): boolean => roots.some((root) => isWithin(path, root.path));
  const missingProtected: string[] = [];
  const named = { permissions: policy.permissions.filter((permission) => !TEMPORARY.includes(permission)) };
  const namedRoots = new Set(writableRoots(named, context));
  const ownRoots = new Set([...namedRoots].map(realPathOf));

  const agent = context.agentFolder === undefined ? undefined : agentFolder(context.agentFolder);

  const found = roots.map(({ path, stats }): PlannedRoot => {
    const kept = new Set<string>();
    for (const name of PROTECTED_NAMES) {
      const candidate = join(path, name);
      const isMissing = statOf(candidate, lstatSync) === undefined || isPlaceholder(candidate);
      // Granted by name before it exists: it may be made.
      if (isMissing && !namedRoots.has(candidate)) missingProtected.push(candidate);
      else if (!isMissing) for (const part of protectedParts(candidate, remarks)) kept.add(part);
    }
    const isOwn = ownRoots.has(path);
    const { folders, most } = isOwn ? OWN_SEARCH : TEMPORARY_SEARCH;
    const scan = findRepositories(path, { names: PROTECTED_NAMES, folders: Math.min(folders, context.scanLimit ?? folders), most });
    // What lies in a temporary folder is seldom the user's, and never worth a sentence.
    const found = isOwn ? remarks : [];
    if (!scan.complete) found.push(`${path} is large: nested repositories deep inside it may be unprotected.`);
    for (const nested of scan.found) if (!isPlaceholder(nested)) for (const part of protectedParts(nested, found)) kept.add(part);
    const closed = closedIn(path, agent, remarks);
    for (const part of closed.existing) kept.add(part);
    missingProtected.push(...closed.missing.filter((missing) => !namedRoots.has(missing)));
    return { path, ...identityOf(stats), readOnly: [...kept].filter(inside).toSorted() };
  });
  const granted = found.filter((root) => isGrantedInside(root, found, agent?.real)).map(({ path }) => path);
  const settings = agent?.real === undefined ? [] : agentSettings(agent.real);
  const isSetting = (path: string): boolean => settings.includes(path) && !granted.includes(path);
  const isGranted = (path: string): boolean => granted.some((folder) => isWithin(path, folder));
  const planned = found.map((root): PlannedRoot => ({
    ...root,
    readOnly: root.readOnly.filter((path) => !isGranted(path) || isSetting(path)),
  }));
  const deniedReads = [...new Set((context.deniedReads ?? []).flatMap((path) => realPathOf(path) ?? []))];
  const protectedPaths = [...new Set(planned.flatMap(({ readOnly }) => readOnly))].toSorted();
  const shape = { network, fullWrite, writableRoots: planned, deniedReads } as const;
  return {
    ...shape,
    protectedPaths,
    missingProtected: missingProtected.filter((path) => !isGranted(path)),
    needs: needsOf(shape),
    remarks: [...new Set(remarks)],
  };
}

/**
 * A root that is or lies in what another root protects was named by itself, so that it counts, and as a whole. But a folder below
 * `.codex` or `.agents`, or the agent's own, is a workspace like any other.
 */
function isGrantedInside(root: PlannedRoot, roots: readonly PlannedRoot[], agent: string | undefined): boolean {
  const holdsWork = (path: string): boolean => path === agent || /\/\.(?:codex|agents)$/u.test(path);
  const opens = (path: string): boolean => isWithin(root.path, path) && (root.path === path || !holdsWork(path));
  return roots.some((outer) => outer !== root && outer.readOnly.some(opens));
}

/** The roots that are gone or were replaced since the plan was made; a cheap check before each spawn. */
export function changedRoots(plan: Plan): string[] {
  return plan.writableRoots.filter((root) => !isThere(root)).map(({ path }) => path);
}

const TEMPORARY: readonly SandboxPermission[] = ["disk-write-platform-user-temp-folder", "disk-write-platform-global-temp-folder"];
const OWN_SEARCH = { folders: 1500, most: 64 };
/** They hold many folders, and repositories that nobody keeps; every protected path costs a mount. */
const TEMPORARY_SEARCH = { folders: 200, most: 8 };

/** Equal for plans that can share one confined worker, whatever their protected paths. */
export function planKey({ network, fullWrite, writableRoots }: Plan): string {
  return JSON.stringify([network, fullWrite, writableRoots.map(({ path, dev, ino, born }) => [path, dev, ino, born])]);
}

/** Both canonical; a folder is within itself. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}

function isThere(root: PlannedRoot): boolean {
  const stats = realPathOf(root.path) === root.path ? statOf(root.path, lstatSync) : undefined;
  return stats !== undefined && isPlannedFolder(stats, root);
}

/** Whether what was opened or looked at is the very folder that the plan was made for. */
export function isPlannedFolder(stats: BigIntStats, { dev, ino, born }: PlannedRoot): boolean {
  const found = identityOf(stats);
  return found.dev === dev && found.ino === ino && found.born === born;
}

function identityOf({ dev, ino, birthtimeNs }: BigIntStats): Pick<PlannedRoot, "dev" | "ino" | "born"> {
  return { dev: String(dev), ino: String(ino), born: String(birthtimeNs) };
}

interface CanonicalRoot {
  readonly path: string;
  readonly stats: BigIntStats;
}

interface AgentFolder {
  /** Links are resolved in what it lies in, not in its own name. */
  readonly place: string;
  /** Undefined when nothing is there. */
  readonly real: string | undefined;
}

function agentFolder(folder: string): AgentFolder {
  return { place: join(realPathOf(dirname(folder)) ?? dirname(folder), basename(folder)), real: realPathOf(folder) };
}

/** What of the agent's folder is closed in a root: all of it, or its settings where it is the root. */
function closedIn(
  root: string,
  agent: AgentFolder | undefined,
  remarks: string[],
): { readonly existing: readonly string[]; readonly missing: readonly string[] } {
  if (agent === undefined) return { existing: [], missing: [] };
  const { place, real } = agent;
  if (real === root) {
    remarks.push(`${root} is the agent's own folder: settings that it does not have yet can be made there.`);
    const [existing, missing] = [agentSettings(root).filter(isHere), agentSettings(root).filter((path) => !isHere(path))];
    // What stands in for a missing name is a folder.
    return {
      existing: existing.flatMap((path) => protectedParts(path, remarks)),
      missing: missing.filter((path) => basename(path) === "rules"),
    };
  }
  const inside = place !== root && isWithin(place, root);
  const target = real !== undefined && isWithin(real, root) ? [real] : [];
  if (!inside) return { existing: target, missing: [] };
  if (isHere(place)) return { existing: [...protectedParts(place, remarks), ...target], missing: [] };
  return { existing: [], missing: statOf(dirname(place), statSync)?.isDirectory() === true ? [place] : [] };
}

function isHere(path: string): boolean {
  return statOf(path, lstatSync) !== undefined && !isPlaceholder(path);
}

/** It may be made then, if what it lies in is writable. */
function isProtectedName(path: string): boolean {
  return PROTECTED_NAMES.some((name) => name === basename(path));
}

function canonicalRoots(paths: readonly string[], remarks: string[]): CanonicalRoot[] {
  const found = new Map<string, CanonicalRoot>();
  for (const given of paths) {
    const path = realPathOf(given);
    const stats = path === undefined || isPlaceholder(path) ? undefined : statOf(path, statSync);
    if (path === undefined || stats === undefined) {
      if (!isProtectedName(given)) remarks.push(`${given} does not exist and is therefore not writable.`);
    } else if (!stats.isDirectory()) remarks.push(`${given} is not a folder and is therefore not writable.`);
    else found.set(path, { path, stats });
  }
  // Code unit order puts a folder before everything inside it.
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The protected path itself, and what it refers to: the target of a link, the folder that a `.git` file names. */
function protectedParts(path: string, remarks: string[]): string[] {
  const stats = statOf(path, lstatSync);
  if (stats === undefined) return [];
  if (stats.isSymbolicLink()) {
    remarks.push(`${path} is a link: its target is protected, but the link itself can be replaced.`);
    const target = realPathOf(path);
    return target === undefined ? [] : [target, ...gitFolders(target)];
  }
  return [path, ...gitFolders(path)];
}

/** What the `.git` file of a worktree or submodule leads to: its own folder and the one it shares. */
function gitFolders(path: string): string[] {
  const stats = statOf(path, statSync);
  if (stats === undefined || !stats.isFile() || stats.size > 4096n) return [];
  const folder = /^gitdir: (.+?)\r?\n?$/u.exec(textOf(path) ?? "")?.[1];
  const own = folder === undefined ? undefined : realPathOf(resolve(dirname(path), folder));
  if (own === undefined) return [];
  const shared = textOf(join(own, "commondir"))?.trim();
  const common = shared === undefined ? undefined : realPathOf(resolve(own, shared));
  return common === undefined ? [own] : [own, common];
}

function needsOf(plan: Pick<Plan, "network" | "fullWrite" | "writableRoots" | "deniedReads">): Guarantee[] {
  const hasRoots = plan.writableRoots.length > 0;
  return [
    ...(plan.fullWrite ? [] : (["write", "metadata"] as const)),
    ...(plan.network === "none" ? (["network"] as const) : []),
    ...(hasRoots ? (["carveout"] as const) : []),
    ...(plan.deniedReads.length > 0 ? (["denied_reads"] as const) : []),
    ...(["abstract_sockets", "signals"] as const),
    // Only work that may write starts servers and shares memory; reading alone is served by the cheaper backend.
    ...(hasRoots ? (["processes", "ipc"] as const) : []),
    ...(hasRoots && plan.network === "none" ? (["loopback"] as const) : []),
  ];
}

type Stat = (path: string, options: { bigint: true }) => BigIntStats;

function statOf(path: string, stat: Stat): BigIntStats | undefined {
  try {
    return stat(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Undefined for what leads nowhere. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
