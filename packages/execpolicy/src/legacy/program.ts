import { argFault, argTypeOf, type ArgMatcher } from "./arg-matcher.ts";
import { resolvePositionals } from "./arg-resolver.ts";
import type { ExecCall, MatchedFlag, MatchedOpt, PositionalArg, ValidExec } from "./exec-call.ts";
import type { Location } from "../starlark/source.ts";
import type { ExecFault } from "./verdict.ts";

export type ProgramOption =
  | { readonly kind: "flag"; readonly name: string }
  | { readonly kind: "opt"; readonly name: string; readonly matcher: ArgMatcher; readonly required: boolean };

/** One way a program may be called. Several may exist for one program. */
export interface ProgramSpec {
  readonly program: string;
  readonly systemPath: readonly string[];
  readonly options: ReadonlyMap<string, ProgramOption>;
  readonly args: readonly ArgMatcher[];
  /** Why a call that fits must never run; undefined when it may. */
  readonly forbidden: string | undefined;
  /** Where the call of `define_program` stands. */
  readonly location: Location;
  readonly shouldMatch: readonly (readonly string[])[];
  readonly shouldNotMatch: readonly (readonly string[])[];
}

export type SpecMatch = { readonly ok: true; readonly exec: ValidExec } | { readonly ok: false; readonly fault: ExecFault };

/** Accounts for every argument of a call, or says which one it cannot account for. */
export function matchSpec(spec: ProgramSpec, call: ExecCall): SpecMatch {
  const read = readArguments(spec, call);
  if ("type" in read) return { ok: false, fault: read };
  const args = resolvePositionals(spec, read.positionals);
  if (!args.ok) return args;
  const missing = missingOptions(spec, read.opts);
  if (missing.length > 0) return { ok: false, fault: { type: "MissingRequiredOptions", program: spec.program, options: missing } };
  const { flags, opts } = read;
  return { ok: true, exec: { program: spec.program, flags, opts, args: args.matched, system_path: spec.systemPath } };
}

interface ReadArguments {
  readonly flags: readonly MatchedFlag[];
  readonly opts: readonly MatchedOpt[];
  readonly positionals: readonly PositionalArg[];
}

/** Parts options from the rest. Only options written apart from their values are known; nothing is bundled. */
function readArguments(spec: ProgramSpec, call: ExecCall): ReadArguments | ExecFault {
  const { program } = spec;
  const flags: MatchedFlag[] = [];
  const opts: MatchedOpt[] = [];
  const positionals: PositionalArg[] = [];
  let waiting: (ProgramOption & { readonly kind: "opt" }) | undefined;
  for (const [index, value] of call.args.entries()) {
    if (waiting !== undefined) {
      const opt = readOptionValue(program, waiting, value);
      if (!("name" in opt)) return opt;
      opts.push(opt);
      waiting = undefined;
    } else if (value === "--") {
      return { type: "DoubleDashNotSupportedYet", program };
    } else if (value.startsWith("-")) {
      const option = spec.options.get(value);
      if (option === undefined) return { type: "UnknownOption", program, option: value };
      if (option.kind === "opt") waiting = option;
      else flags.push({ name: value });
    } else positionals.push({ index, value });
  }
  if (waiting !== undefined) return { type: "OptionMissingValue", program, option: waiting.name };
  return { flags, opts, positionals };
}

function readOptionValue(program: string, option: ProgramOption & { readonly kind: "opt" }, value: string): MatchedOpt | ExecFault {
  if (value.startsWith("-")) return { type: "OptionFollowedByOptionInsteadOfValue", program, option: option.name, value };
  const type = argTypeOf(option.matcher);
  return argFault(type, value) ?? { name: option.name, value, type };
}

function missingOptions(spec: ProgramSpec, opts: readonly MatchedOpt[]): readonly string[] {
  const required = [...spec.options.values()].filter((option) => option.kind === "opt" && option.required).map(({ name }) => name);
  return required.filter((name) => !opts.some((opt) => opt.name === name)).sort();
}
