import { mayWrite, type ArgFault } from "./arg-matcher.ts";
import type { ExecCall, PositionalArg, ValidExec } from "./exec-call.ts";

type MatcherLabel = string | { readonly Literal: string };

/** Why no specification accounts for a command. */
export type ExecFault =
  | ArgFault
  | { readonly type: "NoSpecForProgram"; readonly program: string }
  | { readonly type: "UnknownOption"; readonly program: string; readonly option: string }
  | { readonly type: "OptionMissingValue"; readonly program: string; readonly option: string }
  | {
      readonly type: "OptionFollowedByOptionInsteadOfValue";
      readonly program: string;
      readonly option: string;
      readonly value: string;
    }
  | { readonly type: "DoubleDashNotSupportedYet"; readonly program: string }
  | { readonly type: "MissingRequiredOptions"; readonly program: string; readonly options: readonly string[] }
  | { readonly type: "MultipleVarargPatterns"; readonly program: string; readonly first: MatcherLabel; readonly second: MatcherLabel }
  | { readonly type: "RangeEndOutOfBounds"; readonly end: number; readonly len: number }
  | {
      readonly type: "NotEnoughArgs";
      readonly program: string;
      readonly args: readonly PositionalArg[];
      readonly arg_patterns: readonly MatcherLabel[];
    }
  | { readonly type: "PrefixOverlapsSuffix" }
  | { readonly type: "VarargMatcherDidNotMatchAnything"; readonly program: string; readonly matcher: MatcherLabel }
  | { readonly type: "UnexpectedArguments"; readonly program: string; readonly args: readonly PositionalArg[] };

export type ForbiddenCause =
  | { readonly Exec: { readonly exec: ValidExec } }
  | { readonly Program: { readonly program: string; readonly exec_call: ExecCall } }
  | { readonly Arg: { readonly arg: string; readonly exec_call: ExecCall } };

/** What a policy makes of a command; also the line of JSON that the command line prints. */
export type Verdict =
  /** Accounted for, and nothing in it can be written to. */
  | { readonly result: "safe"; readonly match: ValidExec }
  /** Accounted for; who runs it looks at the files that it writes. */
  | { readonly result: "match"; readonly match: ValidExec }
  | { readonly result: "forbidden"; readonly reason: string; readonly cause: ForbiddenCause }
  /** Nothing accounts for it: ask. */
  | { readonly result: "unverified"; readonly error: ExecFault };

export function verdictOfMatch(match: ValidExec): Verdict {
  const writes = [...match.args, ...match.opts].some(({ type }) => mayWrite(type));
  return { result: writes ? "match" : "safe", match };
}

/** What `--require-safe` ends with. */
export function requireSafeExitCode(verdict: Verdict): number {
  switch (verdict.result) {
    case "safe":
      return 0;
    case "match":
      return 12;
    case "unverified":
      return 13;
    case "forbidden":
      return 14;
  }
}
