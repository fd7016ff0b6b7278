import type { Config } from "../config/config.ts";
import { secretQueryValues, secretVariables } from "../config/secret-variables.ts";
import type { Host } from "../host/host.ts";
import { secretRedactor } from "./redact-secrets.ts";

/**
 * Turns what differs between machines, folders and days into placeholders such as `{{cwd}}`, and back. Text that already
 * looks like a placeholder is kept apart as `{{literal:cwd}}`.
 */
export interface Canonical {
  /** A request's body: places, secrets, session id, dates, shell and durations become placeholders. */
  request(body: unknown): unknown;
  /** Any other JSON value: places and secrets become placeholders. */
  value(value: unknown): unknown;
  /** The inverse of `value` in this session's places; what was redacted stays so. */
  restore(value: unknown): unknown;
}

export type CanonicalConfig = Pick<Config, "cwd" | "codexHome" | "provider"> & Partial<Pick<Config, "mcpServers">>;

/** The canonical form for a session of `config` on `host`. Asks the file system where links lead. */
export async function canonicalFor(host: Host, config: CanonicalConfig): Promise<Canonical> {
  const { places, restored } = await findPlaces(host, config);
  const redact = secretRedactor(host.env, secretsOf(host, config));
  const hide = (text: string): string => replacePlaces(escapePlaceholders(redact(text)), places);
  const show = (text: string): string => restorePlaces(text, restored);
  return {
    request: (body) => hideSessionId(mapStrings(body, (text) => replaceSurroundings(hide(text)))),
    value: (value) => mapStrings(value, hide),
    restore: (value) => mapStrings(value, show),
  };
}

/** Applies `change` to every string in a JSON value, and to the names of members: maps are keyed by path. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((element) => mapStrings(element, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapStrings(member, change)]));
}

interface Place {
  readonly path: string;
  readonly placeholder: string;
  readonly pattern: RegExp;
}

const NAMES = ["cwd", "home", "codex_home", "tmp", "session_id", "redacted"];
const PLACEHOLDER = new RegExp(`\\{\\{(?=(?:literal:)*(?:${NAMES.join("|")})(?:_json)?\\}\\})`, "g");
const LITERAL = /\{\{literal:/g;

/** Escapes what the text itself brings; `{{redacted}}` was put there just before and stays. */
function escapePlaceholders(text: string): string {
  return text.includes("{{")
    ? text.replace(PLACEHOLDER, (match, offset: number) => (text.startsWith("{{redacted}}", offset) ? match : "{{literal:"))
    : text;
}

function replacePlaces(text: string, places: readonly Place[]): string {
  let result = text;
  for (const { path, pattern, placeholder } of places) if (result.includes(path)) result = result.replace(pattern, () => placeholder);
  return result;
}

function restorePlaces(text: string, restored: readonly Place[]): string {
  if (!text.includes("{{")) return text;
  let result = text;
  for (const { path, placeholder } of restored) result = result.replaceAll(placeholder, () => path);
  return result.replace(LITERAL, "{{");
}

/** `places`: longest path first, so that a folder inside another wins. `restored`: the one path each placeholder stands for. */
async function findPlaces(host: Host, config: CanonicalConfig): Promise<{ places: Place[]; restored: Place[] }> {
  const home = host.platform.os === "win32" ? host.env["USERPROFILE"] : host.env["HOME"];
  const named: readonly (readonly [string, string | undefined])[] = [
    ["cwd", config.cwd],
    ["codex_home", config.codexHome],
    ["home", home],
    ["tmp", host.platform.temporaryDirectory],
  ];
  const restored: Place[] = [];
  const aliases: Place[] = [];
  for (const [name, path] of named) {
    if (path === undefined) continue;
    restored.push(...placesOf(name, path));
    // oxlint-disable-next-line no-await-in-loop -- four look-ups, in order of precedence
    aliases.push(...placesOf(name, await host.fs.realPath(path).catch(() => path)));
  }
  // Programs and prompts name it whatever the temporary directory is.
  if (host.platform.os !== "win32") aliases.push(...placesOf("tmp", "/tmp"));
  const places = [...restored, ...aliases].filter((place, index, all) => all.findIndex((other) => other.path === place.path) === index);
  return { places: places.toSorted((a, b) => b.path.length - a.path.length), restored };
}

function placesOf(name: string, path: string): Place[] {
  const plain = trimmed(path);
  if (plain.length < 2) return [];
  const escaped = JSON.stringify(plain).slice(1, -1);
  const place = (text: string, suffix: string): Place => ({
    path: text,
    placeholder: `{{${name}${suffix}}}`,
    pattern: new RegExp(`(?<![A-Za-z0-9_.-])${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])`, "g"),
  });
  return escaped === plain ? [place(plain, "")] : [place(escaped, "_json"), place(plain, "")];
}

function trimmed(path: string): string {
  return path.replace(/[/\\]+$/, "");
}

function secretsOf(host: Host, config: CanonicalConfig): string[] {
  const { provider, mcpServers = [] } = config;
  const variables = secretVariables({ provider, mcpServers });
  const ofServers = mcpServers.flatMap(({ transport }) =>
    Object.entries(transport.type === "stdio" ? transport.env : transport.httpHeaders),
  );
  const named = [...Object.entries(provider.httpHeaders), ...ofServers];
  const headers = named.flatMap(([name, value]) => (/auth|key|token|secret|passw|credential/i.test(name) ? [value] : []));
  return [...variables.flatMap((name) => host.env[name]?.trim() ?? []), ...headers, ...secretQueryValues(config.provider)];
}

/** The session's id is in the body under a known key and may be repeated elsewhere. */
function hideSessionId(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const id = (body as Readonly<Record<string, unknown>>)["prompt_cache_key"];
  if (typeof id !== "string" || id.length < 8) return body;
  return mapStrings(body, (text) => text.replaceAll(id, () => "{{session_id}}"));
}

const TAGS = /<(current_date|current_time|date|time|timezone|shell|os|platform|arch)>[^<]*<\/\1>/g;
const WALL_TIME = /^(Wall time: )[\d.]+( (?:ms|s|seconds?))/gm;
const DURATION_MEMBER = /("duration_(?:seconds|ms)":)[\d.]+/g;

function replaceSurroundings(text: string): string {
  let result = text;
  if (result.includes("<environment_context>")) result = result.replace(TAGS, "<$1>{{$1}}</$1>");
  return result.replace(WALL_TIME, "$1{{duration}}$2").replace(DURATION_MEMBER, "$1{{duration}}");
}
