import type { CapturedOutput } from "./output-buffer.ts";
import { wholeCharactersEnd, wholeCharactersStart } from "./utf8-cut.ts";

/** Bytes of text that make about one token. */
const BYTES_PER_TOKEN = 4;
/** Room for the line that stands in for what was left out. */
const MARKER_BYTES = 100;
/** A cut moves to a line end that is at most this part of the kept piece away. */
const LINE_SNAP = 0.2;

export interface TruncatedText {
  readonly text: string;
  /** 0 when nothing was left out. */
  readonly cutBytes: number;
}

/** `text` cut to about `maxTokens` for the model: beginning and end, with a line between that counts what is missing. */
export function truncateText(text: string, maxTokens: number): string {
  return truncateOutput({ head: text, tail: "", cutBytes: 0, cutLines: 0 }, maxTokens).text;
}

/** The same for an output whose middle may be gone already; the line counts both. */
export function truncateOutput(output: Omit<CapturedOutput, "totalBytes">, maxTokens: number): TruncatedText {
  const budget = maxTokens * BYTES_PER_TOKEN;
  const head = Buffer.from(output.head);
  const tail = Buffer.from(output.tail);
  if (head.length + tail.length <= budget) return { text: joinOutput(output), cutBytes: output.cutBytes };
  // With nothing missing yet, both pieces come from the one text there is.
  const end = output.cutBytes === 0 ? Buffer.concat([head, tail]) : tail;
  const start = output.cutBytes === 0 ? end : head;
  const room = Math.max(0, budget - MARKER_BYTES);
  const tailRoom = Math.min(end.length, Math.max(Math.ceil(room / 2), room - start.length));
  const keptStart = start.subarray(0, snapEnd(start, room - tailRoom));
  const keptEnd = end.subarray(snapStart(end, end.length - tailRoom));
  const shown = output.cutBytes === 0 ? end : Buffer.concat([head, tail]);
  const cutBytes = output.cutBytes + shown.length - keptStart.length - keptEnd.length;
  const cutLines = output.cutLines + lineEnds(shown) - lineEnds(keptStart) - lineEnds(keptEnd);
  return { text: joinOutput({ head: keptStart.toString(), tail: keptEnd.toString(), cutBytes, cutLines }), cutBytes };
}

/** Head and tail as one text, with a line of its own between them when something is missing there. */
export function joinOutput(output: Omit<CapturedOutput, "totalBytes">): string {
  if (output.cutBytes === 0) return output.head + output.tail;
  const tokens = Math.ceil(output.cutBytes / BYTES_PER_TOKEN);
  const marker = `[… ${output.cutBytes} bytes left out: ${output.cutLines} lines, about ${tokens} tokens …]`;
  const newline = output.head === "" || output.head.endsWith("\n") ? "" : "\n";
  return `${output.head}${newline}${marker}\n${output.tail}`;
}

function snapEnd(bytes: Buffer, length: number): number {
  if (length >= bytes.length) return bytes.length;
  const newline = length === 0 ? -1 : bytes.lastIndexOf(0x0a, length - 1);
  return newline >= length * (1 - LINE_SNAP) ? newline + 1 : wholeCharactersEnd(bytes, length);
}

function snapStart(bytes: Buffer, start: number): number {
  if (start <= 0) return 0;
  const newline = bytes.indexOf(0x0a, start - 1);
  const furthest = start + (bytes.length - start) * LINE_SNAP;
  return newline >= 0 && newline + 1 <= furthest ? newline + 1 : wholeCharactersStart(bytes, start);
}

function lineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
