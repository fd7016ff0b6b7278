import type { Event } from "../protocol/event.ts";

export interface SubscribeOptions {
  /**
   * For a reader that shows text now and then only: deltas of text and output are held back for it, neighbours joined. Called when the first of
   * them is held; `deliver` hands them over. Whatever else happens comes after them, and much text is not held.
   */
  readonly hold?: (deliver: () => void) => void;
}

/** Text that is held back is delivered beyond this size, UTF-16 units. */
const MOST_HELD = 64 * 1024;

/**
 * A session's events and their readers. Events are kept until the first reader comes, so that none is missed; later readers
 * get what is emitted from then on.
 */
export class EventLog {
  readonly #readers = new Set<Reader>();
  readonly #queues = new Set<EventQueue>();
  #early: EventQueue | undefined = new EventQueue();
  #ended = false;

  emit(event: Event): void {
    this.#early?.push(event);
    for (const reader of this.#readers) reader.take(event);
    for (const queue of this.#queues) queue.push(event);
  }

  /** Calls `listener` for each event, synchronously, in order. Returns how to stop. */
  subscribe(listener: (event: Event) => void, { hold }: SubscribeOptions = {}): () => void {
    const early = this.#takeEarly();
    const reader: Reader = hold === undefined ? { take: (event) => tell(listener, event) } : new HoldingReader(listener, hold);
    this.#readers.add(reader);
    for (const event of early?.drain() ?? []) reader.take(event);
    return () => {
      this.#readers.delete(reader);
      reader.stop?.();
    };
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
    this.#readers.clear();
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

interface Reader {
  take(event: Event): void;
  stop?(): void;
}

class HoldingReader implements Reader {
  readonly #listener: (event: Event) => void;
  readonly #hold: (deliver: () => void) => void;
  #held: Event | undefined;

  constructor(listener: (event: Event) => void, hold: (deliver: () => void) => void) {
    this.#listener = listener;
    this.#hold = hold;
  }

  take(event: Event): void {
    const joined = this.#held === undefined ? undefined : joinDeltas(this.#held, event);
    if (joined === undefined) this.#deliver();
    const text = deltaOf((joined ?? event).msg);
    if (text === undefined) return tell(this.#listener, event);
    this.#held = joined ?? event;
    if (text.length > MOST_HELD) this.#deliver();
    else if (joined === undefined) this.#hold(this.#deliver);
  }

  stop(): void {
    this.#held = undefined;
  }

  readonly #deliver = (): void => {
    const event = this.#held;
    this.#held = undefined;
    if (event !== undefined) tell(this.#listener, event);
  };
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

function deltaOf(msg: Event["msg"]): string | undefined {
  switch (msg.type) {
    case "agent_message_delta":
    case "agent_reasoning_delta":
      return msg.delta;
    case "exec_command_output_delta":
      return msg.chunk;
    default:
      return undefined;
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
