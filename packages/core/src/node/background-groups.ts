import type { Clock } from "../host/host.ts";
import type { ProcessGroup } from "./process-group.ts";

/** How often groups are looked at, so that an id is forgotten long before the system gives it to somebody else. */
const LOOK_MS = 1000;
const POLL_MS = 20;

interface BackgroundGroup {
  readonly group: ProcessGroup;
  readonly forgetAbort: () => void;
}

/**
 * Groups whose command is over while processes it started go on, such as a server started with `&`. They may go on until
 * the turn that started them is aborted or the session is closed.
 */
export class BackgroundGroups {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #members = new Set<BackgroundGroup>();
  #cancelLook: (() => void) | undefined;

  constructor(clock: Clock, graceMs: number) {
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  add(group: ProcessGroup, signal: AbortSignal): void {
    const onAbort = (): void => void this.#end(member);
    const member: BackgroundGroup = { group, forgetAbort: () => signal.removeEventListener("abort", onAbort) };
    this.#members.add(member);
    signal.addEventListener("abort", onAbort);
    this.#scheduleLook();
  }

  /** Ends all of them: TERM, then KILL after the grace time. Resolves when they are gone or were killed. */
  async close(): Promise<void> {
    this.#cancelLook?.();
    await Promise.all([...this.#members].map((member) => this.#end(member)));
  }

  /** For process exit: no time to wait. */
  killAll(): void {
    for (const member of this.#members) member.group.kill("SIGKILL");
  }

  async #end(member: BackgroundGroup): Promise<void> {
    member.group.kill("SIGTERM");
    const deadline = this.#clock.monotonic() + this.#graceMs;
    while (member.group.alive() && this.#clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => void this.#clock.timer(POLL_MS, resolve));
    }
    member.group.kill("SIGKILL");
    this.#forget(member);
  }

  #scheduleLook(): void {
    this.#cancelLook ??= this.#clock.timer(LOOK_MS, () => this.#look(), { unref: true });
  }

  #look(): void {
    this.#cancelLook = undefined;
    for (const member of this.#members) if (!member.group.alive()) this.#forget(member);
    if (this.#members.size > 0) this.#scheduleLook();
  }

  #forget(member: BackgroundGroup): void {
    member.forgetAbort();
    this.#members.delete(member);
  }
}
