export interface LoggedEvent {
  readonly stream: number;
  /** Counts from 1 within the stream. */
  readonly number: number;
  /** One line of JSON. */
  readonly json: string;
}

/** Of one session's streams together. Characters. */
const MAX_KEPT = 2 * 1024 * 1024;

/** What was sent last on the streams of a session, so that one that breaks can be taken up again. Beyond the limit the oldest go. */
export class EventLog {
  readonly #events: LoggedEvent[] = [];
  #size = 0;

  add(event: LoggedEvent): void {
    this.#events.push(event);
    this.#size += event.json.length;
    // The last is kept whatever its size: it may be the answer that all the others lead to.
    while (this.#size > MAX_KEPT && this.#events.length > 1) this.#size -= this.#events.shift()?.json.length ?? 0;
  }

  /** What came on the stream after its event of this number, as far as it is kept. */
  after(stream: number, number: number): readonly LoggedEvent[] {
    return this.#events.filter((event) => event.stream === stream && event.number > number);
  }
}
