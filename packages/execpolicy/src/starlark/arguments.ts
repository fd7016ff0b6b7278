import { nearMiss } from "./near-miss.ts";
import { StarlarkFault, type Span } from "./source.ts";
import { isObject, toRepr, typeName, type CallArguments, type CallSite, type Value } from "./values.ts";

export interface WantedArgument {
  readonly name: string;
  readonly type: "string" | "list" | "bool" | "int" | "any";
  readonly required?: boolean;
  /** Cannot be given by name. */
  readonly positionalOnly?: boolean;
}

/** What a function of the host was called with, by parameter name. Missing optional ones are not in it. */
export interface BoundArguments {
  readonly value: (name: string) => Value | undefined;
  readonly text: (name: string) => string | undefined;
  readonly items: (name: string) => readonly Value[] | undefined;
  readonly flag: (name: string) => boolean | undefined;
  /** Where the argument stands, or the call when it does not. */
  readonly span: (name: string) => Span;
}

/** Matches a call with what the function wants; a StarlarkFault names the first thing that does not fit. */
export function bindArguments(
  called: string,
  wanted: readonly WantedArgument[],
  [args, site]: readonly [CallArguments, CallSite],
): BoundArguments {
  const values = new Map<string, { readonly value: Value; readonly span: Span }>();
  for (const [index, value] of args.positional.entries()) {
    const parameter = wanted[index];
    const span = site.spans.get(index) ?? site.span;
    if (parameter === undefined)
      throw new StarlarkFault(`\`${called}\` takes ${count(wanted.length)}, not ${args.positional.length}`, span);
    values.set(parameter.name, { value, span });
  }
  for (const [name, value] of args.named) {
    const span = site.spans.get(name) ?? site.span;
    const parameter = wanted.find((one) => one.name === name && one.positionalOnly !== true);
    if (parameter === undefined) throw unknownArgument(called, { name, span, wanted });
    if (values.has(name)) throw new StarlarkFault(`the argument \`${name}\` is given twice`, span);
    values.set(name, { value, span });
  }
  for (const parameter of wanted) checkArgument(called, parameter, { given: values.get(parameter.name), site });
  return boundArguments(values, site);
}

function count(parameters: number): string {
  return parameters === 1 ? "one argument" : `at most ${parameters} arguments`;
}

function unknownArgument(
  called: string,
  { name, span, wanted }: { readonly name: string; readonly span: Span; readonly wanted: readonly WantedArgument[] },
): StarlarkFault {
  const names = wanted.filter(({ positionalOnly }) => positionalOnly !== true).map((one) => one.name);
  const near = nearMiss(name, names);
  const hint = near === undefined ? `It takes ${names.join(", ")}.` : `Did you mean \`${near}\`?`;
  return new StarlarkFault(`\`${called}\` has no argument \`${name}\``, span, hint);
}

interface Given {
  readonly given: { readonly value: Value; readonly span: Span } | undefined;
  readonly site: CallSite;
}

function checkArgument(called: string, wanted: WantedArgument, { given, site }: Given): void {
  if (given === undefined) {
    if (wanted.required === true) throw new StarlarkFault(`\`${called}\` wants the argument \`${wanted.name}\``, site.span);
    return;
  }
  if (wanted.type === "any" || typeName(given.value) === wanted.type) return;
  const shown = toRepr(given.value);
  const actual = `${typeName(given.value)} ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`;
  throw new StarlarkFault(`\`${wanted.name}\` is a ${wanted.type}, not the ${actual}`, given.span);
}

function boundArguments(values: ReadonlyMap<string, { readonly value: Value; readonly span: Span }>, site: CallSite): BoundArguments {
  const value = (name: string): Value | undefined => values.get(name)?.value;
  return {
    value,
    text: (name) => {
      const text = value(name);
      return typeof text === "string" ? text : undefined;
    },
    items: (name) => {
      const items = value(name);
      return items !== undefined && isObject(items) && items.type === "list" ? items.items : undefined;
    },
    flag: (name) => {
      const flag = value(name);
      return typeof flag === "boolean" ? flag : undefined;
    },
    span: (name) => values.get(name)?.span ?? site.span,
  };
}
