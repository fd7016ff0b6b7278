import { cursorCell, editorRows, moveRow } from "./editor-layout.ts";
import { editorWith } from "./editor.ts";
import type { State } from "./model.ts";

/** Cells of the composer's frame and prompt, left and right together. */
export const COMPOSER_MARGIN = 6;

/** Within the text first; beyond its first and last row through the messages sent before. */
export function moveOrRecall(state: State, by: -1 | 1): State {
  const width = state.size.columns - COMPOSER_MARGIN;
  const { editor, prompts } = state;
  const { row } = cursorCell(editor, width);
  const atEdge = by === -1 ? row === 0 : row === editorRows(editor.text, width).length - 1;
  const browsing = prompts.at !== undefined && (editor.cursor === editor.text.length || atEdge);
  if (!atEdge && !browsing) return { ...state, editor: moveRow(editor, by, width) ?? editor };
  const at = (prompts.at ?? prompts.entries.length) + by;
  if (at < 0 || at > prompts.entries.length || (prompts.at === undefined && by === 1)) return state;
  if (at === prompts.entries.length) {
    return { ...state, editor: editorWith(prompts.draft, editor), prompts: { ...prompts, at: undefined, draft: "" } };
  }
  const draft = prompts.at === undefined ? editor.text : prompts.draft;
  return { ...state, editor: editorWith(prompts.entries[at] ?? "", editor), prompts: { ...prompts, at, draft } };
}
