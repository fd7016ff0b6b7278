import { writeSync } from "node:fs";
import type { WriteStream } from "node:tty";

/** A terminal that takes nothing for so long, ms, gets the rest of the last words no more. */
const LAST_WORDS = 50;

/** Standard output as a terminal that may be slow: nothing written to it ever holds the process up. */
export class TerminalOutput {
  readonly #stream: WriteStream & { readonly fd: number };
  readonly #drained: () => void;
  #waiting = false;

  constructor(stream: WriteStream & { readonly fd: number }, drained: () => void) {
    this.#stream = stream;
    this.#drained = drained;
    // Node writes to terminals with blocking calls; one that was stopped with ctrl-s would stop the agent.
    setBlocking(stream, false);
  }

  /** False: not all of it has reached the terminal yet. */
  write(data: string): boolean {
    this.#stream.write(data, () => {
      if (!this.#waiting || this.#stream.writableLength > 0) return;
      this.#waiting = false;
      this.#drained();
    });
    this.#waiting ||= this.#stream.writableLength > 0;
    return !this.#waiting;
  }

  /**
   * Writes at once, for at most a few milliseconds; with `afterAll` behind what still waits, as long as that takes. Errors mean that nobody is
   * there to see it.
   */
  writeLast(data: string, { afterAll }: { readonly afterAll: boolean }): void {
    if (afterAll && this.#stream.writableLength > 0) {
      this.#stream.write(data);
      return;
    }
    const bytes = Buffer.from(data);
    const end = performance.now() + LAST_WORDS;
    for (let written = 0; written < bytes.length;) {
      try {
        written += writeSync(this.#stream.fd, bytes, written);
      } catch (error) {
        // Only waiting has a limit: a busy machine must not cost the terminal its last bytes.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > end) return;
      }
    }
  }

  /** Others write to the stream now. */
  release(): void {
    setBlocking(this.#stream, true);
  }
}

function setBlocking(stream: WriteStream, blocking: boolean): void {
  const { _handle: handle } = stream as { readonly _handle?: { readonly setBlocking?: (blocking: boolean) => number } };
  handle?.setBlocking?.(blocking);
}
