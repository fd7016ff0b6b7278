import type { Clock } from "../host/host.ts";

/** A clock that runs with the host's and can be moved forward, so that a recorded wait does not have to be waited. */
export interface ReplayClock extends Clock {
  /** Moves to `monotonicMs`, calling what falls due on the way in order of time. Never moves back. */
  advanceTo(monotonicMs: number): void;
  /** When the next timer is due, in monotonic ms. */
  nextDue(): number | undefined;
  /** While on, every timer is due as soon as the caller has returned to the event loop. */
  skipWaits(on: boolean): void;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  readonly cancel: () => void;
}

/** `startAt` is the Unix time, ms, that the clock shows now; default the host's. */
export function replayClock(base: Clock, startAt?: number): ReplayClock {
  const shift = startAt === undefined ? 0 : startAt - base.now();
  const timers = new Set<Timer>();
  let offset = 0;
  let skipping = false;

  const monotonic = (): number => base.monotonic() + offset;
  const earliest = (): Timer | undefined => {
    let found: Timer | undefined;
    for (const timer of timers) if (found === undefined || timer.due < found.due) found = timer;
    return found;
  };
  const fire = (timer: Timer): void => {
    timers.delete(timer);
    timer.cancel();
    timer.callback();
  };
  const moveTo = (target: number): void => {
    offset += Math.max(0, target - monotonic());
  };

  const clock: ReplayClock = {
    now: () => base.now() + shift + offset,
    monotonic,
    timer(ms, callback, options) {
      const timer: Timer = { due: monotonic() + ms, callback, cancel: base.timer(ms, () => fire(timer), options) };
      timers.add(timer);
      if (skipping) base.timer(0, () => skipping && timers.has(timer) && clock.advanceTo(timer.due));
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    advanceTo(target) {
      for (let timer = earliest(); timer !== undefined && timer.due <= target; timer = earliest()) {
        moveTo(timer.due);
        fire(timer);
      }
      moveTo(target);
    },
    nextDue: () => earliest()?.due,
    skipWaits(on) {
      skipping = on;
    },
  };
  return clock;
}
