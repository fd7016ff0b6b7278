import { dirname, join, relative, sep } from "node:path";
import { matchesGlob } from "./glob.ts";

/** Reads a file, or finds that something is there. */
export interface AttributeSources {
  /** The text of a file, undefined when there is none that can be read. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly exists: (path: string) => Promise<boolean>;
}

/** What git's attributes say of line ends in a working copy; looks at each folder once. */
export interface LineEnds {
  /** How lines of a new file at `path` (absolute, real) end. Outside of a repository, and where nothing is said: LF. */
  endOf(path: string, content: string): Promise<"\n" | "\r\n">;
  /** Has the file at `path` read again. */
  forget(path: string): void;
}

/** `.gitattributes` from the repository's top folder down, then `.git/info/attributes`; of two that speak, the later wins. */
export function createLineEnds(sources: AttributeSources): LineEnds {
  const tops = new Map<string, Promise<string | undefined>>();
  const rules = new Map<string, Promise<readonly Rule[]>>();
  const topOf = (folder: string): Promise<string | undefined> =>
    remembered(tops, folder, async () => {
      if (await sources.exists(join(folder, ".git"))) return folder;
      return dirname(folder) === folder ? undefined : topOf(dirname(folder));
    });
  const rulesIn = (file: string): Promise<readonly Rule[]> =>
    remembered(rules, file, async () => parseAttributes((await sources.read(file)) ?? ""));
  return {
    forget: (path) => void rules.delete(path),
    async endOf(path, content) {
      const top = await topOf(dirname(path));
      if (top === undefined) return "\n";
      const state: Attributes = { macros: new Map([["binary", [["text", false]]]]), values: new Map() };
      for (const folder of foldersBetween(top, dirname(path))) {
        apply(state, await rulesIn(join(folder, ".gitattributes")), { path: slashed(relative(folder, path)), isTop: folder === top });
      }
      apply(state, await rulesIn(join(top, ".git/info/attributes")), { path: slashed(relative(top, path)), isTop: true });
      return endFor(state, content);
    },
  };
}

/** A name and what it is set to; undefined: as if nothing had been said. */
type Setting = readonly [name: string, value: string | boolean | undefined];

interface Rule {
  readonly pattern: string;
  readonly settings: readonly Setting[];
  /** The rule gives `pattern` as a name to settings, for rules to use. */
  readonly isMacro: boolean;
}

interface Attributes {
  readonly macros: Map<string, readonly Setting[]>;
  readonly values: Map<string, Setting[1]>;
}

function endFor({ values }: Attributes, content: string): "\n" | "\r\n" {
  const text = values.get("text");
  if (values.get("eol") !== "crlf" || text === false) return "\n";
  return text === "auto" && content.includes("\0") ? "\n" : "\r\n";
}

function apply(state: Attributes, rules: readonly Rule[], place: { readonly path: string; readonly isTop: boolean }): void {
  for (const { pattern, settings, isMacro } of rules) {
    if (isMacro) {
      if (place.isTop) state.macros.set(pattern, settings);
    } else if (matchesGlob(pattern, place.path)) set(state, settings);
  }
}

function set(state: Attributes, settings: readonly Setting[], within: readonly string[] = []): void {
  for (const [name, value] of settings) {
    state.values.set(name, value);
    const macro = value === true && !within.includes(name) ? state.macros.get(name) : undefined;
    if (macro !== undefined) set(state, macro, [...within, name]);
  }
}

function parseAttributes(text: string): Rule[] {
  return text.split(/\r?\n/).flatMap((line): Rule[] => {
    const [, quoted, bare, rest] = /^[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^ \t"#][^ \t]*))(.*)$/.exec(line) ?? [];
    const pattern = quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, "$1");
    if (pattern === undefined || pattern.startsWith("!")) return [];
    const settings = (rest ?? "")
      .split(/[ \t]+/)
      .filter((word) => word !== "")
      .map(settingOf);
    const isMacro = quoted === undefined && pattern.startsWith("[attr]");
    return [{ pattern: isMacro ? pattern.slice("[attr]".length) : pattern, settings, isMacro }];
  });
}

function settingOf(word: string): Setting {
  if (word.startsWith("-")) return [word.slice(1), false];
  if (word.startsWith("!")) return [word.slice(1), undefined];
  const at = word.indexOf("=");
  return at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)];
}

function foldersBetween(top: string, folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== top;) folders.unshift((at = dirname(at)));
  return folders;
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function remembered<T>(memory: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
