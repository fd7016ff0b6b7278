import { checkCall, type LegacyPolicy } from "../legacy/check.ts";
import type { ExecCall } from "../legacy/exec-call.ts";
import { baseName } from "../prefix/path.ts";
import type { ScriptWord } from "../shell/script-word.ts";
import type { Location } from "../starlark/source.ts";
import { matchSpec } from "../legacy/program.ts";
import type { RuleReference } from "./verdict.ts";

/** What an April-style policy says about words that are not all known. */
export interface LegacyOpinion {
  /** Forbidden or allowed, and by which line. */
  readonly rule: RuleReference | undefined;
  /** A line that forbids what the open words could become. */
  readonly couldBe: RuleReference | undefined;
  /** Files that a call it accounts for may write. */
  readonly writes: readonly string[];
}

const NO_OPINION: LegacyOpinion = { rule: undefined, couldBe: undefined, writes: [] };

/** A call that may write is no permission here: the caller judges the files. */
export function judgeByLegacy(words: readonly ScriptWord[], policy: LegacyPolicy): LegacyOpinion {
  const [program] = words;
  if (program === undefined) return NO_OPINION;
  const known = words.filter((word) => typeof word === "string");
  const always = forbiddenAlways(policy, typeof program === "string" ? program : undefined, known);
  if (always !== undefined) return { ...NO_OPINION, rule: always };
  if (known.length < words.length || typeof program !== "string") return { ...NO_OPINION, couldBe: couldForbid(policy, program) };
  return judgeCall(policy, { program, args: known.slice(1) });
}

function judgeCall(policy: LegacyPolicy, call: ExecCall): LegacyOpinion {
  const byName = { ...call, program: baseName(call.program) };
  for (const one of [call, byName]) {
    const verdict = checkCall(policy, one);
    if (verdict.result === "forbidden") return { ...NO_OPINION, rule: specReference(policy, one, verdict.reason) };
  }
  const verdict = checkCall(policy, call);
  if (verdict.result === "safe") return { ...NO_OPINION, rule: specReference(policy, call, undefined) };
  if (verdict.result !== "match") return NO_OPINION;
  const files = [...verdict.match.args, ...verdict.match.opts].filter(({ type }) => type === "WriteableFile");
  return { ...NO_OPINION, writes: files.map(({ value }) => value) };
}

function forbid(location: Location, reason: string): RuleReference {
  return { ...location, decision: "forbidden", justification: reason };
}

/** Programs and arguments that no call may have, by the name of the program too. */
function forbiddenAlways(policy: LegacyPolicy, program: string | undefined, words: readonly string[]): RuleReference | undefined {
  const names = program === undefined ? [] : [program, baseName(program)];
  const pattern = policy.forbiddenPrograms.find((one) => names.some((name) => one.pattern.test(name)));
  if (pattern !== undefined) return forbid(pattern.location, pattern.reason);
  const args = program === undefined ? words : words.slice(1);
  const part = policy.forbiddenSubstrings.find(({ text }) => args.some((arg) => arg.includes(text)));
  return part === undefined ? undefined : forbid(part.location, `an argument contains ${part.text}`);
}

/** The first line that accounts for the call. */
function specReference(policy: LegacyPolicy, call: ExecCall, reason: string | undefined): RuleReference | undefined {
  const spec = policy.programs.find((one) => one.program === call.program && matchSpec(one, call).ok);
  if (spec === undefined) return undefined;
  return reason === undefined ? { ...spec.location, decision: "allow" } : forbid(spec.location, reason);
}

function couldForbid(policy: LegacyPolicy, program: ScriptWord): RuleReference | undefined {
  const spec = policy.programs.find(
    (one) => one.forbidden !== undefined && (typeof program !== "string" || one.program === program || one.program === baseName(program)),
  );
  if (spec !== undefined) return forbid(spec.location, spec.forbidden ?? "");
  const line = policy.forbiddenSubstrings[0] ?? (typeof program === "string" ? undefined : policy.forbiddenPrograms[0]);
  return line === undefined ? undefined : forbid(line.location, "text" in line ? `an argument contains ${line.text}` : line.reason);
}
