import { expect, test } from "vitest";
import type { MouseEvent, ScrollEvent } from "../../src/input/event.ts";
import { WheelBurst } from "../../src/input/wheel.ts";
import { VirtualClock } from "../virtual-clock.ts";

const NOTCH: MouseEvent = { kind: "mouse", action: "wheel", button: "none", wheel: 1, x: 3, y: 4, ctrl: false, alt: false, shift: false };

test("wheel events within 100 ms are one scroll: one line for one down, twice the sum otherwise, nothing for nothing", async () => {
  const clock = new VirtualClock();
  const scrolls: ScrollEvent[] = [];
  const wheel = new WheelBurst(clock, (event) => scrolls.push(event));
  const burst = async (...notches: (1 | -1)[]): Promise<number | undefined> => {
    for (const notch of notches) wheel.add({ ...NOTCH, wheel: notch });
    expect(clock.pending).toBe(1);
    await clock.advance(99);
    expect(scrolls).toEqual([]);
    await clock.advance(1);
    expect(clock.pending).toBe(0);
    return scrolls.pop()?.lines;
  };
  expect(await burst(1)).toBe(1);
  expect(await burst(-1)).toBe(-2);
  expect(await burst(1, 1, 1)).toBe(6);
  expect(await burst(1, -1)).toBeUndefined();
});
