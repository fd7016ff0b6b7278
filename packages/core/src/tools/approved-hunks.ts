import type { ApprovalAnswer } from "../host/approval.ts";
import type { ActionHunk, ApplyPatchAction } from "../patch/action.ts";

/** What an answer lets through of a patch. */
export type ChosenHunks =
  | { readonly type: "all" }
  | { readonly type: "some"; readonly ids: ReadonlySet<string>; readonly declined: readonly ActionHunk[] }
  | { readonly type: "none"; readonly reason: string };

/** Reads which hunks an answer approves. Ids that the request did not have let nothing through: the answer was meant for another. */
export function chosenHunks({ hunks }: ApplyPatchAction, answer: ApprovalAnswer): ChosenHunks {
  if (answer.approved_hunks === undefined) return { type: "all" };
  const ids = new Set(answer.approved_hunks);
  const unknown = [...ids].filter((id) => !hunks.some((hunk) => hunk.id === id));
  if (unknown.length > 0) return { type: "none", reason: `the answer approves hunks that the patch does not have: ${unknown.join(", ")}` };
  if (ids.size === 0) return { type: "none", reason: answer.reason ?? "the user approved none of its hunks" };
  const declined = hunks.filter(({ id }) => !ids.has(id));
  return declined.length === 0 ? { type: "all" } : { type: "some", ids, declined };
}

/** What the model is told beside the summary when a part was left out. */
export function describeChoice(applied: readonly ActionHunk[], declined: readonly ActionHunk[], reason: string | undefined): string {
  const lines = [
    "Only a part of the patch was approved.",
    `Applied: ${applied.map(nameOf).join("; ")}.`,
    `Declined, and not written: ${declined.map(nameOf).join("; ")}.`,
    ...(reason === undefined ? [] : [`The user says: ${reason}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function nameOf({ id, kind, path, move_path, line }: ActionHunk): string {
  const what = kind === "move" ? `the move of ${path} to ${move_path ?? ""}` : `the ${kind} of ${path}`;
  return `hunk ${id} (${what}, line ${line} of the patch)`;
}
