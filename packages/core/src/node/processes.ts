import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { setMaxListeners } from "node:events";
import type { Clock, ProcessOutcome, ProcessRequest, Processes } from "../host/host.ts";
import { BackgroundGroups } from "./background-groups.ts";
import { onProcessExit } from "./exit-hooks.ts";
import { createOutputPipes, type OutputPipe } from "./output-pipe.ts";
import { processGroup } from "./process-group.ts";
import { PROCESS_TIMINGS, RunningProcess, type ProcessTimings } from "./running-process.ts";
import { explainSpawnFailure } from "./spawn-failure.ts";

export interface ProcessesOptions {
  readonly clock: Clock;
  readonly temporaryDirectory: string;
  readonly timings?: Partial<ProcessTimings>;
}

/**
 * Runs programs as children of this process, each the leader of a group of its own (on POSIX a session: without a terminal),
 * with nothing to read on stdin. A command that ends by itself settles at once even if it left processes in the
 * background; those end when its signal is aborted, on `close()` and when this process exits.
 */
export function createProcesses(options: ProcessesOptions): Processes {
  const { clock } = options;
  const timings = { ...PROCESS_TIMINGS, ...options.timings };
  const pipes = createOutputPipes(options.temporaryDirectory);
  const background = new BackgroundGroups(clock, timings.abortGraceMs);
  const running = new Set<RunningProcess>();
  let closed = false;
  const forgetExitHook = onProcessExit(() => {
    for (const one of running) one.group.kill("SIGKILL");
    background.killAll();
  });

  const run = async (request: ProcessRequest, signal: AbortSignal): Promise<ProcessOutcome> => {
    const pipe = await pipes.acquire();
    if (closed || signal.aborted) {
      pipe?.close();
      return { type: "not_started", code: "ABORT_ERR", message: "it was stopped before it started" };
    }
    const started = await startChild(request, pipe);
    if ("error" in started) {
      pipe?.close();
      return { type: "not_started", ...(await explainSpawnFailure(started.error, request)) };
    }
    const group = processGroup(started.pid);
    const openPipes = pipe === undefined ? 2 : 1;
    const process = new RunningProcess({ child: started.child, group, clock, timings, timeoutMs: request.timeoutMs, openPipes });
    running.add(process);
    const forgetSignal = abortWith(signal, process);
    const reader = pipe === undefined ? readTwoPipes(started.child, process, request) : readOnePipe(pipe, process, request);
    const outcome = await process.outcome;
    forgetSignal();
    running.delete(process);
    // On a busy machine the wait for the pipe may be over before anything was read from it.
    reader.readRest();
    const stopped = outcome.type !== "not_started" && (outcome.timedOut || outcome.aborted);
    if (stopped) {
      reader.close();
    } else {
      reader.discard();
      if (group.alive()) background.add(group, signal);
    }
    return outcome;
  };

  return {
    run,
    start: startDetached,
    async close() {
      closed = true;
      for (const one of running) one.abort();
      await Promise.all([...running].map((one) => one.outcome));
      await background.close();
      await pipes.close();
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

/** As {@link OutputPipe} has them. */
type Reader = Pick<OutputPipe, "readRest" | "discard" | "close">;

function readOnePipe(pipe: OutputPipe, process: RunningProcess, request: ProcessRequest): Reader {
  const onData = (chunk: Uint8Array): void => {
    process.pipeActive();
    request.onOutput(chunk, "merged");
  };
  pipe.read(onData, () => process.pipeEnded());
  return pipe;
}

function readTwoPipes(child: ChildProcess, process: RunningProcess, request: ProcessRequest): Reader {
  const streams = [
    { stream: child.stdout, name: "stdout" },
    { stream: child.stderr, name: "stderr" },
  ] as const;
  let discarded = false;
  for (const { stream, name } of streams) {
    stream?.on("data", (chunk: Uint8Array) => {
      if (discarded) return;
      process.pipeActive();
      request.onOutput(chunk, name);
    });
    stream?.once("close", () => process.pipeEnded());
    stream?.on("error", () => undefined);
  }
  return {
    readRest: () => undefined,
    discard() {
      discarded = true;
      for (const { stream } of streams) if (stream !== null && "unref" in stream) (stream as unknown as { unref(): void }).unref();
    },
    close() {
      discarded = true;
      for (const { stream } of streams) stream?.destroy();
    },
  };
}

type Started = { readonly child: ChildProcess; readonly pid: number } | { readonly error: unknown };

async function startChild(request: ProcessRequest, pipe: OutputPipe | undefined): Promise<Started> {
  const output = pipe?.writeFd ?? "pipe";
  const started = await spawnProgram(request.argv, { cwd: request.cwd, env: request.env, stdio: ["ignore", output, output] });
  pipe?.closeWriteEnd();
  return started;
}

/** Some failures are thrown by `spawn`, the others come as an event when there is no pid. */
async function spawnProgram(argv: readonly string[], options: SpawnOptions): Promise<Started> {
  const [program = "", ...args] = argv;
  try {
    const child =
      process.platform === "win32"
        ? (await windowsSpawn())(program, args, { ...options, windowsHide: true })
        : spawn(program, args, { ...options, detached: true });
    if (child.pid !== undefined) return { child, pid: child.pid };
    return { error: await new Promise<unknown>((resolve) => child.once("error", resolve)) };
  } catch (error) {
    return { error };
  }
}

const startDetached: Processes["start"] = async (argv, options) => {
  const started = await spawnProgram(argv, { ...options, stdio: "ignore" });
  if ("error" in started) return { error: started.error instanceof Error ? started.error : new Error(String(started.error)) };
  started.child.on("error", () => undefined);
  started.child.unref();
  return {};
};

/** Finds .cmd files, and quotes for them. */
async function windowsSpawn(): Promise<typeof spawn> {
  const { default: crossSpawn } = await import("cross-spawn");
  return crossSpawn.spawn;
}
