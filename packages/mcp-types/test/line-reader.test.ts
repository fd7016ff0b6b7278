import { expect, test } from "vitest";
import { openLineReader } from "../src/line-reader.ts";

function read(chunks: readonly (string | Buffer)[], maxBytes = 1000): unknown[] {
  const seen: unknown[] = [];
  const reader = openLineReader({
    maxBytes,
    onLine: (text) => seen.push(text),
    onGarbage: (head) => seen.push({ garbage: head }),
    onOverflow: (line) => seen.push(line),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return seen;
}

test("lines come out whole however the bytes are cut", () => {
  const bytes = Buffer.from('{"a":"né 🙂"}\n\r\n [1]\r\nWelcome\n{"b":2}\n{"unfinished"');
  const whole = read([bytes]);
  expect(whole).toEqual(['{"a":"né 🙂"}', "[1]\r", { garbage: "Welcome" }, '{"b":2}']);
  for (let size = 1; size < bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    expect(read(chunks)).toEqual(whole);
  }
});

test.each([1, 7, 5000])("a line beyond the limit is dropped but for its ends, in pieces of %i bytes", (size) => {
  const line = Buffer.from(`{"id":1,${"x".repeat(20_000)},"id":2}\n{"next":1}\n`);
  const chunks = Array.from({ length: Math.ceil(line.length / size) }, (_, index) => line.subarray(index * size, (index + 1) * size));

  const seen = read(chunks, 10_000) as [{ bytes: number; head: string; tail: string }, string];

  expect(seen[0].bytes).toBe(20_016);
  expect(seen[0].head.startsWith('{"id":1,xxx')).toBe(true);
  expect(seen[0].tail.endsWith('xxx,"id":2}')).toBe(true);
  expect(seen[1]).toBe('{"next":1}');
});
