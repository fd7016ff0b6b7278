import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { sessionsDirectory } from "../config/paths.ts";
import type { Host } from "../host/host.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { ResponseItem } from "../protocol/item.ts";

/** One line of a rollout file: JSON, one object a line, in the order things happened. */
export interface RolloutLine {
  /** UTC, ISO 8601 with milliseconds. */
  readonly timestamp: string;
  /** Counts from 0 without gaps. */
  readonly ordinal: number;
  readonly type: RolloutLineType;
  readonly payload: unknown;
}

/** `compacted` is written by sessions that replace their history; readers must know it. */
export type RolloutLineType = "session_meta" | "turn_context" | "response_item" | "event_msg" | "compacted";

/** Where a session writes its rollout, or null when it writes none. */
export interface Rollout {
  readonly path: string | null;
  /** Appends a line; returns at once. After a write that failed lines are dropped. */
  append(type: RolloutLineType, payload: unknown): void;
  /** Calls back once, with what happened, when a line cannot be written. */
  onFailure(callback: (message: string) => void): void;
  /** Resolves when all that was appended is written, or cannot be. */
  close(): Promise<void>;
}

/** Lines wait this long, in ms, so that a burst is one write and the first request is sent before the first write. */
const FLUSH_DELAY_MS = 5;

/**
 * Opens `<codex home>/sessions/YYYY/MM/DD/rollout-<local time>-<id>.jsonl`, mode 0600, in folders of mode 0700.
 * Throws `home_unusable` when the folder cannot be made.
 */
export async function openRollout(config: Config, host: Host, sessionId: string): Promise<Rollout> {
  if (config.ephemeral) return { path: null, append: () => {}, onFailure: () => {}, close: async () => {} };
  const started = new Date(host.clock.now());
  const directory = join(sessionsDirectory(config.codexHome), ...dateParts(started));
  try {
    await host.fs.makeDirectory(directory, { mode: 0o700 });
  } catch (error) {
    throw new CodexError("home_unusable", `the session cannot be recorded in ${directory}: ${(error as Error).message}`, {
      hint: "Set CODEX_HOME to a folder you can write, or pass --ephemeral to keep no record.",
      cause: error,
    });
  }
  return new RolloutFile(join(directory, `rollout-${localStamp(started)}-${sessionId}.jsonl`), host);
}

class RolloutFile implements Rollout {
  readonly path: string;
  readonly #host: Host;
  #waiting = "";
  #ordinal = 0;
  #writing: Promise<void> | undefined;
  #failed = false;
  #onFailure: (message: string) => void = () => {};

  constructor(path: string, host: Host) {
    this.path = path;
    this.#host = host;
  }

  append(type: RolloutLineType, payload: unknown): void {
    if (this.#failed) return;
    const line: RolloutLine = { timestamp: new Date(this.#host.clock.now()).toISOString(), ordinal: this.#ordinal++, type, payload };
    this.#waiting += `${JSON.stringify(line)}\n`;
    this.#writing ??= this.#drain(FLUSH_DELAY_MS);
  }

  onFailure(callback: (message: string) => void): void {
    this.#onFailure = callback;
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined || this.#waiting !== "") {
      this.#writing ??= this.#drain(0);
      // oxlint-disable-next-line no-await-in-loop -- each pass waits for the write under way
      await this.#writing;
    }
  }

  async #drain(delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise<void>((resolve) => this.#host.clock.timer(delayMs, resolve));
    while (this.#waiting !== "" && !this.#failed) {
      const text = this.#waiting;
      this.#waiting = "";
      try {
        // oxlint-disable-next-line no-await-in-loop -- lines must land in order
        await this.#host.fs.appendFile(this.path, text, { mode: 0o600 });
      } catch (error) {
        this.#failed = true;
        this.#waiting = "";
        this.#onFailure(`The session is no longer recorded: ${(error as Error).message}`);
      }
    }
    this.#writing = undefined;
  }
}

/** The item as a rollout keeps it: the wire form. */
export function rolloutItem(item: ResponseItem): unknown {
  return item.type === "other" ? item.raw : item;
}

function dateParts(date: Date): [string, string, string] {
  return [String(date.getFullYear()), two(date.getMonth() + 1), two(date.getDate())];
}

function localStamp(date: Date): string {
  return `${dateParts(date).join("-")}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join("-")}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
