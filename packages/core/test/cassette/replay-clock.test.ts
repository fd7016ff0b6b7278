import { expect, test } from "vitest";
import type { Clock } from "../../src/host/host.ts";
import { replayClock } from "../../src/cassette/replay-clock.ts";

/** A clock that stands still; its timers of 0 ms run when `settle` is called. */
function standingClock(): Clock & { settle(): void } {
  const soon = new Set<() => void>();
  return {
    now: () => 1_000_000,
    monotonic: () => 500,
    timer(ms, callback) {
      if (ms === 0) soon.add(callback);
      return () => soon.delete(callback);
    },
    settle() {
      const due = [...soon];
      soon.clear();
      for (const callback of due) callback();
    },
  };
}

test("moving the clock calls what falls due on the way, in order of time, each at its time", () => {
  const clock = replayClock(standingClock());
  const calls: [string, number][] = [];
  const note = (name: string) => (): void => void calls.push([name, clock.monotonic()]);
  clock.timer(300, note("third"));
  clock.timer(100, () => {
    note("first")();
    clock.timer(50, note("second"));
  });
  const cancel = clock.timer(200, note("cancelled"));
  cancel();
  clock.timer(1000, note("later"));
  clock.advanceTo(500 + 400);
  expect(calls).toEqual([
    ["first", 600],
    ["second", 650],
    ["third", 800],
  ]);
  expect([clock.monotonic(), clock.now(), clock.nextDue()]).toEqual([900, 1_000_400, 1500]);
});

test("while waits are skipped a timer is due as soon as its maker has returned", () => {
  const base = standingClock();
  const clock = replayClock(base, 7_000);
  const calls: number[] = [];
  clock.skipWaits(true);
  clock.timer(60_000, () => calls.push(clock.now()));
  expect(calls).toEqual([]);
  base.settle();
  expect(calls).toEqual([67_000]);

  clock.timer(1, () => calls.push(0));
  clock.skipWaits(false);
  base.settle();
  expect(calls).toEqual([67_000]);
});
