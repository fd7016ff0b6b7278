import { wholeCharactersEnd, wholeCharactersStart } from "./utf8-cut.ts";

const NEWLINE = 0x0a;
const FIRST_CAPACITY = 4096;

/** What was kept of an output: its beginning and its end. */
export interface CapturedOutput {
  readonly head: string;
  /** Empty when nothing is missing. */
  readonly tail: string;
  /** Bytes missing between `head` and `tail`. */
  readonly cutBytes: number;
  /** Line ends among them. */
  readonly cutLines: number;
  readonly totalBytes: number;
}

/** Keeps the first and the last half of `capacity` bytes of a stream, and counts the rest. Memory grows with the output, up to `capacity`. */
export class OutputBuffer {
  readonly #headCapacity: number;
  readonly #tailCapacity: number;
  #head: Buffer = Buffer.allocUnsafe(0);
  #headLength = 0;
  /** A ring once it is full: the oldest byte is at `#tailEnd`. */
  #tail: Buffer = Buffer.allocUnsafe(0);
  #tailEnd = 0;
  #tailTotal = 0;
  #newlines = 0;

  constructor(capacity: number) {
    this.#headCapacity = Math.ceil(capacity / 2);
    this.#tailCapacity = Math.floor(capacity / 2);
  }

  /** Copies what it keeps. */
  push(chunk: Uint8Array): void {
    this.#newlines += countNewlines(chunk);
    const intoHead = Math.min(chunk.length, this.#headCapacity - this.#headLength);
    if (intoHead > 0) {
      this.#head = withRoom(this.#head, this.#headLength, { needed: Math.min(this.#headLength + intoHead, this.#headCapacity) });
      this.#head.set(chunk.subarray(0, intoHead), this.#headLength);
      this.#headLength += intoHead;
    }
    if (intoHead < chunk.length) this.#pushTail(chunk.subarray(intoHead));
  }

  get totalBytes(): number {
    return this.#headLength + this.#tailTotal;
  }

  /** Bytes that are no UTF-8 become U+FFFD; no character is torn by the cut. */
  captured(): CapturedOutput {
    const totalBytes = this.totalBytes;
    const head = this.#head.subarray(0, this.#headLength);
    const tail = this.#orderedTail();
    if (this.#tailTotal <= this.#tailCapacity) {
      return { head: Buffer.concat([head, tail]).toString(), tail: "", cutBytes: 0, cutLines: 0, totalBytes };
    }
    const keptHead = head.subarray(0, wholeCharactersEnd(head, head.length));
    const keptTail = tail.subarray(wholeCharactersStart(tail, 0));
    return {
      head: keptHead.toString(),
      tail: keptTail.toString(),
      cutBytes: totalBytes - keptHead.length - keptTail.length,
      cutLines: this.#newlines - countNewlines(keptHead) - countNewlines(keptTail),
      totalBytes,
    };
  }

  #pushTail(bytes: Uint8Array): void {
    this.#tailTotal += bytes.length;
    const capacity = this.#tailCapacity;
    if (capacity === 0) return;
    const last = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
    const needed = Math.min(this.#tailTotal, capacity);
    this.#tail = withRoom(this.#tail, this.#tail.length, { needed, most: capacity });
    const beforeEdge = Math.min(last.length, capacity - this.#tailEnd);
    this.#tail.set(last.subarray(0, beforeEdge), this.#tailEnd);
    this.#tail.set(last.subarray(beforeEdge), 0);
    this.#tailEnd = (this.#tailEnd + last.length) % capacity;
  }

  #orderedTail(): Buffer {
    if (this.#tailTotal <= this.#tailCapacity) return this.#tail.subarray(0, this.#tailTotal);
    return Buffer.concat([this.#tail.subarray(this.#tailEnd), this.#tail.subarray(0, this.#tailEnd)]);
  }
}

/** `buffer`, or a larger one that holds its first `used` bytes; at least doubled, so that growing costs little. */
function withRoom(buffer: Buffer, used: number, { needed, most = Infinity }: { readonly needed: number; readonly most?: number }): Buffer {
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(Math.min(most, Math.max(needed, FIRST_CAPACITY, buffer.length * 2)));
  buffer.copy(larger, 0, 0, used);
  return larger;
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === NEWLINE) count++;
  return count;
}
