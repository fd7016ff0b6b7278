import { closeSync, constants, openSync, readSync } from "node:fs";
import { prepareBwrap, wantsScopes, type BwrapLaunch, type BwrapRequest } from "./bwrap.ts";
import type { ChildGroups } from "./child-groups.ts";
import type { Children } from "./children.ts";
import type { ConfinedWorkers } from "./confined-workers.ts";
import { withOutputPipe, type PipePool } from "./pipe-pool.ts";
import type { Plan } from "./plan.ts";
import type { BwrapSupport } from "./probe.ts";
import { fits, newGate, Standby } from "./standby.ts";
import type { ChildExit, Command, StartedCommand } from "./started-child.ts";

/** How long a sandbox waits for a command: longer than a model usually thinks. */
const STANDBY_MS = 20_000;
/** How long bwrap may take until the shell in it waits. */
const SETUP_LIMIT_MS = 10_000;

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

type Launched = StartedCommand & Pick<BwrapLaunch, "isCurrent">;

interface Parts {
  readonly pipes: PipePool;
  readonly groups: ChildGroups;
  readonly children: Children;
  readonly workers: ConfinedWorkers;
}

/** Why nothing ran: what was to be mounted is not what it was when the plan was made, or bwrap said why it could not. */
export type NotStarted = "stale" | { readonly failed: string };

/** Starts commands under bwrap, each in a sandbox of its own: one that stands ready when there is one, else a new one. */
export class BwrapCommands {
  readonly #parts: Parts;
  #ready: Ready | undefined;
  #retired: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async spawn(command: Command, how: BwrapStart): Promise<StartedCommand | NotStarted> {
    // One that is being made is there sooner than another would be.
    if (this.#ready?.key === keyOf(how)) await this.#ready.starting;
    const isOfThisPlan = this.#ready?.key === keyOf(how);
    const ready = isOfThisPlan ? this.#ready?.standby?.take(command) : undefined;
    // Stand-ins of another plan may be in the way of what this one lets be made.
    if (this.#ready !== undefined && !isOfThisPlan) await this.standDown();
    else if (ready === undefined) void this.standDown();
    else this.#forget();
    return ready ?? this.#startCold(command, how);
  }

  /** The sandbox first: what goes wrong with that is no failure of the command, which can be tried again then. */
  async #startCold(command: Command, how: BwrapStart): Promise<StartedCommand | NotStarted> {
    const made = fits(command) ? await this.#makeStandby(how) : undefined;
    if (made === undefined) return this.#start(command, how);
    return made instanceof Standby ? (made.give(command) ?? { failed: "the sandbox was ended" }) : made;
  }

  /** Makes the sandbox of a later command ahead, unless one stands ready. It is tried once: without it commands only start later. */
  standBy(how: BwrapStart): void {
    if (this.#ready !== undefined) return;
    const ready: Ready = { key: keyOf(how), starting: Promise.resolve() };
    this.#ready = ready;
    ready.starting = this.#makeReady(ready, how);
  }

  /** Ends the sandbox that stands ready; comes back when its traces are gone. */
  async standDown(): Promise<void> {
    const ready = this.#ready;
    this.#forget();
    await ready?.starting;
    await ready?.standby?.dismiss();
  }

  async #makeReady(ready: Ready, how: BwrapStart): Promise<void> {
    const standby = await this.#makeStandby(how).catch(() => undefined);
    if (!(standby instanceof Standby)) return;
    ready.standby = standby;
    if (this.#ready === ready) this.#retired = setTimeout(() => void this.standDown(), STANDBY_MS).unref();
    else void standby.dismiss();
  }

  /** Undefined where no shell can wait. */
  async #makeStandby(how: BwrapStart): Promise<Standby | NotStarted | undefined> {
    const gate = newGate();
    if (gate === undefined) return undefined;
    const { pipes, groups } = this.#parts;
    let started: Launched | "stale" = "stale";
    try {
      started = await this.#start({ argv: gate.argv, cwd: "/", env: {}, inherited: gate.inherited }, how);
    } finally {
      gate.spawned();
      if (started === "stale") gate.close();
    }
    if (started === "stale") return started;
    const { pid, pipe, exit } = started;
    groups.add(pid);
    const limit = setTimeout(() => groups.kill(pid), SETUP_LIMIT_MS);
    const isReady = await gate.ready;
    clearTimeout(limit);
    const standby = new Standby(started, gate);
    void exit.then(() => {
      if (standby.wasTaken) return;
      groups.leaderEnded(pid, true);
      if (isReady) pipes.release(pipe, true);
    });
    if (isReady) return standby;
    await standby.dismiss();
    const failed = whatWasPrinted(pipe);
    pipes.release(pipe, true);
    return { failed };
  }

  #forget(): void {
    clearTimeout(this.#retired);
    this.#ready = undefined;
  }

  async #start(request: BwrapRequest & Command, how: BwrapStart): Promise<Launched | "stale"> {
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

/** What is in a pipe that nobody writes to any more. */
function whatWasPrinted(pipe: number): string {
  const own = openSync(`/proc/self/fd/${pipe}`, constants.O_RDONLY | constants.O_NONBLOCK);
  const text: Buffer[] = [];
  const chunk = Buffer.alloc(4096);
  try {
    for (let size = readSync(own, chunk); size > 0; size = readSync(own, chunk)) text.push(Buffer.from(chunk.subarray(0, size)));
  } catch {
    // Something still could, but does not.
  } finally {
    closeSync(own);
  }
  return Buffer.concat(text).toString("utf8").trim();
}

function keyOf({ plan }: BwrapStart): string {
  return JSON.stringify(plan);
}
