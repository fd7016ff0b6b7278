import { scriptCommands, type ScriptAssignment, type ScriptCommand, type ScriptPlace } from "../shell/script-commands.ts";
import type { ShellName } from "../shell/parse.ts";
import type { OpenWord, ScriptWord } from "../shell/script-word.ts";
import { changesShell, isHarmlessAssignment, isInert, isLocalName } from "./harmless.ts";
import { judgeByLegacy } from "./judge-legacy.ts";
import { judgeByNetwork } from "./judge-network.ts";
import { isKnownPlace, judgeByPrefix, referTo, type PrefixOpinion } from "./judge-prefix.ts";
import { lookThrough, type Inner } from "./look-through.ts";
import {
  stricter,
  VERDICTS,
  type PartReason,
  type RuleReference,
  type RuleVerdict,
  type ScriptContext,
  type ScriptInput,
  type ScriptPart,
  type ScriptRules,
  type ScriptVerdict,
} from "./verdict.ts";

/**
 * Judges everything that a command line or a script may run by all rules, also inside of shells, substitutions and programs that run
 * others. The strictest part decides. What the text does not tell is never allowed, and asked about when it could be something that a
 * rule asks about or forbids. Pure.
 */
export function evaluateScript(input: ScriptInput, rules: ScriptRules, context: ScriptContext): ScriptVerdict {
  const judging: Judging = { rules, context, parts: [], writes: [], cwd: context.cwd };
  if (input.type === "script") judgeScript(input.script, { shell: input.shell, place: undefined, depth: 0, own: true }, judging);
  else {
    const command = { words: input.argv, assignments: [], input: undefined, place: { line: 1, column: 1 } };
    judgeCommand(command, { shell: "sh", place: command.place, depth: 0, own: false }, judging);
  }
  return conclude(judging);
}

interface Judging {
  readonly rules: ScriptRules;
  readonly context: ScriptContext;
  readonly parts: ScriptPart[];
  readonly writes: (string | undefined)[];
  /** Undefined once something may have changed it. */
  cwd: string | undefined;
}

/** `place`: where the outermost command stands that the script is part of. */
interface Surrounding {
  readonly shell: ShellName;
  readonly place: ScriptPlace | undefined;
  readonly depth: number;
  /** The script is the one that was asked about, and not run by one of its commands. */
  readonly own: boolean;
}

const DEEPEST = 8;

function conclude({ parts, writes }: Judging): ScriptVerdict {
  const speaking = parts.filter((part) => part.because.type !== "unmatched" || !isInert(part.words));
  const counted = speaking.length > 0 ? speaking : parts;
  const verdict = counted.reduce<RuleVerdict>((strictest, part) => stricter(strictest, part.verdict), VERDICTS[0]);
  const decidedBy =
    counted.find((part) => part.verdict === verdict && part.because.type !== "harmless") ??
    counted.find((part) => part.verdict === verdict);
  // Harmless commands alone are nothing that a rule allows.
  const spoken = decidedBy !== undefined && decidedBy.because.type !== "harmless";
  return { verdict: spoken ? verdict : "none", decidedBy, parts, writes };
}

/** Gives the strictest verdict among the parts it adds; `allow` when it adds none. */
function judgeScript(script: string, surrounding: Surrounding, judging: Judging): RuleVerdict {
  const at = (place: ScriptPlace): ScriptPlace => surrounding.place ?? place;
  if (surrounding.depth > DEEPEST) {
    return addOpaque("it is nested too deeply", { words: [], place: surrounding.place ?? { line: 1, column: 1 } }, judging);
  }
  const { commands, writes, opaque } = scriptCommands(script, surrounding.shell);
  if (commands.some(({ words }) => changesFolder(words))) judging.cwd = undefined;
  let verdict: RuleVerdict = "allow";
  for (const { reason, place } of opaque) verdict = stricter(verdict, addOpaque(reason, { words: [], place: at(place) }, judging));
  for (const command of commands) {
    verdict = stricter(
      verdict,
      judgeCommand({ ...command, place: at(command.place) }, { ...surrounding, place: at(command.place) }, judging),
    );
  }
  for (const { path, place } of writes) verdict = stricter(verdict, addWrite(path, at(place), judging));
  return verdict;
}

function changesFolder([program]: readonly ScriptWord[]): boolean {
  return typeof program !== "string" || ["cd", "pushd", "popd", "eval", "source", "."].includes(program);
}

interface Placed {
  readonly words: readonly (string | OpenWord)[];
  readonly place: ScriptPlace;
}

function addPart(
  verdict: RuleVerdict,
  because: PartReason,
  { placed, judging }: { readonly placed: Placed; readonly judging: Judging },
): RuleVerdict {
  judging.parts.push({ verdict, because, words: placed.words, line: placed.place.line, column: placed.place.column });
  return verdict;
}

const ANYTHING: readonly ScriptWord[] = [{ prefix: "", many: true, source: "shell" }];

/** Something of which nothing is known could be whatever a rule asks about or forbids. */
function addOpaque(reason: string, placed: Placed, judging: Judging): RuleVerdict {
  const { prefix, legacy } = judging.rules;
  const byPrefix = judgeByPrefix(ANYTHING, prefix, { cwd: undefined }).couldBe;
  const byLegacy = legacy === undefined ? undefined : judgeByLegacy(ANYTHING, legacy).couldBe;
  const rule = (byPrefix && referTo(byPrefix)) ?? byLegacy ?? judgeByNetwork(ANYTHING, prefix).couldBe;
  const because: PartReason = rule === undefined ? { type: "unreadable", reason } : { type: "unreadable", reason, rule };
  return addPart(rule === undefined ? "none" : "prompt", because, { placed, judging });
}

const HARMLESS_TARGETS: ReadonlySet<string> = new Set(["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"]);

function addWrite(path: string | undefined, place: ScriptPlace, judging: Judging): RuleVerdict {
  if (path !== undefined && HARMLESS_TARGETS.has(path)) return "allow";
  judging.writes.push(path);
  if (path !== undefined && judging.context.mayWrite?.(path) === true) return "allow";
  const because: PartReason = path === undefined ? { type: "writes" } : { type: "writes", path };
  return addPart("none", because, { placed: { words: [], place }, judging });
}

function judgeCommand(command: ScriptCommand, surrounding: Surrounding, judging: Judging): RuleVerdict {
  const settings = judgeAssignments(command, judging);
  if (command.words.length === 0) return settings;
  const through = lookThrough(command, surrounding.shell);
  const opinion = judgeByPrefix(command.words, judging.rules.prefix, { cwd: judging.cwd });
  if (through === undefined)
    return stricter(settings, judgeAlone({ ...command, plain: command.plain === true && surrounding.own }, opinion, judging));
  const own = ownVerdict(command, opinion, { judging, inner: through.inner, transparent: through.transparent });
  const first = judging.parts.length;
  const inner = through.inner.map((one) => judgeInner(one, { ...surrounding, depth: surrounding.depth + 1 }, { judging, command }));
  const covered = own === "allow" && through.inner.length > 0 && through.inner.every((one) => isCovered(one, opinion.allowedWords));
  if (covered) lift(judging, first, opinion);
  const verdict = inner.reduce<RuleVerdict>((strictest, one) => stricter(strictest, covered && one === "none" ? "allow" : one), own);
  return stricter(settings, verdict);
}

/** The rule that allows the wrapper goes on into the very command that it runs, so it speaks about that command too. */
function isCovered(inner: Inner, allowedWords: number): boolean {
  return inner.type !== "opaque" && inner.start !== undefined && allowedWords > inner.start;
}

function lift(judging: Judging, first: number, { rule }: PrefixOpinion): void {
  if (rule === undefined) return;
  for (let at = first; at < judging.parts.length; at += 1) {
    const part = judging.parts[at];
    if (part?.verdict === "none") judging.parts[at] = { ...part, verdict: "allow", because: { type: "rule", rule: referTo(rule) } };
  }
}

/** What the rules make of a program that runs another one, that one left aside. Adds a part only when they say something. */
function ownVerdict(
  command: ScriptCommand,
  opinion: PrefixOpinion,
  { judging, inner, transparent }: { readonly judging: Judging; readonly inner: readonly Inner[]; readonly transparent: boolean },
): RuleVerdict {
  const [program] = command.words;
  const known = typeof program === "string" && isKnownPlace(program, judging.rules.prefix);
  const { networkRules } = judging.rules.prefix;
  const says = opinion.rule !== undefined || opinion.couldBe !== undefined || judging.rules.legacy !== undefined || networkRules.length > 0;
  if (transparent && known && inner.length > 0 && !says) return "allow";
  const before = judging.parts.length;
  const verdict = judgeAlone(command, opinion, judging);
  if (transparent && known && inner.length > 0 && verdict === "none") {
    judging.parts.splice(before);
    return "allow";
  }
  return verdict;
}

function judgeInner(
  inner: Inner,
  surrounding: Surrounding,
  { judging, command }: { readonly judging: Judging; readonly command: ScriptCommand },
): RuleVerdict {
  switch (inner.type) {
    case "opaque":
      return addOpaque(inner.reason, { words: command.words, place: command.place }, judging);
    case "script":
      return judgeScript(
        inner.script,
        { ...surrounding, shell: inner.shell, place: command.place, own: surrounding.depth === 1 && !surrounding.own },
        judging,
      );
    case "command": {
      if (surrounding.depth > DEEPEST) return addOpaque("it is nested too deeply", { words: inner.words, place: command.place }, judging);
      return judgeCommand({ ...inner, place: command.place }, { ...surrounding, own: false }, judging);
    }
  }
}

function judgeAlone(command: ScriptCommand, opinion: PrefixOpinion, judging: Judging): RuleVerdict {
  const { words, place, plain = false } = command;
  const target = { placed: { words, place }, judging };
  const { rules, couldBe } = rulesAbout(words, opinion, judging);
  const strict = rules.find(({ decision }) => decision === "forbidden") ?? rules.find(({ decision }) => decision === "prompt");
  if (strict !== undefined) return addPart(strict.decision, { type: "rule", rule: strict }, target);
  if (couldBe !== undefined)
    return addPart("prompt", { type: "unreadable", reason: "not all of its words are in the text", rule: couldBe }, target);
  const [allowing] = rules;
  if (allowing === undefined) return addUnmatched(words, { ...target, plain });
  const refusal = opinion.refusal ?? wordsRefusal(words);
  if (refusal === undefined) return addPart("allow", { type: "rule", rule: allowing }, target);
  return addPart("none", { type: "not_allowed_so", reason: refusal, rule: allowing }, target);
}

/** Rules of every kind that speak about a command, and one that asks or forbids and could. */
function rulesAbout(
  words: readonly ScriptWord[],
  { rule, couldBe }: PrefixOpinion,
  { rules, writes }: Judging,
): { readonly rules: readonly RuleReference[]; readonly couldBe: RuleReference | undefined } {
  const legacy = rules.legacy === undefined ? undefined : judgeByLegacy(words, rules.legacy);
  if (legacy !== undefined) for (const path of legacy.writes) writes.push(path);
  const network = judgeByNetwork(words, rules.prefix);
  return {
    rules: [rule && referTo(rule), legacy?.rule, network.rule].filter((one) => one !== undefined),
    couldBe: (couldBe && referTo(couldBe)) ?? legacy?.couldBe ?? network.couldBe,
  };
}

function addUnmatched(
  words: readonly ScriptWord[],
  target: { readonly placed: Placed; readonly judging: Judging; readonly plain: boolean },
): RuleVerdict {
  if (typeof words[0] !== "string") return addPart("none", { type: "unreadable", reason: "its program is not in the text" }, target);
  // Only what would need no rule alone needs none beside others.
  if (target.plain && words.every((word) => typeof word === "string") && target.judging.context.isHarmless?.(words) === true) {
    return addPart("allow", { type: "harmless" }, target);
  }
  addPart("none", { type: "unmatched" }, target);
  return isInert(words) ? "allow" : "none";
}

function wordsRefusal(words: readonly ScriptWord[]): string | undefined {
  const open = words.some((word) => typeof word !== "string" && word.source === "shell");
  return open ? "some of its words are made by the shell" : undefined;
}

/** Variables may change what a program is or does. */
function judgeAssignments({ words, assignments, place }: ScriptCommand, judging: Judging): RuleVerdict {
  let verdict: RuleVerdict = "allow";
  for (const assignment of assignments) {
    const { name } = assignment;
    if (isHarmlessAssignment(assignment) || (words.length === 0 && isLocalName(name))) continue;
    const placed = { words: words.length === 0 ? [assignmentText(assignment)] : words, place };
    const reason = `it sets ${name}`;
    if (changesShell(name)) verdict = stricter(verdict, addOpaque(reason, placed, judging));
    else verdict = stricter(verdict, addPart("none", { type: "unreadable", reason }, { placed, judging }));
  }
  return verdict;
}

function assignmentText({ name, value }: ScriptAssignment): ScriptWord {
  return value === undefined ? { prefix: `${name}=`, many: false, source: "shell" } : `${name}=${value}`;
}
