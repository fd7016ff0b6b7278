import { baseName, resolvePath } from "../prefix/path.ts";
import { matchesWord } from "../prefix/match.ts";
import { DECISIONS, type PrefixRule, type PrefixRules } from "../prefix/rule.ts";
import type { ScriptWord } from "../shell/script-word.ts";
import type { RuleReference } from "./verdict.ts";

/** What prefix rules say about words that are not all known. */
export interface PrefixOpinion {
  /** The strictest rule that matches whatever the open words become; its place decides between equals. */
  readonly rule: PrefixRule | undefined;
  /** The strictest rule, prompt or forbidden and stricter than `rule`, that could match. */
  readonly couldBe: PrefixRule | undefined;
  /** The longest allowing pattern that matches. */
  readonly allowedWords: number;
  /** Why an allowing rule that matches does not count. */
  readonly refusal: string | undefined;
}

export interface Surroundings {
  /** Absolute; undefined once the script has gone elsewhere. */
  readonly cwd: string | undefined;
}

/** Asks the rules about a command; the program is looked up as it is written and, when it is a path, by its name too. */
export function judgeByPrefix(words: readonly ScriptWord[], rules: PrefixRules, surroundings: Surroundings): PrefixOpinion {
  const [program] = words;
  const exact = rules.rules.filter((rule) => matches(words, rule));
  const byName = program === undefined ? words : [nameOf(program), ...words.slice(1)];
  const named = rules.rules.filter(
    (rule) => !exact.includes(rule) && matches(byName, rule.decision === "allow" ? rule : inAnyCase(rule, byName)),
  );
  const refusal = allowanceRefusal(program, rules, { ...surroundings, byName: !exact.some(({ decision }) => decision === "allow") });
  const counting = [...exact, ...named].filter((rule) => rule.decision !== "allow" || refusal === undefined);
  const rule = strictestRule(counting) ?? strictestRule([...exact, ...named]);
  const possible = rules.rules.filter(
    (one) => one.decision !== "allow" && [words, byName].some((given) => couldMatch(given, inAnyCase(one, given).pattern, one)),
  );
  const couldBe = strictestRule(possible);
  const weaker = couldBe !== undefined && (rule === undefined || DECISIONS.indexOf(couldBe.decision) > DECISIONS.indexOf(rule.decision));
  return {
    rule,
    couldBe: weaker ? couldBe : undefined,
    allowedWords: Math.max(0, ...counting.filter(({ decision }) => decision === "allow").map(({ pattern }) => pattern.length)),
    refusal: rule?.decision === "allow" ? refusal : undefined,
  };
}

/** The name of a program that is given by its path; of files that are not known, any. */
function nameOf(program: ScriptWord): ScriptWord {
  if (typeof program === "string") return baseName(program);
  return { ...program, prefix: program.source === "files" ? "" : baseName(program.prefix) };
}

/** A file system may know a program by its name in any case, so a rule that asks or forbids does too. */
function inAnyCase(rule: PrefixRule, [program]: readonly ScriptWord[]): PrefixRule {
  const [names = [], ...rest] = rule.pattern;
  const same = typeof program === "string" && names.some((name) => name.toLowerCase() === program.toLowerCase());
  return same ? { ...rule, pattern: [[program], ...rest] } : rule;
}

export function referTo(rule: PrefixRule): RuleReference {
  const { location, decision, justification } = rule;
  return justification === undefined ? { ...location, decision } : { ...location, decision, justification };
}

function strictestRule(rules: readonly PrefixRule[]): PrefixRule | undefined {
  return DECISIONS.toReversed()
    .map((decision) => rules.find((rule) => rule.decision === decision))
    .find((rule) => rule !== undefined);
}

function matches(words: readonly ScriptWord[], rule: PrefixRule): boolean {
  if (words.length < rule.pattern.length) return false;
  return rule.pattern.every((alternatives, index) => {
    const word = words[index];
    return typeof word === "string" && matchesWord(word, alternatives, rule.ignoresCase);
  });
}

/** Whether open words can turn out so that the rule matches. */
function couldMatch(words: readonly ScriptWord[], pattern: PrefixRule["pattern"], rule: PrefixRule): boolean {
  const [alternatives, ...restPattern] = pattern;
  const [word, ...rest] = words;
  if (alternatives === undefined) return true;
  if (word === undefined) return false;
  if (typeof word === "string") return matchesWord(word, alternatives, rule.ignoresCase) && couldMatch(rest, restPattern, rule);
  const begins = alternatives.some((one) => startsWith(one, word.prefix, rule.ignoresCase));
  if (!word.many) return begins && couldMatch(rest, restPattern, rule);
  if (word.prefix === "" && couldMatch(rest, pattern, rule)) return true;
  return begins && pattern.some((_, index) => couldMatch(rest, pattern.slice(index + 1), rule));
}

function startsWith(text: string, prefix: string, ignoresCase: boolean): boolean {
  return ignoresCase ? text.toLowerCase().startsWith(prefix.toLowerCase()) : text.startsWith(prefix);
}

/** Where programs are put by the system and its package managers. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  "/bin",
  "/sbin",
  "/usr/bin",
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/homebrew/bin",
  "/run/current-system/sw/bin",
]);

/** A program that is named by its path is only taken for the known one of that name in known places. */
export function isKnownPlace(program: string, rules: PrefixRules): boolean {
  if (!program.includes("/")) return true;
  if (!program.startsWith("/")) return false;
  const path = resolvePath(program, "/");
  const listed = rules.hostExecutables.get(baseName(path));
  return listed === undefined ? SYSTEM_FOLDERS.has(path.slice(0, path.lastIndexOf("/"))) : listed.includes(path);
}

function allowanceRefusal(
  program: ScriptWord | undefined,
  rules: PrefixRules,
  { cwd, byName }: Surroundings & { readonly byName: boolean },
): string | undefined {
  if (typeof program !== "string" || !program.includes("/")) return undefined;
  if (byName) return isKnownPlace(program, rules) ? undefined : "a program of this name elsewhere need not be the one that the rule means";
  return program.startsWith("/") || cwd !== undefined ? undefined : "the folder it is started from has changed";
}
