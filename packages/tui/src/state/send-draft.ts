import type { InputItem } from "@codex/core";
import { addCell } from "./cells.ts";
import { expandedText, imagePaths } from "./editor.ts";
import type { Draft } from "./editor.ts";
import type { State } from "./model.ts";
import type { Step } from "./step.ts";

/** Hands a message in, with what the user's own commands printed since the last one. `prompt` is sent in place of what is shown. */
export function sendDraft(state: State, draft: Draft, prompt?: string): Step {
  const { shellNotes } = state;
  const written = expandedText(draft);
  const images = imagePaths(draft);
  const shown = addCell(state, { kind: "user", text: written, images: images.length, draft, shellNotes });
  const text = prompt ?? written;
  const notes = shellNotes.map((note): InputItem => ({ type: "text", text: note }));
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
