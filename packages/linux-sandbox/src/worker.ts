import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";
import { confineThread, warmThreadPool, type Confinement } from "./confine.ts";
import { changedRoots } from "./plan.ts";
import { openLibc } from "./syscalls.ts";
import type { WorkerReply, WorkerSpawn, WorkerStart } from "./worker-protocol.ts";

/** The program of a worker thread that confines itself by its `workerData` ({@link WorkerStart}) and then spawns what it is told to. */
const { plan, scope } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error("worker.js runs as a worker thread only");
const reply = (message: WorkerReply): void => port.postMessage(message);

const confinement = await confined();
if (confinement !== undefined) {
  reply({ type: "ready", confinement });
  port.on("message", start);
}

async function confined(): Promise<Confinement | undefined> {
  try {
    await warmThreadPool();
    return confineThread(plan, scope, openLibc());
  } catch (error) {
    reply({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function start({ id, argv: [file = "", ...args], argv0, cwd, env, stdio, detached = true }: WorkerSpawn): void {
  const roots = scope === "plan" ? changedRoots(plan) : [];
  if (roots.length > 0) return reply({ type: "stale", id, roots });
  let running = false;
  const failed = (error: NodeJS.ErrnoException): void => {
    if (!running) reply({ type: "spawn_failed", id, code: error.code ?? "UNKNOWN", message: error.message });
  };
  try {
    const child = spawn(file, args, { cwd, env, stdio: [...stdio], detached, ...(argv0 === undefined ? {} : { argv0 }) });
    child.once("error", failed);
    child.once("exit", (code, signal) => reply({ type: "exit", id, code, signal }));
    if (child.pid === undefined) return;
    running = true;
    reply({ type: "spawned", id, pid: child.pid });
  } catch (error) {
    failed(error as NodeJS.ErrnoException);
  }
}
