import { parentPort, workerData } from "node:worker_threads";
import { confineThread, warmThreadPool, type Confinement } from "./confine.ts";
import { changedRoots } from "./plan.ts";
import { spawnProgram } from "./spawn-program.ts";
import { SpawnFailure } from "./started-child.ts";
import { openLibc } from "./syscalls.ts";
import type { WorkerReply, WorkerSpawn, WorkerStart } from "./worker-protocol.ts";

/** The program of a worker thread that confines itself by its `workerData` ({@link WorkerStart}) and then starts what it is told to. */
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

function start({ id, ...program }: WorkerSpawn): void {
  const roots = scope === "plan" ? changedRoots(plan) : [];
  if (roots.length > 0) return reply({ type: "stale", id, roots });
  try {
    reply({ type: "spawned", id, pid: spawnProgram(program, openLibc()) });
  } catch (error) {
    const code = error instanceof SpawnFailure ? error.code : "UNKNOWN";
    reply({ type: "spawn_failed", id, code, message: error instanceof Error ? error.message : String(error) });
  }
}
