import type { Clock } from "../host/host.ts";
import type { OutputStream } from "../protocol/event.ts";

/** Bytes of one command that are shown live; the rest is in the result only. */
export const LIVE_OUTPUT_BYTES = 1024 * 1024;
/** UTF-16 units of one delta, at most. */
const DELTA_LENGTH = 8192;
/** Chunks that come closer together than this, ms, are shown as one. */
const GATHER_MS = 25;
const STOP_NOTICE = "\n[live output ends here after 1 MiB; the command goes on]\n";

type Decoder = InstanceType<typeof TextDecoder>;

export type OnOutputDelta = (chunk: string, stream: OutputStream) => void;

/** Turns chunks of bytes into few, bounded pieces of text. A quiet command's output is passed on at once. */
export class LiveOutput {
  readonly #clock: Clock;
  readonly #emit: OnOutputDelta;
  readonly #decoders = new Map<OutputStream, Decoder>();
  #remaining = LIVE_OUTPUT_BYTES;
  #pending = "";
  #stream: OutputStream = "merged";
  #lastEmitted = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, emit: OnOutputDelta) {
    this.#clock = clock;
    this.#emit = emit;
  }

  push(chunk: Uint8Array, stream: OutputStream): void {
    if (this.#remaining === 0) return;
    const shown = chunk.subarray(0, this.#remaining);
    this.#remaining -= shown.length;
    this.#append(this.#decoderOf(stream).decode(shown, { stream: true }), stream);
    if (this.#remaining === 0) {
      this.#append(STOP_NOTICE, stream);
      this.#flush();
    } else if (this.#pending !== "") {
      const wait = this.#lastEmitted + GATHER_MS - this.#clock.monotonic();
      if (wait <= 0) this.#flush();
      else this.#cancelTimer ??= this.#clock.timer(wait, () => this.#flush());
    }
  }

  /** Passes on what is still held back. */
  end(): void {
    if (this.#remaining > 0) {
      for (const [stream, decoder] of this.#decoders) this.#append(decoder.decode(), stream);
    }
    this.#flush();
  }

  #append(text: string, stream: OutputStream): void {
    if (text === "") return;
    if (stream !== this.#stream) this.#flush();
    this.#stream = stream;
    this.#pending += text;
    while (this.#pending.length >= DELTA_LENGTH) {
      const length = isHighSurrogate(this.#pending.charCodeAt(DELTA_LENGTH - 1)) ? DELTA_LENGTH - 1 : DELTA_LENGTH;
      const piece = this.#pending.slice(0, length);
      this.#pending = this.#pending.slice(length);
      this.#send(piece);
    }
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#pending === "") return;
    const piece = this.#pending;
    this.#pending = "";
    this.#send(piece);
  }

  #send(piece: string): void {
    this.#lastEmitted = this.#clock.monotonic();
    this.#emit(piece, this.#stream);
  }

  #decoderOf(stream: OutputStream): Decoder {
    let decoder = this.#decoders.get(stream);
    if (decoder === undefined) {
      decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      this.#decoders.set(stream, decoder);
    }
    return decoder;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
