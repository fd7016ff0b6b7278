import type { ConfigToml, ProfileToml } from "./schema.ts";
import type { ConfigSource } from "./source.ts";
import type { TomlPath } from "./toml-locations.ts";

/** Settings of one origin, checked, with absolute paths. */
export interface ConfigLayer {
  readonly values: ConfigToml;
  readonly source: ConfigSource;
  /** Where `values` stands inside its source; not empty for a profile's table. */
  readonly prefix: TomlPath;
}

/** The layers put together, and the way back to where a setting came from. */
export interface MergedLayers {
  readonly values: ConfigToml;
  /** `message` with the place of `path` in front, in the topmost layer that sets it; plain when none does. */
  readonly describe: (path: TomlPath, message: string) => string;
}

/** Puts layers together, lowest first. Tables are joined key by key, everything else is replaced. */
export function mergeLayers(layers: readonly ConfigLayer[]): MergedLayers {
  return {
    values: layers.reduce<ConfigToml>((lower, layer) => mergeSettings(lower, layer.values), {}),
    describe(path, message) {
      const owner = layers.findLast((layer) => has(layer.values, path));
      return owner === undefined ? message : owner.source.describe([...owner.prefix, ...path], message);
    },
  };
}

/** `upper` over `lower`. Setting one way of saying a thing also drops the other ways below it. */
function mergeSettings(lower: ProfileToml, upper: ProfileToml): ProfileToml {
  return mergeTables(withoutReplaced(lower, upper) as Table, upper as Table) as ProfileToml;
}

/** Keys that say the same thing in different ways; a layer may use one of each group. */
const ALTERNATIVES: readonly (readonly TomlPath[])[] = [
  [["sandbox_mode"], ["sandbox_permissions"]],
  [["instructions"], ["model_instructions_file"]],
  [["openai_base_url"], ["model_providers", "openai", "base_url"]],
];

/** The members of each group of alternatives that `values` sets. */
export function usedAlternatives(values: ProfileToml): readonly (readonly TomlPath[])[] {
  return ALTERNATIVES.map((group) => group.filter((path) => has(values, path)));
}

function withoutReplaced(lower: ProfileToml, upper: ProfileToml): ProfileToml {
  const replaced = ALTERNATIVES.filter((group) => group.some((path) => has(upper, path))).flat();
  return replaced.reduce<ProfileToml>((kept, path) => without(kept as Table, path) as ProfileToml, lower);
}

function without(table: Table, path: TomlPath): Table {
  const [head = "", ...rest] = path;
  if (!Object.hasOwn(table, head)) return table;
  const { [head]: value, ...others } = table;
  if (rest.length === 0) return others;
  return isPlainTable(value) ? { ...others, [head]: without(value, rest) } : table;
}

type Table = Readonly<Record<string, unknown>>;

function mergeTables(lower: Table, upper: Table): Table {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isPlainTable(below) && isPlainTable(value) ? mergeTables(below, value) : value;
  }
  return merged;
}

function has(values: object, path: TomlPath): boolean {
  let value: unknown = values;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[segment];
  }
  return value !== undefined;
}

function isPlainTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
