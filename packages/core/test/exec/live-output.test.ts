import { expect, test } from "vitest";
import type { Clock } from "../../src/host/host.ts";
import { LIVE_OUTPUT_BYTES, LiveOutput } from "../../src/exec/live-output.ts";

test("the first chunk is passed on at once, what follows closely is gathered", () => {
  const { live, deltas, advance } = setup();
  live.push(Buffer.from("one"), "merged");
  live.push(Buffer.from("two"), "merged");
  live.push(Buffer.from("three"), "merged");
  expect(deltas).toEqual(["merged:one"]);
  advance(25);
  expect(deltas).toEqual(["merged:one", "merged:twothree"]);
  advance(100);
  live.push(Buffer.from("four"), "merged");
  expect(deltas).toEqual(["merged:one", "merged:twothree", "merged:four"]);
});

test("the end passes on what is held back and leaves no timer", () => {
  const { live, deltas, timers } = setup();
  live.push(Buffer.from("one"), "merged");
  live.push(Buffer.from("two"), "merged");
  live.end();
  expect({ deltas, timers: timers() }).toEqual({ deltas: ["merged:one", "merged:two"], timers: 0 });
});

test("a character that comes in pieces is shown whole", () => {
  const { live, deltas, advance } = setup();
  for (const byte of Buffer.from("a🦊b")) {
    live.push(Uint8Array.of(byte), "merged");
    advance(30);
  }
  live.push(Uint8Array.of(0xe2), "merged");
  live.end();
  expect(deltas).toEqual(["merged:a", "merged:🦊", "merged:b", "merged:\uFFFD"]);
});

test("two streams keep their order and their own halves of characters", () => {
  const { live, deltas } = setup();
  live.push(Buffer.from("x"), "stdout");
  live.push(Uint8Array.of(0xc3), "stdout");
  live.push(Buffer.from("err"), "stderr");
  live.push(Uint8Array.of(0xa9), "stdout");
  live.end();
  expect(deltas).toEqual(["stdout:x", "stderr:err", "stdout:é"]);
});

test("pieces are at most 8192 units long and tear no pair", () => {
  const { live, deltas } = setup();
  live.push(Buffer.from(`x${"🦊".repeat(10_000)}`), "merged");
  live.end();
  expect(deltas.every((delta) => delta.length <= 8192 + "merged:".length)).toBe(true);
  expect(deltas.map((delta) => delta.slice("merged:".length)).join("")).toBe(`x${"🦊".repeat(10_000)}`);
  expect(deltas.some((delta) => /[\ud800-\udbff]$/.test(delta))).toBe(false);
});

test("after the first MiB a notice is the last thing", () => {
  const { live, deltas } = setup();
  const chunk = Buffer.alloc(65_536, "x");
  for (let i = 0; i < 100; i++) live.push(chunk, "merged");
  live.end();
  const text = deltas.map((delta) => delta.slice("merged:".length)).join("");
  expect(text).toBe(`${"x".repeat(LIVE_OUTPUT_BYTES)}\n[live output ends here after 1 MiB; the command goes on]\n`);
});

function setup(): { live: LiveOutput; deltas: string[]; advance: (ms: number) => void; timers: () => number } {
  let now = 1000;
  const waiting = new Set<{ at: number; callback: () => void }>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    timer(ms, callback) {
      const timer = { at: now + ms, callback };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
  };
  const deltas: string[] = [];
  return {
    live: new LiveOutput(clock, (chunk, stream) => deltas.push(`${stream}:${chunk}`)),
    deltas,
    timers: () => waiting.size,
    advance(ms) {
      now += ms;
      for (const timer of waiting) if (timer.at <= now && waiting.delete(timer)) timer.callback();
    },
  };
}
