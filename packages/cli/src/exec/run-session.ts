import type { Codex, InputItem } from "@codex/core";
import { DONE, FAILED, reportFailure, stopExitCode } from "../exit.ts";
import { harmless } from "../terminal/harmless.ts";
import { endingOf, type Ending, type FailedEnding, type Reader } from "./reader.ts";
import { STOP_LIMIT_MS, watchForStop, type StopReason } from "./stop-request.ts";

/**
 * Gives `items` to the session, shows its events to `reader` until the turn has ended, and closes it. The reader gets
 * exactly one end, also when a signal comes or the turn cannot be stopped. A signal after that ends this process at once.
 */
export async function runSession(codex: Codex, items: InputItem[], reader: Reader): Promise<SessionEnd> {
  const ended = deferred<Ending>();
  const forced = deferred<void>();
  let running = true;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (reason: StopReason): void => {
    // Children that are still ending are killed as this process exits.
    if (closed) process.exit(stopExitCode(reason));
    ended.resolve(interruptedBy(reason));
    forced.resolve();
  };
  const stop = watchForStop((reason) => {
    if (closed) giveUp(reason);
    if (!running) return;
    timer = setTimeout(() => giveUp(reason), STOP_LIMIT_MS);
    codex.submit({ type: "interrupt" });
  }, giveUp);
  const onFault = (error: Error): void => {
    reportFailure(error);
    ended.resolve({ type: "failed", code: "internal", message: error.message });
  };
  process.on("uncaughtException", onFault);
  // The request is on its way before anything is shown; the first reader gets all events from the start.
  codex.submit({ type: "user_input", items });
  codex.subscribe((event) => {
    const aborted = event.msg.type === "turn_aborted" && stop.reason !== undefined;
    // That end is told with the signal's name instead.
    if (!aborted) reader.read(event);
    // After the end nothing is shown there any more.
    if (!running && event.msg.type === "warning") process.stderr.write(`warning: ${harmless(event.msg.message)}\n`);
    const ending = aborted && stop.reason !== undefined ? interruptedBy(stop.reason) : endingOf(event);
    if (ending !== undefined) {
      running = false;
      ended.resolve(ending);
    }
  });
  const ending = await ended.promise;
  running = false;
  clearTimeout(timer);
  // A reader that has shown the end already leaves this unused.
  if (ending.type === "failed") reader.finish(ending);
  await Promise.race([codex.close(), after(STOP_LIMIT_MS), forced.promise]);
  closed = true;
  process.off("uncaughtException", onFault);
  return { ending, exitCode: exitCodeOf(ending, stop.reason) };
}

export interface SessionEnd {
  readonly ending: Ending;
  readonly exitCode: number;
}

function interruptedBy(reason: StopReason): FailedEnding {
  return {
    type: "failed",
    code: "interrupted",
    message: reason === "EPIPE" ? "nobody reads the output any more" : `interrupted by ${reason}`,
  };
}

function exitCodeOf(ending: Ending, reason: StopReason | undefined): number {
  if (ending.type === "completed") return DONE;
  if (ending.code !== "interrupted" || reason === undefined) return FAILED;
  return stopExitCode(reason);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
