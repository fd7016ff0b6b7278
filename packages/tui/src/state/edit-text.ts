import type { KeyEvent } from "../input/event.ts";
import {
  deleteBackward,
  deleteForward,
  insertText,
  killBigWordBackward,
  killToLineEnd,
  killToLineStart,
  killWordBackward,
  killWordForward,
  moveLeft,
  moveLineEnd,
  moveLineStart,
  moveRight,
  moveWordLeft,
  moveWordRight,
  redo,
  undo,
  yank,
  type Editor,
} from "./editor.ts";

const EDITS: Readonly<Record<string, (editor: Editor) => Editor>> = {
  left: moveLeft,
  right: moveRight,
  "word-left": moveWordLeft,
  "word-right": moveWordRight,
  "line-start": moveLineStart,
  "line-end": moveLineEnd,
  "delete-left": deleteBackward,
  "delete-right": deleteForward,
  "kill-word": killBigWordBackward,
  "kill-word-left": killWordBackward,
  "kill-word-right": killWordForward,
  "kill-line-end": killToLineEnd,
  "kill-line-start": killToLineStart,
  yank,
  undo,
  redo,
};

/** What a key does to a text: an action of the composer, or what the key types; undefined when it does neither. */
export function editText(editor: Editor, action: string | undefined, key: KeyEvent): Editor | undefined {
  const edit = action === undefined ? undefined : EDITS[action];
  if (edit !== undefined) return edit(editor);
  if (action !== undefined || key.text === undefined || key.ctrl || key.alt) return undefined;
  return insertText(editor, key.text);
}
