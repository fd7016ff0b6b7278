import { existsSync } from "node:fs";
import { sandboxEnvironment } from "./confine.ts";
import { BwrapCommands, type BwrapStart, type NotStarted } from "./bwrap-commands.ts";
import { wantsScopes } from "./bwrap.ts";
import type { ChildGroups } from "./child-groups.ts";
import type { Children } from "./children.ts";
import { ConfinedWorkers } from "./confined-workers.ts";
import { DEFAULT_PATH, findProgram } from "./find-program.ts";
import { SANDBOX_UNAVAILABLE, type ConfinementRequest, type Preparation } from "./host-protocol.ts";
import { withOutputPipe, type PipePool } from "./pipe-pool.ts";
import { holdPlaceholders } from "./placeholder.ts";
import { changedRoots, compilePlan, type Plan } from "./plan.ts";
import { hasFullDiskWriteAccess, writableRoots } from "./policy.ts";
import { chooseBackend, probeSupport, type Support } from "./probe.ts";
import { SpawnFailure, type Command, type StartedCommand } from "./started-child.ts";
import { openLibc } from "./syscalls.ts";

/** Plans that are kept; a session seldom has more than two. */
const MOST_PLANS = 8;
/** How long a plan is taken for what the folders hold: the user works in them, too, and clones. */
const PLAN_MS = 20_000;
/** How often a plan is made anew for one command whose roots keep changing. */
const ATTEMPTS = 5;

/** Turns confinement requests into plans and starts commands under them. */
export class Confinements {
  readonly #plans = new Map<string, KnownPlan>();
  readonly #workers: ConfinedWorkers;
  readonly #pipes: PipePool;
  readonly #bwrap: BwrapCommands;
  #support: Promise<Support> | undefined;
  #closed = false;

  constructor(parts: { readonly pipes: PipePool; readonly groups: ChildGroups; readonly children: Children }) {
    this.#pipes = parts.pipes;
    this.#workers = new ConfinedWorkers(parts.children);
    this.#bwrap = new BwrapCommands({ ...parts, workers: this.#workers });
  }

  async prepare(request: ConfinementRequest): Promise<Preparation> {
    const support = await this.#probe(request);
    const plan = this.#planFor(request);
    const choice = chooseBackend(plan, support, request.require);
    if (choice.backend === "none") return choice;
    if (choice.backend === "landlock") this.#workers.warm(plan, "plan");
    else if (wantsScopes(plan, support.landlockAbi)) this.#workers.warm(plan, "scopes");
    return { ...choice, plan, reasons: support.reasons };
  }

  /** Throws SpawnFailure when the machine cannot confine it, else what spawn reports. */
  async spawn(command: Command, request: ConfinementRequest): Promise<StartedCommand> {
    const support = await this.#probe(request);
    let reason = "the writable folders keep being replaced";
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const plan = this.#planFor(request);
      const choice = chooseBackend(plan, support, request.require);
      if (choice.backend === "none") throw new SpawnFailure(SANDBOX_UNAVAILABLE, `${choice.reason} ${choice.hint}`.trim());
      const confined = { ...command, env: { ...command.env, ...sandboxEnvironment(plan, choice.backend) } };
      const started =
        choice.backend === "bwrap" && support.bwrap !== undefined
          ? // oxlint-disable-next-line no-await-in-loop -- an attempt shows whether another is needed
            await this.#spawnBwrap(confined, { request, plan, bwrap: support.bwrap, landlockAbi: support.landlockAbi })
          : // oxlint-disable-next-line no-await-in-loop
            await withOutputPipe(this.#pipes, (output) =>
              this.#workers.spawn({ plan, scope: "plan" }, { ...confined, stdio: ["ignore", output, output] }),
            );
      if (started !== "stale" && !("failed" in started)) return { ...started, backend: choice.backend };
      if (started !== "stale") reason = started.failed;
      this.#plans.delete(keyOf(request));
    }
    const text = `Nothing was run: the sandbox could not be set up, ${ATTEMPTS} times. The last time: ${reason}`;
    throw new SpawnFailure(SANDBOX_UNAVAILABLE, text);
  }

  /** Takes away what was made ahead for commands to come, and with it what stands in for missing names. */
  standDown(): Promise<void> {
    return this.#bwrap.standDown();
  }

  /** Removes what a host that was killed has left standing in for missing names, unless another session needs it. */
  tidy({ policy, context }: ConfinementRequest): void {
    holdPlaceholders(compilePlan(policy, context).missingProtected, openLibc()).release();
  }

  /** After something unconfined: it may have made repositories, which the next command must not touch. */
  forgetPlans(): void {
    this.#plans.clear();
    void this.standDown();
  }

  /** Makes nothing ahead any more; comes back when what was is gone. */
  close(): Promise<void> {
    this.#closed = true;
    return this.standDown();
  }

  async #spawnBwrap(
    command: Command,
    { request, ...how }: BwrapStart & { readonly request: ConfinementRequest },
  ): Promise<StartedCommand | NotStarted> {
    assertProgram(command);
    const started = await this.#bwrap.spawn(command, how);
    if (started === "stale" || "failed" in started) return started;
    // Repositories that the command made get their protection before the next one, in the time the model takes to answer.
    const prepareNext = (): void => {
      if (this.#closed) return;
      const known = knownPlan(request);
      this.#plans.set(keyOf(request), known);
      this.#bwrap.standBy({ ...how, plan: known.plan });
    };
    void started.exit.then(() => setImmediate(prepareNext));
    return started;
  }

  #probe({ cacheDirectory, context }: ConfinementRequest): Promise<Support> {
    this.#support ??= probeSupport({ untrusted: context.cwd, ...(cacheDirectory === undefined ? {} : { cacheDirectory }) });
    return this.#support;
  }

  #planFor(request: ConfinementRequest): Plan {
    const key = keyOf(request);
    const known = this.#plans.get(key);
    this.#plans.delete(key);
    const current = known !== undefined && isCurrent(known) ? known : knownPlan(request);
    this.#plans.set(key, current);
    for (const oldest of this.#plans.keys()) {
      if (this.#plans.size <= MOST_PLANS) break;
      this.#plans.delete(oldest);
    }
    return current.plan;
  }
}

interface KnownPlan {
  readonly plan: Plan;
  /** By the clock of `performance`. */
  readonly made: number;
  /** Roots that did not exist when the plan was made. */
  readonly awaited: readonly string[];
}

function knownPlan({ policy, context }: ConfinementRequest): KnownPlan {
  const awaited = hasFullDiskWriteAccess(policy) ? [] : writableRoots(policy, context).filter((root) => !existsSync(root));
  return { plan: compilePlan(policy, context), made: performance.now(), awaited };
}

function isCurrent({ plan, made, awaited }: KnownPlan): boolean {
  return performance.now() - made < PLAN_MS && changedRoots(plan).length === 0 && !awaited.some((root) => existsSync(root));
}

/** Below bwrap a program that is not there would look like one that failed. */
function assertProgram({ argv: [name = ""], cwd, env }: Command): void {
  const program = findProgram(name, env["PATH"] ?? DEFAULT_PATH, cwd);
  if (program === "found") return;
  const code = program === "missing" ? "ENOENT" : "EACCES";
  throw new SpawnFailure(code, `spawn ${name} ${code}`);
}

function keyOf({ policy, context }: ConfinementRequest): string {
  return JSON.stringify([policy, context]);
}
