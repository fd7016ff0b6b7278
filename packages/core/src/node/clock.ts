import type { Clock } from "../host/host.ts";

/** The longest wait Node's timers can hold; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Waits longer than 24.8 days end then. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // `performance` would be loaded for it, which the first frame of an interface waits for.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  timer(ms, callback, options) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
    if (options?.unref === true) timer.unref();
    return () => clearTimeout(timer);
  },
};
