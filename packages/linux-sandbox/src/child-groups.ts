/** The process groups of the host's commands, so that nothing outlives it. */
export class ChildGroups {
  readonly #running = new Set<number>();
  /** Groups whose leader is gone while members go on, and adopted ones. */
  readonly #left = new Set<number>();
  #look: NodeJS.Timeout | undefined;

  /** Groups whose leader was not seen to end. */
  get running(): number {
    return this.#running.size;
  }

  add(group: number): void {
    this.#left.delete(group);
    this.#running.add(group);
  }

  /** A group of which nobody tells when it ends. */
  adopt(group: number): void {
    if (!signal(group, 0)) return;
    this.#left.add(group);
    this.#look ??= setInterval(() => this.#forgetGone(), LOOK_MS).unref();
  }

  /** `kill`: what is left of the group ends too. */
  leaderEnded(group: number, kill: boolean): void {
    this.#running.delete(group);
    if (kill) signal(group, "SIGKILL");
    this.adopt(group);
  }

  kill(group: number): void {
    signal(group, "SIGKILL");
  }

  killAll(): void {
    for (const group of [...this.#running, ...this.#left]) signal(group, "SIGKILL");
  }

  /** An id must be forgotten long before the system gives it to somebody else. */
  #forgetGone(): void {
    for (const group of this.#left) if (!signal(group, 0)) this.#left.delete(group);
    if (this.#left.size > 0) return;
    clearInterval(this.#look);
    this.#look = undefined;
  }
}

const LOOK_MS = 1000;

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
}
