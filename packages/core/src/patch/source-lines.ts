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
  return { bytes, count, markLength, startOf, text, terminator };
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
  let count = 0;
  for (let at = buffer.indexOf(10, first); at !== -1; at = buffer.indexOf(10, at + 1)) count++;
  const unterminated = buffer.length > first && buffer[buffer.length - 1] !== 10;
  const starts = new Uint32Array(count + (unterminated ? 1 : 0) + 1);
  starts[0] = first;
  let line = 1;
  for (let at = buffer.indexOf(10, first); at !== -1; at = buffer.indexOf(10, at + 1)) starts[line++] = at + 1;
  starts[starts.length - 1] = buffer.length;
  return starts;
}
