import type { Cell, UserCell } from "./cell.ts";
import { addCell } from "./cells.ts";
import { recallDraft } from "./drafts.ts";
import type { State } from "./model.ts";
import { only, type Step } from "./step.ts";

/** Lists the messages that were sent, the latest first, to go back to one of them. */
export function listMessages(state: State): Step {
  // What a command of the user's still prints would have nowhere to go.
  const runs = state.live.some((cell) => cell.kind === "exec" && cell.end === undefined);
  if (runs) return only({ ...state, toast: "a command still runs; ctrl-c stops it" });
  const messages = userCells([...state.history, ...state.live]).toReversed();
  if (messages.length === 0) return only({ ...state, toast: "there is no message to go back to yet" });
  const options = messages.map(({ draft }, index) => ({ value: String(index + 1), label: draft.text, help: "" }));
  const title = "Go back to before · files stay";
  return only({ ...state, popup: { type: "choices", choice: { command: "rewind", title, options, current: "" }, selected: 0 } });
}

/** Takes the last turns out of the view and puts the first of them back into the composer. */
export function rollBackView(state: State, turns: number): Step {
  const cells = [...state.history, ...state.live];
  const message = userCells(cells).at(-turns);
  if (message === undefined) return only(state);
  const left = cells.slice(0, cells.indexOf(message));
  const history = state.history.slice(0, left.length);
  const plan = left.findLast((cell) => cell.kind === "plan");
  const shown: State = {
    ...state,
    history,
    live: left.slice(history.length),
    plan: plan?.kind === "plan" ? plan.plan : [],
    turnDiff: "",
    shellNotes: message.shellNotes,
    usage: { ...state.usage, context: 0 },
  };
  const text = `went back by ${turns === 1 ? "one message" : `${String(turns)} messages`}; files on disk were not changed back`;
  const told = addCell(shown, { kind: "notice", level: "event", text, hint: "" });
  return { state: recallDraft(told, message.draft), effects: [{ type: "scroll", to: "end" }] };
}

function userCells(cells: readonly Cell[]): (UserCell & { readonly id: number })[] {
  return cells.filter((cell) => cell.kind === "user");
}
