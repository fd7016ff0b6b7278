import { evaluateScript } from "../script/evaluate-script.ts";
import { VERDICTS, type RuleReference, type ScriptPart, type ScriptVerdict } from "../script/verdict.ts";
import { nearMiss } from "../starlark/near-miss.ts";
import { describePolicyError } from "../starlark/source.ts";
import { loadPrefixRules } from "./load.ts";
import { matchRules, type MatchOptions, type RuleMatch } from "./match.ts";
import { strictest, type Decision, type PrefixRules } from "./rule.ts";

/** What `codex execpolicy check` prints; keys in this order. */
export interface PrefixCheckResult {
  readonly matchedRules: readonly { readonly prefixRuleMatch: PrefixRuleMatch }[];
  /** Left out when no rule matches. */
  readonly decision?: Decision;
}

export interface PrefixRuleMatch {
  readonly matchedPrefix: readonly string[];
  readonly decision: Decision;
  readonly resolvedProgram?: string;
  readonly justification?: string;
}

/** All rules that speak about one command, word for word as given, and the strictest of their decisions. */
export function checkPrefixRules(argv: readonly string[], rules: PrefixRules, options: MatchOptions): PrefixCheckResult {
  const matches = matchRules(argv, rules, options);
  const decision = strictest(matches.map(({ rule }) => rule.decision));
  const matchedRules = matches.map((match) => ({ prefixRuleMatch: describeMatch(match) }));
  return decision === undefined ? { matchedRules } : { matchedRules, decision };
}

function describeMatch({ rule, matchedPrefix, resolvedProgram }: RuleMatch): PrefixRuleMatch {
  return {
    matchedPrefix,
    decision: rule.decision,
    ...(resolvedProgram === undefined ? {} : { resolvedProgram }),
    ...(rule.justification === undefined ? {} : { justification: rule.justification }),
  };
}

/** What a command line program printed and how it ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandWorld {
  readonly cwd: string;
  /** What a leading `~/` of the checked program stands for. */
  readonly home?: string;
  /** The text of a file, or why it cannot be had. */
  readonly readFile: (
    path: string,
  ) => Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }>;
}

const PREFIX_CHECK_USAGE = `Usage: codex execpolicy check --rules FILE... [--as-session] [--pretty] [--resolve-host-executables] [--] COMMAND...

Says what rule files make of one command. The words of the command are taken as they are: no shell is looked into, unless
--as-session is given. When a session would be stricter, a line on stderr says so.

  -r, --rules FILE              a file of rules; may be given several times
      --as-session              judge it as a session does: shells, programs that run others, and hosts of network
                                rules are looked into
      --pretty                  print the result over several lines
      --resolve-host-executables
                                a program given by its path also meets the rules for its name
  -h, --help                    print this text

Exit code 0 whatever the decision is, 1 when a file cannot be read, 2 for a wrong use.
`;

/** `codex execpolicy check`, without the first two words. Exit code 0 with JSON, 1 for a bad file, 2 for a wrong use. */
export async function runPrefixCheck(args: readonly string[], world: CommandWorld): Promise<CommandResult> {
  const parsed = parseCheckArguments(args);
  if (parsed === "help") return { exitCode: 0, stdout: PREFIX_CHECK_USAGE, stderr: "" };
  if (typeof parsed === "string") return { exitCode: 2, stdout: "", stderr: `${parsed}\n\n${PREFIX_CHECK_USAGE}` };
  const files = [];
  for (const path of parsed.rules) {
    const file = await world.readFile(path);
    if (!file.ok) return { exitCode: 1, stdout: "", stderr: `the rules in ${path} cannot be read: ${file.message}\n` };
    files.push({ path, text: file.text });
  }
  const loaded = loadPrefixRules(files, world.cwd);
  if (!loaded.ok) return { exitCode: 1, stdout: "", stderr: `${describePolicyError(loaded.error)}\n` };
  const plain = checkPrefixRules(parsed.command, loaded.rules, { ...parsed, ...world });
  const whole = evaluateScript({ type: "argv", argv: parsed.command }, { prefix: loaded.rules }, { cwd: world.cwd });
  const result = parsed.asSession ? describeVerdict(whole) : plain;
  const stderr = parsed.asSession ? "" : sessionNote(plain.decision, whole);
  return { exitCode: 0, stdout: `${JSON.stringify(result, undefined, parsed.pretty ? 2 : undefined)}\n`, stderr };
}

/** What `--as-session` prints. `decision` is left out where no rule speaks, and the approval policy decides. */
interface SessionCheckResult {
  readonly decision?: Decision;
  /** The part that decides. */
  readonly decidedBy?: SessionCheckPart;
  readonly parts: readonly SessionCheckPart[];
}

interface SessionCheckPart {
  readonly command: readonly string[];
  readonly decision?: Decision;
  readonly rule?: RuleReference;
  readonly reason?: string;
}

function describeVerdict({ verdict, decidedBy, parts }: ScriptVerdict): SessionCheckResult {
  return {
    ...(verdict === "none" ? {} : { decision: verdict }),
    ...(decidedBy === undefined ? {} : { decidedBy: describePart(decidedBy) }),
    parts: parts.map(describePart),
  };
}

/** Words of which the text tells the beginning alone end with `…`. */
function describePart({ words, verdict, because }: ScriptPart): SessionCheckPart {
  const rule = "rule" in because ? because.rule : undefined;
  return {
    command: words.map((word) => (typeof word === "string" ? word : `${word.prefix}…`)),
    ...(verdict === "none" ? {} : { decision: verdict }),
    ...(rule === undefined ? {} : { rule }),
    ...("reason" in because ? { reason: because.reason } : {}),
  };
}

/** A person who tries a rule on a script should not believe that it lets the script pass. */
function sessionNote(decision: Decision | undefined, { verdict, decidedBy }: ScriptVerdict): string {
  if (VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(decision ?? "none") || decidedBy === undefined) return "";
  const { rule } = describePart(decidedBy);
  const by = rule === undefined ? "" : ` by ${rule.path}:${String(rule.line)}`;
  const what = verdict === "none" ? "no rule allows this" : `this is \`${verdict}\`${by}`;
  return `In a session ${what}: it looks into shells, programs that run others, and hosts. --as-session shows it.\n`;
}

interface CheckArguments {
  readonly rules: readonly string[];
  readonly pretty: boolean;
  readonly asSession: boolean;
  readonly resolveHostExecutables: boolean;
  readonly command: readonly string[];
}

const SWITCHES: ReadonlySet<string> = new Set(["--as-session", "--pretty", "--resolve-host-executables"]);

/** Options until the first word that is none; what follows is the command, dashes or not. */
function parseCheckArguments(args: readonly string[]): CheckArguments | string {
  const rules: string[] = [];
  const flags = new Set<string>();
  const rest = [...args];
  while (/^-(?:[^-]|-.)/su.test(rest[0] ?? "")) {
    const [argument, ...attached] = detachPath(rest.shift() ?? "");
    rest.unshift(...attached);
    if (argument === "-h" || argument === "--help") return "help";
    if (SWITCHES.has(argument)) flags.add(argument);
    else if (argument === "-r" || argument === "--rules") {
      const path = rest.shift();
      if (path === undefined) return `${argument} wants a file.`;
      rules.push(path);
    } else return `There is no option \`${argument}\`.${suggestion(argument)}`;
  }
  const command = rest[0] === "--" ? rest.slice(1) : rest;
  if (rules.length === 0) return "At least one file of rules is wanted: --rules FILE.";
  if (command.length === 0) return "A command to check is wanted.";
  return {
    rules,
    command,
    pretty: flags.has("--pretty"),
    asSession: flags.has("--as-session"),
    resolveHostExecutables: flags.has("--resolve-host-executables"),
  };
}

const OPTIONS = ["--rules", "--as-session", "--pretty", "--resolve-host-executables", "--help"];

function suggestion(argument: string): string {
  const near = nearMiss(argument.split("=", 1)[0] ?? "", OPTIONS);
  return near === undefined ? "" : ` Did you mean \`${near}\`?`;
}

/** `--rules=FILE` and `-rFILE` as two words. */
function detachPath(argument: string): readonly [string, ...string[]] {
  const path = /^(?:--rules=|-r=?(?=[^]))([^]*)$/u.exec(argument)?.[1];
  return path === undefined ? [argument] : ["--rules", path];
}
