import type { Amended, PrefixRules, ScriptContext, ScriptPart, ScriptRules, ScriptVerdict } from "@codex/execpolicy";
import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { RuleReference } from "../protocol/event.ts";
import type { RuleScope } from "../protocol/grant.ts";
import type { ExecPolicyVerdict } from "./decide.ts";
import { readRuleFiles, trustedProject, type LoadedRules } from "./rule-files.ts";

/** A command as the rules see it. */
export interface RuledCommand {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Whether a command of its script is known to be safe, and so needs no rule beside others that have one. */
  readonly isKnownSafe: (words: readonly string[]) => Promise<boolean>;
  /** True for files that a redirection may write, because the sandbox lets it. */
  readonly mayWrite: (path: string) => boolean;
}

/** What would have the rules allow a command. */
export interface RuleOffer {
  /** Rules that together allow it; each is the beginning of a command. */
  readonly prefixes: readonly (readonly string[])[];
  readonly scopes: readonly RuleScope[];
  readonly remedy: NonNullable<ExecPolicyVerdict["remedy"]>;
}

/** The rules of one session: read once, when the first command is judged, then widened by what the user allows. */
export interface CommandRules {
  judge(command: RuledCommand): Promise<ExecPolicyVerdict>;
  /** Undefined when no prefix would do, or only one that allows far too much. */
  offer(command: RuledCommand): Promise<RuleOffer | undefined>;
  /** Allows what begins with `prefix`. Returns what the user should know, if anything; the rule may then not hold. */
  allow(prefix: readonly string[], scope: RuleScope, command: RuledCommand): Promise<string | undefined>;
}

type RulesHost = Pick<Host, "fs" | "ruleFiles">;

/** `warn` is told once, of files that cannot be used and of rules without effect. */
export function createCommandRules(config: Config, host: RulesHost, warn: (message: string) => void): CommandRules {
  let loading: Promise<LoadedRules> | undefined;
  let allowed: readonly (readonly string[])[] = [];
  const load = async (): Promise<LoadedRules> => {
    const loaded = await readRuleFiles(config, host.fs);
    if (!loaded.ok) warn(`${loaded.message}\nUntil this is mended, no command runs unasked.`);
    else for (const message of idleRules(loaded.rules)) warn(message);
    return loaded;
  };
  const rules = async (): Promise<LoadedRules> => {
    const loaded = await (loading ??= load());
    if (!loaded.ok || allowed.length === 0) return loaded;
    const { NO_RULES } = await import("@codex/execpolicy");
    const base = loaded.rules ?? { prefix: NO_RULES };
    return { ok: true, rules: { ...base, prefix: await withPrefixes(base.prefix, allowed) } };
  };
  return {
    async judge(command) {
      const loaded = await rules();
      if (!loaded.ok) return { verdict: "unreadable", reason: loaded.message.split("\n", 1)[0] };
      return loaded.rules === undefined ? { verdict: "none" } : verdictOf(await evaluate(command, loaded.rules), command.argv);
    },
    async offer(command) {
      const loaded = await rules();
      return loaded.ok ? makeOffer(command, loaded.rules, { config, host }) : undefined;
    },
    async allow(prefix, scope, command) {
      const loaded = await rules();
      const fault = await prefixFault(prefix, command, loaded);
      if (fault !== undefined) return fault;
      const written = scope === "session" ? undefined : await write(prefix, scope, { config, host });
      const known = allowed.some((one) => JSON.stringify(one) === JSON.stringify(prefix));
      if (written?.held !== false && !known) allowed = [...allowed, prefix];
      return written?.message;
    },
  };
}

/** Rules that the user wrote and that change nothing, a sentence each. */
function idleRules(rules: ScriptRules | undefined): readonly string[] {
  return (rules?.prefix.networkRules ?? []).flatMap(({ decision, protocol, host, location: { path, line, column } }) => {
    const place = `${path}:${String(line)}:${String(column)}: this \`network_rule\` has no effect`;
    if (decision === "allow") return `${place}: the sandbox opens the network as a whole (network-full-access), not for ${host} alone.`;
    return protocol === "socks5_udp" ? `${place}: no command is known to name hosts for ${protocol}.` : [];
  });
}

async function withPrefixes(rules: PrefixRules, prefixes: readonly (readonly string[])[]): Promise<PrefixRules> {
  const { withSessionRule } = await import("@codex/execpolicy");
  return prefixes.reduce((wider, prefix) => withSessionRule(wider, prefix) ?? wider, rules);
}

/** Judged twice when known commands stand beside others: whether a program is the one its name says is asked of the disk. */
async function evaluate(command: RuledCommand, rules: ScriptRules): Promise<ScriptVerdict> {
  const { evaluateScript } = await import("@codex/execpolicy");
  const input = { type: "argv" as const, argv: command.argv };
  const context: ScriptContext = { cwd: command.cwd, mayWrite: command.mayWrite };
  const first = evaluateScript(input, rules, context);
  if (first.verdict !== "none" || first.parts.length < 2) return first;
  const safe = new Set<string>();
  await Promise.all(
    first.parts.map(async (part) => {
      const words = unmatchedWords(part);
      if (words !== undefined && (await command.isKnownSafe(words))) safe.add(JSON.stringify(words));
    }),
  );
  return safe.size === 0 ? first : evaluateScript(input, rules, { ...context, isHarmless: (words) => safe.has(JSON.stringify(words)) });
}

function unmatchedWords({ because, words }: ScriptPart): readonly string[] | undefined {
  return because.type === "unmatched" ? literalWords(words) : undefined;
}

function literalWords(words: ScriptPart["words"]): readonly string[] | undefined {
  const literal = words.filter((word) => typeof word === "string");
  return literal.length === words.length ? literal : undefined;
}

function verdictOf({ verdict, decidedBy }: ScriptVerdict, argv: readonly string[]): ExecPolicyVerdict {
  if (verdict === "none" || decidedBy === undefined) return { verdict: "none" };
  const { because } = decidedBy;
  const rule = because.type === "rule" || because.type === "unreadable" ? because.rule : undefined;
  const reason = because.type === "unreadable" ? because.reason : partOf(decidedBy, argv);
  return { verdict, rule: rule && referTo(rule), ...(reason === undefined ? {} : { reason }) };
}

function referTo({ path, line, column, decision, justification }: { readonly path: string } & Omit<RuleReference, "file">): RuleReference {
  return { file: path, line, column, decision, ...(justification === undefined ? {} : { justification }) };
}

/** Which part of a script is meant, when it is not the whole. */
function partOf({ words, line }: ScriptPart, argv: readonly string[]): string | undefined {
  const literal = words.map((word) => (typeof word === "string" ? word : `${word.prefix}…`));
  if (literal.length === 0 || JSON.stringify(literal) === JSON.stringify(argv)) return undefined;
  return `\`${literal.join(" ")}\`${line > 1 ? ` in line ${line}` : ""}`;
}

/** More prefixes than this are no answer to one question. */
const MOST_PREFIXES = 4;

async function makeOffer(
  command: RuledCommand,
  rules: ScriptRules | undefined,
  place: { readonly config: Config; readonly host: RulesHost },
): Promise<RuleOffer | undefined> {
  const { allowRuleLine, NO_RULES, suggestPrefix } = await import("@codex/execpolicy");
  const base = rules ?? { prefix: NO_RULES };
  const prefixes: (readonly string[])[] = [];
  let verdict = await evaluate(command, base);
  while (verdict.verdict !== "allow" && prefixes.length < MOST_PREFIXES) {
    const prefix = suggestPrefix(verdict);
    if (prefix === undefined) return undefined;
    prefixes.push(prefix);
    // oxlint-disable-next-line no-await-in-loop -- the next prefix depends on what this one leaves open
    verdict = await evaluate(command, { ...base, prefix: await withPrefixes(base.prefix, prefixes) });
  }
  if (verdict.verdict !== "allow" || prefixes.length === 0) return undefined;
  const files = await ruleFilesOf(place.config, place.host.fs);
  const writable = place.host.ruleFiles === undefined ? [] : (["user", ...(files.project === undefined ? [] : ["project"])] as RuleScope[]);
  return {
    prefixes,
    scopes: ["session", ...writable],
    remedy: { line: prefixes.map((prefix) => allowRuleLine(prefix)).join("; "), file: files.user },
  };
}

async function ruleFilesOf(config: Config, fs: Host["fs"]): Promise<{ readonly user: string; readonly project: string | undefined }> {
  const { amendmentFile } = await import("@codex/execpolicy");
  const root = await trustedProject(config, fs);
  const folders = { codexHome: config.codexHome, project: root ?? config.cwd, projectTrusted: root !== undefined };
  return { user: amendmentFile("user", folders) ?? "", project: amendmentFile("project", folders) };
}

/** A prefix is one of a command that was asked about: nobody should allow more than they were shown. */
async function prefixFault(prefix: readonly string[], command: RuledCommand, loaded: LoadedRules): Promise<string | undefined> {
  const { evaluateScript, isTooBroad, NO_RULES } = await import("@codex/execpolicy");
  const text = `\`${prefix.join(" ")}\``;
  if (!loaded.ok) return `Nothing was allowed beyond this call, since the rule files cannot be used.`;
  if (isTooBroad(prefix)) return `${text} was not allowed beyond this call: it would allow any program at all.`;
  const { parts } = evaluateScript({ type: "argv", argv: command.argv }, loaded.rules ?? { prefix: NO_RULES }, { cwd: command.cwd });
  const begins = parts.some(({ words }) => prefix.every((word, index) => words[index] === word));
  return begins ? undefined : `${text} was not allowed beyond this call: no command of it begins so.`;
}

interface Written {
  /** False: nothing was written, so nothing is allowed. */
  readonly held: boolean;
  readonly message: string;
}

async function write(
  prefix: readonly string[],
  scope: "user" | "project",
  { config, host }: { readonly config: Config; readonly host: RulesHost },
): Promise<Written> {
  const { appendAllowRule } = await import("@codex/execpolicy");
  const file = (await ruleFilesOf(config, host.fs))[scope];
  if (file === undefined) return lost("the project is not trusted");
  if (host.ruleFiles === undefined) return lost("this host keeps no rule files");
  try {
    return describe(await appendAllowRule(file, prefix, host.ruleFiles), file);
  } catch (error) {
    return lost(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function describe(amended: Amended, file: string): Written {
  switch (amended.type) {
    case "added":
    case "present": {
      const done = amended.type === "added" ? `Added to ${file}: ${amended.line}` : `It stands in ${file} already: ${amended.line}`;
      const { outranked } = amended;
      return {
        held: true,
        message: outranked === undefined ? done : `${done} (the stricter rule at ${outranked.path}:${outranked.line} still decides)`,
      };
    }
    case "too_broad":
      return lost("it would allow any program at all");
    case "not_writable":
      return lost("its words cannot be written down");
    case "broken":
      return lost(`${amended.error.path}:${amended.error.line}:${amended.error.column}: ${amended.error.message}`);
    case "locked":
      return lost(`another process holds ${amended.lock}`);
  }
}

function lost(why: string): Written {
  return { held: false, message: `The rule was not kept: ${why}.` };
}
