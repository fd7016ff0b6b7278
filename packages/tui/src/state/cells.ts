import { isFinished, type Cell } from "./cell.ts";
import type { State } from "./model.ts";

/** `Omit` for each member of a union. */
type Without<Union, Key extends string> = Union extends unknown ? Omit<Union, Key> : never;
export type NewCell = Without<Cell, "id">;

/** Adds a cell at the end. */
export function addCell(state: State, cell: NewCell): State {
  const added = { id: state.nextCellId, ...cell } as Cell;
  return settle({ ...state, nextCellId: state.nextCellId + 1, live: [...state.live, added] });
}

/** Changes the newest live cell that `find` finds; nothing happens when there is none. */
export function changeCell<Found extends Cell>(state: State, find: (cell: Cell) => cell is Found, change: (cell: Found) => Found): State {
  const at = state.live.findLastIndex(find);
  const cell = state.live[at];
  if (cell === undefined || !find(cell)) return state;
  return settle({ ...state, live: state.live.with(at, change(cell)) });
}

/** Takes the live cells out that `drop` names. */
export function dropCells(state: State, drop: (cell: Cell) => boolean): State {
  return state.live.some(drop) ? { ...state, live: state.live.filter((cell) => !drop(cell)) } : state;
}

/** Moves the finished head of the live cells into the history. */
function settle(state: State): State {
  let count = 0;
  while (count < state.live.length && isFinished(state.live[count] as Cell)) count++;
  if (count === 0) return state;
  return { ...state, history: [...state.history, ...state.live.slice(0, count)], live: state.live.slice(count) };
}

/** Ends every live cell: its task is over. */
export function finishCells(state: State): State {
  const finished = state.live.map((cell): Cell => {
    switch (cell.kind) {
      case "exec":
        return cell.end !== undefined
          ? cell
          : {
              ...cell,
              end: { exitCode: null, signal: "interrupt", timedOut: false, durationMs: state.now - cell.startedAt, denial: undefined },
            };
      case "tool":
        return cell.end === undefined ? { ...cell, end: { success: false, output: "", durationMs: state.now - cell.startedAt } } : cell;
      case "patch":
        return cell.status === "applying" || cell.status === "proposed" ? { ...cell, status: "declined" } : cell;
      case "agent":
      case "reasoning":
        return { ...cell, streaming: false };
      case "session":
      case "user":
      case "declined":
      case "decision":
      case "plan":
      case "notice":
      case "turn_end":
        return cell;
    }
  });
  return settle({ ...state, live: finished });
}
