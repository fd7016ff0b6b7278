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
  /** {@link hashLine} of line `index`, without making a string of it. */
  hash(index: number): number;
}

/** Reads the lines of `bytes`. Costs one pass; the bytes are not copied twice. */
export function readLines(bytes: Uint8Array): SourceLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = buffer.toString("latin1");
  const markLength = whole.startsWith(BOM) ? BOM.length : 0;
  const starts = lineStarts(buffer, markLength);
  const count = starts.length - 1;
  const startOf = (index: number): number => starts[index] ?? whole.length;
  const terminator = (index: number): string => {
    const end = startOf(index + 1);
    if (end === startOf(index) || whole.charCodeAt(end - 1) !== 10) return "";
    return end - 2 >= startOf(index) && whole.charCodeAt(end - 2) === 13 ? "\r\n" : "\n";
  };
  const text = (index: number): string => whole.slice(startOf(index), startOf(index + 1) - terminator(index).length);
  let hashes: Int32Array | undefined;
  const hash = (index: number): number => (hashes ??= hashLines(buffer, starts))[index] ?? 0;
  return { bytes, count, markLength, startOf, text, terminator, hash };
}

const HASH_SEED = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;

/** FNV-1a of a byte string. Lines that agree have the same. */
export function hashLine(byteString: string): number {
  let hash = HASH_SEED;
  for (let at = 0; at < byteString.length; at++) hash = Math.imul(hash ^ byteString.charCodeAt(at), HASH_FACTOR);
  return hash;
}

function hashLines(buffer: Buffer, starts: Uint32Array): Int32Array {
  const hashes = new Int32Array(starts.length - 1);
  for (let line = 0; line < hashes.length; line++) {
    const start = starts[line] ?? 0;
    let end = starts[line + 1] ?? 0;
    if (end > start && buffer[end - 1] === 10) end -= end - 2 >= start && buffer[end - 2] === 13 ? 2 : 1;
    let hash = HASH_SEED;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (buffer[at] ?? 0), HASH_FACTOR);
    hashes[line] = hash;
  }
  return hashes;
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
  for (let at = first; at < buffer.length; at++) {
    if (buffer[at] !== 10) continue;
    if (count + 1 >= starts.length) {
      const longer = new Uint32Array(starts.length * 2 + 2);
      longer.set(starts);
      starts = longer;
    }
    starts[count++] = at + 1;
  }
  const unterminated = buffer.length > first && buffer[buffer.length - 1] !== 10;
  if (unterminated) starts[count++] = buffer.length;
  return starts.subarray(0, count);
}
