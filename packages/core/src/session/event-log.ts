import type { Event } from "../protocol/event.ts";

/**
 * A session's events and their readers. Events are kept until the first reader comes, so that none is missed; later readers
 * get what is emitted from then on.
 */
export class EventLog {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #queues = new Set<EventQueue>();
  #early: EventQueue | undefined = new EventQueue();
  #ended = false;

  emit(event: Event): void {
    this.#early?.push(event);
    for (const listener of this.#listeners) tell(listener, event);
    for (const queue of this.#queues) queue.push(event);
  }

  /** Calls `listener` for each event, synchronously, in order. Returns how to stop. */
  subscribe(listener: (event: Event) => void): () => void {
    const early = this.#takeEarly();
    this.#listeners.add(listener);
    for (const event of early?.drain() ?? []) tell(listener, event);
    return () => this.#listeners.delete(listener);
  }

  /** Iterates until the log ends. A slow reader sees neighbouring deltas joined, and nothing lost. */
  async *read(): AsyncIterableIterator<Event> {
    const queue = this.#takeEarly() ?? new EventQueue();
    if (this.#ended) queue.end();
    else this.#queues.add(queue);
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one event after the other is what a reader wants
        const event = await queue.next();
        if (event === undefined) return;
        yield event;
      }
    } finally {
      this.#queues.delete(queue);
    }
  }

  end(): void {
    this.#ended = true;
    for (const queue of this.#queues) queue.end();
    this.#listeners.clear();
  }

  #takeEarly(): EventQueue | undefined {
    const early = this.#early;
    this.#early = undefined;
    return early;
  }
}

/** A reader's fault is the reader's: it surfaces as an uncaught exception and leaves the session and the other readers alone. */
function tell(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

class EventQueue {
  #events: Event[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(event: Event): void {
    const last = this.#events.at(-1);
    const joined = last === undefined ? undefined : joinDeltas(last, event);
    if (joined === undefined) this.#events.push(event);
    else this.#events[this.#events.length - 1] = joined;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  drain(): readonly Event[] {
    return this.#events.splice(0);
  }

  async next(): Promise<Event | undefined> {
    while (this.#events.length === 0 && !this.#ended) {
      // oxlint-disable-next-line no-await-in-loop -- woken by push or end
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#events.shift();
  }
}

/** Two neighbouring deltas of one text as one, or undefined when they are not that. */
function joinDeltas(a: Event, b: Event): Event | undefined {
  if (a.id !== b.id) return undefined;
  const [first, second] = [a.msg, b.msg];
  if (first.type === "agent_message_delta" && second.type === "agent_message_delta") {
    return { id: b.id, msg: { type: "agent_message_delta", delta: first.delta + second.delta } };
  }
  if (first.type === "agent_reasoning_delta" && second.type === "agent_reasoning_delta") {
    return { id: b.id, msg: { type: "agent_reasoning_delta", delta: first.delta + second.delta } };
  }
  if (first.type === "exec_command_output_delta" && second.type === "exec_command_output_delta") {
    if (first.call_id !== second.call_id || first.stream !== second.stream) return undefined;
    return { id: b.id, msg: { ...second, chunk: first.chunk + second.chunk } };
  }
  return undefined;
}
