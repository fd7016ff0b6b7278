import { CodexError } from "../protocol/error-code.ts";
import { readTomlValue, type TomlTable } from "./read-toml.ts";

/**
 * Puts `-c dotted.key=value` strings into one table, later ones winning. The value is read as TOML and taken as a literal
 * string when it is none. Parts of the key may be quoted. Throws CodexError `config_invalid`, naming the override.
 */
export function parseOverrides(overrides: readonly string[]): TomlTable {
  const table: TomlTable = emptyTable();
  for (const override of overrides) applyOverride(table, override);
  return table;
}

function applyOverride(table: TomlTable, override: string): void {
  const key = parseDottedKey(override);
  if (key === undefined) {
    const name = override.split("=", 1)[0] ?? "";
    throw new CodexError("config_invalid", `-c ${name}: expected dotted.key=value`, {
      hint: 'For example: -c model_reasoning_effort="high" or -c \'sandbox_workspace_write.writable_roots=["/data"]\'.',
    });
  }
  const literal = override.slice(key.end).trim();
  const value = literal === "" ? "" : (readTomlValue(literal) ?? { value: literal }).value;
  let parent = table;
  for (const segment of key.segments.slice(0, -1)) {
    const next = parent[segment];
    parent = isTable(next) ? next : (parent[segment] = emptyTable());
  }
  parent[key.segments.at(-1) ?? ""] = value;
}

const SEGMENT = /[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')[ \t]*([.=])/y;

/** The key in front of the first `=` that is not inside quotes, and where the value begins. */
function parseDottedKey(text: string): { readonly segments: readonly string[]; readonly end: number } | undefined {
  const segments: string[] = [];
  let end = 0;
  for (;;) {
    SEGMENT.lastIndex = end;
    const match = SEGMENT.exec(text);
    if (match === null) return undefined;
    const [whole, bare, basic, literal, separator] = match;
    segments.push(bare ?? literal ?? (basic ?? "").replace(/\\(.)/g, "$1"));
    end += whole.length;
    if (separator === "=") return { segments, end };
  }
}

/** True for a TOML table, as opposed to a value. */
function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Without a prototype, so that no key means anything special. */
function emptyTable(): TomlTable {
  return Object.create(null) as TomlTable;
}
