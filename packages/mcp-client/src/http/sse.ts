export interface ServerSentEvent {
  readonly data: string;
  /** The last id the stream has given, also by an earlier event. */
  readonly id: string | undefined;
}

export interface SseReader {
  readonly lastId: string | undefined;
  /** How long to wait before connecting again, ms, when the server said so. */
  readonly retryMs: number | undefined;
  /** Takes the next bytes, split anywhere. Throws when one event grows beyond the limit. */
  push(chunk: Uint8Array): void;
}

/** Reads `text/event-stream` per the WHATWG rules. An event that the end of the stream cuts off is not delivered. */
export function openSseReader(maxBytes: number, onEvent: (event: ServerSentEvent) => void): SseReader {
  const decoder = new TextDecoder();
  /** Pieces of a line whose end has not come; joined once, or a long one would be copied with every piece. */
  let rest: string[] = [];
  let endsInReturn = false;
  let data: string[] = [];
  let size = 0;
  let hasFields = false;
  let lastId: string | undefined;
  let retryMs: number | undefined;

  function push(chunk: Uint8Array): void {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`one event of the stream is larger than ${String(maxBytes)} bytes`);
    const decoded = decoder.decode(chunk, { stream: true });
    if (decoded === "") return;
    // A return at the very end may be half of a line break.
    const text = endsInReturn ? `\r${decoded}` : decoded;
    endsInReturn = text.endsWith("\r");
    const [first = "", ...lines] = (endsInReturn ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    rest.push(first);
    const last = lines.pop();
    if (last === undefined) return;
    readLine(rest.join(""));
    for (const line of lines) readLine(line);
    rest = [last];
  }

  function readLine(line: string): void {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) lastId = value;
    else if (field === "retry" && /^\d+$/.test(value)) retryMs = Number(value);
    hasFields = true;
  }

  function dispatch(): void {
    const text = data.join("\n");
    data = [];
    size = 0;
    if (hasFields && text !== "") onEvent({ data: text, id: lastId });
    hasFields = false;
  }

  return {
    get lastId() {
      return lastId;
    },
    get retryMs() {
      return retryMs;
    },
    push,
  };
}
