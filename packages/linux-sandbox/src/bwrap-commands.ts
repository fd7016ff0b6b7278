import { prepareBwrap, wantsScopes, type BwrapLaunch, type BwrapRequest } from "./bwrap.ts";
import type { ChildGroups } from "./child-groups.ts";
import type { Children } from "./children.ts";
import type { ConfinedWorkers } from "./confined-workers.ts";
import { withOutputPipe, type PipePool } from "./pipe-pool.ts";
import type { Plan } from "./plan.ts";
import type { BwrapSupport } from "./probe.ts";
import { newGate, Standby, type Gate } from "./standby.ts";
import type { ChildExit, Command, StartedCommand } from "./started-child.ts";

/** How long a sandbox waits for a command: longer than a model usually thinks. */
const STANDBY_MS = 20_000;

export interface BwrapStart {
  readonly plan: Plan;
  readonly bwrap: BwrapSupport;
  readonly landlockAbi: number;
}

interface Ready {
  readonly key: string;
  starting: Promise<void>;
  /** Undefined: it is being started, or could not be. */
  standby?: Standby;
}

interface Parts {
  readonly pipes: PipePool;
  readonly groups: ChildGroups;
  readonly children: Children;
  readonly workers: ConfinedWorkers;
}

/** Starts commands under bwrap, each in a sandbox of its own: one that stands ready when there is one, else a new one. */
export class BwrapCommands {
  readonly #parts: Parts;
  #ready: Ready | undefined;
  #retired: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** "stale": roots were replaced; nothing ran. */
  async spawn(command: Command, how: BwrapStart): Promise<StartedCommand | "stale"> {
    const isOfThisPlan = this.#ready?.key === keyOf(how);
    const ready = isOfThisPlan ? this.#ready?.standby?.take(command) : undefined;
    // Stand-ins of another plan may be in the way of what this one lets be made.
    if (this.#ready !== undefined && !isOfThisPlan) await this.standDown();
    else if (ready === undefined) void this.standDown();
    else this.#forget();
    return ready ?? this.#start(command, how);
  }

  /** Makes the sandbox of a later command ahead, unless one stands ready. It is tried once: without it commands only start later. */
  standBy(how: BwrapStart): void {
    if (this.#ready !== undefined) return;
    const gate = newGate();
    if (gate === undefined) return;
    const ready: Ready = { key: keyOf(how), starting: Promise.resolve() };
    this.#ready = ready;
    ready.starting = this.#makeReady(ready, gate, how);
  }

  /** Ends the sandbox that stands ready; comes back when its traces are gone. */
  async standDown(): Promise<void> {
    const ready = this.#ready;
    this.#forget();
    await ready?.starting;
    await ready?.standby?.dismiss();
  }

  async #makeReady(ready: Ready, gate: Gate, how: BwrapStart): Promise<void> {
    const request = { argv: gate.argv, cwd: "/", env: {}, inherited: gate.inherited };
    const started = await this.#start(request, how).catch(() => "stale" as const);
    gate.spawned();
    if (started === "stale") return gate.close();
    const { pipes, groups } = this.#parts;
    groups.add(started.pid);
    const standby = new Standby(started, gate);
    void started.exit.then(() => {
      if (standby.wasTaken) return;
      groups.leaderEnded(started.pid, true);
      pipes.release(started.pipe, true);
    });
    ready.standby = standby;
    if (this.#ready === ready) this.#retired = setTimeout(() => void this.standDown(), STANDBY_MS).unref();
    else void standby.dismiss();
  }

  #forget(): void {
    clearTimeout(this.#retired);
    this.#ready = undefined;
  }

  async #start(request: BwrapRequest & Command, how: BwrapStart): Promise<(StartedCommand & Pick<BwrapLaunch, "isCurrent">) | "stale"> {
    const { pipes, children, workers } = this.#parts;
    const prepared = prepareBwrap(how.plan, how.bwrap, request);
    if (!prepared.ok) return "stale";
    const { launch } = prepared;
    let started: StartedCommand | "stale" | undefined;
    try {
      started = await withOutputPipe<"stale">(pipes, async (output) => {
        const stdio = ["ignore" as const, output, output, ...launch.descriptors];
        const program = { argv: [launch.file, ...launch.args], cwd: request.cwd, env: request.env, stdio };
        return wantsScopes(how.plan, how.landlockAbi)
          ? workers.spawn({ plan: how.plan, scope: "scopes" }, program)
          : children.spawn(program);
      });
    } finally {
      launch.spawned();
      if (typeof started !== "object") launch.ended();
    }
    if (typeof started !== "object") return "stale";
    const tidied = started.exit.then((exit): ChildExit => {
      const { violated } = launch.ended();
      return violated.length === 0 ? exit : { ...exit, violated };
    });
    return { ...started, exit: tidied, isCurrent: launch.isCurrent };
  }
}

function keyOf({ plan }: BwrapStart): string {
  return JSON.stringify(plan);
}
