import type { Clock } from "../host/host.ts";

/** Watches a stream for stretches without bytes. */
export interface SilenceWatch {
  /** Bytes came. */
  touch(): void;
  stop(): void;
}

export interface SilenceLimits {
  /** Told once per stretch. */
  readonly quietMs: number;
  readonly onQuiet: () => void;
  /** Ends the watch. */
  readonly idleMs: number;
  readonly onIdle: () => void;
}

/** One timer at a time, re-armed when it fires and not with every chunk: a chunk costs one reading of the clock. */
export function watchSilence(clock: Clock, limits: SilenceLimits): SilenceWatch {
  let last = clock.monotonic();
  let told = false;
  let stopped = false;
  let cancel = arm();

  function arm(): () => void {
    const limit = told ? limits.idleMs : Math.min(limits.quietMs, limits.idleMs);
    return clock.timer(Math.max(1, last + limit - clock.monotonic()), fire);
  }

  function fire(): void {
    if (stopped) return;
    const silent = clock.monotonic() - last;
    if (silent >= limits.idleMs) {
      stopped = true;
      limits.onIdle();
      return;
    }
    if (!told && silent >= limits.quietMs) {
      told = true;
      limits.onQuiet();
    }
    if (!stopped) cancel = arm();
  }

  function touch(): void {
    last = clock.monotonic();
    if (!told || stopped) return;
    told = false;
    cancel();
    cancel = arm();
  }

  function stop(): void {
    stopped = true;
    cancel();
  }

  return { touch, stop };
}
