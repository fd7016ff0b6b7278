import type { Clock } from "@codex/core";
import type { MouseEvent, ScrollEvent } from "./event.ts";

/** Wheel events this close together, ms from the first, are one movement. */
const BURST = 100;

/** Collects wheel events: one event moves one line down, any other sum of a burst twice its lines, and none when it comes to nothing. */
export class WheelBurst {
  readonly #clock: Pick<Clock, "timer">;
  readonly #scroll: (event: ScrollEvent) => void;
  #sum = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Clock, "timer">, scroll: (event: ScrollEvent) => void) {
    this.#clock = clock;
    this.#scroll = scroll;
  }

  add({ wheel, x, y }: MouseEvent): void {
    this.#sum += wheel;
    this.#cancel ??= this.#clock.timer(BURST, () => {
      const sum = this.#sum;
      this.close();
      if (sum !== 0) this.#scroll({ kind: "scroll", lines: sum === 1 ? 1 : 2 * sum, x, y });
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#sum = 0;
  }
}
