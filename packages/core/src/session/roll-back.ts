import type { History } from "../transcript/history.ts";

/**
 * Takes the last `turns` of the user's inputs out of the history, with all that followed them. `starts` holds where each input went in,
 * oldest first, and loses theirs. Says why nothing was done when there are not so many.
 */
export function rollBack(turns: number, history: History, starts: number[]): string | undefined {
  if (turns > starts.length)
    return starts.length === 0
      ? "nothing was sent yet"
      : `there ${starts.length === 1 ? "is only one turn" : `are only ${starts.length} turns`}`;
  const [from] = starts.splice(starts.length - turns);
  if (from !== undefined) history.truncate(from);
  return undefined;
}
