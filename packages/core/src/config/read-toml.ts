import { parse, TomlError } from "smol-toml";
import { decodeUtf8 } from "./decode-utf8.ts";
import { excerpt } from "./excerpt.ts";

export type TomlTable = Record<string, unknown>;

export type TomlResult =
  | { readonly ok: true; readonly table: TomlTable; readonly text: string }
  /** `message` begins with `path:line:col: ` where a place is known, and ends with the source line. */
  | { readonly ok: false; readonly message: string };

/** Parses the bytes of the TOML file `path`. */
export function readToml(path: string, bytes: Uint8Array): TomlResult {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return { ok: false, message: `${path}:${decoded.message}` };
  const { text } = decoded;
  try {
    return { ok: true, table: parse(text), text };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = { line: error.line, column: error.column };
    return { ok: false, message: `${path}:${place.line}:${place.column}: malformed TOML: ${reason(error, text)}\n${excerpt(text, place)}` };
  }
}

/** Reads `text` as the value of a key. Undefined when it is not one TOML value. */
export function readTomlValue(text: string): { readonly value: unknown } | undefined {
  try {
    const table = parse(`value = ${text}`);
    // A line end in the text could otherwise smuggle in further keys.
    return Object.keys(table).length === 1 ? { value: table["value"] } : undefined;
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

/** What the parser says is wrong, without its own excerpt. */
function reason(error: TomlError, text: string): string {
  const [first = ""] = error.message.split("\n");
  const lineLength = text.split("\n")[error.line - 1]?.replace(/\r$/, "").length ?? 0;
  // The parser calls the line end inside an open string a control character.
  if (first.includes("control characters") && error.column > lineLength) return "the string is not closed";
  const said = first.replace(/^Invalid TOML document: /, "");
  const rest = text.split("\n")[error.line - 1]?.slice(error.column - 1) ?? "";
  return said === "invalid value" && /^[A-Za-z~./]/.test(rest) ? `${said}; text needs quotes` : said;
}
