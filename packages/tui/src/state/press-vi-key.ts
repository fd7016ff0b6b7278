import type { KeyEvent } from "../input/event.ts";
import { endInsertion, pressNormalKey, pressRedo, rowsToMove } from "../vim/press-key.ts";
import { settled, type Edited } from "../vim/run-command.ts";
import type { Vim } from "../vim/vim.ts";
import { insertText } from "./editor.ts";
import type { State } from "./model.ts";
import { followEditor } from "./popup.ts";
import { moveOrRecall } from "./recall-prompt.ts";
import { only, type Step } from "./step.ts";

/** A key of the composer under vi keys; undefined when it means what it means without them. */
export function pressViKey(state: State, action: string | undefined, key: KeyEvent): Step | undefined {
  const { vim } = state;
  if (vim === undefined) return undefined;
  const quick = action === "toggle-mouse" ? undefined : afterEscape(key);
  // Also where the keymap gives what esc does to another key.
  const escapes = action === "escape" || key.name === "escape";
  if (vim.mode === "insert") return escapes || quick !== undefined ? leaveInsert(state, vim, quick) : undefined;
  if (escapes) return leave(state, vim);
  return quick === undefined ? pressCommandKey(state, vim, key) : typeKey(state, vim, quick);
}

function leaveInsert(state: State, vim: Vim, quick: string | undefined): Step {
  const ended = edited(state, endInsertion({ editor: state.editor, vim }));
  const next = quick === undefined || ended.vim === undefined ? undefined : typeKey(ended, ended.vim, quick);
  return next ?? only(ended);
}

function pressCommandKey(state: State, vim: Vim, key: KeyEvent): Step | undefined {
  const { editor } = state;
  if (key.ctrl && key.name === "r") return only(edited(state, pressRedo({ editor, vim })));
  if (key.name === "backspace" || key.name === "delete") {
    return only(edited(state, pressNormalKey({ editor, vim }, key.name === "delete" ? "x" : "h")));
  }
  return key.text === undefined || key.ctrl ? undefined : typeKey(state, vim, key.text);
}

/** Esc and a character soon after it come as alt with that character. Those who have vi keys mean esc. */
function afterEscape({ alt, ctrl, shift, name }: KeyEvent): string | undefined {
  if (!alt || ctrl || Array.from(name).length !== 1) return undefined;
  return shift ? name.toUpperCase() : name;
}

/** Esc drops what is half typed or selected first; then it is the interface's own. */
function leave(state: State, vim: Vim): Step | undefined {
  if (vim.pending.length === 0 && vim.mode === "normal") return undefined;
  return only(edited(state, { editor: settled(state.editor), vim: { ...vim, mode: "normal", pending: [] } }));
}

function typeKey(state: State, vim: Vim, text: string): Step | undefined {
  const { editor } = state;
  if (editor.text === "" && vim.pending.length === 0) {
    if (text === "?") return undefined;
    // Commands begin with a sign that means nothing else in an empty text.
    if (text === "/" || text === "!" || text === "@") {
      return followEditor({ ...state, vim: { ...vim, mode: "insert" }, editor: insertText(editor, text) });
    }
  }
  const rows = rowsToMove(vim, text);
  if (rows === undefined) return only(edited(state, pressNormalKey({ editor, vim }, text)));
  let moved: State = { ...state, vim: { ...vim, pending: [] } };
  for (let left = Math.abs(rows); left > 0; left--) moved = moveOrRecall(moved, rows < 0 ? -1 : 1);
  return only({ ...moved, editor: settled(moved.editor) });
}

function edited(state: State, { editor, vim }: Edited): State {
  const isChanged = editor.text !== state.editor.text;
  return { ...state, editor, vim, popup: undefined, prompts: isChanged ? { ...state.prompts, at: undefined } : state.prompts };
}
