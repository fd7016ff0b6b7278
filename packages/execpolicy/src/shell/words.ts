import type { CommandArgument, DoubleQuotedChild, Word, WordPart } from "unbash";
import type { ShellName } from "./parse.ts";

export type LiteralWord =
  | { readonly ok: true; readonly value: string }
  /** A clause for a person: "it uses a glob". */
  | { readonly ok: false; readonly reason: string };

/** The one string a word always stands for, or what in it depends on the world or on the shell that reads it. */
function literalWord(word: CommandArgument, shell: ShellName): LiteralWord {
  if (word.type === "Assignment") return { ok: false, reason: "it assigns a variable" };
  const reason = changingPart(word.parts ?? [], shell) ?? changingText(word, shell);
  return reason === undefined ? { ok: true, value: word.value } : { ok: false, reason };
}

/** All words, or the first reason. */
export function literalWords(
  words: readonly CommandArgument[],
  shell: ShellName,
): { readonly ok: true; readonly values: string[] } | { readonly ok: false; readonly reason: string } {
  const values: string[] = [];
  for (const word of words) {
    const literal = literalWord(word, shell);
    if (!literal.ok) return literal;
    values.push(literal.value);
  }
  return { ok: true, values };
}

function changingPart(parts: readonly (WordPart | DoubleQuotedChild)[], shell: ShellName): string | undefined {
  for (const part of parts) {
    switch (part.type) {
      case "Literal":
        if (joinsLines(part.text)) return "it continues a word on the next line";
        if (OLD_ARITHMETIC.test(withoutEscapes(part.text))) return "it expands a variable or an expression";
        break;
      case "SingleQuoted":
        break;
      case "DoubleQuoted": {
        const inner = changingPart(part.parts, shell);
        if (inner !== undefined) return inner;
        break;
      }
      case "AnsiCQuoted": {
        const reason = ansiQuoteReason(part.text, shell);
        if (reason !== undefined) return reason;
        break;
      }
      case "LocaleString":
        return "it uses a translated string";
      case "Glob":
      case "ExtendedGlob":
        return "it uses a glob";
      case "BraceExpansion":
        return "it uses a brace expansion";
      case "CommandExpansion":
      case "ProcessSubstitution":
        return "it runs a command inside a word";
      case "SimpleExpansion":
      case "ParameterExpansion":
      case "ArithmeticExpansion":
        return "it expands a variable or an expression";
    }
  }
  return undefined;
}

/** A POSIX sh need not know `$'…'` and may end the quote elsewhere; byte escapes need not make text. */
function ansiQuoteReason(text: string, shell: ShellName): string | undefined {
  if (shell === "sh") return "it uses $'…', which not every sh knows";
  return /\\(?![abeEfnrtv\\'"?])/u.test(text.replace(/\\\\/gu, "")) ? "it uses a numeric escape in $'…'" : undefined;
}

/** `$[1+1]`, which bash still reads and the grammar takes for text. */
const OLD_ARITHMETIC = /\$\[/u;

/** Shells take `\` with a line break out before they look for `${` and the like; the grammar does not. */
function joinsLines(text: string): boolean {
  return text.replace(/\\[^\n]/gu, "").includes("\\\n");
}

/** Other blanks than space and tab separate words in some locales. */
const FOREIGN_BLANK = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\r]/u;

function changingText(word: Word, shell: ShellName): string | undefined {
  const unquoted = unquotedText(word);
  if (joinsLines(unquoted)) return "it continues a word on the next line";
  // bash expands `~` after `=` and `:` too, in any word that looks like an assignment.
  if (/(?:^|[=:])~/u.test(unquoted)) return "it uses ~ for a home folder";
  const bare = withoutEscapes(unquoted);
  if (bare.includes("\\")) return "it ends in a lone backslash";
  if (OLD_ARITHMETIC.test(bare)) return "it expands a variable or an expression";
  if (/[()]/u.test(bare)) return "it holds a parenthesis";
  if (/[*?]|\[.*\]/su.test(bare)) return "it uses a glob";
  if (FOREIGN_BLANK.test(unquoted)) return "it holds an unusual blank";
  if (shell === "zsh" && word.text.startsWith("=")) return "it uses =NAME, which zsh expands";
  return undefined;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\./gsu, "");
}

function unquotedText(word: Word): string {
  if (word.parts === undefined) return word.text;
  return word.parts.map((part) => (part.type === "Literal" ? part.text : "")).join("");
}
