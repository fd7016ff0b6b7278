import type { BoundArguments } from "../starlark/arguments.ts";
import { hostFunction } from "../starlark/builtins.ts";
import { evaluate } from "../starlark/evaluate.ts";
import { locate, policyError, StarlarkFault, type Location, type PolicyError, type SourceFile, type Span } from "../starlark/source.ts";
import { isObject, aTypeName, type OpaqueValue, type Value } from "../starlark/values.ts";
import { MATCHER_NAMES, type ArgMatcher } from "./arg-matcher.ts";
import type { ForbiddenProgram, ForbiddenSubstring, LegacyPolicy } from "./check.ts";
import { matchSpec, type ProgramOption, type ProgramSpec } from "./program.ts";
import { readProgramRegex } from "./program-regex.ts";

export type LoadedPolicy = { readonly ok: true; readonly policy: LegacyPolicy } | { readonly ok: false; readonly error: PolicyError };

/** Reads a policy file; the calls in `should_match` and `should_not_match` are held against their own specification. */
export function loadLegacyPolicy(file: SourceFile): LoadedPolicy {
  const loading: Loading = { programs: [], forbiddenPrograms: [], forbiddenSubstrings: [] };
  const examples: { readonly spec: ProgramSpec; readonly span: (name: string) => Span }[] = [];
  const result = evaluate(
    file,
    new Map<string, Value>([
      ...Object.entries(MATCHER_NAMES).map(([name, matcher]) => [name, opaque("matcher", name, matcher)] as const),
      FLAG,
      OPT,
      hostFunction("define_program", PROGRAM_ARGUMENTS, (args, site) => {
        const spec = readProgram(args, locate(file, site.span.start));
        loading.programs.push(spec);
        examples.push({ spec, span: args.span });
        return null;
      }),
      hostFunction("forbid_substrings", [{ name: "strings", type: "list", required: true }], (args, site) => {
        const location = locate(file, site.span.start);
        loading.forbiddenSubstrings.push(...strings(args, "strings").map((text) => ({ text, location })));
        return null;
      }),
      hostFunction("forbid_program_regex", REGEX_ARGUMENTS, (args, site) => {
        const regex = readProgramRegex(args.text("regex") ?? "");
        if (!regex.ok) throw new StarlarkFault(`this regular expression cannot be read: ${regex.reason}`, args.span("regex"));
        loading.forbiddenPrograms.push({
          pattern: regex.pattern,
          reason: args.text("reason") ?? "",
          location: locate(file, site.span.start),
        });
        return null;
      }),
    ]),
  );
  if (!result.ok) return result;
  for (const { spec, span } of examples) {
    const fault = failingExample(spec, span);
    if (fault !== undefined) return { ok: false, error: policyError(file, fault) };
  }
  return { ok: true, policy: loading };
}

interface Loading {
  readonly programs: ProgramSpec[];
  readonly forbiddenPrograms: ForbiddenProgram[];
  readonly forbiddenSubstrings: ForbiddenSubstring[];
}

const PROGRAM_ARGUMENTS = [
  { name: "program", type: "string", required: true },
  { name: "system_path", type: "list" },
  { name: "option_bundling", type: "bool" },
  { name: "combined_format", type: "bool" },
  { name: "options", type: "list" },
  { name: "args", type: "list" },
  { name: "forbidden", type: "string" },
  { name: "should_match", type: "list" },
  { name: "should_not_match", type: "list" },
] as const;

const REGEX_ARGUMENTS = [
  { name: "regex", type: "string", required: true },
  { name: "reason", type: "string", required: true },
] as const;

function opaque(kind: string, text: string, data: unknown): OpaqueValue {
  return { type: "opaque", kind, text, data };
}

const FLAG = hostFunction("flag", [{ name: "name", type: "string", required: true }], (args) => {
  const name = optionName(args);
  const option: ProgramOption = { kind: "flag", name };
  return opaque("option", `flag(${JSON.stringify(name)})`, option);
});

const OPT = hostFunction(
  "opt",
  [
    { name: "name", type: "string", required: true },
    { name: "type", type: "any", required: true },
    { name: "required", type: "bool" },
  ],
  (args) => {
    const name = optionName(args);
    const matcher = matcherOf(args.value("type") ?? null, args.span("type"));
    const option: ProgramOption = { kind: "opt", name, matcher, required: args.flag("required") ?? false };
    return opaque("option", `opt(${JSON.stringify(name)})`, option);
  },
);

function optionName(args: BoundArguments): string {
  return args.text("name") ?? "";
}

function matcherOf(value: Value, span: Span): ArgMatcher {
  if (typeof value === "string") return { kind: "Literal", value };
  const matcher = isObject(value) && value.type === "opaque" ? Object.values(MATCHER_NAMES).find((one) => one === value.data) : undefined;
  if (matcher !== undefined) return matcher;
  throw new StarlarkFault(`an argument is described by a string or an ARG_ value, not by ${aTypeName(value)}`, span);
}

function readProgram(args: BoundArguments, location: Location): ProgramSpec {
  return {
    location,
    program: args.text("program") ?? "",
    systemPath: strings(args, "system_path"),
    options: readOptions(args),
    args: (args.items("args") ?? []).map((value) => matcherOf(value, args.span("args"))),
    forbidden: args.text("forbidden"),
    shouldMatch: argumentLists(args, "should_match"),
    shouldNotMatch: argumentLists(args, "should_not_match"),
  };
}

function readOptions(args: BoundArguments): ReadonlyMap<string, ProgramOption> {
  const options = new Map<string, ProgramOption>();
  for (const value of args.items("options") ?? []) {
    if (!isObject(value) || value.type !== "opaque" || value.kind !== "option") {
      throw new StarlarkFault(`an option is made by flag() or opt(), not ${aTypeName(value)}`, args.span("options"));
    }
    const option = value.data as ProgramOption;
    if (options.has(option.name)) throw new StarlarkFault(`the option \`${option.name}\` stands here twice`, args.span("options"));
    options.set(option.name, option);
  }
  return options;
}

function strings(args: BoundArguments, name: string): readonly string[] {
  return (args.items(name) ?? []).map((value) => {
    if (typeof value === "string") return value;
    throw new StarlarkFault(`\`${name}\` is a list of strings; it holds ${aTypeName(value)}`, args.span(name));
  });
}

function argumentLists(args: BoundArguments, name: string): readonly (readonly string[])[] {
  const wrong = new StarlarkFault(`\`${name}\` is a list of lists of strings`, args.span(name));
  return (args.items(name) ?? []).map((value) => {
    if (!isObject(value) || value.type !== "list") throw wrong;
    return value.items.map((item) => {
      if (typeof item !== "string") throw wrong;
      return item;
    });
  });
}

function failingExample(spec: ProgramSpec, span: (name: string) => Span): StarlarkFault | undefined {
  const fits = (args: readonly string[]): boolean => matchSpec(spec, { program: spec.program, args }).ok;
  const missed = spec.shouldMatch.find((args) => !fits(args));
  if (missed !== undefined) return new StarlarkFault(`${JSON.stringify(missed)} should match but does not`, span("should_match"));
  const hit = spec.shouldNotMatch.find(fits);
  return hit === undefined ? undefined : new StarlarkFault(`${JSON.stringify(hit)} should not match but does`, span("should_not_match"));
}
