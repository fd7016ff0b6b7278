import type { Cell, PatchCell, PatchHunk } from "./cell.ts";
import { changeCell } from "./cells.ts";
import type { Approval, State } from "./model.ts";
import { only, type Step } from "./step.ts";

type PatchApproval = Extract<Approval, { kind: "patch" }>;

/** The hunks that can be taken one by one; none when there is nothing to choose between. */
export function choosableHunks(approval: Approval): readonly PatchHunk[] {
  return approval.kind === "patch" && approval.hunks.length > 1 ? approval.hunks : [];
}

/** `hunk 2 of 3`: how the history and the question both name it. */
export function hunkName(index: number, count: number): string {
  return `hunk ${String(index + 1)} of ${String(count)}`;
}

/** Goes to the hunk before or behind, around the ends, and shows it. */
export function moveHunk(state: State, approval: PatchApproval, by: 1 | -1): Step {
  const count = choosableHunks(approval).length;
  if (count === 0) return only(state);
  const hunk = (state.answer.hunk + by + count) % count;
  const moved = addHunkChoice({ ...state, answer: { ...state.answer, hunk } });
  return { state: moved, effects: [{ type: "find", text: hunkName(hunk, count), direction: 0 }] };
}

/** Takes the marked hunk, or leaves it out. */
export function toggleHunk(state: State, approval: PatchApproval): State {
  const hunk = choosableHunks(approval)[state.answer.hunk];
  if (hunk === undefined) return state;
  const { leftOut } = state.answer;
  const next = leftOut.includes(hunk.id) ? leftOut.filter((id) => id !== hunk.id) : [...leftOut, hunk.id];
  return addHunkChoice({ ...state, answer: { ...state.answer, leftOut: next } });
}

/** The ids that an approval carries; undefined when it is for the whole patch. */
export function approvedHunks(state: State, approval: Approval): readonly string[] | undefined {
  const { leftOut } = state.answer;
  if (leftOut.length === 0) return undefined;
  return choosableHunks(approval).flatMap(({ id }) => (leftOut.includes(id) ? [] : [id]));
}

/** Shows in the history what is chosen of the patch that is asked about. */
export function addHunkChoice(state: State): State {
  const [approval] = state.approvals;
  if (approval === undefined) return state;
  const hunks = choosableHunks(approval);
  if (hunks.length === 0) return state;
  const choice = { hunks, leftOut: state.answer.leftOut, marked: state.answer.hunk };
  return changeCell(state, isProposed(approval.callId), (cell) => ({ ...cell, choice }));
}

function isProposed(callId: string): (cell: Cell) => cell is PatchCell & { readonly id: number } {
  return (cell): cell is PatchCell & { readonly id: number } =>
    cell.kind === "patch" && cell.callId === callId && cell.status === "proposed";
}
