import type { Config, Event, Host, Op, SubscribeOptions } from "@codex/core";

/** A session as the interface uses it; `Codex` of @codex/core is one. */
export interface SessionHandle {
  submit(op: Op): string;
  subscribe(listener: (event: Event) => void, options?: SubscribeOptions): () => void;
  close(): Promise<void>;
}

/** The agent behind the interface. It is loaded after the first frame. */
export interface Connection {
  readonly host: Pick<Host, "fs" | "processes" | "env" | "clock">;
  readonly config: Config;
  /** The root of the git repository that holds the working folder. */
  readonly gitRoot: string | undefined;
  /** Paths of images that go with the first message. */
  readonly images?: readonly string[] | undefined;
  /** Opens one conversation; each call another. Rejects with a CodexError. */
  openSession(): Promise<SessionHandle>;
}
