import type { EventOf } from "@codex/core";
import { formatDuration } from "../terminal/duration.ts";

/** What a reader is told when an attempt failed and another one is coming. */
export function formatRetry({ message, attempt, max, delay_ms }: EventOf<"stream_error">): string {
  return `Trying again (${String(attempt)} of ${String(max)}) in ${formatDuration(delay_ms)}: ${message}`;
}
