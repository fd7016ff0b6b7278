import { isDeepStrictEqual } from "node:util";
import { stringify } from "smol-toml";
import { checkToml } from "./check.ts";
import { readToml, type TomlTable } from "./read-toml.ts";
import type { McpServerToml } from "./schema.ts";
import type { ConfigSource } from "./source.ts";
import { tomlStatements, type TomlPath, type TomlStatement } from "./toml-locations.ts";

export type EditedToml = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/**
 * The text of the configuration file `path` with the server `name` set to `entry`, or without the server. Everything else keeps its bytes,
 * comments included. Refused, with the reason, when the text is no TOML or holds the server in a form that cannot be taken out.
 */
export function editMcpServer(
  path: string,
  text: string,
  { name, entry }: { readonly name: string; readonly entry: McpServerToml | undefined },
): EditedToml {
  const before = readToml(path, Buffer.from(text));
  if (!before.ok) return before;
  const cut = withoutServer(text, name);
  const edited = entry === undefined ? cut.text : withServer(cut, blockOf(name, entry, text.includes("\r\n") ? "\r\n" : "\n"));
  const after = readToml(path, Buffer.from(edited));
  if (after.ok && isDeepStrictEqual(withoutEmpty(plain(after.table) as object), expected(before.table, name, entry)))
    return { ok: true, text: edited };
  return {
    ok: false,
    message: `${path}: [mcp_servers] is written in a form that cannot be changed here, an inline table for instance; change it by hand`,
  };
}

/** What is wrong with a server's settings, a sentence each. */
export function checkMcpServer(name: string, entry: McpServerToml): readonly string[] {
  const source: ConfigSource = { baseDirectory: "/", describe: (_path, message) => message };
  return checkToml(structuredClone({ mcp_servers: { [name]: entry } }), source).errors;
}

interface Cut {
  readonly text: string;
  /** Where the server stood, if a table of its own may stand there. */
  readonly at: number | undefined;
}

function withoutServer(text: string, name: string): Cut {
  const statements = tomlStatements(text);
  const ofServer = (path: TomlPath): boolean => path[0] === "mcp_servers" && path[1] === name;
  const ranges: { readonly start: number; readonly end: number; readonly isHeader: boolean }[] = [];
  statements.forEach((statement, index) => {
    if (!ofServer(statement.path)) return;
    const isHeader = statement.type === "header";
    const last = isHeader ? lastOfTable(statements, index) : statement;
    ranges.push({ start: lineStart(text, statement.start), end: lineEnd(text, last.end), isHeader });
  });
  let result = "";
  let from = 0;
  for (const { start, end } of ranges) {
    result += text.slice(from, Math.max(from, start));
    from = Math.max(from, end);
  }
  const [first] = ranges;
  const reachesEnd = from === text.length && ranges.length > 0 && result !== "";
  if (reachesEnd) result = result.trimEnd() + (text.includes("\r\n") ? "\r\n" : "\n");
  return { text: result + text.slice(from), at: first?.isHeader === true ? first.start : undefined };
}

function lastOfTable(statements: readonly TomlStatement[], header: number): TomlStatement {
  let last = header;
  while (statements[last + 1]?.type === "assignment") last += 1;
  return statements[last] as TomlStatement;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Behind the line's end, and behind the blank lines that follow it. */
function lineEnd(text: string, offset: number): number {
  const blank = /[^\n]*(?:\n|$)(?:[ \t\r]*\n)*/y;
  blank.lastIndex = offset;
  return offset + (blank.exec(text)?.[0].length ?? 0);
}

function blockOf(name: string, entry: McpServerToml, newline: string): string {
  return (
    stringify({ mcp_servers: { [name]: entry } })
      .trim()
      .replaceAll("\n", newline) + newline
  );
}

function withServer({ text, at }: Cut, block: string): string {
  const newline = block.endsWith("\r\n") ? "\r\n" : "\n";
  if (at !== undefined && at < text.length) return `${text.slice(0, at)}${block}${newline}${text.slice(at)}`;
  if (text.trim() === "") return text === "\uFEFF" ? text + block : `${text}${block}`;
  return `${text.trimEnd()}${newline}${newline}${block}`;
}

function expected(before: TomlTable, name: string, entry: McpServerToml | undefined): unknown {
  const { mcp_servers: servers, ...rest } = plain(before) as { mcp_servers?: Record<string, unknown> };
  const { [name]: _, ...others } = servers ?? {};
  return withoutEmpty({ ...rest, mcp_servers: entry === undefined ? others : { ...others, [name]: plain(entry) } });
}

/** The table of servers may go with its last one, or stay. */
function withoutEmpty(table: { readonly mcp_servers?: object }): unknown {
  const { mcp_servers: servers, ...rest } = table;
  return servers === undefined || Object.keys(servers).length === 0 ? rest : table;
}

/** For comparison: without prototypes and dates. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
