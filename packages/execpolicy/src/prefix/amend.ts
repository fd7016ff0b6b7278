import type { Location, PolicyError } from "../starlark/source.ts";
import { loadPrefixRules } from "./load.ts";
import { matchRules } from "./match.ts";
import { resolvePath } from "./path.ts";
import { DECISIONS, type NetworkRule, type PrefixRule, type PrefixRules } from "./rule.ts";
import { isTooBroad } from "./too-broad.ts";

/** What writing a rule needs of the world; every path is absolute. */
export interface RuleFileSystem {
  /** Undefined when there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Replaces the file as a whole, by a new file beside it and a rename; one that is made is for its owner alone. */
  readonly replaceText: (path: string, text: string) => Promise<void>;
  /** Makes the folder and those above it; one that is made is for its owner alone. */
  readonly makeDirectory: (path: string) => Promise<void>;
  /** Makes an empty file; false when something is there already. */
  readonly createExclusively: (path: string) => Promise<boolean>;
  /** How long ago the file was written, in ms; undefined when it is gone. */
  readonly ageMs: (path: string) => Promise<number | undefined>;
  readonly remove: (path: string) => Promise<void>;
  readonly waitMs: (ms: number) => Promise<void>;
}

export type Amended =
  /** `line`: the text of the rule. `outranked`: a stricter rule of the same file that still decides. */
  | { readonly type: "added" | "present"; readonly path: string; readonly line: string; readonly outranked: Location | undefined }
  /** It would allow much more than the command at hand. */
  | { readonly type: "too_broad" }
  /** The words cannot be written down, or there are none. */
  | { readonly type: "not_writable" }
  /** The file is refused as it is, so a further rule in it would not count either. */
  | { readonly type: "broken"; readonly error: PolicyError }
  /** Another process holds the lock. */
  | { readonly type: "locked"; readonly lock: string };

/**
 * Adds `prefix_rule(pattern=[…], decision="allow")` to a rule file unless that very line is there. Folder and file are made when they
 * are missing. Processes that do this at the same time wait for each other.
 */
export async function appendAllowRule(path: string, prefix: readonly string[], fs: RuleFileSystem): Promise<Amended> {
  if (isTooBroad(prefix)) return { type: "too_broad" };
  return appendLine(path, { line: allowRuleLine(prefix), command: prefix }, fs);
}

/** Adds a `network_rule` in the same way. */
export async function appendNetworkRule(path: string, rule: Omit<NetworkRule, "location">, fs: RuleFileSystem): Promise<Amended> {
  return appendLine(path, { line: networkRuleLine(rule), command: undefined }, fs);
}

/** Stands for the file of rules that hold for one session only. */
const SESSION_RULES = "(session)";

/** The rules with one more that holds for this session only; undefined when it would be too broad. */
export function withSessionRule(rules: PrefixRules, prefix: readonly string[]): PrefixRules | undefined {
  if (isTooBroad(prefix)) return undefined;
  const rule: PrefixRule = {
    pattern: prefix.map((word) => [word]),
    decision: "allow",
    justification: "allowed for this session",
    ignoresCase: false,
    location: { path: SESSION_RULES, line: rules.rules.filter(({ location }) => location.path === SESSION_RULES).length + 1, column: 1 },
  };
  return { ...rules, rules: [...rules.rules, rule] };
}

export type AmendmentScope = "user" | "project";

/** The file of a scope: `rules/default.rules` in the user's folder, or `.codex/rules/default.rules` in a project that is trusted. */
export function amendmentFile(
  scope: AmendmentScope,
  folders: { readonly codexHome: string; readonly project: string; readonly projectTrusted: boolean },
): string | undefined {
  if (scope === "user") return resolvePath("rules/default.rules", folders.codexHome);
  return folders.projectTrusted ? resolvePath(".codex/rules/default.rules", folders.project) : undefined;
}

/** The rule as it is written into a file. */
export function allowRuleLine(prefix: readonly string[]): string {
  return `prefix_rule(pattern=[${prefix.map((word) => JSON.stringify(word)).join(", ")}], decision="allow")`;
}

function networkRuleLine({ host, protocol, decision, justification }: Omit<NetworkRule, "location">): string {
  const words = {
    host,
    protocol,
    decision: decision === "forbidden" ? "deny" : decision,
    ...(justification === undefined ? {} : { justification }),
  };
  return `network_rule(${Object.entries(words)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")})`;
}

interface Addition {
  readonly line: string;
  /** The command that is to be allowed. */
  readonly command: readonly string[] | undefined;
}

const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 20;
/** Whoever holds the lock reads and writes one small file, so an older lock was left behind. */
const LOCK_STALE_MS = 10_000;

async function appendLine(path: string, addition: Addition, fs: RuleFileSystem): Promise<Amended> {
  const lone = loadPrefixRules([{ path, text: `${addition.line}\n` }]);
  if (!lone.ok || addition.command?.length === 0) return { type: "not_writable" };
  await fs.makeDirectory(path.slice(0, path.lastIndexOf("/")));
  const lock = `${path}.lock`;
  if (!(await takeLock(lock, fs))) return { type: "locked", lock };
  try {
    return await appendUnderLock(path, addition, fs);
  } finally {
    await fs.remove(lock);
  }
}

async function takeLock(lock: string, fs: RuleFileSystem): Promise<boolean> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    if (await fs.createExclusively(lock)) return true;
    if (await isStale(lock, fs)) await removeStale(lock, fs);
    else await fs.waitMs(LOCK_PAUSE_MS);
  }
  return false;
}

async function isStale(lock: string, fs: RuleFileSystem): Promise<boolean> {
  const age = await fs.ageMs(lock);
  return age !== undefined && age > LOCK_STALE_MS;
}

/** One at a time, looking again: otherwise the second would remove the lock that the first has just taken. */
async function removeStale(lock: string, fs: RuleFileSystem): Promise<void> {
  const removal = `${lock}.removal`;
  if (await fs.createExclusively(removal)) {
    try {
      if (await isStale(lock, fs)) await fs.remove(lock);
    } finally {
      await fs.remove(removal);
    }
  } else if (await isStale(removal, fs)) await fs.remove(removal);
  else await fs.waitMs(LOCK_PAUSE_MS);
}

async function appendUnderLock(path: string, { line, command }: Addition, fs: RuleFileSystem): Promise<Amended> {
  const before = (await fs.readText(path)) ?? "";
  const loaded = loadPrefixRules([{ path, text: before }]);
  if (!loaded.ok) return { type: "broken", error: loaded.error };
  const outranked = command === undefined ? undefined : strictestOver(command, loaded.rules);
  if (before.split(/\r?\n/u).includes(line)) return { type: "present", path, line, outranked };
  await fs.replaceText(path, `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`);
  return { type: "added", path, line, outranked };
}

function strictestOver(command: readonly string[], rules: PrefixRules): Location | undefined {
  const matches = matchRules(command, rules, { resolveHostExecutables: true, cwd: "/" });
  return DECISIONS.toReversed()
    .filter((decision) => decision !== "allow")
    .map((decision) => matches.find(({ rule }) => rule.decision === decision)?.rule.location)
    .find((location) => location !== undefined);
}
