import type { Clock } from "./transport.ts";

/** Real time. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  timer: (ms, callback, options) => {
    const timer = setTimeout(callback, ms);
    if (options?.unref === true) timer.unref();
    return () => clearTimeout(timer);
  },
};
