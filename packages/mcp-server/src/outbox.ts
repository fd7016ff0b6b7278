import { encodeBatch, encodeMessage, type OutgoingMessage } from "@codex/mcp-types";

/** Where encoded messages go. */
export interface Sink {
  /** Takes all of it; false when the reader is behind and no more should come. `message` is what the text says. */
  write(text: string, message: OutgoingMessage | readonly OutgoingMessage[]): boolean;
}

/**
 * The way out. Nothing is dropped: what the reader does not take yet is kept by the sink. Whoever has a lot to tell waits with
 * {@link ready} between its messages, so that a slow reader slows the agent down instead of filling the memory.
 */
export class Outbox {
  readonly #sink: Sink;
  #blocked = false;
  #ending = false;
  readonly #waiting = new Set<() => void>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** A list is sent as one. */
  send(message: OutgoingMessage | readonly OutgoingMessage[]): void {
    const text = isList(message) ? encodeBatch(message) : encodeMessage(message);
    if (!this.#sink.write(text, message) && !this.#ending) this.#blocked = true;
  }

  /** Nobody waits for the reader from here on: there is little left to say, or nobody to read it. */
  end(): void {
    this.#ending = true;
    this.drained();
  }

  /** The reader has caught up. */
  drained(): void {
    this.#blocked = false;
    for (const resume of this.#waiting) resume();
  }

  /** Resolves when the reader takes more, or `signal` is aborted. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (!this.#blocked || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        this.#waiting.delete(resume);
        signal?.removeEventListener("abort", resume);
        resolve();
      };
      this.#waiting.add(resume);
      signal?.addEventListener("abort", resume, { once: true });
    });
  }
}

function isList(message: OutgoingMessage | readonly OutgoingMessage[]): message is readonly OutgoingMessage[] {
  return Array.isArray(message);
}
