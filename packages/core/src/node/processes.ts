import { setMaxListeners } from "node:events";
import type { Clock, ProcessOutcome, ProcessRequest, Processes } from "../host/host.ts";
import { BackgroundGroups } from "./background-groups.ts";
import { CommandStarter, type StarterOptions } from "./command-starter.ts";
import { startDetached } from "./direct-start.ts";
import { onProcessExit } from "./exit-hooks.ts";
import { processGroup } from "./process-group.ts";
import { PROCESS_TIMINGS, RunningProcess, type ProcessTimings } from "./running-process.ts";
import { explainSpawnFailure } from "./spawn-failure.ts";

export interface ProcessesOptions extends StarterOptions {
  readonly clock: Clock;
  readonly timings?: Partial<ProcessTimings>;
}

/**
 * Runs programs, each the leader of a group of its own (on POSIX a session: without a terminal), with nothing to read on stdin.
 * A command that ends by itself settles at once even if it left processes in the background; those end when its signal is
 * aborted, on `close()` and when this process exits.
 */
export function createProcesses(options: ProcessesOptions): Processes {
  const { clock } = options;
  const timings = { ...PROCESS_TIMINGS, ...options.timings };
  const starter = new CommandStarter(options);
  const background = new BackgroundGroups(clock, timings.abortGraceMs);
  const running = new Set<RunningProcess>();
  let closed = false;
  const forgetExitHook = onProcessExit(() => {
    for (const one of running) one.group.kill("SIGKILL");
    background.killAll();
  });

  const run = async (request: ProcessRequest, signal: AbortSignal): Promise<ProcessOutcome> => {
    const stopped = { type: "not_started", code: "ABORT_ERR", message: "it was stopped before it started" } as const;
    if (closed || signal.aborted) return stopped;
    const started = await starter.start(request);
    if (!started.ok) {
      const { code, message } = "code" in started ? started : await explainSpawnFailure(started.error, request);
      return { type: "not_started", code, message };
    }
    const { pid, exit, output, terminate } = started.command;
    const group = processGroup(pid, terminate);
    const process = new RunningProcess({ exit, group, clock, timings, timeoutMs: request.timeoutMs, openPipes: output.pipes });
    running.add(process);
    const forgetSignal = abortWith(signal, process);
    if (closed) process.abort();
    const onData: ProcessRequest["onOutput"] = (chunk, stream) => {
      process.pipeActive();
      request.onOutput(chunk, stream);
    };
    output.read(onData, () => process.pipeEnded());
    const outcome = await process.outcome;
    forgetSignal();
    running.delete(process);
    // On a busy machine the wait for the pipe may be over before anything was read from it.
    output.readRest();
    const wasStopped = outcome.type === "lost" || (outcome.type !== "not_started" && (outcome.timedOut || outcome.aborted));
    if (wasStopped) {
      output.close();
    } else {
      output.discard();
      if (group.alive()) background.add(group, signal);
    }
    return outcome;
  };

  return {
    run,
    start: startDetached,
    sandbox: (confinement) => starter.sandbox(confinement),
    async close() {
      closed = true;
      for (const one of running) one.abort();
      await Promise.all([...running].map((one) => one.outcome));
      await background.close();
      await starter.close();
      forgetExitHook();
    },
  };
}

/** Ends `process` when the signal is aborted, or was while it started. Returns how to stop that. */
function abortWith(signal: AbortSignal, process: RunningProcess): () => void {
  const onAbort = (): void => process.abort();
  // A turn may run any number of commands under one signal; that is no leak.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return () => signal.removeEventListener("abort", onAbort);
}
