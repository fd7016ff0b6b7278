import type { Clock, ProcessOutcome } from "../host/host.ts";
import type { ProcessGroup } from "./process-group.ts";
import type { CommandExit } from "./started-command.ts";

export interface ProcessTimings {
  /** From TERM to KILL after a timeout. */
  readonly graceMs: number;
  /** From TERM to KILL after an abort: somebody is waiting. */
  readonly abortGraceMs: number;
  /** Silence on a pipe that others still hold, after the command itself is gone, before its output counts as complete. */
  readonly drainQuietMs: number;
  /** The same, when there is no silence. */
  readonly drainMaxMs: number;
  /** From KILL to giving up on a process the kernel does not let die. */
  readonly giveUpMs: number;
}

export const PROCESS_TIMINGS: ProcessTimings = { graceMs: 2000, abortGraceMs: 500, drainQuietMs: 100, drainMaxMs: 1000, giveUpMs: 2000 };

type TimerName = "timeout" | "kill" | "poll" | "drain" | "drainMax" | "giveUp";

/** When a group that was told to end is looked at: after this, then after twice as long each time. */
const FIRST_POLL_MS = 10;

export interface RunningProcessOptions {
  readonly exit: Promise<CommandExit>;
  readonly group: ProcessGroup;
  readonly clock: Clock;
  readonly timings: ProcessTimings;
  readonly timeoutMs: number;
  /** Pipes whose end is still to come. */
  readonly openPipes: number;
}

/** One started command until it is over: waits for its end and that of its output, and ends it when told to. */
export class RunningProcess {
  /** Resolves once, when the command is gone, its output is complete, and, if it was stopped, its group is gone or was killed. */
  readonly outcome: Promise<ProcessOutcome>;
  readonly group: ProcessGroup;
  readonly #clock: Clock;
  readonly #timings: ProcessTimings;
  readonly #settle: (outcome: ProcessOutcome) => void;
  readonly #timers = new Map<TimerName, () => void>();
  #openPipes: number;
  #exit: CommandExit | undefined;
  #phase: "running" | "terminating" | "killed" | "settled" = "running";
  #pollMs = FIRST_POLL_MS;
  #timedOut = false;
  #aborted = false;

  constructor(options: RunningProcessOptions) {
    this.group = options.group;
    this.#clock = options.clock;
    this.#timings = options.timings;
    this.#openPipes = options.openPipes;
    let settle: (outcome: ProcessOutcome) => void = () => undefined;
    this.outcome = new Promise((resolve) => (settle = resolve));
    this.#settle = settle;
    void options.exit.then((exit) => {
      this.#exit = exit;
      if (exit.type === "ended") this.#check();
      else this.#finish();
    });
    this.#timer("timeout", options.timeoutMs, () => {
      this.#timedOut = true;
      this.#terminate(this.#timings.graceMs);
    });
  }

  /** Ends the command because nobody wants its result any more. */
  abort(): void {
    if (this.#phase === "settled") return;
    this.#aborted = true;
    if (this.#phase !== "killed") this.#terminate(this.#timings.abortGraceMs);
  }

  /** A chunk came: the output is not complete yet. */
  pipeActive(): void {
    if (this.#timers.has("drain")) this.#timer("drain", this.#timings.drainQuietMs, () => this.#finish());
  }

  pipeEnded(): void {
    this.#openPipes--;
    this.#check();
  }

  #terminate(graceMs: number): void {
    this.#cancel("timeout");
    if (this.#phase === "running") {
      this.#phase = "terminating";
      this.group.kill("SIGTERM");
    }
    this.#timer("kill", graceMs, () => this.#kill());
    this.#check();
  }

  #kill(): void {
    this.#phase = "killed";
    this.group.kill("SIGKILL");
    this.#timer("giveUp", this.#timings.giveUpMs, () => this.#finish());
    this.#check();
  }

  #check(): void {
    if (this.#phase === "settled" || this.#exit === undefined) return;
    this.#cancel("timeout");
    if (this.#phase === "terminating" && this.group.alive()) {
      this.#poll();
    } else if (this.#openPipes === 0) {
      this.#finish();
    } else if (!this.#timers.has("drainMax")) {
      this.#timer("drain", this.#timings.drainQuietMs, () => this.#finish());
      this.#timer("drainMax", this.#timings.drainMaxMs, () => this.#finish());
    }
  }

  #poll(): void {
    if (this.#timers.has("poll")) return;
    this.#timer("poll", this.#pollMs, () => this.#check());
    this.#pollMs *= 2;
  }

  #finish(): void {
    if (this.#phase === "settled") return;
    this.#phase = "settled";
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    const how = { timedOut: this.#timedOut, aborted: this.#aborted };
    // Without an exit the process outlived KILL: stuck in the kernel, and as good as killed.
    const exit: CommandExit = this.#exit ?? { type: "ended", code: null, signal: "SIGKILL" };
    if (exit.type !== "ended") this.#settle(exit);
    else if (exit.code === null) this.#settle({ type: "signalled", signal: exit.signal ?? "SIGKILL", ...how });
    else if (exit.violated === undefined || exit.violated.length === 0) this.#settle({ type: "exited", exitCode: exit.code, ...how });
    else this.#settle({ type: "exited", exitCode: exit.code, ...how, violated: exit.violated });
  }

  #timer(name: TimerName, ms: number, callback: () => void): void {
    this.#cancel(name);
    const fire = (): void => {
      this.#timers.delete(name);
      callback();
    };
    // After the event loop was busy, timers fire before it is seen what there is to read and who has exited: look there first.
    const look = (): void => {
      const immediate = setImmediate(fire);
      this.#timers.set(name, () => clearImmediate(immediate));
    };
    this.#timers.set(name, this.#clock.timer(ms, look));
  }

  #cancel(name: TimerName): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
