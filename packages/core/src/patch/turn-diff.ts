import { isAbsolute, relative, sep } from "node:path";
import type { FileSystem } from "../host/host.ts";
import { eachAtMost } from "./each-at-most.ts";
import { codeOf } from "./fault.ts";
import { readLines, type SourceLines } from "./source-lines.ts";
import { diffLines, renderHunks } from "./unified-diff.ts";

/** Files beyond this are named, not shown, and their former content is not kept. */
const MAX_FILE_BYTES = 1024 * 1024;
/** When the diff is longer, the files that follow are named only. */
const MAX_DIFF_LENGTH = 512 * 1024;
const READS_AT_ONCE = 16;
/** Less what the umask takes away; nobody may execute it. */
const NEW_FILE_MODE = 0o666;
/** A new file that shares this part of its lines with a removed one is that file, renamed. */
const RENAME_SHARE = 0.6;

/** The changes of one turn, in git's form; implements `TurnDiff` of tools/tool.ts. */
export interface TurnChanges {
  /** Remembers a file's content before its first change in the turn; null = it did not exist. Later calls for it count nothing. */
  remember(path: string, before: Uint8Array | null): void;
  /**
   * The unified diff from what was remembered to what the disk holds now; empty when nothing differs. `added` are new files of ordinary
   * mode that were just written, by path, with their content: they are not read.
   */
  render(added?: ReadonlyMap<string, Uint8Array>): Promise<string>;
}

/** Starts with nothing changed. Paths below `cwd` are shown relative to it. */
export function createTurnDiff(fs: FileSystem, cwd: string): TurnChanges {
  const remembered = new Map<string, Content>();
  return {
    remember(path, before) {
      if (!remembered.has(path)) remembered.set(path, before === null ? undefined : contentOf(before, undefined));
    },
    async render(added = new Map()) {
      const paths = [...remembered.keys()].sort();
      const contents = new Map<string, Content>();
      await eachAtMost(READS_AT_ONCE, paths, async (path) => {
        const known = added.get(path);
        contents.set(path, known === undefined ? await readContent(fs, path) : contentOf(known, NEW_FILE_MODE));
      });
      const files = paths.map((path): ChangedFile => ({
        name: shownName(path, cwd),
        before: remembered.get(path),
        after: contents.get(path),
      }));
      return renderFiles(pairRenames(files.filter(({ before, after }) => !isSame(before, after))));
    },
  };
}

type Content = ShownContent | LargeContent | undefined;

interface ShownContent {
  readonly type: "text" | "binary";
  readonly bytes: Uint8Array;
  readonly mode: number | undefined;
}

interface LargeContent {
  readonly type: "large";
  readonly size: number;
  readonly mode: number | undefined;
}

interface ChangedFile {
  readonly name: string;
  readonly before: Content;
  readonly after: Content;
  readonly renamedFrom?: string;
}

function contentOf(bytes: Uint8Array, mode: number | undefined): Content {
  if (bytes.length > MAX_FILE_BYTES) return { type: "large", size: bytes.length, mode };
  return { type: bytes.includes(0) ? "binary" : "text", bytes, mode };
}

async function readContent(fs: FileSystem, path: string): Promise<Content> {
  try {
    const stat = await fs.stat(path);
    if (stat === undefined || stat.kind !== "file") return undefined;
    if (stat.size > MAX_FILE_BYTES) return { type: "large", size: stat.size, mode: stat.mode };
    return contentOf(await fs.readFile(path), stat.mode);
  } catch (error) {
    if (codeOf(error) === "") throw error;
    return undefined;
  }
}

function isSame(before: Content, after: Content): boolean {
  if (before === undefined || after === undefined) return before === after;
  // Large contents are not kept, so one that was touched counts as changed.
  if (before.type === "large" || after.type === "large") return false;
  return Buffer.compare(before.bytes, after.bytes) === 0;
}

function pairRenames(files: readonly ChangedFile[]): ChangedFile[] {
  const removed = new Set(files.filter((file) => file.after === undefined && file.before?.type === "text"));
  const paired = files.map((file): ChangedFile => {
    if (file.before !== undefined || file.after?.type !== "text") return file;
    const source = [...removed].find((candidate) => shareOfLines(candidate.before, file.after) >= RENAME_SHARE);
    if (source === undefined) return file;
    removed.delete(source);
    return { ...file, before: source.before, renamedFrom: source.name };
  });
  const sources = new Set(paired.flatMap((file) => (file.renamedFrom === undefined ? [] : [file.renamedFrom])));
  return paired.filter((file) => file.renamedFrom !== undefined || !sources.has(file.name));
}

/** How much of the longer content's lines the other has too, 0 to 1. */
function shareOfLines(a: Content, b: Content): number {
  if (a?.type !== "text" || b?.type !== "text") return 0;
  const old = readLines(a.bytes);
  const now = readLines(b.bytes);
  const longer = Math.max(old.count, now.count);
  if (longer === 0) return 1;
  if (Math.min(old.count, now.count) / longer < RENAME_SHARE) return 0;
  const counts = new Map<string, number>();
  for (let line = 0; line < old.count; line++) counts.set(old.text(line), (counts.get(old.text(line)) ?? 0) + 1);
  let shared = 0;
  for (let line = 0; line < now.count; line++) {
    const left = counts.get(now.text(line)) ?? 0;
    if (left > 0) shared++;
    counts.set(now.text(line), left - 1);
  }
  return shared / longer;
}

async function renderFiles(files: readonly ChangedFile[]): Promise<string> {
  let output = "";
  for (const file of files)
    output +=
      output.length > MAX_DIFF_LENGTH ? `${headers(file).join("")}Change not shown: the diff is too long\n` : await renderFile(file);
  return output;
}

async function renderFile(file: ChangedFile): Promise<string> {
  const { before, after } = file;
  const head = headers(file).join("");
  if (before?.type === "large" || after?.type === "large")
    return `${head}Change not shown: ${sizeOf(before)} bytes became ${sizeOf(after)}\n`;
  const [from, to] = [
    before === undefined ? "/dev/null" : quoted("a", file.renamedFrom ?? file.name),
    after === undefined ? "/dev/null" : quoted("b", file.name),
  ];
  if (before?.type === "binary" || after?.type === "binary") return `${head}Binary files ${from} and ${to} differ\n`;
  const old = linesOf(before);
  const hunks = renderHunks(old, await diffLines(old, linesOf(after)));
  return hunks === "" ? head : `${head}--- ${from}\n+++ ${to}\n${hunks}`;
}

function headers(file: ChangedFile): string[] {
  const from = file.renamedFrom ?? file.name;
  const lines = [`diff --git ${quoted("a", from)} ${quoted("b", file.name)}\n`];
  if (file.before === undefined) lines.push(`new file mode ${gitMode(file.after)}\n`);
  if (file.after === undefined) lines.push(`deleted file mode ${gitMode(file.before)}\n`);
  if (file.renamedFrom !== undefined) lines.push(`rename from ${quoted("", from)}\n`, `rename to ${quoted("", file.name)}\n`);
  return lines;
}

function linesOf(content: Content): SourceLines {
  return readLines(content === undefined || content.type === "large" ? new Uint8Array() : content.bytes);
}

function sizeOf(content: Content): number {
  if (content === undefined) return 0;
  return content.type === "large" ? content.size : content.bytes.length;
}

function gitMode(content: Content): string {
  return ((content?.mode ?? 0) & 0o111) === 0 ? "100644" : "100755";
}

function shownName(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const name = below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below) ? path : below;
  return sep === "/" ? name : name.replaceAll(sep, "/");
}

/** git's quoting: only names that would break the line are quoted. */
function quoted(prefix: string, name: string): string {
  const path = prefix === "" ? name : name.startsWith("/") ? prefix + name : `${prefix}/${name}`;
  // eslint-disable-next-line no-control-regex
  return /[\x00-\x1f"\\\x7f]/.test(path) ? JSON.stringify(path) : path;
}
