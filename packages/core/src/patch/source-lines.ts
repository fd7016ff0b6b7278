import { isAscii } from "./fold.ts";

/** A UTF-8 byte order mark, one character per byte. */
const BOM = "\u00ef\u00bb\u00bf";

/**
 * A file as lines that keep their bytes. Lines end at LF or CRLF; a lone CR is text. Texts of lines are "byte strings": one
 * character per byte, so that a file in any encoding survives. A leading byte order mark belongs to no line.
 */
export interface SourceLines {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Length of the byte order mark: 3 or 0. */
  readonly markLength: number;
  /** Offset of line `index`; `startOf(count)` is the length of the file. */
  startOf(index: number): number;
  /** Byte string of line `index` without its terminator. */
  text(index: number): string;
  /** `\n`, `\r\n`, or empty for a last line without one. */
  terminator(index: number): string;
  /** The lines whose text is one of `lines`, and perhaps a few others; ascending. Told from the bytes, without strings. */
  among(lines: readonly string[]): readonly number[];
}

/** From so many texts on, parts of one string cost less than strings of their own. */
const MANY_TEXTS = 16_384;

/** Reads the lines of `bytes`. Costs one pass over the bytes; they are not copied. */
export function readLines(bytes: Uint8Array): SourceLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const markLength = buffer.toString("latin1", 0, BOM.length) === BOM ? BOM.length : 0;
  const starts = lineStarts(buffer, markLength);
  const count = starts.length - 1;
  const startOf = (index: number): number => starts[index] ?? buffer.length;
  const terminator = (index: number): string => {
    const end = startOf(index + 1);
    if (end === startOf(index) || buffer[end - 1] !== 10) return "";
    return end - 2 >= startOf(index) && buffer[end - 2] === 13 ? "\r\n" : "\n";
  };
  let texts = 0;
  let whole: string | undefined;
  const text = (index: number): string => {
    const [start, end] = [startOf(index), startOf(index + 1) - terminator(index).length];
    if (texts++ < MANY_TEXTS) return buffer.toString("latin1", start, end);
    whole ??= buffer.toString("latin1");
    return whole.slice(start, end);
  };
  return { bytes, count, markLength, startOf, text, terminator, among: (lines) => linesAmong(buffer, starts, lines) };
}

/** The table of hashes has room for so many times the wanted lines, within limits: one line in so many is taken for a wanted one. */
const ROOM = 64;
const HASH_BITS = { least: 8, most: 18 };

function linesAmong(buffer: Buffer, starts: Uint32Array, lines: readonly string[]): number[] {
  const bits = Math.min(HASH_BITS.most, Math.max(HASH_BITS.least, Math.ceil(Math.log2(ROOM * lines.length))));
  const wanted = new Uint8Array(1 << bits);
  const slotOf = (hash: number): number => (hash ^ (hash >>> bits)) & (wanted.length - 1);
  for (const line of lines) wanted[slotOf(hashBytes(Buffer.from(line, "latin1"), 0, line.length))] = 1;
  const found: number[] = [];
  for (let line = 0; line + 1 < starts.length; line++) {
    const start = starts[line] ?? 0;
    let end = starts[line + 1] ?? 0;
    if (end > start && buffer[end - 1] === 10) end -= end - 2 >= start && buffer[end - 2] === 13 ? 2 : 1;
    if (wanted[slotOf(hashBytes(buffer, start, end))] === 1) found.push(line);
  }
  return found;
}

/** Four bytes at a time: multiplying is what hashing costs. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - start);
  let at = start;
  for (; at + 3 < end; at += 4) {
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

/** Text of a patch as a byte string. */
export function toByteString(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** A byte string as people read it; bytes that are not UTF-8 become U+FFFD. */
export function toReadable(byteString: string): string {
  return isAscii(byteString) ? byteString : Buffer.from(byteString, "latin1").toString("utf8");
}

function lineStarts(buffer: Buffer, first: number): Uint32Array {
  let starts = new Uint32Array(Math.min(1024, buffer.length + 2));
  starts[0] = first;
  let count = 1;
  const endLine = (at: number): void => {
    if (count + 1 >= starts.length) {
      const longer = new Uint32Array(starts.length * 2 + 2);
      longer.set(starts);
      starts = longer;
    }
    starts[count++] = at + 1;
  };
  const { before, words } = wordsOf(buffer, first);
  for (let at = first; at < before; at++) if (buffer[at] === 10) endLine(at);
  for (let word = 0, at = before; word < words.length; word++, at += 4) {
    if (!holdsLineFeed(words[word] ?? 0)) continue;
    for (let i = at; i < at + 4; i++) if (buffer[i] === 10) endLine(i);
  }
  for (let at = before + words.length * 4; at < buffer.length; at++) if (buffer[at] === 10) endLine(at);
  const unterminated = buffer.length > first && buffer[buffer.length - 1] !== 10;
  if (unterminated) starts[count++] = buffer.length;
  return starts.subarray(0, count);
}

/** The bytes from `first` on as words, which start at a multiple of four in memory: at offset `before` of the buffer. */
function wordsOf(buffer: Buffer, first: number): { readonly before: number; readonly words: Int32Array } {
  const before = Math.min(buffer.length, first + ((4 - ((buffer.byteOffset + first) & 3)) & 3));
  const count = (buffer.length - before) >> 2;
  return { before, words: count === 0 ? new Int32Array() : new Int32Array(buffer.buffer, buffer.byteOffset + before, count) };
}

/** Is one of the four bytes a line feed? Subtracting one from each byte of the difference borrows only from one that is zero. */
function holdsLineFeed(word: number): boolean {
  const difference = word ^ 0x0a0a0a0a;
  return ((difference - 0x01010101) & ~difference & 0x80808080) !== 0;
}
