export interface LineReader {
  /** Takes the next bytes, split anywhere. */
  readonly push: (chunk: Buffer) => void;
}

export interface LineReaderOptions {
  /** A longer line is dropped as it comes, so that it never fills the memory. */
  readonly maxBytes: number;
  /** A line that begins like a message, without its end. */
  readonly onLine: (text: string) => void;
  /** The first bytes of a line that cannot be a message. */
  readonly onGarbage: (head: string) => void;
  readonly onOverflow: (line: OverlongLine) => void;
}

export interface OverlongLine {
  readonly bytes: number;
  readonly head: string;
  readonly tail: string;
}

const NEWLINE = 0x0a;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const EDGE_BYTES = 4096;
const GARBAGE_BYTES = 80;

/** Cuts a stream of bytes into lines. Bytes are decoded by the line, so no character is torn. */
export function openLineReader({ maxBytes, onLine, onGarbage, onOverflow }: LineReaderOptions): LineReader {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let overlong: { bytes: number; readonly head: string; tail: Buffer } | undefined;

  function push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (heldBytes === 0 && overlong === undefined && end - start <= maxBytes) deliver(chunk, start, end);
      else finish(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }

  function finish(last: Buffer): void {
    if (overlong === undefined && heldBytes + last.length > maxBytes) overflow();
    if (overlong !== undefined) {
      extend(last);
      const { bytes, head, tail } = overlong;
      overlong = undefined;
      onOverflow({ bytes, head, tail: tail.toString("utf8") });
    } else {
      held.push(last);
      const line = Buffer.concat(held);
      held = [];
      heldBytes = 0;
      deliver(line, 0, line.length);
    }
  }

  function hold(part: Buffer): void {
    if (overlong !== undefined) return extend(part);
    // The stream's chunk would stay alive for the sake of a few bytes.
    held.push(part.length < 16_384 ? Buffer.from(part) : part);
    heldBytes += part.length;
    if (heldBytes > maxBytes) overflow();
  }

  function overflow(): void {
    const head = Buffer.concat(held.slice(0, 64)).toString("utf8", 0, EDGE_BYTES);
    overlong = { bytes: heldBytes, head, tail: Buffer.concat(held.slice(-64)).subarray(-EDGE_BYTES) };
    held = [];
    heldBytes = 0;
  }

  function extend(part: Buffer): void {
    if (overlong === undefined) return;
    overlong.bytes += part.length;
    overlong.tail = Buffer.concat([overlong.tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
  }

  function deliver(bytes: Buffer, start: number, end: number): void {
    let first = start;
    while (first < end && isBlank(bytes[first])) first += 1;
    if (first === end) return;
    if (bytes[first] === BRACE || bytes[first] === BRACKET) onLine(bytes.toString("utf8", first, end));
    else onGarbage(bytes.toString("utf8", first, Math.min(end, first + GARBAGE_BYTES)));
  }

  return { push };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
