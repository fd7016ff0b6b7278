import type { HLJSApi, LanguageFn } from "highlight.js";
import type { ColorToken, Style } from "../screen/style.ts";
import type { Line, Span } from "./line.ts";
import { expandTabs } from "./wrap.ts";

/** Longer code stands in one colour: nobody reads that much in a conversation. UTF-16 units. */
const LIMIT = 20_000;

export interface Highlighter {
  /** Undefined while the language is not loaded, or when there is none of that name. */
  highlight(code: string, language: string): readonly Line[] | undefined;
}

/** Colours code. Languages are loaded when they are first asked for; `onLoaded` is called when one is there. */
export function openHighlighter(onLoaded: () => void): Highlighter {
  let api: HLJSApi | undefined;
  const asked = new Set<string>();
  const load = async (name: string, file: () => Promise<{ readonly default: LanguageFn }>): Promise<void> => {
    const [core, language] = await Promise.all([import("highlight.js/lib/core"), file()]);
    api = core.default;
    api.registerLanguage(name, language.default);
    onLoaded();
  };
  return {
    highlight(code, language) {
      const name = ALIASES[language] ?? language;
      const file = LANGUAGES[name];
      if (file === undefined || code.length > LIMIT) return undefined;
      if (api?.getLanguage(name) !== undefined) return spansOf(api.highlight(code, { language: name, ignoreIllegals: true }).value);
      if (!asked.has(name)) {
        asked.add(name);
        // A language that cannot be loaded is shown without colours.
        load(name, file).catch(() => undefined);
      }
      return undefined;
    },
  };
}

/** The language of a file by its name; empty when there are no colours for it. */
export function languageOf(path: string): string {
  const name = (path.split("/").at(-1) ?? "").toLowerCase();
  const ending = name.includes(".") ? (name.split(".").at(-1) ?? "") : name;
  const language = ALIASES[ending] ?? FILES[name] ?? ending;
  return Object.hasOwn(LANGUAGES, language) ? language : "";
}

/** Files whose name says more than its end. */
const FILES: Readonly<Record<string, string>> = {
  ".bashrc": "bash",
  ".zshrc": "bash",
  ".profile": "bash",
  rakefile: "ruby",
  gemfile: "ruby",
};

const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly default: LanguageFn }>>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const ALIASES: Readonly<Record<string, string>> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  h: "c",
  "c++": "cpp",
  cc: "cpp",
  hpp: "cpp",
  cs: "csharp",
  patch: "diff",
  docker: "dockerfile",
  golang: "go",
  toml: "ini",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsonc: "json",
  kt: "kotlin",
  make: "makefile",
  py: "python",
  rb: "ruby",
  rs: "rust",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  html: "xml",
  svg: "xml",
  vue: "xml",
  yml: "yaml",
};

const COLORS: Readonly<Record<string, ColorToken>> = {
  keyword: "syntaxKeyword",
  "selector-tag": "syntaxKeyword",
  tag: "syntaxKeyword",
  meta: "syntaxComment",
  comment: "syntaxComment",
  quote: "syntaxComment",
  string: "syntaxString",
  regexp: "syntaxString",
  char: "syntaxString",
  number: "syntaxNumber",
  literal: "syntaxNumber",
  symbol: "syntaxNumber",
  type: "syntaxType",
  built_in: "syntaxType",
  class: "syntaxType",
  title: "syntaxFunction",
  section: "syntaxFunction",
  name: "syntaxFunction",
  variable: "syntaxVariable",
  attr: "syntaxVariable",
  attribute: "syntaxVariable",
  property: "syntaxVariable",
  params: "syntaxVariable",
  addition: "added",
  deletion: "removed",
};

/** The spans of highlight.js's markup: `<span class="hljs-x">` nested, and escaped text. */
function spansOf(markup: string): Line[] {
  const lines: Span[][] = [[]];
  const open: Style[] = [{}];
  for (const [part, name] of markup.matchAll(/<span class="(?:hljs-|language-)?([\w-]*)[^"]*">|<\/span>|[^<]+/g)) {
    if (part.startsWith("<span")) {
      const fg = COLORS[name ?? ""];
      open.push(fg === undefined ? (open.at(-1) ?? {}) : { fg });
    } else if (part === "</span>") open.pop();
    else {
      unescape(part)
        .split("\n")
        .forEach((text, index) => {
          if (index > 0) lines.push([]);
          if (text !== "") lines.at(-1)?.push({ text: expandTabs(text), style: open.at(-1) });
        });
    }
  }
  return lines;
}

function unescape(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, "&");
}
