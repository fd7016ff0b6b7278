import type { EndSignal } from "./driver.ts";

/** After a signal the process may take so long, ms, to end by itself. */
const GRACE = 5000;
const SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

export interface ProcessEndHandlers {
  /** The process ends right after this, by an exit or an error. */
  readonly ending: () => void;
  readonly signal: (signal: EndSignal) => void;
}

/** Watches for everything that can end the process; returns the way to watch no longer. What ends it goes on doing so. */
export function watchProcess(handlers: ProcessEndHandlers): () => void {
  let grace: NodeJS.Timeout | undefined;
  const onSignal = (signal: EndSignal): void => {
    if (grace !== undefined) {
      endBySignal(signal);
      return;
    }
    grace = setTimeout(endBySignal, GRACE, signal).unref();
    handlers.signal(signal);
  };
  const endBySignal = (signal: EndSignal): void => {
    unwatch();
    process.kill(process.pid, signal);
  };
  const listeners: readonly (readonly [string, (signal: EndSignal) => void])[] = [
    ["exit", handlers.ending],
    // Only looks on: the error is printed and ends the process as ever, on a terminal that can show it.
    ["uncaughtExceptionMonitor", handlers.ending],
    ...SIGNALS.map((signal) => [signal, onSignal] as const),
  ];
  const unwatch = (): void => {
    for (const [event, listener] of listeners) process.removeListener(event, listener);
  };
  for (const [event, listener] of listeners) process.on(event, listener);
  return unwatch;
}

/** Stops the whole foreground job, as the terminal's own ctrl-z would. Nobody may listen for SIGTSTP meanwhile. */
export function stopJob(): void {
  process.kill(0, "SIGTSTP");
}
