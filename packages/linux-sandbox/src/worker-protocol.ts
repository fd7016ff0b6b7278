import type { Confinement, ConfineScope } from "./confine.ts";
import type { Plan } from "./plan.ts";
import type { ProgramStart } from "./spawn-program.ts";

/**
 * What the exec host's main thread and a confined worker thread say to each other. The worker only spawns; pipes are made, read and
 * closed by the main thread, which also signals process groups and sees how they end.
 */

/** `workerData` of a Worker started on {@link workerEntry}. */
export interface WorkerStart {
  readonly plan: Plan;
  /** `plan` confines by the whole plan; `scopes` only keeps abstract sockets and signals inside, for bwrap with the network on. */
  readonly scope: ConfineScope;
}

/** Main thread → worker. The descriptors may be closed once the reply has come. */
export interface WorkerSpawn extends ProgramStart {
  /** Chosen by the sender, comes back in the reply. */
  readonly id: number;
}

/** Worker → main thread. */
export type WorkerReply =
  /** Once, before anything else. */
  | { readonly type: "ready"; readonly confinement: Confinement }
  /** Instead of `ready`; the thread ends after it. Nothing was spawned. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "spawned"; readonly id: number; readonly pid: number }
  /** `code` is Node's (ENOENT, EACCES, …). The command never ran. */
  | { readonly type: "spawn_failed"; readonly id: number; readonly code: string; readonly message: string }
  /**
   * A writable root is no longer the folder the worker was confined to. The command never ran: compile the plan anew, start a
   * new Worker, send the request there, and let this one go when its commands have ended.
   */
  | { readonly type: "stale"; readonly id: number; readonly roots: readonly string[] };
