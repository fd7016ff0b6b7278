/** A pattern that finds a program by name, or a clause that says what is wrong with it. */
export type ProgramRegex = { readonly ok: true; readonly pattern: RegExp } | { readonly ok: false; readonly reason: string };

/**
 * Reads a regular expression that finds its text anywhere: characters, `.`, classes (also `[:alpha:]`), groups with or without names,
 * `|`, `* + ? {n,m}`, `^ $ \b`, `\x41`, `(?i)` and `(?s)` at the start. No look-around, no references back. `.` is everything but a
 * line feed, `$` the very end; `\d \w \s` are ASCII.
 */
export function readProgramRegex(source: string): ProgramRegex {
  const [start = "", flags = ""] = /^\(\?([is]+)\)/u.exec(source) ?? [];
  const parts = readParts(source.slice(start.length), flags.includes("s") ? "[^]" : "[^\\n]");
  if ("reason" in parts) return { ok: false, reason: parts.reason };
  try {
    return { ok: true, pattern: new RegExp(parts.join(""), flags.includes("i") ? "iu" : "u") };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message.replace(/^.*: /su, "").toLowerCase() : "it cannot be read" };
  }
}

/** `any`: what `.` stands for. */
function readParts(body: string, any: string): readonly string[] | { readonly reason: string } {
  const parts: string[] = [];
  let inClass = false;
  for (const token of body.match(TOKEN) ?? []) {
    const part = inClass ? classPart(token) : token === "." ? any : plainPart(token);
    if (typeof part !== "string") return part;
    if (token === "[") inClass = true;
    if (token === "]") inClass = false;
    parts.push(part);
  }
  return parts;
}

const TOKEN =
  /\\(?:[pP]\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[xuU]\{[0-9a-fA-F]+\}|[^])|\[:\^?[a-z]+:\]|\(\?P?<[A-Za-z_][A-Za-z0-9_]*>|\(\?[^:]?|&&|~~|--|[^]/gu;

type Part = string | { readonly reason: string };

function plainPart(token: string): Part {
  if (/^\(\?P?<\w/u.test(token)) return "(";
  if (token.startsWith("(?")) return token === "(?" ? "(?" : { reason: "only (…), (?:…) and (?<name>…) group" };
  if (token.startsWith("[:")) return { reason: `\`${token}\` stands in a class, as in \`[${token}]\`` };
  return token.startsWith("\\") ? escapePart(token) : token;
}

function classPart(token: string): Part {
  if (token.startsWith("[:")) return namedClass(token);
  if (token === "[" || token === "&&" || token === "~~" || token === "--") return { reason: `\`${token}\` in a class is not read here` };
  return token.startsWith("\\") ? escapePart(token, true) : token;
}

const ESCAPES = /^\\(?:[dDwWbBnrtfv]|[\\^$.*+?()[\]{}|/-])$/u;

function escapePart(token: string, inClass = false): Part {
  if (token === "\\A") return "^";
  if (token === "\\z") return "$";
  if (token === "\\s") return inClass ? " \\t-\\r" : "[ \\t-\\r]";
  if (token === "\\S" && !inClass) return "[^ \\t-\\r]";
  const code = /^\\[xuU]\{?([0-9a-fA-F]+)\}?$/u.exec(token)?.[1];
  if (code !== undefined) return `\\u{${code}}`;
  if (ESCAPES.test(token)) return token === "\\-" ? "\\x2d" : token;
  if (/^\\[!-/:-@[-`{-~]$/u.test(token)) return token.slice(1);
  return { reason: `\`${token}\` is not read here` };
}

const NAMED_CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\0-\\x7f",
  blank: "\\t ",
  cntrl: "\\0-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: " \\t-\\r",
  upper: "A-Z",
  word: "\\w",
  xdigit: "0-9A-Fa-f",
};

function namedClass(token: string): Part {
  const name = token.slice(2, -2);
  const members = Object.hasOwn(NAMED_CLASSES, name) ? NAMED_CLASSES[name] : undefined;
  return members ?? { reason: `\`${token}\` is not read here` };
}
