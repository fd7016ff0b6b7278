import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBwrap } from "./find-program.ts";
import type { Guarantee } from "./guarantee.ts";
import { heldByBwrap, heldByLandlock } from "./held-guarantees.ts";
import type { Plan } from "./plan.ts";
import { packageVersion } from "./version.ts";

/** What this machine can enforce, found out by trying. JSON-serialisable. */
export interface Support {
  /** 0 = the kernel has no Landlock or it is switched off. */
  readonly landlockAbi: number;
  /** A seccomp filter for this processor could be installed and held. */
  readonly seccomp: boolean;
  /** Absent when bubblewrap is missing or cannot start. */
  readonly bwrap?: BwrapSupport;
  /** A sentence for each thing that is missing, and why. */
  readonly reasons: readonly string[];
}

/** What a bubblewrap that has been seen to start can do here. */
export interface BwrapSupport {
  /** Absolute. */
  readonly path: string;
  /** A /proc of the new process namespace could be mounted. */
  readonly proc: boolean;
  /** A network namespace with its own loopback could be made. */
  readonly net: boolean;
  /** It binds open folders (--bind-fd), which cannot be exchanged for links at the last moment. */
  readonly bindFd: boolean;
}

export interface ProbeOptions {
  /** Absolute folder for the cache file `sandbox-support.json` (0600; the folder is made 0700). Without it every call tries anew. */
  readonly cacheDirectory?: string;
  /** PATH to look for bwrap in. Default: the process' own. */
  readonly path?: string;
  /** bwrap below this folder is not trusted (the workspace). */
  readonly untrusted?: string;
}

export type BackendChoice =
  /** `missing`: what the plan needs and this backend cannot hold here; name it once to the user. */
  | { readonly backend: "landlock" | "bwrap"; readonly missing: readonly Guarantee[] }
  /** Refuse. `reason` and `hint` are sentences for the user. */
  | { readonly backend: "none"; readonly reason: string; readonly hint: string };

/**
 * The strongest backend for the plan; of two that hold the same, the cheaper one. Pure. `require` are guarantees whose absence is
 * a refusal instead of a notice (only those that the plan needs count). Not to be asked for an unrestricted policy.
 */
export function chooseBackend(plan: Plan, support: Support, require: readonly Guarantee[]): BackendChoice {
  const candidates = candidatesFor(plan, support).filter(({ missing }) => !missing.some((guarantee) => INDISPENSABLE.includes(guarantee)));
  const best = candidates.reduce<Candidate | undefined>(
    (a, b) => (a !== undefined && a.missing.length <= b.missing.length ? a : b),
    undefined,
  );
  const why = support.reasons.map((reason) => ` ${reason}`).join("");
  if (best === undefined) return { backend: "none", reason: `Commands cannot be confined on this machine.${why}`, hint: WAY_OUT };
  const refused = best.missing.filter((guarantee) => require.includes(guarantee));
  if (refused.length === 0) return best;
  return {
    backend: "none",
    reason: `The configuration requires ${refused.join(", ")}, which cannot be guaranteed on this machine.${why}`,
    hint: `Install bubblewrap (bwrap) or take ${refused.join(", ")} out of sandbox.require.`,
  };
}

interface Candidate {
  readonly backend: "landlock" | "bwrap";
  readonly missing: readonly Guarantee[];
}

/** Cheaper ones first. */
function candidatesFor(plan: Plan, support: Support): Candidate[] {
  const missingOf = (held: readonly Guarantee[]): Guarantee[] => plan.needs.filter((guarantee) => !held.includes(guarantee));
  if (!support.seccomp) return [];
  return [
    { backend: "landlock", missing: missingOf(heldByLandlock(plan, support)) },
    ...(support.bwrap === undefined
      ? []
      : [{ backend: "bwrap", missing: missingOf(heldByBwrap(plan, { ...support, net: support.bwrap.net })) } as const]),
  ];
}

/** Without these there is no confinement to speak of. */
const INDISPENSABLE: readonly Guarantee[] = ["write", "network", "denied_reads"];

const WAY_OUT =
  "Install bubblewrap (bwrap), use a kernel with Landlock (Linux 6.2 or newer), or run inside a container of your own with --dangerously-bypass-approvals-and-sandbox.";

/**
 * Really tries, in child processes, within a few seconds. The result is cached per kernel, Node, package version, user and bwrap
 * binary. Never rejects: what cannot be tried counts as missing.
 */
export async function probeSupport({ cacheDirectory, path = process.env["PATH"] ?? "", untrusted }: ProbeOptions = {}): Promise<Support> {
  if (process.platform !== "linux")
    return { landlockAbi: 0, seccomp: false, reasons: ["Landlock, seccomp and bubblewrap exist on Linux only."] };
  const bwrap = findBwrap(path, untrusted);
  const key = cacheKey(bwrap);
  const file = cacheDirectory === undefined ? undefined : join(cacheDirectory, "sandbox-support.json");
  const cached = file === undefined ? undefined : readCache(file, key);
  if (cached !== undefined) return cached;

  const [kernel, trial] = await Promise.all([tryKernel(), bwrap === undefined ? MISSING : tryBwrap(bwrap)]);
  const reasons = [...kernel.reasons, ...(trial.ok ? [] : [trial.reason])];
  const support: Support = { ...kernel, ...(trial.ok ? { bwrap: trial.bwrap } : {}), reasons };
  if (file !== undefined) writeCache(file, { key, support });
  return support;
}

const MISSING: BwrapTrial = { ok: false, reason: "bubblewrap (bwrap) is not installed." };

interface Cache {
  readonly key: string;
  readonly support: Support;
}

function cacheKey(bwrap: string | undefined): string {
  const binary = bwrap === undefined ? undefined : statSync(bwrap, { throwIfNoEntry: false });
  return JSON.stringify([
    release(),
    process.version,
    packageVersion(),
    process.arch,
    process.getuid?.(),
    bwrap,
    binary?.mtimeMs,
    binary?.size,
  ]);
}

function readCache(file: string, key: string): Support | undefined {
  try {
    // Whoever else could write it could switch parts of the sandbox off.
    const stats = statSync(file);
    if (stats.uid !== process.getuid?.() || (stats.mode & 0o022) !== 0) return undefined;
    const cache = JSON.parse(readFileSync(file, "utf8")) as Partial<Cache>;
    return cache.key === key ? cache.support : undefined;
  } catch {
    return undefined;
  }
}

function writeCache(file: string, cache: Cache): void {
  try {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, JSON.stringify(cache), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // Without a cache the next start tries again.
  }
}

/** Runs the self-test in a process of its own: what it does to itself cannot be undone. */
async function tryKernel(): Promise<Pick<Support, "landlockAbi" | "seccomp" | "reasons">> {
  const { output } = await execute(process.execPath, [programFile("self-test")]);
  try {
    return JSON.parse(output.slice(output.lastIndexOf("\n{") + 1)) as Pick<Support, "landlockAbi" | "seccomp" | "reasons">;
  } catch {
    return { landlockAbi: 0, seccomp: false, reasons: [`The self-test of the sandbox ended early: ${lastLine(output)}.`] };
  }
}

/** A built program of this package, also when this file itself runs from the sources. */
export function programFile(name: "self-test" | "launcher-main" | "attempts"): string {
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? `../dist/${name}.js` : `./${name}.js`, import.meta.url));
}

export type BwrapTrial = { readonly ok: true; readonly bwrap: BwrapSupport } | { readonly ok: false; readonly reason: string };

/** Starts bwrap with everything the backend uses, then with less, until it runs `true`. */
export async function tryBwrap(path: string): Promise<BwrapTrial> {
  const [help, full] = await Promise.all([execute(path, ["--help"]), attempt(path, { proc: true, net: true })]);
  const bindFd = help.output.includes("--bind-fd");
  if (full.ok) return { ok: true, bwrap: { path, proc: true, net: true, bindFd } };
  for (const { proc, net } of LESSER) {
    if ((await attempt(path, { proc, net })).ok) return { ok: true, bwrap: { path, proc, net, bindFd } };
  }
  return { ok: false, reason: `bubblewrap (${path}) cannot start: ${lastLine(full.output)}.` };
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.replace(/\.$/u, "") ?? "no reason given";
}

const LESSER = [
  { proc: false, net: true },
  { proc: true, net: false },
  { proc: false, net: false },
] as const;

function attempt(path: string, { proc, net }: { proc: boolean; net: boolean }): Promise<Executed> {
  const namespaces = [
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(net ? ["--unshare-net"] : []),
  ];
  const mounts = [
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--perms",
    "1777",
    "--tmpfs",
    "/dev/shm",
    ...(proc ? ["--proc", "/proc", "--remount-ro", "/proc"] : []),
    "--remount-ro",
    "/dev",
  ];
  return execute(
    path,
    ["--die-with-parent", ...namespaces, "--cap-drop", "ALL", ...mounts, "--", "/bin/sh", "-c", "echo started"],
    "started",
  );
}

interface Executed {
  readonly ok: boolean;
  readonly output: string;
}

/** A bwrap that exits 0 without running anything has been seen, so what it must print is checked too. */
function execute(file: string, args: readonly string[], expected = ""): Promise<Executed> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 5000, encoding: "utf8" }, (error, stdout, stderr) => {
      const output = error !== null && stderr === "" ? error.message : stdout + stderr;
      resolve({ ok: error === null && stdout.includes(expected), output });
    });
  });
}
