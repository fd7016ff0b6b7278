import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { ConfigLayer } from "./layer.ts";
import { didYouMean } from "./near-miss.ts";

/** The file that holds the profile `name`; undefined when the name cannot be that of a file. */
export function profilePath(codexHome: string, name: string): string | undefined {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) ? join(codexHome, `${name}${PROFILE_SUFFIX}`) : undefined;
}

const PROFILE_SUFFIX = ".config.toml";

export interface ProfileSearch {
  readonly name: string;
  /** What selected it, with its place if it has one. */
  readonly selectedBy: (message: string) => string;
  /** The user's config.toml and the overrides, lowest first; either may hold profile tables. */
  readonly layers: readonly ConfigLayer[];
  /** What the profile's own file says, if it exists. */
  readonly fileLayer: ConfigLayer | undefined;
  readonly codexHome: string;
  readonly fs: Host["fs"];
}

/** The layers of the profile that was asked for, lowest first. Throws CodexError `config_invalid` when there is none, or two. */
export async function profileLayers(search: ProfileSearch): Promise<readonly ConfigLayer[]> {
  const { name, fileLayer } = search;
  const tables = search.layers.flatMap((layer) => tableLayer(layer, name));
  if (fileLayer !== undefined && tables.length > 0) {
    const file = join(search.codexHome, `${name}${PROFILE_SUFFIX}`);
    throw new CodexError(
      "config_invalid",
      search.selectedBy(`the profile \`${name}\` stands both under [profiles] and in ${file}; keep one`),
    );
  }
  if (fileLayer !== undefined) return [fileLayer];
  if (tables.length > 0) return tables;
  const known = await knownProfiles(search);
  const hint =
    known.length === 0
      ? `There are no profiles. Write one to ${join(search.codexHome, `NAME${PROFILE_SUFFIX}`)}.`
      : `Known profiles: ${known.join(", ")}.`;
  throw new CodexError("config_invalid", search.selectedBy(`unknown profile \`${name}\`${didYouMean(name, known)}`), { hint });
}

function tableLayer(layer: ConfigLayer, name: string): readonly ConfigLayer[] {
  const { profiles } = layer.values;
  const values = profiles !== undefined && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  return values === undefined ? [] : [{ values, source: layer.source, prefix: [...layer.prefix, "profiles", name] }];
}

async function knownProfiles({ layers, codexHome, fs }: ProfileSearch): Promise<readonly string[]> {
  const tables = layers.flatMap((layer) => Object.keys(layer.values.profiles ?? {}));
  const entries = await fs.readDirectory(codexHome).catch((): readonly string[] => []);
  const files = entries.filter((entry) => entry.endsWith(PROFILE_SUFFIX)).map((entry) => entry.slice(0, -PROFILE_SUFFIX.length));
  return [...new Set([...tables, ...files])].sort();
}
