import type { Socket } from "node:net";

/** Stretches in which a connection is not read. */
export interface Rest {
  /** Reads nothing for `ms`; what comes meanwhile waits in the system. Does nothing while it rests already. */
  start(ms: number): void;
  /** Reads on. */
  end(): void;
}

interface Handle {
  readonly reading?: boolean;
  readonly readStop?: () => number;
  readonly readStart?: () => number;
}

/** Without a socket it never rests. */
export function openRest(socket: Socket | null): Rest {
  // A stream that is paused is read on until its buffer is full, and each read wakes the process. The handle alone can stop that.
  const handle = (): Handle | undefined => (socket as { readonly _handle?: Handle | null } | null)?._handle ?? undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(ms: number): void {
    const held = handle();
    // Without `reading` Node has stopped it itself, and will start it.
    if (timer !== undefined || held?.reading !== true || held.readStart === undefined || held.readStop === undefined) return;
    held.readStop();
    timer = setTimeout(end, ms);
  }

  function end(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const held = handle();
    if (held?.reading === true) held.readStart?.();
  }

  return { start, end };
}
