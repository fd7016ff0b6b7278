import type { Guarantee } from "./guarantee.ts";
import type { Plan, PlanContext } from "./plan.ts";
import type { SandboxPolicy } from "./policy.ts";
import type { Command } from "./started-child.ts";

/**
 * What the agent and its exec host say to each other: JSON, one message a line, over one socket. Output never travels there: a
 * command writes into a pipe that the host made and the agent opens for itself.
 */

/** What a command is to be confined to. JSON-serialisable; equal text means the same confinement. */
export interface ConfinementRequest {
  readonly policy: SandboxPolicy;
  readonly context: PlanContext;
  /** Guarantees whose absence is a refusal. */
  readonly require: readonly Guarantee[];
  /** Where what the machine can do is remembered. */
  readonly cacheDirectory?: string;
}

/** How a request would be enforced on this machine now. */
export type Preparation =
  | {
      readonly backend: "landlock" | "bwrap";
      /** What the policy asks for and this backend cannot hold here. */
      readonly missing: readonly Guarantee[];
      readonly plan: Plan;
      /** Why there is nothing stronger, a sentence each. */
      readonly reasons: readonly string[];
    }
  | { readonly backend: "none"; readonly reason: string; readonly hint: string };

export interface SpawnRequest extends Command {
  /** Undefined: unconfined. */
  readonly confinement?: ConfinementRequest;
}

/** New pipes, for somebody else to open: this process itself cannot be looked into. */
export interface NewPipes {
  /** A process that has them open until the host is told `opened`. */
  readonly keeper: number;
  /** `descriptor`: the read end in the keeper. */
  readonly pipes: readonly { readonly pipe: number; readonly descriptor: number; readonly inode: number }[];
}

export type ToHost =
  /** A command is likely to come. */
  | { readonly type: "warm" }
  /** The agent itself has started the leader of this process group: it is to end with the agent. */
  | { readonly type: "adopt"; readonly group: number }
  | { readonly type: "prepare"; readonly id: number; readonly confinement: ConfinementRequest }
  | ({ readonly type: "spawn"; readonly id: number } & SpawnRequest)
  /** A host that was killed may have left what stood in for missing names under this confinement. */
  | { readonly type: "tidy"; readonly confinement: ConfinementRequest }
  /** The agent has opened the pipes of this keeper. */
  | { readonly type: "opened"; readonly keeper: number }
  /** The agent no longer reads the pipe. `reusable`: it was read to its end, so nobody can write to it, and the agent keeps it open. */
  | { readonly type: "release"; readonly pipe: number; readonly reusable: boolean };

export type FromHost =
  /** Commands start without a wait from now on. */
  | { readonly type: "ready" }
  | { readonly type: "prepared"; readonly id: number; readonly preparation: Preparation }
  /**
   * New pipes, before a command gets one, to be opened at the keeper and kept. Who is left when the host dies while it starts a command
   * is known by the pipe that he writes to.
   */
  | ({ readonly type: "pipes" } & NewPipes)
  /** `pipe` names the pipe of stdout and stderr, until it is released. */
  | { readonly type: "spawned"; readonly id: number; readonly pid: number; readonly pipe: number; readonly backend?: "landlock" | "bwrap" }
  | { readonly type: "spawn_failed"; readonly id: number; readonly code: string; readonly message: string }
  | {
      readonly type: "exit";
      readonly id: number;
      readonly code: number | null;
      readonly signal: string | null;
      /** Why nobody knows how the command ended; it was killed. */
      readonly lost?: string;
      /** Protected paths that the command created or moved; what could be put right was. */
      readonly violated?: readonly string[];
    };

/** Codes of {@link FromHost} `spawn_failed` that are not Node's. */
export const SANDBOX_UNAVAILABLE = "ERR_SANDBOX_UNAVAILABLE";
export const WORKER_LOST = "ERR_SANDBOX_WORKER";
export const HOST_LOST = "ERR_EXEC_HOST_LOST";

/** Cuts a stream of bytes into its lines and calls back with each as JSON. The lines are ours, so a bad one is a bug and throws. */
export function messageReader<Message>(onMessage: (message: Message) => void): (chunk: Uint8Array) => void {
  let rest: Buffer[] = [];
  return (chunk) => {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      const line = Buffer.concat([...rest, bytes.subarray(0, end)]).toString();
      rest = [];
      bytes = bytes.subarray(end + 1);
      onMessage(JSON.parse(line) as Message);
    }
    // Copied: the reader of the socket may use its buffer again.
    if (bytes.length > 0) rest.push(Buffer.from(bytes));
  };
}

const NEWLINE = 0x0a;
