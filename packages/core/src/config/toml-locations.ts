/** Where the keys and values of a TOML text stand. Only for texts the parser has accepted; offsets are UTF-16 units. */

export interface TomlLocation {
  readonly key: number;
  readonly value: number;
}

export type TomlPath = readonly (string | number)[];

/** Finds the place of `path`; when it has none of its own, the nearest table or value around it. Undefined for an empty document. */
export function locateInToml(text: string, path: TomlPath): TomlLocation | undefined {
  const places = scan(text);
  for (let length = path.length; length > 0; length--) {
    const place = places.get(placeKey(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return undefined;
}

/** One line of a document, as it were: a table's header, or a key with its value. */
export interface TomlStatement {
  readonly type: "header" | "assignment";
  /** From the document's root. */
  readonly path: TomlPath;
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** The statements in their order. */
export function tomlStatements(text: string): readonly TomlStatement[] {
  const scanner: Scanner = { text, offset: 0, places: new Map() };
  const counts = new Map<string, number>();
  const statements: TomlStatement[] = [];
  let table: TomlPath = [];
  for (skipSpace(scanner); scanner.offset < text.length; skipSpace(scanner)) {
    const start = scanner.offset;
    const isHeader = text[start] === "[";
    const path = isHeader ? (table = scanHeader(scanner, counts)) : scanAssignment(scanner, table);
    statements.push({ type: isHeader ? "header" : "assignment", path, start, end: scanner.offset });
  }
  return statements;
}

interface Scanner {
  readonly text: string;
  offset: number;
  readonly places: Map<string, TomlLocation>;
}

function scan(text: string): ReadonlyMap<string, TomlLocation> {
  const scanner: Scanner = { text, offset: 0, places: new Map() };
  const tableCounts = new Map<string, number>();
  let table: TomlPath = [];
  for (skipSpace(scanner); scanner.offset < text.length; skipSpace(scanner)) {
    if (text[scanner.offset] === "[") table = scanHeader(scanner, tableCounts);
    else scanAssignment(scanner, table);
  }
  return scanner.places;
}

/** Reads `[a.b]` or `[[a.b]]` and returns the path of the table it opens. */
function scanHeader(scanner: Scanner, counts: Map<string, number>): TomlPath {
  const start = scanner.offset;
  const isArray = scanner.text[start + 1] === "[";
  scanner.offset += isArray ? 2 : 1;
  const path: (string | number)[] = [];
  const segments = scanKey(scanner, "]");
  for (const [index, { name, offset }] of segments.entries()) {
    path.push(name);
    const id = placeKey(path);
    if (isArray && index === segments.length - 1) counts.set(id, (counts.get(id) ?? 0) + 1);
    note(scanner, path, { key: offset, value: start });
    const count = counts.get(id);
    if (count !== undefined) {
      path.push(count - 1);
      note(scanner, path, { key: offset, value: start });
    }
  }
  scanner.offset += isArray ? 2 : 1;
  return path;
}

/** Reads `key = value` and returns the key's path. */
function scanAssignment(scanner: Scanner, table: TomlPath): TomlPath {
  const before = scanner.offset;
  const segments = scanKey(scanner, "=");
  scanner.offset++;
  skipSpace(scanner);
  const value = scanner.offset;
  const path = [...table];
  for (const { name, offset } of segments) {
    path.push(name);
    note(scanner, path, { key: offset, value });
  }
  scanValue(scanner, path);
  // Guards against a text the parser would not have accepted.
  if (scanner.offset <= before) scanner.offset = before + 1;
  return path;
}

function scanKey(scanner: Scanner, end: "=" | "]"): readonly { readonly name: string; readonly offset: number }[] {
  const segments: { name: string; offset: number }[] = [];
  while (scanner.offset < scanner.text.length && scanner.text[scanner.offset] !== end) {
    const char = scanner.text[scanner.offset];
    const offset = scanner.offset;
    if (char === '"' || char === "'") segments.push({ name: scanString(scanner), offset });
    else if (char === "." || char === " " || char === "\t") scanner.offset++;
    else segments.push({ name: scanBare(scanner, /[^A-Za-z0-9_-]/g), offset });
  }
  return segments;
}

function scanValue(scanner: Scanner, path: TomlPath): void {
  const char = scanner.text[scanner.offset];
  if (char === '"' || char === "'") scanString(scanner);
  else if (char === "[") {
    scanner.offset++;
    scanItems(scanner, "]", (index) => {
      const item = [...path, index];
      note(scanner, item, { key: scanner.offset, value: scanner.offset });
      scanValue(scanner, item);
    });
  } else if (char === "{") {
    scanner.offset++;
    scanItems(scanner, "}", () => void scanAssignment(scanner, path));
  } else scanBare(scanner, /[,\]}#\r\n]/g);
}

function scanItems(scanner: Scanner, close: "]" | "}", item: (index: number) => void): void {
  let index = 0;
  for (skipSpace(scanner); scanner.offset < scanner.text.length; skipSpace(scanner)) {
    const char = scanner.text[scanner.offset];
    if (char === "," || char === close) scanner.offset++;
    else item(index++);
    if (char === close) return;
  }
}

/** Reads a run of characters up to the first that matches `end`; at least one. */
function scanBare(scanner: Scanner, end: RegExp): string {
  end.lastIndex = scanner.offset + 1;
  const stop = end.exec(scanner.text)?.index ?? scanner.text.length;
  const bare = scanner.text.slice(scanner.offset, stop);
  scanner.offset = stop;
  return bare;
}

const STRING = /"""(?:\\[^]|[^\\])*?"{3,5}|'''[^]*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'/y;

/** Steps over any of the four kinds of string and returns what a key of that form is called. */
function scanString(scanner: Scanner): string {
  STRING.lastIndex = scanner.offset;
  const raw = STRING.exec(scanner.text)?.[0] ?? scanner.text.slice(scanner.offset, scanner.offset + 1);
  scanner.offset += raw.length;
  if (raw.startsWith("'")) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1);
  }
}

/** Steps over white space, line ends and comments. */
function skipSpace(scanner: Scanner): void {
  const space = /(?:\s|\uFEFF|#[^\n]*)*/y;
  space.lastIndex = scanner.offset;
  scanner.offset += space.exec(scanner.text)?.[0].length ?? 0;
}

/** The first mention of a path is its place; a later header of the same table is not. */
function note(scanner: Scanner, path: TomlPath, location: TomlLocation): void {
  const key = placeKey(path);
  if (!scanner.places.has(key)) scanner.places.set(key, location);
}

function placeKey(path: TomlPath): string {
  return JSON.stringify(path);
}
