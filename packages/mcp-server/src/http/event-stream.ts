import type { ServerResponse } from "node:http";
import type { EventLog, LoggedEvent } from "./event-log.ts";

/** A silent stream is given up by many clients after some minutes, ms. */
const COMMENT_EVERY_MS = 30_000;

export interface EventStreamOptions {
  /** Tells it from the other streams of its session. */
  readonly key: number;
  readonly log: EventLog;
  /** The reader has caught up, or is gone. */
  readonly onDrained: () => void;
}

/**
 * A stream of messages (`text/event-stream`). It outlives its connection: what is sent while there is none, or was lost with the last, goes
 * to the next one.
 */
export class EventStream {
  readonly key: number;
  readonly #log: EventLog;
  readonly #onDrained: () => void;
  #response: ServerResponse | undefined;
  /** Numbers of the last event there is, and of the last that was written to a connection. */
  #last = 0;
  #written = 0;

  constructor({ key, log, onDrained }: EventStreamOptions) {
    this.key = key;
    this.#log = log;
    this.#onDrained = onDrained;
  }

  /** Whether the reader has to catch up. One that is gone takes everything. */
  get isBehind(): boolean {
    return this.#response?.destroyed === false && this.#response.writableNeedDrain;
  }

  get isOpen(): boolean {
    return this.#response?.destroyed === false && !this.#response.writableEnded;
  }

  /**
   * Goes on with this connection; the one before it ends. `after` is the number of the last event that the reader has, by default the last
   * that was written. `primed`: the reader is given an id at once, so that it can come back even before the first message.
   */
  connect(
    response: ServerResponse,
    { after = this.#written, primed }: { readonly after?: number | undefined; readonly primed: boolean },
  ): void {
    this.end();
    this.#response = response;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    const comments = setInterval(() => void (this.isBehind || response.write(": \n\n")), COMMENT_EVERY_MS).unref();
    response.on("drain", this.#onDrained);
    response.on("error", () => undefined);
    response.on("close", () => {
      clearInterval(comments);
      this.#onDrained();
    });
    if (primed) response.write(`id: ${eventId(this.key, after)}\ndata: \n\n`);
    for (const event of this.#log.after(this.key, after)) this.#write(event);
  }

  /** One line of JSON. */
  send(json: string): void {
    this.#last += 1;
    const event: LoggedEvent = { stream: this.key, number: this.#last, json: json.trimEnd() };
    this.#log.add(event);
    if (this.isOpen) this.#write(event);
  }

  /** The connection ends; nothing is lost by it. */
  end(): void {
    this.#response?.end();
  }

  #write({ number, json }: LoggedEvent): void {
    this.#written = number;
    this.#response?.write(`id: ${eventId(this.key, number)}\ndata: ${json}\n\n`);
  }
}

/** An id as readers give it back in `Last-Event-ID`. */
export interface EventPlace {
  readonly stream: number;
  readonly number: number;
}

function eventId(stream: number, number: number): string {
  return `${String(stream)}-${String(number)}`;
}

/** Undefined when it is no id that a stream has given. */
export function parseEventId(id: string): EventPlace | undefined {
  const [, stream, number] = /^(\d{1,9})-(\d{1,15})$/.exec(id) ?? [];
  return stream === undefined || number === undefined ? undefined : { stream: Number(stream), number: Number(number) };
}
