import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { createNodeHost } from "../node/node-host.ts";
import type { Event } from "../protocol/event.ts";
import type { Op } from "../protocol/op.ts";
import type { SubscribeOptions } from "../session/event-log.ts";
import { Session, type SessionOptions } from "../session/session.ts";

/**
 * A session of the agent, for programs that embed it. Open as many as you like; they share nothing but what you pass to both.
 *
 * The host is the session's door to the world: pass one made by `createNodeHost` to bring tools, an approver or an environment,
 * or a replaying one for tests. A host that you pass stays yours to close; without one the session makes its own.
 */
export class Codex {
  readonly #session: Session;

  static async open(config: Config, host?: Host, options: Omit<SessionOptions, "closesHost"> = {}): Promise<Codex> {
    return new Codex(await Session.open(config, host ?? createNodeHost(), { ...options, closesHost: host === undefined }));
  }

  private constructor(session: Session) {
    this.#session = session;
  }

  get sessionId(): string {
    return this.#session.sessionId;
  }

  /** The file the session is recorded in, absolute; null when it keeps none. */
  get rolloutPath(): string | null {
    return this.#session.rolloutPath;
  }

  /** Hands in an op and returns its id. Throws `session_closed` after close. */
  submit(op: Op, id?: string): string {
    return this.#session.submit(op, id);
  }

  /** Calls `listener` for each event, synchronously and in order. The first reader of a session gets all events from the start. */
  subscribe(listener: (event: Event) => void, options?: SubscribeOptions): () => void {
    return this.#session.subscribe(listener, options);
  }

  /** The events as an iterator that ends after `shutdown_complete`. */
  events(): AsyncIterableIterator<Event> {
    return this.#session.events();
  }

  /** Resolves when no task is running. */
  idle(): Promise<void> {
    return this.#session.idle();
  }

  /** Stops the running task, waits until its children are gone and the records are written. May be called more than once. */
  close(): Promise<void> {
    return this.#session.close();
  }
}
