import { expect, test } from "vitest";
import { openSseParser } from "../../src/model/sse.ts";

function parse(chunks: readonly (string | Uint8Array)[]): string[] {
  const events: string[] = [];
  const parser = openSseParser((data) => void events.push(data));
  for (const chunk of chunks) parser.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  parser.end();
  return events;
}

test.each([
  ["one event", "data: a\n\n", ["a"]],
  ["no space after the colon", "data:a\n\n", ["a"]],
  ["only one space is taken off", "data:  a\n\n", [" a"]],
  ["several data lines are joined", "data: a\ndata: b\n\n", ["a\nb"]],
  ["CRLF line ends", "event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
  ["comments, names, ids and retry times", ": hi\nevent: x\nid: 1\nretry: 5\ndata: a\n\n: bye\n\n", ["a"]],
  ["a byte order mark", "\ufeffdata: a\n\n", ["a"]],
  ["fields that only begin with data", "database: x\ndata: a\n\n", ["a"]],
  ["an event without data", "event: x\n\ndata\n\ndata:\n\ndata: a\n\n", ["a"]],
  ["a last event without its blank line", "data: a\n\ndata: b", ["a", "b"]],
  ["nothing", "", []],
])("reads %s", (_name, text, events) => {
  expect(parse([text])).toEqual(events);
});

test("any split of the bytes gives the same events", () => {
  const text = "\ufeff: c\r\ndata: Grüße 😀\r\n\r\nevent: y\ndata: a\ndata: b\n\ndata: z\n\n";
  const bytes = new TextEncoder().encode(text);
  const whole = parse([bytes]);
  expect(whole).toEqual(["Grüße 😀", "a\nb", "z"]);
  for (let size = 1; size < bytes.length; size++) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    expect(parse(chunks)).toEqual(whole);
  }
});

test("a line that never ends is not kept for ever", () => {
  const parser = openSseParser(() => undefined);
  const chunk = new Uint8Array(8 * 1024 * 1024).fill(97);
  expect(() => {
    for (let i = 0; i < 9; i++) parser.push(chunk);
  }).toThrow("one event of the stream is larger than 64 MiB");
});
