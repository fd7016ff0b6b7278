import { checkAnnotation } from "./annotations.ts";
import { assignedNames } from "./resolve.ts";
import { StarlarkFault } from "./source.ts";
import type { Expression, Parameter, Statement, StatementOf } from "./syntax.ts";
import { dictKey, type CallArguments, type CallSite, type FunctionValue, type Value } from "./values.ts";

/** `locals`: the names that belong to this function from its first line on, whether they have a value yet or not. */
export interface Environment {
  readonly values: Map<string, Value>;
  readonly locals: ReadonlySet<string> | undefined;
  readonly outer: Environment | undefined;
}

export type Flow = { readonly type: "return"; readonly value: Value } | { readonly type: "break" | "continue" } | undefined;

/** One run of one file. `left`: the steps it may still take. The two functions are here so that files need not import each other. */
export interface Run {
  left: number;
  depth: number;
  readonly evaluate: (expression: Expression, environment: Environment, run: Run) => Value;
  readonly execute: (statements: readonly Statement[], environment: Environment, run: Run) => Flow;
}

const DEEPEST_CALL = 50;

export function defineFunction(statement: StatementOf<"def">, environment: Environment, run: Run): FunctionValue {
  const locals = new Set([...statement.parameters.map(({ name }) => name), ...assignedNames(statement.body)]);
  return makeFunction({ ...statement, environment, run }, (values) => {
    const flow = run.execute(statement.body, { values, locals, outer: environment }, run);
    return flow?.type === "return" ? flow.value : null;
  });
}

export function defineLambda(expression: Expression & { readonly type: "lambda" }, environment: Environment, run: Run): FunctionValue {
  return makeFunction({ name: "lambda", parameters: expression.parameters, returns: undefined, environment, run }, (values) =>
    run.evaluate(expression.body, { values, locals: new Set(values.keys()), outer: environment }, run),
  );
}

interface Definition {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: Expression | undefined;
  readonly environment: Environment;
  readonly run: Run;
}

function makeFunction(definition: Definition, body: (values: Map<string, Value>) => Value): FunctionValue {
  const { name, parameters, run } = definition;
  const defaults = new Map(
    parameters.flatMap((parameter) =>
      parameter.default === undefined ? [] : [[parameter.name, run.evaluate(parameter.default, definition.environment, run)] as const],
    ),
  );
  const call = (args: CallArguments, site: CallSite): Value => {
    run.depth += 1;
    if (run.depth > DEEPEST_CALL) throw new StarlarkFault("functions call each other too deeply here", site.span);
    const values = bindParameters(definition, { args, site, defaults });
    const result = body(values);
    run.depth -= 1;
    if (definition.returns !== undefined) checkAnnotation(definition.returns, result, site.span);
    return result;
  };
  return { type: "function", name, call };
}

interface Given {
  readonly args: CallArguments;
  readonly site: CallSite;
  readonly defaults: ReadonlyMap<string, Value>;
}

function bindParameters({ name, parameters }: Definition, { args, site, defaults }: Given): Map<string, Value> {
  const values = new Map<string, Value>();
  const named = new Map(args.named);
  const rest = [...args.positional];
  let positional = true;
  for (const parameter of parameters) {
    if (parameter.kind === "rest") values.set(parameter.name, { type: "tuple", items: rest.splice(0) });
    if (parameter.kind === "rest" || parameter.kind === "only_named") positional = false;
    if (parameter.kind !== "plain") continue;
    const byPlace = positional ? rest.shift() : undefined;
    const byName = named.get(parameter.name);
    if (byPlace !== undefined && byName !== undefined)
      throw new StarlarkFault(`the argument \`${parameter.name}\` is given twice`, site.span);
    const given = byPlace === undefined ? byName : byPlace;
    const value = given === undefined ? defaults.get(parameter.name) : given;
    if (value === undefined) throw new StarlarkFault(`\`${name}\` wants the argument \`${parameter.name}\``, site.span);
    if (given !== undefined && parameter.annotation !== undefined) checkAnnotation(parameter.annotation, given, site.span);
    named.delete(parameter.name);
    values.set(parameter.name, value);
  }
  if (rest.length > 0) throw new StarlarkFault(`\`${name}\` is given ${rest.length} arguments too many`, site.span);
  return takeKeywords({ name, parameters, site }, named, values);
}

function takeKeywords(
  { name, parameters, site }: { readonly name: string; readonly parameters: readonly Parameter[]; readonly site: CallSite },
  named: ReadonlyMap<string, Value>,
  values: Map<string, Value>,
): Map<string, Value> {
  const keywords = parameters.find(({ kind }) => kind === "keywords");
  const [other] = named.keys();
  if (keywords === undefined && other !== undefined) {
    throw new StarlarkFault(`\`${name}\` has no argument \`${other}\``, site.spans.get(other) ?? site.span);
  }
  if (keywords === undefined) return values;
  const entries = new Map([...named].map(([key, value]) => [dictKey(key) ?? key, [key, value] as const]));
  return values.set(keywords.name, { type: "dict", entries, walkers: 0 });
}
