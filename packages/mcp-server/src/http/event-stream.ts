import type { ServerResponse } from "node:http";

/** A silent stream is given up by many clients after some minutes, ms. */
const COMMENT_EVERY_MS = 30_000;

/** One answer of HTTP as a stream of messages (`text/event-stream`). */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #comments: NodeJS.Timeout;

  /** `onDrained`: the reader has caught up, or is gone. */
  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>, onDrained: () => void) {
    this.#response = response;
    response.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    this.#comments = setInterval(() => void (this.isBehind || response.write(": \n\n")), COMMENT_EVERY_MS).unref();
    response.on("drain", onDrained);
    response.on("error", () => undefined);
    response.on("close", () => {
      clearInterval(this.#comments);
      onDrained();
    });
  }

  /** Whether the reader has to catch up. One that is gone takes everything. */
  get isBehind(): boolean {
    return !this.#response.destroyed && this.#response.writableNeedDrain;
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** One line of JSON. */
  send(json: string): void {
    if (this.isOpen) this.#response.write(`data: ${json.trimEnd()}\n\n`);
  }

  end(): void {
    clearInterval(this.#comments);
    this.#response.end();
  }
}
