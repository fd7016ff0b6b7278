import type * as z from "zod/mini";
import { maskSecrets, printable } from "./excerpt.ts";
import { didYouMean } from "./near-miss.ts";
import { CONFIG_TOML, type ConfigToml } from "./schema.ts";
import { type ConfigSource, dotted, holdsSecrets } from "./source.ts";
import type { TomlPath } from "./toml-locations.ts";
import type { TomlTable } from "./read-toml.ts";

export interface CheckedToml {
  /** What is usable; undefined when there are errors. */
  readonly values: ConfigToml | undefined;
  /** Each says where it is, what was expected and what was found. */
  readonly errors: readonly string[];
  /** Keys nobody reads; they were left out of `values`. */
  readonly unknownKeys: readonly string[];
}

type Issue = z.core.$ZodIssue;

/** Checks a parsed table against the schema. Takes `table` over: unknown keys are removed from it. */
export function checkToml(table: TomlTable, source: ConfigSource): CheckedToml {
  hideDates(table);
  const first = CONFIG_TOML.safeParse(table);
  if (first.success) return { values: first.data, errors: [], unknownKeys: [] };
  const unknownKeys: string[] = [];
  const errors: string[] = [];
  for (const issue of first.error.issues) {
    const path = issue.path as (string | number)[];
    if (issue.code !== "unrecognized_keys") {
      errors.push(describeIssue(issue, path, { table, source }));
      continue;
    }
    const parent = valueAt(table, path) as TomlTable;
    for (const key of issue.keys) {
      if (path[0] === "mcp_servers" && key === "bearer_token") {
        const name = dotted([...path, key]);
        const message = `\`${name}\` is refused: a token does not belong into this file. Name a variable with \`bearer_token_env_var\``;
        errors.push(source.describe([...path, key], message, { atKey: true, secret: true }));
        continue;
      }
      const message = `unknown key \`${dotted([...path, key])}\`${didYouMean(key, keysAt(path))}`;
      unknownKeys.push(source.describe([...path, key], message, { atKey: true, secret: true }));
      delete parent[key];
    }
  }
  if (errors.length > 0) return { values: undefined, errors, unknownKeys };
  return { values: CONFIG_TOML.parse(table), errors, unknownKeys };
}

function describeIssue(issue: Issue, path: TomlPath, context: { readonly table: TomlTable; readonly source: ConfigSource }): string {
  const found = valueAt(context.table, path);
  const message = `\`${dotted(path)}\`${expectation(issue, found, path)}`;
  const secret = path.at(-1) === "env_key" || path.includes("env_http_headers");
  return context.source.describe(path, message, { secret, atKey: issue.code === "invalid_key" });
}

function expectation(issue: Issue, found: unknown, path: TomlPath): string {
  switch (issue.code) {
    case "invalid_type":
      return `: expected ${EXPECTED[issue.expected] ?? issue.expected}, found ${describeValue(found, path)}`;
    case "invalid_value": {
      const choices = issue.values.map(String);
      const near = typeof found === "string" ? didYouMean(found, choices) : "";
      return `: expected one of ${choices.map((choice) => `\`${choice}\``).join(", ")}, found ${describeValue(found, path)}${near}`;
    }
    case "too_small":
      return issue.origin === "string" ? ` ${issue.message}` : `: expected at least ${issue.minimum}, found ${describeValue(found, path)}`;
    case "too_big":
      return `: expected at most ${issue.maximum}, found ${describeValue(found, path)}`;
    case "invalid_key":
      return ` ${issue.issues[0]?.message ?? "is not a valid name"}`;
    default:
      return ` ${issue.message}`;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  array: "a list",
  record: "a table",
  object: "a table",
};

function describeValue(value: unknown, path: TomlPath): string {
  if (typeof value === "string")
    return holdsSecrets(path) ? "a string" : `the string ${printable(maskSecrets(JSON.stringify(value.slice(0, 60))))}`;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return `${value}`;
  if (typeof value === "symbol") return "a date or time";
  return Array.isArray(value) ? "a list" : "a table";
}

/** The keys the schema knows for the table at `path`. */
function keysAt(path: TomlPath): readonly string[] {
  let schema: SchemaNode | undefined = CONFIG_TOML as unknown as SchemaNode;
  for (const segment of path) {
    schema = unwrap(schema);
    schema = schema?.def.shape?.[segment] ?? schema?.def.valueType ?? schema?.def.element;
  }
  return Object.keys(unwrap(schema)?.def.shape ?? {});
}

/** The part of a zod schema that is walked here. */
interface SchemaNode {
  readonly def: {
    readonly innerType?: SchemaNode;
    readonly shape?: Readonly<Record<string | number, SchemaNode>>;
    readonly valueType?: SchemaNode;
    readonly element?: SchemaNode;
  };
}

function unwrap(schema: SchemaNode | undefined): SchemaNode | undefined {
  return schema?.def.innerType === undefined ? schema : unwrap(schema.def.innerType);
}

function valueAt(table: TomlTable, path: TomlPath): unknown {
  let value: unknown = table;
  for (const segment of path) value = (value as Readonly<Record<string | number, unknown>>)[segment];
  return value;
}

const DATE = Symbol("date");

/** Replaces dates, which no key takes: the schema would see an empty table in them. */
function hideDates(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const container = value as Record<string, unknown>;
  for (const [key, item] of Object.entries(container)) {
    if (item instanceof Date) container[key] = DATE;
    else hideDates(item);
  }
}
