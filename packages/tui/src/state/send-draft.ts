import type { InputItem } from "@codex/core";
import { addCell } from "./cells.ts";
import type { Draft, State } from "./model.ts";
import type { Step } from "./step.ts";

/** Hands a message in, with what the user's own commands printed since the last one. */
export function sendDraft(state: State, { text, images }: Draft): Step {
  const shown = addCell(state, { kind: "user", text, images: images.length });
  const notes = state.shellNotes.map((note): InputItem => ({ type: "text", text: note }));
  const items: InputItem[] = [...notes, ...images.map((path): InputItem => ({ type: "local_image", path }))];
  if (text !== "") items.push({ type: "text", text });
  return {
    state: { ...shown, shellNotes: [], turnDiff: "" },
    effects: [
      { type: "submit", op: { type: "user_input", items } },
      { type: "scroll", to: "end" },
    ],
  };
}
