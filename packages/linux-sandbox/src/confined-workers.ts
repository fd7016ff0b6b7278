import { Worker } from "node:worker_threads";
import type { ConfineScope } from "./confine.ts";
import type { Children } from "./children.ts";
import { WORKER_LOST } from "./host-protocol.ts";
import { planKey, type Plan } from "./plan.ts";
import type { ProgramStart } from "./spawn-program.ts";
import { SpawnFailure, type ChildExit, type StartedChild } from "./started-child.ts";
import type { WorkerReply, WorkerSpawn, WorkerStart } from "./worker-protocol.ts";

/** Workers that are kept, each confined to one plan for good. */
const MOST_WORKERS = 4;

/** Threads that have confined themselves; what they start inherits it. */
export class ConfinedWorkers {
  readonly #workers = new Map<string, ConfinedWorker>();
  readonly #children: Pick<Children, "watch">;

  constructor(children: Pick<Children, "watch">) {
    this.#children = children;
  }

  /** Starts the worker ahead of its first command. */
  warm(plan: Plan, scope: ConfineScope): void {
    this.#workerFor({ plan, scope });
  }

  /** "stale": a root was replaced; nothing ran. */
  async spawn(start: WorkerStart, command: ProgramStart): Promise<StartedChild | "stale"> {
    const worker = this.#workerFor(start);
    const started = await worker.spawn(command);
    if (started === "stale") this.#forget(worker);
    return started;
  }

  #workerFor(start: WorkerStart): ConfinedWorker {
    const key = `${start.scope} ${planKey(start.plan)}`;
    const found = this.#workers.get(key);
    this.#workers.delete(key);
    const worker = found === undefined || found.gone ? new ConfinedWorker(start, this.#children) : found;
    this.#workers.set(key, worker);
    for (const oldest of this.#workers.values()) {
      if (this.#workers.size <= MOST_WORKERS) break;
      this.#forget(oldest);
    }
    return worker;
  }

  #forget(worker: ConfinedWorker): void {
    for (const [key, one] of this.#workers) if (one === worker) this.#workers.delete(key);
    worker.retire();
  }
}

interface Waiting {
  readonly started: (child: StartedChild | "stale") => void;
  readonly failed: (error: SpawnFailure) => void;
}

class ConfinedWorker {
  readonly #worker: Worker;
  readonly #children: Pick<Children, "watch">;
  readonly #waiting = new Map<number, Waiting>();
  readonly #running = new Map<number, (exit: ChildExit) => void>();
  #nextId = 1;
  #retired = false;
  #gone: string | undefined;

  constructor(start: WorkerStart, children: Pick<Children, "watch">) {
    this.#children = children;
    // No key of the agent is in this process, but a worker needs none of what is.
    this.#worker = new Worker(workerEntry(), { workerData: start, env: {}, stdin: false });
    this.#worker.on("message", (reply: WorkerReply) => this.#handle(reply));
    this.#worker.on("error", (error) => this.#lose(`the thread that confines commands failed: ${error.message}`));
    this.#worker.on("exit", () => this.#lose("the thread that confines commands ended"));
    this.#worker.unref();
  }

  get gone(): boolean {
    return this.#gone !== undefined || this.#retired;
  }

  spawn(command: ProgramStart): Promise<StartedChild | "stale"> {
    if (this.#gone !== undefined) return Promise.reject(new SpawnFailure(WORKER_LOST, this.#gone));
    const id = this.#nextId++;
    return new Promise((started, failed) => {
      this.#waiting.set(id, { started, failed });
      const message: WorkerSpawn = { id, ...command };
      this.#worker.postMessage(message);
    });
  }

  /** Takes no further commands and ends when those it has are over. */
  retire(): void {
    this.#retired = true;
    if (this.#waiting.size === 0 && this.#running.size === 0) void this.#worker.terminate();
  }

  #handle(reply: WorkerReply): void {
    switch (reply.type) {
      case "ready":
        return;
      case "failed":
        this.#lose(reply.message);
        return;
      case "spawned":
        this.#take(reply.id)?.started({ pid: reply.pid, exit: this.#exitOf(reply) });
        return;
      case "spawn_failed":
        this.#take(reply.id)?.failed(new SpawnFailure(reply.code, reply.message));
        break;
      case "stale":
        this.#take(reply.id)?.started("stale");
        break;
    }
    if (this.#retired) this.retire();
  }

  #exitOf({ id, pid }: Extract<WorkerReply, { type: "spawned" }>): Promise<ChildExit> {
    return new Promise((resolve) => {
      this.#running.set(id, resolve);
      void this.#children.watch(pid).then((exit) => {
        resolve(exit);
        this.#running.delete(id);
        if (this.#retired) this.retire();
      });
    });
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** Commands that run go on without anybody to see their end: they are given up. */
  #lose(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    for (const { failed } of this.#waiting.values()) failed(new SpawnFailure(WORKER_LOST, reason));
    for (const resolve of this.#running.values()) resolve({ code: null, signal: null, lost: reason });
    this.#waiting.clear();
    this.#running.clear();
  }
}

function workerEntry(): URL {
  return new URL("./worker.js", import.meta.url);
}
