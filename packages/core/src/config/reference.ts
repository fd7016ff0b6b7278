import * as z from "zod/mini";
import { CONFIG_KEYS, type ConfigKey } from "./key-table.ts";
import { CONFIG_TOML } from "./schema.ts";

/** The reference of config.toml, made from the schema and the key table. Used when documentation is generated, never at run time. */

interface JsonSchema {
  $schema?: string;
  $id?: string;
  title?: string;
  type?: string;
  enum?: readonly string[];
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
}

/** JSON Schema (draft 2020-12) of config.toml, for editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(CONFIG_TOML) as JsonSchema;
  for (const { key, default: value, description } of CONFIG_KEYS) {
    const target = schemaAt(schema, key);
    const inProfile = schemaAt(schema, `profiles.<name>.${key}`);
    if (target !== undefined) Object.assign(target, { description }, value === undefined ? {} : { default: value });
    // A profile's missing key falls through to config.toml and not to the default.
    if (inProfile !== undefined) inProfile.description = description;
  }
  return { $schema: schema.$schema, title: "config.toml of codex", ...schema };
}

/** Every key the schema knows, dotted, with `<id>` for free names; profiles are not entered, they repeat the rest. */
export function configTomlKeys(): readonly string[] {
  return keysOf(z.toJSONSchema(CONFIG_TOML) as JsonSchema, "");
}

/** The table of all keys for docs/config.md, in Markdown. */
export function configKeyTable(): string {
  const schema = z.toJSONSchema(CONFIG_TOML) as JsonSchema;
  const rows = CONFIG_KEYS.map(
    (row) => `| \`${row.key}\` | ${typeText(schemaAt(schema, row.key))} | ${defaultText(row)} | ${row.description} |`,
  );
  return ["| Key | Type | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function keysOf(schema: JsonSchema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`;
    const free = typeof child.additionalProperties === "object" && key !== "profiles" ? child.additionalProperties : {};
    return [key, ...keysOf(child, `${key}.`), ...keysOf(free, `${key}.<id>.`)];
  });
}

function schemaAt(schema: JsonSchema, key: string): JsonSchema | undefined {
  let found: JsonSchema | undefined = schema;
  for (const segment of key.split(".")) {
    const free: JsonSchema["additionalProperties"] = found?.additionalProperties;
    found = segment.startsWith("<") ? (typeof free === "object" ? free : undefined) : found?.properties?.[segment];
  }
  return found;
}

function typeText(schema: JsonSchema | undefined): string {
  if (schema?.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(", ");
  if (schema?.anyOf !== undefined) return schema.anyOf.map(typeText).join(" or ");
  switch (schema?.type) {
    case "array":
      return `list of ${typeText(schema.items)}s`;
    case "object":
      return typeof schema.additionalProperties === "object" && schema.additionalProperties.type === "string"
        ? "table of strings"
        : "table";
    case "integer":
      return "whole number";
    default:
      return schema?.type ?? "";
  }
}

function defaultText(row: ConfigKey): string {
  if (row.defaultText !== undefined) return row.defaultText;
  if (row.default === undefined) return "none";
  return `\`${JSON.stringify(row.default)}\``;
}
