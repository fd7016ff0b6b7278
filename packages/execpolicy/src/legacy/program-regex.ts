/** A pattern that finds a program by name, or a clause that says what is wrong with it. */
export type ProgramRegex = { readonly ok: true; readonly pattern: RegExp } | { readonly ok: false; readonly reason: string };

/**
 * Reads a regular expression that finds its text anywhere: characters, `.`, classes, groups, `|`, `* + ? {n,m}`, `^ $ \b`, `(?i)` at
 * the start. No look-around, no references back. `.` is everything but a line feed, `$` the very end.
 */
export function readProgramRegex(source: string): ProgramRegex {
  const flagged = /^\(\?i\)/u.exec(source);
  const body = flagged === null ? source : source.slice(flagged[0].length);
  const parts: string[] = [];
  let inClass = false;
  for (const token of body.match(/\\(?:[pP]\{[^}]*\}|x\{[0-9a-fA-F]+\}|[^])|\(\?[^:]?|[^]/gu) ?? []) {
    const part = inClass ? classPart(token) : plainPart(token);
    if (typeof part !== "string") return { ok: false, reason: part.reason };
    if (token === "[") inClass = true;
    if (token === "]") inClass = false;
    parts.push(part);
  }
  try {
    return { ok: true, pattern: new RegExp(parts.join(""), flagged === null ? "u" : "iu") };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message.replace(/^.*: /su, "").toLowerCase() : "it cannot be read" };
  }
}

type Part = string | { readonly reason: string };

function plainPart(token: string): Part {
  if (token === ".") return "[^\\n]";
  if (token.startsWith("(?")) return token === "(?" ? "(?" : { reason: "only (…) and (?:…) group" };
  return token.startsWith("\\") ? escapePart(token) : token;
}

function classPart(token: string): Part {
  if (token === "[" || token === "&" || token === "~") return { reason: `\`${token}\` in a class is not read here` };
  return token.startsWith("\\") ? escapePart(token) : token;
}

const ESCAPES = /^\\(?:[dDsSwWbBnrtfv]|[\\^$.*+?()[\]{}|/-])$/u;

function escapePart(token: string): Part {
  if (token === "\\A") return "^";
  if (token === "\\z") return "$";
  if (ESCAPES.test(token)) return token === "\\-" ? "\\x2d" : token;
  if (/^\\[!-/:-@[-`{-~]$/u.test(token)) return token.slice(1);
  return { reason: `\`${token}\` is not read here` };
}
