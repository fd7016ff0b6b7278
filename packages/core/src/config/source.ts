import { excerpt, lineAndColumn } from "./excerpt.ts";
import { locateInToml, type TomlPath } from "./toml-locations.ts";

/** Where settings came from: a file, or the `-c` overrides. */
export interface ConfigSource {
  /** Absolute; relative paths among the settings start here. */
  readonly baseDirectory: string;
  /** `message` with the place of the setting in front, and for a file the line it stands on below. */
  describe(path: TomlPath, message: string, options?: DescribeOptions): string;
}

export interface DescribeOptions {
  /** Points at the key instead of its value. */
  readonly atKey?: boolean | undefined;
  /** Shows no source line: the value may be a secret. */
  readonly secret?: boolean | undefined;
}

/** Settings read from `text`, the content of the file `path`. */
export function fileSource(path: string, text: string, baseDirectory: string): ConfigSource {
  return {
    baseDirectory,
    describe(at, message, options = {}) {
      const location = locateInToml(text, at) ?? { key: 0, value: 0 };
      const place = lineAndColumn(text, options.atKey === true ? location.key : location.value);
      const shown = options.secret === true || holdsSecrets(at) ? "" : `\n${excerpt(text, place)}`;
      return `${path}:${place.line}:${place.column}: ${message}${shown}`;
    },
  };
}

/** Settings given with `-c`; the place is the setting's own name. */
export function overrideSource(baseDirectory: string): ConfigSource {
  return {
    baseDirectory,
    describe(at, message) {
      const name = dotted(at);
      const repeated = `\`${name}\``;
      return message.startsWith(repeated) ? `-c ${name}${message.slice(repeated.length)}` : `-c ${name}: ${message}`;
    },
  };
}

/** A path as it would be written in TOML. */
export function dotted(path: TomlPath): string {
  return path
    .map((segment) => (typeof segment === "number" || /^[A-Za-z0-9_-]+$/.test(segment) ? String(segment) : JSON.stringify(segment)))
    .join(".");
}

const SECRET_TABLES = new Set<string | number>(["http_headers", "query_params", "set", "env", "bearer_token"]);

/** True for places whose values people keep secret. */
export function holdsSecrets(path: TomlPath): boolean {
  return path.some((segment) => SECRET_TABLES.has(segment));
}
