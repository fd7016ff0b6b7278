/** Reads a `text/event-stream` body as it arrives. */
export interface SseParser {
  /** Takes the next bytes, split anywhere. Throws {@link SseOverflow} when one event grows beyond the limit. */
  push(chunk: Uint8Array): void;
  /** The body is over; an event that lacks only its closing blank line is still delivered. */
  end(): void;
}

export class SseOverflow extends Error {
  override readonly name = "SseOverflow";
}

const NEWLINE = 10;
const RETURN = 13;
const COLON = 58;
const SPACE = 32;
const BYTE_ORDER_MARK = 0xfeff;
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

/**
 * Calls `onData` with the data of each event (lines joined by a newline), per the WHATWG event stream format with LF or CRLF
 * line ends. Comments, event names, ids and events without data are passed over.
 */
export function openSseParser(onData: (data: string) => void): SseParser {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let data: string | undefined;
  let atStart = true;

  function push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // Decoding whole lines only means that no character can be torn.
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) return hold(bytes);
    const text = heldBytes === 0 ? bytes.toString("utf8", 0, end) : Buffer.concat([...held, bytes.subarray(0, end)]).toString("utf8");
    if (heldBytes > 0) held = [];
    heldBytes = 0;
    if (end < bytes.length) hold(bytes.subarray(end));
    readLines(text);
  }

  function hold(bytes: Buffer): void {
    heldBytes += bytes.length;
    if (heldBytes > MAX_EVENT_BYTES) throw new SseOverflow("one event of the stream is larger than 64 MiB");
    held.push(Buffer.from(bytes));
  }

  function readLines(text: string): void {
    let start = atStart && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    atStart = false;
    for (let newline = text.indexOf("\n", start); newline !== -1; newline = text.indexOf("\n", start)) {
      const stop = newline > start && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
      if (stop === start) dispatch();
      else if (text.startsWith("data", start)) readData(text, start + 4, stop);
      start = newline + 1;
    }
  }

  function readData(text: string, after: number, stop: number): void {
    if (after < stop && text.charCodeAt(after) !== COLON) return;
    const from = after + (text.charCodeAt(after + 1) === SPACE ? 2 : 1);
    const value = text.slice(Math.min(from, stop), stop);
    if (data === undefined) data = value;
    else if (data.length > MAX_EVENT_BYTES) throw new SseOverflow("one event of the stream is larger than 64 MiB");
    else data += `\n${value}`;
  }

  function dispatch(): void {
    if (data === undefined) return;
    const complete = data;
    data = undefined;
    if (complete !== "") onData(complete);
  }

  function end(): void {
    if (heldBytes > 0) readLines(`${Buffer.concat(held).toString("utf8")}\n`);
    held = [];
    heldBytes = 0;
    dispatch();
  }

  return { push, end };
}
