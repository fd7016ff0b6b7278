import type { Location } from "../starlark/source.ts";
import type { ExecCall } from "./exec-call.ts";
import { matchSpec, type ProgramSpec } from "./program.ts";
import { verdictOfMatch, type ExecFault, type Verdict } from "./verdict.ts";

/** A whole policy file. */
export interface LegacyPolicy {
  /** In the order of the file. */
  readonly programs: readonly ProgramSpec[];
  readonly forbiddenPrograms: readonly ForbiddenProgram[];
  readonly forbiddenSubstrings: readonly ForbiddenSubstring[];
}

export interface ForbiddenProgram {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly location: Location;
}

export interface ForbiddenSubstring {
  readonly text: string;
  readonly location: Location;
}

/**
 * Judges one call. Forbidden programs come first, then forbidden substrings, then the specifications of exactly this program in
 * their order: the first that accounts for the call decides, and if none does, the last one says why.
 */
export function checkCall(policy: LegacyPolicy, call: ExecCall): Verdict {
  const forbidden = policy.forbiddenPrograms.find(({ pattern }) => pattern.test(call.program));
  if (forbidden !== undefined) {
    return { result: "forbidden", reason: forbidden.reason, cause: { Program: { program: call.program, exec_call: call } } };
  }
  const arg = call.args.find((one) => policy.forbiddenSubstrings.some(({ text }) => one.includes(text)));
  if (arg !== undefined) {
    return { result: "forbidden", reason: `arg \`${arg}\` contains forbidden substring`, cause: { Arg: { arg, exec_call: call } } };
  }
  let fault: ExecFault = { type: "NoSpecForProgram", program: call.program };
  for (const spec of policy.programs.filter(({ program }) => program === call.program)) {
    const match = matchSpec(spec, call);
    if (!match.ok) fault = match.fault;
    else if (spec.forbidden !== undefined) return { result: "forbidden", reason: spec.forbidden, cause: { Exec: { exec: match.exec } } };
    else return verdictOfMatch(match.exec);
  }
  return { result: "unverified", error: fault };
}
