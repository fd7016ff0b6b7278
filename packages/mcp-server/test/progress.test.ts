import { expect, test } from "vitest";
import { Outbox } from "../src/outbox.ts";
import { Progress } from "../src/progress.ts";

interface Told {
  readonly progress: number;
  readonly message: string;
}

/** A progress with the token "t" on a clock that is turned by hand. */
function open(): { readonly progress: Progress; readonly told: Told[]; readonly outbox: Outbox; full: boolean; advance(ms: number): void } {
  const timers = new Map<object, { at: number; callback: () => void }>();
  let now = 0;
  const told: Told[] = [];
  const place = { full: false };
  const outbox = new Outbox({
    write: (text) => {
      told.push((JSON.parse(text) as { params: Told }).params);
      return !place.full;
    },
  });
  const timer = (ms: number, callback: () => void): (() => void) => {
    const key = {};
    timers.set(key, { at: now + ms, callback });
    return () => timers.delete(key);
  };
  return Object.assign(place, {
    progress: new Progress("t", outbox, { timer }),
    told,
    outbox,
    advance: (ms: number) => {
      for (const end = now + ms; now < end; now += 1000) {
        for (const [key, { at, callback }] of timers) if (at <= now && timers.delete(key)) callback();
      }
    },
  });
}

test("a call that is silent says every ten seconds that it goes on", () => {
  const { progress, told, advance } = open();
  progress.step("thinking");
  advance(25_000);
  progress.step("done");
  expect(told).toEqual([
    { progressToken: "t", progress: 1, message: "thinking" },
    { progressToken: "t", progress: 2, message: "thinking" },
    { progressToken: "t", progress: 3, message: "thinking" },
    { progressToken: "t", progress: 4, message: "done" },
  ]);
});

test("it is silent to a host that does not read, and goes on when that does", () => {
  const opened = open();
  opened.full = true;
  opened.progress.step("thinking");
  opened.advance(60_000);
  expect(opened.told).toHaveLength(1);
  opened.full = false;
  opened.outbox.drained();
  opened.advance(1000);
  expect(opened.told.map(({ progress }) => progress)).toEqual([1, 2]);
});

test("nothing follows the end", () => {
  const { progress, told, advance } = open();
  progress.end();
  progress.step("late");
  advance(60_000);
  expect(told).toEqual([]);
});
