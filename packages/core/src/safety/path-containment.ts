import { isAbsolute, relative, sep } from "node:path";

/** True when `path` is `directory` or lies below it, compared component by component. Both absolute; links are not resolved. */
export function isInside(directory: string, path: string): boolean {
  const way = componentsBelow(directory, path);
  return way !== undefined;
}

/**
 * Names below a writable folder that stay closed, at any depth: what is written there runs later outside every control (git
 * hooks and configured programs, the agent's own settings).
 */
const PROTECTED_NAMES: ReadonlySet<string> = new Set([".git", ".codex", ".agents"]);

/** {@link isInside}, without the protected names below `directory`. A folder granted inside of a protected one counts. */
export function isWritableBelow(directory: string, path: string): boolean {
  const way = componentsBelow(directory, path);
  return way !== undefined && !way.some((name) => PROTECTED_NAMES.has(name.toLowerCase()));
}

/** The names that lead from `directory` to `path`; empty for the same place, undefined when it is not below. */
function componentsBelow(directory: string, path: string): readonly string[] | undefined {
  const way = relative(directory, path);
  if (way === "") return [];
  const components = way.split(sep);
  return components[0] === ".." || isAbsolute(way) ? undefined : components;
}
