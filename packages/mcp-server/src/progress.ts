import type { Clock } from "@codex/core";
import type { ProgressToken } from "@codex/mcp-types";
import type { Outbox } from "./outbox.ts";

/** A call that is silent for so long says that it goes on, ms: hosts give up calls they hear nothing of. */
const HEARTBEAT_MS = 10_000;

/** The `notifications/progress` of one call: a number that only grows, and a few words. Without a token nothing is sent. */
export class Progress {
  readonly #token: ProgressToken | undefined;
  readonly #outbox: Outbox;
  readonly #clock: Pick<Clock, "timer">;
  #count = 0;
  #message = "starting";
  #ended = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(token: ProgressToken | undefined, outbox: Outbox, clock: Pick<Clock, "timer">) {
    this.#token = token;
    this.#outbox = outbox;
    this.#clock = clock;
    this.#arm();
  }

  step(message: string): void {
    this.#message = message;
    this.#tell();
  }

  /** No progress may follow the answer. */
  end(): void {
    this.#ended = true;
    this.#cancelHeartbeat();
  }

  #tell(): void {
    if (this.#token === undefined || this.#ended) return;
    this.#count += 1;
    const params = { progressToken: this.#token, progress: this.#count, message: this.#message };
    this.#outbox.send({ method: "notifications/progress", params });
    this.#arm();
  }

  #arm(): void {
    this.#cancelHeartbeat();
    if (this.#token === undefined || this.#ended) return;
    const beat = (): void => {
      // A reader that is behind has enough to read.
      if (this.#outbox.blocked) this.#arm();
      else this.#tell();
    };
    this.#cancelHeartbeat = this.#clock.timer(HEARTBEAT_MS, beat, { unref: true });
  }
}
