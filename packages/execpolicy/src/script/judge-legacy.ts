import { checkCall, type LegacyPolicy } from "../legacy/check.ts";
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
  const [program, ...args] = words;
  const open = words.some((word) => typeof word !== "string");
  if (program === undefined) return NO_OPINION;
  const known = words.filter((word) => typeof word === "string");
  const forbidden = typeof program === "string" ? forbiddenBy(policy, program, known.slice(1)) : forbiddenArgument(policy, known);
  if (forbidden !== undefined) return { ...NO_OPINION, rule: forbidden };
  if (open || typeof program !== "string") return { ...NO_OPINION, couldBe: couldForbid(policy, program) };
  const verdict = checkCall(policy, { program, args: args.filter((arg) => typeof arg === "string") });
  if (verdict.result === "forbidden")
    return { ...NO_OPINION, rule: specReference(policy, { program, args: known.slice(1) }, verdict.reason) };
  if (verdict.result === "safe") {
    return { ...NO_OPINION, rule: specReference(policy, { program, args: known.slice(1) }, undefined) };
  }
  if (verdict.result === "unverified") return NO_OPINION;
  return {
    ...NO_OPINION,
    writes: [...verdict.match.args, ...verdict.match.opts].filter(({ type }) => type === "WriteableFile").map(({ value }) => value),
  };
}

function forbid(location: Location, reason: string): RuleReference {
  return { ...location, decision: "forbidden", justification: reason };
}

/** Programs and arguments that no call may have, by the name of the program too. */
function forbiddenBy(policy: LegacyPolicy, program: string, args: readonly string[]): RuleReference | undefined {
  const names = [program, baseName(program)];
  const line = policy.forbiddenPrograms.find(({ pattern }) => names.some((name) => pattern.test(name)));
  if (line !== undefined) return forbid(line.location, line.reason);
  const byName = specReferenceOf(policy, { program: baseName(program), args });
  return byName ?? forbiddenArgument(policy, args);
}

function forbiddenArgument(policy: LegacyPolicy, args: readonly string[]): RuleReference | undefined {
  const line = policy.forbiddenSubstrings.find(({ text }) => args.some((arg) => arg.includes(text)));
  return line === undefined ? undefined : forbid(line.location, `an argument contains ${line.text}`);
}

function specReferenceOf(
  policy: LegacyPolicy,
  call: { readonly program: string; readonly args: readonly string[] },
): RuleReference | undefined {
  const verdict = checkCall(policy, call);
  return verdict.result === "forbidden" && "Exec" in verdict.cause ? specReference(policy, call, verdict.reason) : undefined;
}

/** The first line that accounts for the call. */
function specReference(
  policy: LegacyPolicy,
  call: { readonly program: string; readonly args: readonly string[] },
  reason: string | undefined,
): RuleReference | undefined {
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
