import { argFault, argTypeOf, cardinalityOf, matcherLabel, type ArgMatcher } from "./arg-matcher.ts";
import type { MatchedArg, PositionalArg } from "./exec-call.ts";
import type { ExecFault } from "./verdict.ts";

type Resolved = { readonly ok: true; readonly matched: readonly MatchedArg[] } | { readonly ok: false; readonly fault: ExecFault };

/**
 * Gives each positional argument to a matcher: those before the one that takes many get the first arguments, those after it the
 * last, it what is between. Faults come in that order too.
 */
export function resolvePositionals(
  spec: { readonly program: string; readonly args: readonly ArgMatcher[] },
  given: readonly PositionalArg[],
): Resolved {
  const { program, args: matchers } = spec;
  const many = matchers.filter((matcher) => cardinalityOf(matcher) !== "one");
  const [vararg, second] = many;
  if (vararg !== undefined && second !== undefined) {
    return refuse({ type: "MultipleVarargPatterns", program, first: matcherLabel(vararg), second: matcherLabel(second) });
  }
  const at = vararg === undefined ? matchers.length : matchers.indexOf(vararg);
  const [prefix, suffix] = [matchers.slice(0, at), matchers.slice(at + 1)];
  if (prefix.length > given.length) return refuse({ type: "RangeEndOutOfBounds", end: prefix.length, len: given.length });
  const first = matchOneByOne(prefix, given.slice(0, at));
  if (!first.ok) return first;
  if (suffix.length > given.length) return refuse({ type: "NotEnoughArgs", program, args: given, arg_patterns: suffix.map(matcherLabel) });
  const end = given.length - suffix.length;
  if (at > end && vararg !== undefined) return refuse({ type: "PrefixOverlapsSuffix" });
  const middle = vararg === undefined ? MATCHED_NOTHING : matchMany(program, vararg, given.slice(at, end));
  if (!middle.ok) return middle;
  const last = matchOneByOne(suffix, given.slice(end));
  if (!last.ok) return last;
  const matched = [...first.matched, ...middle.matched, ...last.matched];
  if (matched.length === given.length) return { ok: true, matched };
  return refuse({ type: "UnexpectedArguments", program, args: given.slice(matched.length) });
}

const MATCHED_NOTHING: Resolved = { ok: true, matched: [] };

function matchMany(program: string, matcher: ArgMatcher, given: readonly PositionalArg[]): Resolved {
  if (given.length === 0 && cardinalityOf(matcher) === "at_least_one") {
    return refuse({ type: "VarargMatcherDidNotMatchAnything", program, matcher: matcherLabel(matcher) });
  }
  return matchOneByOne(
    given.map(() => matcher),
    given,
  );
}

function matchOneByOne(matchers: readonly ArgMatcher[], given: readonly PositionalArg[]): Resolved {
  const matched: MatchedArg[] = [];
  for (const [position, matcher] of matchers.entries()) {
    const arg = given[position];
    if (arg === undefined) break;
    const type = argTypeOf(matcher);
    const fault = argFault(type, arg.value);
    if (fault !== undefined) return refuse(fault);
    matched.push({ index: arg.index, type, value: arg.value });
  }
  return { ok: true, matched };
}

function refuse(fault: ExecFault): Resolved {
  return { ok: false, fault };
}
