import { describe, expect, test } from "vitest";
import { OutputBuffer } from "../../src/exec/output-buffer.ts";

describe("an output that fits", () => {
  test("is kept whole, whatever its chunks", () => {
    const text = "zwölf Boxkämpfer\njagen 🦊\n";
    for (let size = 1; size < 12; size++) expect(kept(text, { capacity: 64, size }).head).toBe(text);
    expect(kept(text, { capacity: Buffer.byteLength(text) })).toEqual({ head: text, tail: "", cutBytes: 0, cutLines: 0, totalBytes: 30 });
  });

  test("is empty when there was none", () => {
    expect(new OutputBuffer(10).captured()).toEqual({ head: "", tail: "", cutBytes: 0, cutLines: 0, totalBytes: 0 });
  });
});

describe("an output that does not fit", () => {
  test("keeps its beginning and its end and counts the rest", () => {
    const text = Array.from({ length: 100 }, (_, i) => `${String(i).padStart(3, "0")}\n`).join("");
    const expected = { head: "000\n001\n", tail: "098\n099\n", cutBytes: 384, cutLines: 96, totalBytes: 400 };
    for (const size of [1, 3, 7, 8, 9, 100, 400]) expect(kept(text, { capacity: 16, size })).toEqual(expected);
  });

  test("tears no character at either cut", () => {
    for (const character of ["é", "€", "🦊"]) {
      for (let offset = 0; offset < 4; offset++) {
        const text = "x".repeat(offset) + character.repeat(50);
        const output = kept(text, { capacity: 21, size: 5 });
        expect(output.head + output.tail).not.toContain("\uFFFD");
        expect(Buffer.byteLength(output.head) + Buffer.byteLength(output.tail) + output.cutBytes).toBe(Buffer.byteLength(text));
        expect(output.totalBytes).toBe(Buffer.byteLength(text));
      }
    }
  });

  test("may hold bytes that are no UTF-8", () => {
    const buffer = new OutputBuffer(8);
    buffer.push(Uint8Array.from([0xff, 0x41, 0x80, 0xfe]));
    expect(buffer.captured().head).toBe("\uFFFDA\uFFFD\uFFFD");
    for (let i = 0; i < 10; i++) buffer.push(Uint8Array.from([0x80, 0x80]));
    expect(buffer.captured()).toMatchObject({ totalBytes: 24, head: "\uFFFDA\uFFFD\uFFFD" });
  });
});

test("the chunk may be overwritten afterwards", () => {
  const buffer = new OutputBuffer(10);
  const chunk = Buffer.from("abcdefghij-klmnopqrst");
  buffer.push(chunk);
  chunk.fill(0);
  expect(buffer.captured()).toMatchObject({ head: "abcde", tail: "pqrst" });
});

function kept(text: string, { capacity, size = 1000 }: { capacity: number; size?: number }): ReturnType<OutputBuffer["captured"]> {
  const buffer = new OutputBuffer(capacity);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) buffer.push(bytes.subarray(at, at + size));
  return buffer.captured();
}
