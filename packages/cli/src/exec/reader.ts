import type { ErrorCode, Event } from "@codex/core";

/** How a session's task ended, as `codex exec` tells it. */
export type Ending =
  | { readonly type: "completed"; readonly lastMessage: string | null }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string; readonly hint?: string | undefined };

/** Shows a session's events to whoever runs `codex exec`. */
export interface Reader {
  read(event: Event): void;
  /**
   * Called exactly once, when no event follows any more. `fallback` is for a session that ended without a terminal event of
   * its own, or against the user's will.
   */
  finish(fallback: FailedEnding): void;
}

export type FailedEnding = Extract<Ending, { type: "failed" }>;

export function endingOf({ msg }: Event): Ending | undefined {
  switch (msg.type) {
    case "task_complete":
      return { type: "completed", lastMessage: msg.last_agent_message };
    case "error":
      return { type: "failed", code: msg.code, message: msg.message, hint: msg.hint };
    case "turn_aborted":
      return { type: "failed", code: "interrupted", message: "the turn was interrupted" };
    default:
      return undefined;
  }
}
