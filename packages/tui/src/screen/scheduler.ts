import type { Clock } from "@codex/core";

export interface SchedulerOptions {
  readonly clock: Clock;
  /** Draws and writes one frame. False = the terminal takes no more for now; `drained` continues. */
  readonly paint: () => boolean;
  /** The shortest time between frames nobody pressed a key for, ms. Default 16; over a remote connection 33. */
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
  drained(): void;
  /** Paints nothing until `unpause`, then once if something was requested. */
  pause(): void;
  unpause(): void;
  close(): void;
}
