import { fileDiffs } from "../text/file-diffs.ts";
import type { Cell, ExecCell, TurnSummary } from "./cell.ts";
import type { State } from "./model.ts";

/** What was done since the last message. */
export function turnSummary({ history, live, turnDiff }: State): TurnSummary {
  const commands = [...cellsOfTurn(live, history)].filter((cell) => cell.kind === "exec" && cell.by === "agent") as ExecCell[];
  return {
    commands: commands.length,
    failed: commands.filter(({ end }) => end === undefined || end.timedOut || end.exitCode !== 0).length,
    files: fileDiffs(turnDiff).map(({ letter, name, added, removed }) => ({ letter, name, added, removed })),
  };
}

/** Newest first: a history may be long. */
function* cellsOfTurn(...newestFirst: readonly (readonly Cell[])[]): Generator<Cell> {
  for (const cells of newestFirst)
    for (let at = cells.length - 1; at >= 0; at--) {
      const cell = cells[at];
      if (cell === undefined || cell.kind === "user") return;
      yield cell;
    }
}
