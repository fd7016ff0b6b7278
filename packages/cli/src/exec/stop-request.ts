/** Why a session has to stop before its turn is done. */
export type StopReason = NodeJS.Signals | "EPIPE";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

export interface StopRequest {
  /** The first reason, once there is one. */
  readonly reason: StopReason | undefined;
  end(): void;
}

/**
 * Listens for signals and for a reader of stdout that went away. Calls `onFirst` for the first, `onAgain` for each signal
 * that follows: the user does not want to wait.
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
    end() {
      for (const signal of SIGNALS) process.off(signal, stop);
      process.stdout.off("error", onError);
    },
  };
}
