import type { Surface } from "../screen/surface.ts";
import { expandedText, type Editor } from "../state/editor.ts";
import { selectedField } from "../state/fill-form.ts";
import type { State } from "../state/model.ts";
import { plainLine } from "../text/ansi.ts";
import { graphemes, textWidth } from "../text/width.ts";

/** The one row that is ever drawn again: what is being written, the real cursor in it. */
export function drawInputRow(surface: Surface, state: State): void {
  const { label, editor } = inputOf(state);
  const before = editor.text.slice(0, editor.cursor);
  const start = before.lastIndexOf("\n") + 1;
  const end = editor.text.indexOf("\n", start);
  const line = editor.text.slice(start, end === -1 ? undefined : end);
  const number = before.split("\n").length;
  const prompt = `${label}${number > 1 || end !== -1 ? ` line ${String(number)} of ${String(editor.text.split("\n").length)}` : ""}: `;
  const shown = textWidth(prompt) + 8 <= surface.width ? prompt : "> ";
  const left = surface.write(0, 0, shown);
  const { text, cursor } = windowOf(line, editor.cursor - start, Math.max(1, surface.width - left - 1));
  surface.write(left, 0, text);
  surface.placeCursor(left + cursor, 0, (state.vim?.mode ?? "insert") === "insert" ? "bar" : "block");
}

/** What keys go to. */
function inputOf(state: State): { readonly label: string; readonly editor: Pick<Editor, "text" | "cursor"> } {
  const [approval] = state.approvals;
  const none = { text: "", cursor: 0 };
  if (state.gitWarning) return { label: "y or n", editor: none };
  if (approval !== undefined) {
    if (state.answer.feedback !== undefined) return { label: "Instead", editor: state.answer.feedback };
    const field = selectedField(state, approval);
    const value = state.answer.values[state.answer.selected];
    if (field === undefined || value === undefined) return { label: "Answer", editor: none };
    return { label: plainLine(field.title), editor: { text: expandedText(value), cursor: value.cursor } };
  }
  if (state.popup?.type === "prompts") return { label: "Search", editor: { text: state.popup.query, cursor: state.popup.query.length } };
  if (state.popup?.type === "choices") return { label: "Choose", editor: none };
  return { label: state.editor.text.startsWith("!") ? "Shell" : "Message", editor: state.editor };
}

/** The part of a line around the cursor that fits. It moves by half of its width, so that most keys only add to it. */
function windowOf(line: string, offset: number, width: number): { readonly text: string; readonly cursor: number } {
  const column = textWidth(line.slice(0, offset));
  const half = Math.max(1, Math.floor(width / 2));
  const skipped = column < width ? 0 : (Math.floor((column - width) / half) + 1) * half;
  let from = 0;
  let cells = 0;
  for (const { text, width: wide } of graphemes(line)) {
    if (cells >= skipped) break;
    cells += wide;
    from += text.length;
  }
  return { text: line.slice(from), cursor: column - cells };
}
