import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { sandboxEnvironment } from "./confine.ts";
import { prepareBwrap, wantsScopes, type BwrapLaunch } from "./bwrap.ts";
import { ConfinedWorkers } from "./confined-workers.ts";
import { DEFAULT_PATH, findProgram } from "./find-program.ts";
import { SANDBOX_UNAVAILABLE, type ConfinementRequest, type Preparation, type SpawnRequest } from "./host-protocol.ts";
import { changedRoots, compilePlan, type Plan } from "./plan.ts";
import { hasFullDiskWriteAccess, writableRoots } from "./policy.ts";
import { chooseBackend, probeSupport, type BwrapSupport, type Support } from "./probe.ts";
import { SpawnFailure, type ChildExit, type StartedChild } from "./started-child.ts";

/** Plans that are kept; a session seldom has more than two. */
const MOST_PLANS = 8;
/** How often a plan is made anew for one command whose roots keep changing. */
const ATTEMPTS = 3;

/** Turns confinement requests into plans and starts commands under them. */
export class Confinements {
  readonly #plans = new Map<string, KnownPlan>();
  readonly #workers = new ConfinedWorkers();
  #support: Promise<Support> | undefined;

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
  async spawn(command: SpawnRequest, request: ConfinementRequest, output: number): Promise<StartedChild> {
    const support = await this.#probe(request);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const plan = this.#planFor(request);
      const choice = chooseBackend(plan, support, request.require);
      if (choice.backend === "none") throw new SpawnFailure(SANDBOX_UNAVAILABLE, `${choice.reason} ${choice.hint}`.trim());
      const confined = { ...command, env: { ...command.env, ...sandboxEnvironment(plan, choice.backend) } };
      const { bwrap, landlockAbi } = support;
      const started =
        choice.backend === "bwrap" && bwrap !== undefined
          ? // oxlint-disable-next-line no-await-in-loop -- an attempt shows whether another is needed
            await this.#spawnBwrap(confined, { plan, bwrap, landlockAbi, output, request })
          : // oxlint-disable-next-line no-await-in-loop
            await this.#workers.spawn({ plan, scope: "plan" }, { ...confined, stdio: ["ignore", output, output] });
      if (started !== "stale") return { ...started, backend: choice.backend };
      this.#plans.delete(keyOf(request));
    }
    throw new SpawnFailure(SANDBOX_UNAVAILABLE, "The writable folders keep being replaced while the command is started.");
  }

  async #spawnBwrap(command: SpawnRequest, how: BwrapStart): Promise<StartedChild | "stale"> {
    assertProgram(command);
    const prepared = prepareBwrap(how.plan, how.bwrap, command);
    if (!prepared.ok) return "stale";
    const { launch } = prepared;
    const stdio = ["ignore" as const, how.output, how.output, ...launch.descriptors];
    let child: StartedChild | "stale";
    try {
      child = wantsScopes(how.plan, how.landlockAbi)
        ? await this.#workers.spawn({ plan: how.plan, scope: "scopes" }, { ...command, argv: [launch.file, ...launch.args], stdio })
        : await spawnHere(launch, { ...command, stdio });
    } catch (error) {
      launch.spawned();
      launch.ended();
      throw error;
    }
    launch.spawned();
    if (child === "stale") {
      launch.ended();
      return child;
    }
    return { ...child, exit: child.exit.then((exit) => this.#bwrapEnded(exit, launch, how.request)) };
  }

  #bwrapEnded(exit: ChildExit, launch: BwrapLaunch, request: ConfinementRequest): ChildExit {
    const { violated } = launch.ended();
    // Repositories that the command made get their protection before the next one, in the time the model takes to answer.
    setImmediate(() => this.#plans.set(keyOf(request), knownPlan(request)));
    return violated.length === 0 ? exit : { ...exit, violated };
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
  /** Roots that did not exist when the plan was made. */
  readonly awaited: readonly string[];
}

function knownPlan({ policy, context }: ConfinementRequest): KnownPlan {
  const awaited = hasFullDiskWriteAccess(policy) ? [] : writableRoots(policy, context).filter((root) => !existsSync(root));
  return { plan: compilePlan(policy, context), awaited };
}

function isCurrent({ plan, awaited }: KnownPlan): boolean {
  return changedRoots(plan).length === 0 && !awaited.some((root) => existsSync(root));
}

interface BwrapStart {
  readonly plan: Plan;
  readonly bwrap: BwrapSupport;
  readonly landlockAbi: number;
  readonly output: number;
  readonly request: ConfinementRequest;
}

/** Below bwrap a program that is not there would look like one that failed. */
function assertProgram({ argv: [name = ""], cwd, env }: SpawnRequest): void {
  const program = findProgram(name, env["PATH"] ?? DEFAULT_PATH, cwd);
  if (program === "found") return;
  const code = program === "missing" ? "ENOENT" : "EACCES";
  throw new SpawnFailure(code, `spawn ${name} ${code}`);
}

function keyOf({ policy, context }: ConfinementRequest): string {
  return JSON.stringify([policy, context]);
}

async function spawnHere(
  { file, args }: BwrapLaunch,
  { cwd, env, stdio }: SpawnRequest & { readonly stdio: readonly (number | "ignore")[] },
): Promise<StartedChild> {
  const child = spawn(file, args, { cwd, env, detached: true, stdio: [...stdio] });
  if (child.pid === undefined) throw await new Promise<unknown>((resolve) => child.once("error", resolve));
  return { pid: child.pid, exit: new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal }))) };
}
