import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import type { ProcessRequest, Processes } from "../host/host.ts";
import type { OutputPipes } from "./output-pipe.ts";
import type { CommandExit, CommandOutput, StartOutcome } from "./started-command.ts";

export type DirectRequest = Pick<ProcessRequest, "argv" | "cwd" | "env">;

/** Starts a command as a child of this process. */
export async function startDirectly(request: DirectRequest, pipes: OutputPipes): Promise<StartOutcome> {
  const pipe = await pipes.acquire();
  const stdio = pipe?.writeFd ?? "pipe";
  const started = await spawnProgram(request.argv, { cwd: request.cwd, env: request.env, stdio: ["ignore", stdio, stdio] });
  pipe?.closeWriteEnd();
  if ("error" in started) {
    pipe?.close();
    return { ok: false, error: started.error };
  }
  const { child, pid } = started;
  const output: CommandOutput =
    pipe === undefined
      ? twoPipes(child)
      : { ...pipe, pipes: 1, read: (onData, onEnd) => pipe.read((chunk) => onData(chunk, "merged"), onEnd) };
  return { ok: true, command: { pid, exit: exitOf(child), output } };
}

export const startDetached: Processes["start"] = async (argv, options) => {
  const started = await spawnProgram(argv, { ...options, stdio: "ignore" });
  if ("error" in started) return { error: started.error instanceof Error ? started.error : new Error(String(started.error)) };
  started.child.on("error", () => undefined);
  started.child.unref();
  return {};
};

type Spawned = { readonly child: ChildProcess; readonly pid: number } | { readonly error: unknown };

/** Some failures are thrown by `spawn`, the others come as an event when there is no pid. */
async function spawnProgram(argv: readonly string[], options: SpawnOptions): Promise<Spawned> {
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

function exitOf(child: ChildProcess): Promise<CommandExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ type: "ended", code, signal }));
    child.once("error", (error) => resolve({ type: "not_started", code: "ENOENT", message: error.message }));
  });
}

function twoPipes(child: ChildProcess): CommandOutput {
  const streams = [
    { stream: child.stdout, name: "stdout" },
    { stream: child.stderr, name: "stderr" },
  ] as const;
  let discarded = false;
  return {
    pipes: 2,
    read(onData, onEnd) {
      for (const { stream, name } of streams) {
        stream?.on("data", (chunk: Uint8Array) => {
          if (!discarded) onData(chunk, name);
        });
        stream?.once("close", onEnd);
        stream?.on("error", () => undefined);
      }
    },
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

/** Finds .cmd files, and quotes for them. */
async function windowsSpawn(): Promise<typeof spawn> {
  const { default: crossSpawn } = await import("cross-spawn");
  return crossSpawn.spawn;
}
