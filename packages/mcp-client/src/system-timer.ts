import type { Timer } from "./transport.ts";

/** Real time. A timer alone does not keep the process alive. */
export const systemTimer: Timer = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
