/** Why a session has to stop before its turn is done. */
export type StopReason = NodeJS.Signals | "EPIPE";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** How long an interrupted turn and the closing of a session may take before they are given up. ms. */
export const STOP_LIMIT_MS = 15_000;

export interface StopRequest {
  /** The first reason, once there is one. */
  readonly reason: StopReason | undefined;
}

/**
 * Listens for signals and for a reader of stdout that went away, until the process ends: with nobody listening a signal would
 * end it on the spot and leave its children behind. Calls `onFirst` for the first, `onAgain` for each signal that follows: the
 * user does not want to wait.
 */
export function watchForStop(onFirst: (reason: StopReason) => void, onAgain: (reason: StopReason) => void): StopRequest {
  let first: StopReason | undefined;
  const stop = (reason: StopReason): void => {
    if (first === undefined) {
      first = reason;
      onFirst(reason);
    } else if (reason !== "EPIPE") onAgain(first);
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") stop("EPIPE");
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  process.stdout.on("error", onError);
  return {
    get reason() {
      return first;
    },
  };
}
