import { hostFunction } from "../starlark/builtins.ts";
import type { BoundArguments } from "../starlark/arguments.ts";
import { evaluate } from "../starlark/evaluate.ts";
import { nearMiss } from "../starlark/near-miss.ts";
import { locate, policyError, StarlarkFault, type PolicyError, type SourceFile, type Span } from "../starlark/source.ts";
import { isObject, aTypeName, type Value } from "../starlark/values.ts";
import { matchRules } from "./match.ts";
import { readNetworkRule } from "./network-rule.ts";
import { baseName, normalizePath } from "./path.ts";
import { DECISIONS, type Decision, type NetworkRule, type PrefixRule, type PrefixRules } from "./rule.ts";
import { splitWords } from "./split-words.ts";

export type LoadedPrefixRules =
  | { readonly ok: true; readonly rules: PrefixRules }
  /** One bad file refuses them all: half of the rules could be the half that allows. */
  | { readonly ok: false; readonly error: PolicyError };

/**
 * Reads rule files, the one with the lowest precedence first; all of their rules count. The examples in `match` and `not_match` are held
 * against their own rule as soon as the file has been read. `cwd`: what relative programs in examples are seen from.
 */
export function loadPrefixRules(files: readonly SourceFile[], cwd = "/"): LoadedPrefixRules {
  const loaded: Loading = { rules: [], hostExecutables: new Map(), networkRules: [], examples: [] };
  for (const file of files) {
    loaded.examples = [];
    const result = evaluate(file, new Map(ruleFunctions(file, loaded)));
    if (!result.ok) return result;
    const fault = firstFailingExample(loaded, cwd);
    if (fault !== undefined) return { ok: false, error: policyError(file, fault) };
  }
  const { rules, hostExecutables, networkRules } = loaded;
  return { ok: true, rules: { rules, hostExecutables, networkRules } };
}

interface Loading {
  readonly rules: PrefixRule[];
  readonly hostExecutables: Map<string, readonly string[]>;
  readonly networkRules: NetworkRule[];
  examples: RuleExamples[];
}

interface RuleExamples {
  readonly rules: readonly PrefixRule[];
  readonly match: readonly Example[];
  readonly notMatch: readonly Example[];
}

interface Example {
  readonly words: readonly string[];
  readonly span: Span;
}

function ruleFunctions(file: SourceFile, loaded: Loading): readonly (readonly [string, Value])[] {
  return [
    hostFunction(
      "prefix_rule",
      [
        { name: "pattern", type: "list", required: true },
        { name: "decision", type: "string" },
        { name: "match", type: "list" },
        { name: "not_match", type: "list" },
        { name: "justification", type: "string" },
        { name: "canonical_matching", type: "bool" },
      ],
      (args, site) => addPrefixRule(loaded, args, { ...locate(file, site.span.start) }),
    ),
    hostFunction(
      "host_executable",
      [
        { name: "name", type: "string", required: true },
        { name: "paths", type: "list", required: true },
      ],
      (args) => addHostExecutable(loaded, args),
    ),
    hostFunction(
      "network_rule",
      [
        { name: "host", type: "string", required: true },
        { name: "protocol", type: "string", required: true },
        { name: "decision", type: "string", required: true },
        { name: "justification", type: "string" },
      ],
      (args, site) => {
        loaded.networkRules.push({
          ...readNetworkRule(args),
          justification: justificationOf(args),
          location: locate(file, site.span.start),
        });
        return null;
      },
    ),
  ];
}

function addPrefixRule(loaded: Loading, args: BoundArguments, location: PrefixRule["location"]): null {
  const [first = [], ...rest] = readPattern(args);
  const decision = readDecision(args);
  const match = readExamples(args, "match");
  const notMatch = readExamples(args, "not_match");
  const justification = justificationOf(args);
  const ignoresCase = args.flag("canonical_matching") ?? false;
  const rules = first.map((program) => ({ pattern: [[program], ...rest], decision, justification, ignoresCase, location }));
  loaded.rules.push(...rules);
  loaded.examples.push({ rules, match, notMatch });
  return null;
}

function readPattern(args: BoundArguments): readonly (readonly string[])[] {
  const span = args.span("pattern");
  const elements = args.items("pattern") ?? [];
  if (elements.length === 0) throw new StarlarkFault("a pattern has at least one word", span);
  return elements.map((element) => {
    if (typeof element === "string") return [element];
    if (!isObject(element) || element.type !== "list") {
      throw new StarlarkFault(`a pattern is made of strings and lists of strings, not of ${aTypeName(element)}`, span);
    }
    if (element.items.length === 0) throw new StarlarkFault("a list of alternatives has at least one of them", span);
    return element.items.map((word) => {
      if (typeof word === "string") return word;
      throw new StarlarkFault(`an alternative is a string, not ${aTypeName(word)}`, span);
    });
  });
}

function readDecision(args: BoundArguments): Decision {
  const given = args.text("decision") ?? "allow";
  const decision = DECISIONS.find((one) => one === given);
  if (decision !== undefined) return decision;
  const near = given === "deny" ? "forbidden" : given === "ask" ? "prompt" : nearMiss(given, DECISIONS);
  const hint = near === undefined ? `It is one of ${DECISIONS.join(", ")}.` : `Did you mean \`${near}\`?`;
  throw new StarlarkFault(`\`${given}\` is no decision`, args.span("decision"), hint);
}

function justificationOf(args: BoundArguments): string | undefined {
  const justification = args.text("justification");
  if (justification?.trim() === "") throw new StarlarkFault("a justification says something", args.span("justification"));
  return justification;
}

function readExamples(args: BoundArguments, name: "match" | "not_match"): readonly Example[] {
  const span = args.span(name);
  return (args.items(name) ?? []).map((example) => {
    if (typeof example === "string") return { words: wordsOfText(example, span), span };
    if (!isObject(example) || example.type !== "list") {
      throw new StarlarkFault(`an example is a string or a list of strings, not ${aTypeName(example)}`, span);
    }
    if (example.items.length === 0) throw new StarlarkFault("an example has at least one word", span);
    const words = example.items.map((word) => {
      if (typeof word === "string") return word;
      throw new StarlarkFault(`the words of an example are strings, not ${aTypeName(word)}`, span);
    });
    return { words, span };
  });
}

function wordsOfText(example: string, span: Span): readonly string[] {
  const words = splitWords(example);
  if (words === undefined) throw new StarlarkFault("an example has an open quote or ends in a backslash", span);
  if (words.length === 0) throw new StarlarkFault("an example has at least one word", span);
  return words;
}

function addHostExecutable(loaded: Loading, args: BoundArguments): null {
  const name = args.text("name") ?? "";
  const bare = name !== "" && name !== "." && name !== ".." && !/[/\\]/u.test(name);
  if (!bare) throw new StarlarkFault("`name` is the bare name of a program", args.span("name"));
  const paths = (args.items("paths") ?? []).map((path) => hostPath(path, name, args.span("paths")));
  loaded.hostExecutables.set(name, [...new Set(paths)]);
  return null;
}

function hostPath(path: Value, name: string, span: Span): string {
  if (typeof path !== "string") throw new StarlarkFault(`a path is a string, not ${aTypeName(path)}`, span);
  if (!path.startsWith("/")) throw new StarlarkFault(`the path \`${path}\` is not absolute`, span);
  const normal = normalizePath(path);
  if (baseName(normal) !== name) throw new StarlarkFault(`the path \`${path}\` does not end in \`${name}\``, span);
  return normal;
}

function firstFailingExample(loaded: Loading, cwd: string): StarlarkFault | undefined {
  const options = { resolveHostExecutables: true, cwd };
  for (const { rules, match, notMatch } of loaded.examples) {
    const own: PrefixRules = { rules, hostExecutables: loaded.hostExecutables, networkRules: [] };
    const missed = match.find(({ words }) => matchRules(words, own, options).length === 0);
    if (missed !== undefined) return new StarlarkFault(`this rule does not match its example \`${missed.words.join(" ")}\``, missed.span);
    const hit = notMatch.find(({ words }) => matchRules(words, own, options).length > 0);
    if (hit !== undefined) return new StarlarkFault(`this rule matches \`${hit.words.join(" ")}\`, which it says it does not`, hit.span);
  }
  return undefined;
}
