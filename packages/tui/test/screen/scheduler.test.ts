import { expect, test } from "vitest";
import { createScheduler, type FrameScheduler, type SchedulerOptions } from "../../src/screen/scheduler.ts";
import { settle, VirtualClock } from "../virtual-clock.ts";

function setUp(options: Partial<SchedulerOptions> = {}): { clock: VirtualClock; frames: number[]; scheduler: FrameScheduler } {
  const clock = new VirtualClock();
  const frames: number[] = [];
  const paint = (): boolean => frames.push(clock.monotonic()) > 0;
  return { clock, frames, scheduler: createScheduler({ clock, paint, ...options }) };
}

test("any number of requests in a tick make one frame, and no timer is left", async () => {
  const { clock, frames, scheduler } = setUp();
  for (let count = 0; count < 10; count++) scheduler.request(count % 2 === 0 ? "input" : "output");
  expect(frames).toEqual([]);
  await settle();
  expect(frames).toEqual([0]);
  expect(clock.pending).toBe(0);
});

test("output waits for the shortest time between frames, a key does not", async () => {
  const { clock, frames, scheduler } = setUp();
  scheduler.request("output");
  await clock.advance(4);
  scheduler.request("output");
  await clock.advance(1);
  expect(frames).toEqual([0]);
  scheduler.request("input");
  await clock.advance(3);
  scheduler.request("output");
  await clock.advance(100);
  expect(frames).toEqual([0, 5, 21]);
  expect(clock.pending).toBe(0);
});

test("what is changed right before a frame belongs to it", async () => {
  let prepared = 0;
  const prepare = (): void => {
    prepared += 1;
    scheduler.request("output");
  };
  const { clock, frames, scheduler } = setUp({ prepare });
  scheduler.request("output");
  await clock.advance(100);
  expect([prepared, frames, clock.pending]).toEqual([1, [0], 0]);
});

test("while the terminal takes no more, frames are merged into one", async () => {
  const { clock, frames, scheduler } = setUp({ paint: () => frames.push(clock.monotonic()) !== 1 });
  scheduler.request("input");
  await clock.advance(50);
  for (let count = 0; count < 5; count++) {
    scheduler.request("input");
    await clock.advance(50);
  }
  expect([frames, clock.pending]).toEqual([[0], 0]);
  scheduler.drained();
  await settle();
  expect(frames).toEqual([0, 300]);
});

test("an animation ticks until it is ended, and its timer with it", async () => {
  const { clock, frames, scheduler } = setUp();
  let ticks = 0;
  const end = scheduler.animate(200, () => (ticks += 1));
  await clock.advance(1000);
  expect([ticks, frames]).toEqual([5, [200, 400, 600, 800, 1000]]);
  end();
  expect(clock.pending).toBe(0);
});

test("with reduced motion nothing is animated", () => {
  const { clock, scheduler } = setUp({ reducedMotion: true });
  scheduler.animate(200, () => undefined)();
  expect(clock.pending).toBe(0);
});

test("a paused scheduler has no timer, and afterwards paints what was asked for meanwhile", async () => {
  const { clock, frames, scheduler } = setUp();
  scheduler.animate(200, () => undefined);
  scheduler.pause();
  scheduler.request("input");
  await clock.advance(500);
  expect([frames, clock.pending]).toEqual([[], 0]);
  scheduler.unpause();
  await settle();
  expect(frames).toEqual([500]);
  scheduler.close();
  expect(clock.pending).toBe(0);
});
