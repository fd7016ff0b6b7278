import { trim, trimEnd } from "./fold.ts";

/** A patch as written: sections in order, paths as spelled, nothing looked up yet. */
export interface Patch {
  readonly sections: readonly PatchSection[];
}

export type PatchSection = AddSection | DeleteSection | UpdateSection;

export interface AddSection {
  readonly type: "add";
  readonly path: string;
  /** Line of the header, 1 = the `*** Begin Patch` line. */
  readonly line: number;
  readonly lines: readonly string[];
}

export interface DeleteSection {
  readonly type: "delete";
  readonly path: string;
  readonly line: number;
}

export interface UpdateSection {
  readonly type: "update";
  readonly path: string;
  readonly line: number;
  readonly movePath: string | undefined;
  /** At least one. */
  readonly chunks: readonly Chunk[];
}

export interface Chunk {
  /** Line of its first `@@`, or of its first content line. */
  readonly line: number;
  /** Texts of the `@@ TEXT` lines before it, outermost first; a bare `@@` adds none. */
  readonly headers: readonly string[];
  /** At least one. */
  readonly lines: readonly ChunkLine[];
  readonly endOfFile: boolean;
}

export interface ChunkLine {
  readonly kind: "context" | "remove" | "add";
  readonly text: string;
}

/** What is wrong with a patch's text. */
export interface PatchSyntaxError {
  /** 1 = the `*** Begin Patch` line. */
  readonly line: number;
  readonly message: string;
  /** How the place should look. */
  readonly example: string;
}

export type ParsePatchResult = { readonly ok: true; readonly patch: Patch } | { readonly ok: false; readonly error: PatchSyntaxError };

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const ADD = "*** Add File: ";
const DELETE = "*** Delete File: ";
const UPDATE = "*** Update File: ";
const MOVE = "*** Move to: ";
const ENVIRONMENT = "*** Environment ID:";
const END_OF_FILE = "*** End of File";
const HEREDOC_STARTS = ["<<EOF", "<<'EOF'", '<<"EOF"'];

const WHOLE_EXAMPLE = `${BEGIN}\n${UPDATE}src/app.ts\n@@\n unchanged line\n-old line\n+new line\n${END}`;
const SECTION_EXAMPLE = `${ADD}path\n${DELETE}path\n${UPDATE}path`;
const CHUNK_EXAMPLE = "@@\n unchanged line\n-old line\n+new line";

/** Reads a patch. Never throws; the first thing that is wrong is the error. */
export function parsePatch(text: string): ParsePatchResult {
  const envelope = readEnvelope(trim(text).split("\n").map(dropCarriageReturns));
  if (!envelope.ok) return envelope;
  try {
    return { ok: true, patch: { sections: readSections(envelope.lines) } };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: error.detail };
    throw error;
  }
}

/** The error as text for the model or a person. */
export function describeSyntaxError(error: PatchSyntaxError): string {
  return `The patch is malformed at line ${error.line}: ${error.message}\nIt should look like this:\n${error.example}`;
}

class Malformed extends Error {
  readonly detail: PatchSyntaxError;
  constructor(line: number, message: string, example: string) {
    super(message);
    this.detail = { line, message, example };
  }
}

type Envelope = { readonly ok: true; readonly lines: readonly string[] } | { readonly ok: false; readonly error: PatchSyntaxError };

/** Checks the first and the last line; a heredoc's wrapping left around the patch is taken off. */
function readEnvelope(lines: readonly string[]): Envelope {
  const plain = checkMarkers(lines);
  if (plain.ok || lines.length < 4) return plain;
  if (!HEREDOC_STARTS.includes(lines[0] ?? "") || !(lines.at(-1) ?? "").endsWith("EOF")) return plain;
  return checkMarkers(lines.slice(1, -1));
}

function checkMarkers(lines: readonly string[]): Envelope {
  if (trim(lines[0] ?? "") !== BEGIN) {
    const message = `the first line has to be "${BEGIN}"; it is ${quote(lines[0] ?? "")}.`;
    return { ok: false, error: { line: 1, message, example: WHOLE_EXAMPLE } };
  }
  if (trim(lines.at(-1) ?? "") !== END || lines.length < 2) {
    const message = `the last line has to be "${END}"; it is ${quote(lines.at(-1) ?? "")}.`;
    return { ok: false, error: { line: lines.length, message, example: WHOLE_EXAMPLE } };
  }
  return { ok: true, lines: withoutRepeatedEnd(lines) };
}

/** The closing line may stand there twice, blank lines between. */
function withoutRepeatedEnd(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line, index) => index < lines.length - 1 && trim(line) !== "");
  return trimEnd(lines[at] ?? "") === END ? lines.slice(0, at + 1) : lines;
}

function readSections(lines: readonly string[]): PatchSection[] {
  const cursor: Cursor = { lines, at: 1, end: lines.length - 1 };
  skipEnvironment(cursor);
  const sections: PatchSection[] = [];
  while (cursor.at < cursor.end) sections.push(readSection(cursor));
  if (sections.length === 0) throw new Malformed(1, "there is no file section, so there is nothing to change.", WHOLE_EXAMPLE);
  return sections;
}

/** `at` is the index of the next line; the closing marker is at `end`. */
interface Cursor {
  readonly lines: readonly string[];
  at: number;
  readonly end: number;
}

/** An environment id directly under the first line is accepted and has no meaning here. */
function skipEnvironment(cursor: Cursor): void {
  const line = trim(lineAt(cursor));
  if (!line.startsWith(ENVIRONMENT)) return;
  if (trim(line.slice(ENVIRONMENT.length)) === "") throw new Malformed(2, "the environment id is empty.", WHOLE_EXAMPLE);
  cursor.at++;
  if (trim(lineAt(cursor)).startsWith(ENVIRONMENT)) throw new Malformed(3, "the environment id is given twice.", WHOLE_EXAMPLE);
}

function readSection(cursor: Cursor): PatchSection {
  const header = trim(lineAt(cursor));
  const line = cursor.at + 1;
  const section = readHeader(header);
  if (section === undefined) throw badHeader(cursor, line, header);
  cursor.at++;
  switch (section.type) {
    case "add":
      return { type: "add", path: section.path, line, lines: readAddedLines(cursor) };
    case "delete":
      return { type: "delete", path: section.path, line };
    case "update":
      return readUpdate(cursor, section.path, line);
  }
}

function readHeader(line: string): { readonly type: "add" | "delete" | "update"; readonly path: string } | undefined {
  for (const [type, prefix] of [
    ["add", ADD],
    ["delete", DELETE],
    ["update", UPDATE],
  ] as const) {
    if (!line.startsWith(prefix)) continue;
    const path = line.slice(prefix.length);
    if (path !== "" && trim(path) === path) return { type, path };
  }
  return undefined;
}

function badHeader(cursor: Cursor, line: number, header: string): Malformed {
  if (cursor.lines.slice(0, cursor.at).some((text) => text.startsWith(ADD)) && !header.startsWith("*")) {
    const message = `${quote(header)} is not a section header. Inside "${ADD.trim()}" every line of the new file starts with "+", empty lines too.`;
    return new Malformed(line, message, `${ADD}path\n+first line\n+\n+third line`);
  }
  return new Malformed(line, `${quote(header)} is not a section header; exactly one space and a path follow the colon.`, SECTION_EXAMPLE);
}

function readAddedLines(cursor: Cursor): string[] {
  const added: string[] = [];
  for (; cursor.at < cursor.end && lineAt(cursor).startsWith("+"); cursor.at++) added.push(lineAt(cursor).slice(1));
  return added;
}

function readUpdate(cursor: Cursor, path: string, line: number): UpdateSection {
  const movePath = readMove(cursor);
  const chunks: Chunk[] = [];
  while (cursor.at < cursor.end && readHeader(trimEnd(lineAt(cursor))) === undefined) {
    const previous = chunks.at(-1);
    if (previous?.endOfFile === true && trim(lineAt(cursor)) === "") cursor.at++;
    else chunks.push(readChunk(cursor, previous !== undefined));
  }
  if (chunks.length > 0) return { type: "update", path, line, movePath, chunks };
  const message =
    movePath === undefined
      ? `the update of ${quote(path)} has no lines.`
      : `the move of ${quote(path)} has no lines. To move a file unchanged, show one of its lines as context.`;
  const move = movePath === undefined ? "" : `${MOVE}${movePath}\n`;
  throw new Malformed(line, message, `${UPDATE}${path}\n${move}${CHUNK_EXAMPLE}`);
}

function readMove(cursor: Cursor): string | undefined {
  const line = trimEnd(lineAt(cursor));
  if (cursor.at >= cursor.end || !line.startsWith(MOVE)) return undefined;
  cursor.at++;
  return line.slice(MOVE.length);
}

function readChunk(cursor: Cursor, needsHeader: boolean): Chunk {
  const line = cursor.at + 1;
  const headers: string[] = [];
  let marked = false;
  for (let text = trimEnd(lineAt(cursor)); cursor.at < cursor.end && isMarker(text); text = trimEnd(lineAt(cursor))) {
    if (text.length > 3) headers.push(text.slice(3));
    marked = true;
    cursor.at++;
  }
  if (needsHeader && !marked) {
    const message = `a further hunk of the same file starts with "@@"; found ${quote(lineAt(cursor))}.`;
    throw new Malformed(line, message, CHUNK_EXAMPLE);
  }
  const lines = readChunkLines(cursor);
  if (lines.length === 0) throw emptyChunk(cursor);
  const endOfFile = cursor.at < cursor.end && trimEnd(lineAt(cursor)) === END_OF_FILE;
  if (endOfFile) cursor.at++;
  return { line, headers, lines, endOfFile };
}

function isMarker(line: string): boolean {
  return line === "@@" || line.startsWith("@@ ");
}

function readChunkLines(cursor: Cursor): ChunkLine[] {
  const lines: ChunkLine[] = [];
  for (; cursor.at < cursor.end; cursor.at++) {
    const line = lineAt(cursor);
    const kind = line === "" ? "context" : KINDS[line.charAt(0)];
    if (kind === undefined) break;
    lines.push({ kind, text: line.slice(1) });
  }
  return lines;
}

const KINDS: Readonly<Record<string, ChunkLine["kind"]>> = { " ": "context", "-": "remove", "+": "add" };

function emptyChunk(cursor: Cursor): Malformed {
  const line = cursor.at + 1;
  const text = lineAt(cursor);
  if (cursor.at >= cursor.end || readHeader(trimEnd(text)) !== undefined || trimEnd(text) === END_OF_FILE) {
    return new Malformed(line, "the hunk before this line has no lines.", CHUNK_EXAMPLE);
  }
  const message = `${quote(text)} cannot stand in a hunk: a line starts with " " (unchanged), "-" (removed) or "+" (added).`;
  return new Malformed(line, message, CHUNK_EXAMPLE);
}

function lineAt(cursor: Cursor): string {
  return cursor.lines[cursor.at] ?? "";
}

function dropCarriageReturns(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
  return line.slice(0, end);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
