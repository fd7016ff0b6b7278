import { baseName, resolvePath } from "./path.ts";
import type { PrefixRule, PrefixRules } from "./rule.ts";

export interface RuleMatch {
  readonly rule: PrefixRule;
  /** The words of the command that the rule spoke about. */
  readonly matchedPrefix: readonly string[];
  /** The path of the program, when the rule was found by its name alone. */
  readonly resolvedProgram: string | undefined;
}

export interface MatchOptions {
  /** A program given by its path also meets the rules for its name, unless `host_executable` lists other paths. */
  readonly resolveHostExecutables: boolean;
  /** Absolute; what a relative program is seen from. */
  readonly cwd: string;
  /** What a leading `~/` of the program stands for; left out where nothing expands it, as when a program is started. */
  readonly home?: string;
}

/**
 * Every rule that speaks about a command, in the order of the rules; those that spell its program in other case come last. Rules for
 * the very first word come first and alone: only when none of them matches is the program looked up by name.
 */
export function matchRules(argv: readonly string[], rules: PrefixRules, options: MatchOptions): readonly RuleMatch[] {
  const [program] = argv;
  if (program === undefined) return [];
  const exact = matchAll(argv, rules.rules, undefined);
  if (exact.length > 0 || !options.resolveHostExecutables) return exact;
  const given = options.home === undefined ? program : program.replace(/^~(?=\/|$)/u, () => options.home ?? "");
  const path = resolvePath(given, options.cwd);
  const name = baseName(path);
  if (!given.includes("/") || name === "") return [];
  const allowed = rules.hostExecutables.get(name);
  if (allowed !== undefined && !allowed.includes(path)) return [];
  return matchAll([name, ...argv.slice(1)], rules.rules, path);
}

function matchAll(argv: readonly string[], rules: readonly PrefixRule[], resolvedProgram: string | undefined): readonly RuleMatch[] {
  const matching = rules.filter((rule) => matchesRule(argv, rule));
  const spelledSo = (rule: PrefixRule): boolean => rule.pattern[0]?.[0] === argv[0];
  return [...matching.filter(spelledSo), ...matching.filter((rule) => !spelledSo(rule))].map((rule) => ({
    rule,
    matchedPrefix: argv.slice(0, rule.pattern.length),
    resolvedProgram,
  }));
}

/** The first words of the command are what the rule wants, letter by letter. */
function matchesRule(argv: readonly string[], rule: PrefixRule): boolean {
  if (argv.length < rule.pattern.length) return false;
  return rule.pattern.every((alternatives, index) => matchesWord(argv[index] ?? "", alternatives, rule.ignoresCase));
}

export function matchesWord(word: string, alternatives: readonly string[], ignoresCase: boolean): boolean {
  if (!ignoresCase) return alternatives.includes(word);
  return alternatives.some((alternative) => lowerAscii(alternative) === lowerAscii(word));
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
}
