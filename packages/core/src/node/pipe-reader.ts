import { closeSync, readSync } from "node:fs";
import { Socket } from "node:net";

/** What one read takes at most: the capacity of a pipe on Linux. */
const READ_SIZE = 64 * 1024;

/** The end of a pipe that a command's output comes out of. */
export interface PipeReader {
  /** From now on chunks go to `onData`; the bytes are overwritten after it returns. `onEnd` is called once. */
  read(onData: (chunk: Uint8Array) => void, onEnd: () => void): void;
  /** Gives `onData` at once what was written so far and not seen yet. */
  readRest(): void;
  /**
   * Somebody may still hold the write end: what they write is thrown away, so that they go on unharmed, until the last of
   * them is gone. Then the pipe closes itself. Does not keep the process alive.
   */
  discard(): void;
  /** Closes it. Only a pipe that ended is used again. */
  close(): void;
}

/**
 * Reads `descriptor` (non-blocking) through the buffer of `place`, which is made once. `onClose` is called once, when the
 * descriptor is closed; `ended` says that the last writer was gone.
 */
export function openPipeReader(
  descriptor: number,
  place: { buffer: Uint8Array | undefined },
  onClose: (ended: boolean) => void,
): PipeReader {
  let socket: Socket | undefined;
  let ended = false;
  let released = false;
  let sink: (chunk: Uint8Array) => void = () => undefined;
  const buffer = (place.buffer ??= Buffer.allocUnsafeSlow(READ_SIZE));

  const close = (): void => {
    if (released) return;
    released = true;
    if (socket === undefined) closeSync(descriptor);
    else socket.destroy();
    onClose(ended);
  };

  return {
    read(onData, onEnd) {
      sink = onData;
      const onread = {
        buffer,
        callback: (length: number) => {
          sink(buffer.subarray(0, length));
          return true;
        },
      };
      socket = new Socket({ fd: descriptor, readable: true, writable: false, onread } as ConstructorParameters<typeof Socket>[0]);
      socket.on("end", () => {
        ended = true;
        onEnd();
      });
      // Never seen on a pipe; a pipe in that state is not used again.
      socket.on("error", onEnd);
      socket.resume();
    },
    readRest() {
      if (ended || released) return;
      try {
        for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) sink(buffer.subarray(0, length));
      } catch {
        // EAGAIN: nothing is there, while somebody may still write.
      }
    },
    discard() {
      if (ended) return close();
      sink = () => undefined;
      socket?.unref().once("end", close);
    },
    close,
  };
}
