import type { CommandArgument, DoubleQuotedChild, Word, WordPart } from "unbash";
import type { ShellName } from "./parse.ts";
import { literalWords } from "./words.ts";

/** A word whose value the text alone does not tell. */
export interface OpenWord {
  /** What it begins with for certain. */
  readonly prefix: string;
  /** It may become any number of words, none too when `prefix` is empty; otherwise it is exactly one. */
  readonly many: boolean;
  /** `files`: names of files or the alternatives of a brace. `shell`: variables and output of commands. */
  readonly source: "files" | "shell";
  /** The whole word with a mark where something will be put in, when it came about so. */
  readonly template?: string;
  /** It names a pipe that gives the output of a command, as `<(…)` does. */
  readonly pipe?: true;
}

export type ScriptWord = string | OpenWord;

export type ReadWord = { readonly ok: true; readonly word: ScriptWord } | { readonly ok: false; readonly reason: string };

/** The value of a word as far as the text tells it; refuses what the grammar and the shell may read differently. */
export function readScriptWord(word: CommandArgument, shell: ShellName): ReadWord {
  if (word.type === "Assignment") return readAssignmentWord(word, shell);
  const literal = literalWords([word], shell);
  if (literal.ok) return { ok: true, word: literal.values[0] ?? "" };
  const fault = readingFault(word.text) ?? (/(?<!\\)[()]/u.test(plainText(word)) ? "it holds a parenthesis" : undefined);
  if (fault !== undefined) return { ok: false, reason: fault };
  const parts = word.parts ?? [];
  const kinds = parts.flatMap(openKinds);
  const tilde = /(?:^|[=:])~/u.test(plainText(word));
  if (kinds.length === 0 && !tilde) return literal;
  const source = kinds.every((kind) => kind === "files" || kind === "file") ? "files" : "shell";
  const many = kinds.some((kind) => kind === "files" || kind === "many");
  const open: OpenWord = { prefix: knownPrefix(word), many, source };
  return { ok: true, word: kinds.includes("file") ? { ...open, pipe: true } : open };
}

function readAssignmentWord(word: CommandArgument & { readonly type: "Assignment" }, shell: ShellName): ReadWord {
  const start = `${word.name}${word.append === true ? "+" : ""}=`;
  if (word.value.type === "ArrayValue" || word.index !== undefined)
    return { ok: true, word: { prefix: word.name, many: false, source: "shell" } };
  const value = readScriptWord(word.value, shell);
  if (!value.ok) return value;
  if (typeof value.word === "string") return { ok: true, word: start + value.word };
  return { ok: true, word: { prefix: start + value.word.prefix, many: false, source: value.word.source } };
}

/** Other blanks than space and tab separate words in some locales. */
const FOREIGN_BLANK = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\r]/u;

function readingFault(text: string): string | undefined {
  if (text.includes("\\\n")) return "it continues a word on the next line";
  if (text.includes("$[")) return "it computes with $[ ]";
  return FOREIGN_BLANK.test(text) ? "it holds an unusual blank" : undefined;
}

type OpenKind = "files" | "file" | "one" | "many";

/** What keeps a part from being text: many file names, one, one value of the shell, or several. */
function openKinds(part: WordPart): readonly OpenKind[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
      return [];
    case "DoubleQuoted":
      return part.parts.flatMap(quotedKinds);
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return ["files", ...(part.parts ?? []).flatMap(openKinds)];
    case "ProcessSubstitution":
      return ["file"];
    case "SimpleExpansion":
    case "ParameterExpansion":
    case "CommandExpansion":
    case "ArithmeticExpansion":
      return ["many"];
    case "AnsiCQuoted":
    case "LocaleString":
      return ["one"];
  }
}

function quotedKinds(part: DoubleQuotedChild): readonly OpenKind[] {
  if (part.type === "Literal") return [];
  const spreads = part.type === "SimpleExpansion" ? part.text === "$@" : part.type === "ParameterExpansion" && part.text.includes("@");
  return [spreads ? "many" : "one"];
}

function plainText(word: Word): string {
  if (word.parts === undefined) return word.text;
  return word.parts.map((part) => (part.type === "Literal" ? part.text : "x")).join("");
}

function knownPrefix(word: Word): string {
  let prefix = "";
  for (const part of word.parts ?? [{ type: "Literal" as const, text: word.text, value: word.value }]) {
    if (part.type === "SingleQuoted") prefix += part.value;
    else if (part.type === "Literal") {
      const home = prefix === "" ? /(?:^|[=:])~/u.exec(part.text) : /[=:]~/u.exec(part.text);
      if (home !== null) return prefix + part.text.slice(0, home.index).replace(/\\[^]?/gu, "");
      prefix += part.value;
    } else if (part.type === "DoubleQuoted") {
      for (const child of part.parts) {
        if (child.type !== "Literal") return prefix;
        prefix += child.value;
      }
    } else return prefix;
  }
  return prefix;
}
