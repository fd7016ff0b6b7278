/** A clock that moves when it is told to. */
export class VirtualClock {
  #now = 0;
  #timers: { readonly due: number; readonly callback: () => void }[] = [];

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  timer(ms: number, callback: () => void): () => void {
    const timer = { due: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, and what was asked for microtasks. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#now = Math.max(this.#now, next.due);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #due(end: number): { readonly due: number; readonly callback: () => void } | undefined {
    return this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

/** After this all microtasks that were due have run. */
export async function settle(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}
