import { CodexError } from "../protocol/error-code.ts";
import { checkToml } from "./check.ts";
import type { ConfigLayer } from "./layer.ts";
import { parseOverrides } from "./overrides.ts";
import { readToml, type TomlTable } from "./read-toml.ts";
import { settleConfig } from "./settle.ts";
import { type ConfigSource, fileSource, overrideSource } from "./source.ts";

export interface ReadLayerOptions {
  /** Where relative paths start, absolute. */
  readonly baseDirectory: string;
  /** What `~/` stands for. */
  readonly userHome: string | undefined;
  /** Unknown keys are errors. */
  readonly strict: boolean;
}

export interface ReadLayer {
  readonly layer: ConfigLayer;
  readonly warnings: readonly string[];
}

/** Reads the bytes of the configuration file `path`. Throws CodexError `config_invalid` that lists every error with its place. */
export function readFileLayer(path: string, bytes: Uint8Array, options: ReadLayerOptions): ReadLayer {
  const toml = readToml(path, bytes);
  if (!toml.ok) throw new CodexError("config_invalid", toml.message);
  return checkLayer(toml.table, fileSource(path, toml.text, options.baseDirectory), options);
}

/** Reads `-c` overrides. Throws CodexError `config_invalid`. */
export function readOverrideLayer(overrides: readonly string[], options: ReadLayerOptions): ReadLayer {
  return checkLayer(parseOverrides(overrides), overrideSource(options.baseDirectory), options);
}

/** The layer as a profile's own file: it may not choose profiles itself. */
export function assertProfileLayer({ values, source }: ConfigLayer): void {
  const errors = (["profile", "profiles", "projects"] as const)
    .filter((key) => values[key] !== undefined)
    .map((key) => source.describe([key], `\`${key}\` cannot be set inside a profile`, { atKey: true }));
  if (errors.length > 0) throw invalid(errors);
}

function checkLayer(table: TomlTable, source: ConfigSource, options: ReadLayerOptions): ReadLayer {
  const checked = checkToml(table, source);
  const errors = options.strict ? [...checked.errors, ...checked.unknownKeys] : checked.errors;
  if (checked.values === undefined || errors.length > 0) throw invalid(errors);
  const settled = settleConfig(checked.values, { source, userHome: options.userHome });
  if (settled.errors.length > 0) throw invalid(settled.errors);
  return { layer: { values: settled.values, source, prefix: [] }, warnings: checked.unknownKeys };
}

function invalid(errors: readonly string[]): CodexError {
  return new CodexError("config_invalid", errors.join("\n"));
}
