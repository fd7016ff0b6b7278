import { expect, test } from "vitest";
import { openSseReader, type ServerSentEvent } from "../../src/http/sse.ts";

function read(
  bytes: Uint8Array,
  size: number,
): { readonly events: ServerSentEvent[]; readonly lastId: string | undefined; readonly retryMs: number | undefined } {
  const events: ServerSentEvent[] = [];
  const reader = openSseReader(1000, (event) => events.push(event));
  for (let start = 0; start < bytes.length; start += size) reader.push(bytes.subarray(start, start + size));
  return { events, lastId: reader.lastId, retryMs: reader.retryMs };
}

test("events come out whole however the bytes are cut, with every kind of line end", () => {
  const stream = Buffer.from(
    ': a comment\nid: 1\nretry: 250\ndata: {"a":"né 🙂"}\n\nevent: message\r\ndata: two\r\ndata:lines\r\n\r\nid: 2\rdata\rdata: x\r\rid: 3\n\ndata: cut off\n',
  );
  for (let size = 1; size <= stream.length; size += 1) {
    expect(read(stream, size)).toEqual({
      events: [
        { data: '{"a":"né 🙂"}', id: "1" },
        { data: "two\nlines", id: "1" },
        { data: "\nx", id: "2" },
      ],
      lastId: "3",
      retryMs: 250,
    });
  }
});

test("an event beyond the limit ends the reading", () => {
  expect(() => read(Buffer.from(`data: ${"x".repeat(2000)}`), 100)).toThrow("one event of the stream is larger than 1000 bytes");
});

test("a long event that comes in many pieces is put together once", () => {
  const events: ServerSentEvent[] = [];
  const reader = openSseReader(100_000_000, (event) => events.push(event));
  const [piece, pieces] = ["x".repeat(1000), 30_000];
  reader.push(Buffer.from("data: "));
  for (let count = 0; count < pieces; count += 1) reader.push(Buffer.from(piece));
  reader.push(Buffer.from("\r"));
  reader.push(Buffer.from("\n\n"));
  expect(events.map(({ data }) => data.length)).toEqual([piece.length * pieces]);
});
