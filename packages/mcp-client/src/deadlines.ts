import type { Clock } from "./transport.ts";

/** Until when something is waited for, in the clock's time; Infinity while there is no limit. */
export interface Deadline {
  at: number;
}

/**
 * The limits of many short waits on one timer. It is set for the earliest deadline and not touched when a wait ends or is prolonged:
 * to set and clear a timer for each request would cost more than the rest of the request.
 */
export class Deadlines<T extends Deadline> {
  readonly #clock: Clock;
  readonly #waits: () => Iterable<T>;
  readonly #onPassed: (wait: T) => void;
  #firesAt = Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, waits: () => Iterable<T>, onPassed: (wait: T) => void) {
    this.#clock = clock;
    this.#waits = waits;
    this.#onPassed = onPassed;
  }

  /** Makes sure that the deadline is noticed when it has passed. */
  watch(at: number): void {
    if (at >= this.#firesAt) return;
    this.#cancel?.();
    this.#firesAt = at;
    // Real timers fire at once beyond 31 bits, and may fire a little early.
    const ms = Math.min(Math.max(1, Math.ceil(at - this.#clock.monotonic())), 2 ** 31 - 1);
    this.#cancel = this.#clock.timer(ms, () => this.#check(), { unref: true });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#firesAt = Infinity;
  }

  #check(): void {
    this.#firesAt = Infinity;
    const now = this.#clock.monotonic();
    let next = Infinity;
    for (const wait of [...this.#waits()]) {
      if (wait.at <= now) this.#onPassed(wait);
      else next = Math.min(next, wait.at);
    }
    if (next < Infinity) this.watch(next);
  }
}
