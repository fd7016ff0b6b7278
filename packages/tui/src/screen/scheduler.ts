import type { Clock } from "@codex/core";

export interface SchedulerOptions {
  readonly clock: Pick<Clock, "monotonic" | "timer">;
  /** Called right before each frame; what it requests is part of that frame. */
  readonly prepare?: (() => void) | undefined;
  /** Draws and writes one frame. False = the terminal takes no more for now; `drained` continues. */
  readonly paint: () => boolean;
  /** The shortest time between frames nobody pressed a key for, ms. Default 16. */
  readonly minInterval?: number | undefined;
  /** No animation ever ticks. */
  readonly reducedMotion?: boolean | undefined;
}

/**
 * The one owner of frames. Any number of requests make one frame; while nothing was requested and nothing is animated there is no timer.
 */
export interface FrameScheduler {
  /** "input": at the end of this tick. "output": no sooner than the shortest time after the last frame. */
  request(cause: "input" | "output"): void;
  /** Calls `tick` every `interval` ms and paints after it, until the returned function is called. Not at all with reduced motion. */
  animate(interval: number, tick: () => void): () => void;
  /** The terminal takes output again. */
  drained(): void;
  /** Paints nothing until `unpause`, then once if something was requested. */
  pause(): void;
  unpause(): void;
  close(): void;
}

const DEFAULT_INTERVAL = 16;

export function createScheduler(options: SchedulerOptions): FrameScheduler {
  return new Scheduler(options);
}

interface Animation {
  readonly interval: number;
  readonly tick: () => void;
  due: number;
}

class Scheduler implements FrameScheduler {
  readonly #options: SchedulerOptions;
  #wanted: "input" | "output" | undefined;
  #queued = false;
  #blocked = false;
  #paused = false;
  #closed = false;
  #lastFrame = -Infinity;
  #cancelFrame: (() => void) | undefined;
  readonly #animations = new Set<Animation>();
  #cancelTick: (() => void) | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  request(cause: "input" | "output"): void {
    if (this.#closed) return;
    if (this.#wanted !== "input") this.#wanted = cause;
    this.#arrange();
  }

  animate(interval: number, tick: () => void): () => void {
    if (this.#options.reducedMotion === true || this.#closed) return () => undefined;
    const animation = { interval, tick, due: this.#options.clock.monotonic() + interval };
    this.#animations.add(animation);
    this.#arrangeTick();
    return () => {
      this.#animations.delete(animation);
      this.#arrangeTick();
    };
  }

  drained(): void {
    this.#blocked = false;
    this.#arrange();
  }

  pause(): void {
    this.#paused = true;
    this.#clearTimers();
  }

  unpause(): void {
    this.#paused = false;
    this.#arrange();
    this.#arrangeTick();
  }

  close(): void {
    this.#closed = true;
    this.#animations.clear();
    this.#clearTimers();
  }

  #arrange(): void {
    if (this.#wanted === undefined || this.#blocked || this.#paused || this.#closed || this.#queued) return;
    const { clock, minInterval = DEFAULT_INTERVAL } = this.#options;
    const wait = this.#wanted === "input" ? 0 : this.#lastFrame + minInterval - clock.monotonic();
    if (wait > 0) {
      this.#cancelFrame ??= clock.timer(wait, () => {
        this.#cancelFrame = undefined;
        this.#frame();
      });
      return;
    }
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#frame();
    });
  }

  #frame(): void {
    if (this.#wanted === undefined || this.#blocked || this.#paused || this.#closed) return;
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    this.#queued = true;
    this.#options.prepare?.();
    this.#queued = false;
    if (this.#paused || this.#closed) return;
    this.#wanted = undefined;
    this.#lastFrame = this.#options.clock.monotonic();
    this.#blocked = !this.#options.paint();
  }

  /** One timer for all animations, for the one that is due first. */
  #arrangeTick(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    if (this.#animations.size === 0 || this.#paused || this.#closed) return;
    const { clock } = this.#options;
    const due = Math.min(...Array.from(this.#animations, (animation) => animation.due));
    this.#cancelTick = clock.timer(Math.max(0, due - clock.monotonic()), () => {
      this.#cancelTick = undefined;
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#options.clock.monotonic();
    for (const animation of this.#animations) {
      if (animation.due > now) continue;
      animation.due = Math.max(animation.due + animation.interval, now + 1);
      animation.tick();
    }
    this.request("output");
    this.#arrangeTick();
  }

  #clearTimers(): void {
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }
}
