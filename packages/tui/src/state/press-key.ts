import type { KeyEvent } from "../input/event.ts";
import type { KeyContext } from "../input/keymap.ts";
import { abortApproval, answerByKey } from "./answer-approval.ts";
import { finishCells } from "./cells.ts";
import { recallQueue } from "./drafts.ts";
import { editText } from "./edit-text.ts";
import { EMPTY_EDITOR, expandedText, expandToken, insertText, type Editor } from "./editor.ts";
import type { Effect } from "./effect.ts";
import type { Action } from "./key-table.ts";
import type { Overlay, State } from "./model.ts";
import { followEditor } from "./popup.ts";
import { pressPopupKey } from "./press-popup-key.ts";
import { openOverlay } from "./run-slash-command.ts";
import { pressViKey } from "./press-vi-key.ts";
import { only, type Step } from "./step.ts";
import { moveOrRecall } from "./recall-prompt.ts";
import { listMessages } from "./rewind.ts";
import { sendQueue, submitComposer } from "./submit.ts";

/** How long a first ctrl-c or esc waits for the second. ms. */
const SECOND_KEY_MS = 2000;

/** Whoever presses the next key sooner than this has not read what came up since the last. ms. */
const TYPING_PAUSE_MS = 700;

/** The same key again sooner than this is the same press: the first repeat of a held key takes up to about so long. ms. */
const HELD_KEY_MS = 600;

/** One key, wherever the user is. */
export function pressKey(state: State, key: KeyEvent): Step {
  if (state.gitWarning) return answerGitWarning(state, key);
  if (state.overlay !== undefined) return pressOverlayKey(state, state.overlay, key);
  if (state.approvals.length > 0 && !isStillTyping(state, key)) {
    return answerQuestion(state, key);
  }
  if (state.popup !== undefined) {
    const step = pressPopupKey(state, state.popup, key);
    if (step !== undefined) return step;
  }
  if (state.focus === "history") return pressHistoryKey(state, actionOf(state, "history", key), key);
  const action = actionOf(state, "composer", key);
  const step = pressViKey(state, action, key) ?? pressComposerKey(state, action, key);
  if (step.state.editor.text === state.editor.text) return step;
  // The composer is out of sight while a question stands in its place.
  const toast = state.approvals.length > 0 ? "still written into your message; after a pause keys answer" : step.state.toast;
  return { ...step, state: { ...step.state, toast, typedAt: state.now } };
}

/** A key that is held down, or bounces, answers one question and not the next as well, which nobody has read. */
function answerQuestion(state: State, key: KeyEvent): Step {
  const { answeredBy, answer, now } = state;
  const seen: State["answeredBy"] = { name: key.name, at: now };
  const isHeld = key.name === answeredBy.name && now - answeredBy.at < HELD_KEY_MS;
  // What is being written may have the letter too.
  if (isHeld && answer.feedback === undefined && answer.selected >= answer.values.length) return only({ ...state, answeredBy: seen });
  const step = answerByKey(state, state.settings.keymap.find("approval", key), key);
  if (step === undefined) return pressGlobalKey(state, actionOf(state, "global", key));
  return step.state.approvals.length < state.approvals.length ? { ...step, state: { ...step.state, answeredBy: seen } } : step;
}

/** A question may come up between two letters of a message: they go on into the message, and answer nothing. */
function isStillTyping({ approvals, answer, editor, typedAt, now }: State, key: KeyEvent): boolean {
  if (editor.text === "" || now - typedAt >= TYPING_PAUSE_MS || key.ctrl || key.alt || answer.feedback !== undefined) return false;
  return approvals.length > 0 && (key.text !== undefined || key.name === "enter" || key.name === "backspace");
}

/** What the key means here, or everywhere. */
function actionOf({ settings: { keymap } }: State, context: KeyContext, key: KeyEvent): Action | undefined {
  return (keymap.find(context, key) ?? keymap.find("global", key)) as Action | undefined;
}

function answerGitWarning(state: State, key: KeyEvent): Step {
  if (key.name === "y") return sendQueue({ ...state, gitWarning: false });
  const leaves =
    (key.name === "n" && !key.shift) || key.name === "q" || key.name === "escape" || (key.ctrl && (key.name === "c" || key.name === "d"));
  return leaves ? quit(state) : only(state);
}

function pressComposerKey(state: State, action: Action | undefined, key: KeyEvent): Step {
  const { editor } = state;
  const empty = editor.text === "";
  switch (action) {
    case "submit":
      // A backslash at the end of the line asks for a new one, where no terminal knows shift-enter.
      if (editor.text.slice(0, editor.cursor).endsWith("\\")) {
        return edited(state, { ...insertText({ ...editor, text: cutBefore(editor), cursor: editor.cursor - 1 }, "\n") });
      }
      return submitComposer(state);
    case "newline":
      return edited(state, insertText(editor, "\n"));
    case "complete":
      if (state.settings.screenReader) return { state, effects: [{ type: "tell_standing" }] };
      return only({ ...state, focus: "history" });
    case "escape":
      return escape(state);
    case "up":
    case "down":
      return only(moveOrRecall(state, action === "up" ? -1 : 1));
    case "edit-external":
      return { state, effects: [{ type: "edit_externally", text: expandedText(editor) }] };
    case "search-prompts":
      return only({ ...state, popup: { type: "prompts", selected: 0, query: "" } });
    case "paste-image":
      return { state: { ...state, toast: "looking at the clipboard…" }, effects: [{ type: "paste_image" }] };
    case "expand-paste":
      return edited(state, expandToken(editor) ?? editor);
    case "delete-right":
      if (empty && key.ctrl) return quit(state);
      break;
    case undefined:
      if (empty && key.text === "?") return openOverlay(state, "help");
      break;
    default:
  }
  const next = editText(editor, action, key);
  return next === undefined ? pressGlobalKey(state, action) : edited(state, next);
}

function cutBefore({ text, cursor }: Editor): string {
  return text.slice(0, cursor - 1) + text.slice(cursor);
}

function edited(state: State, editor: Editor): Step {
  const isChanged = editor.text !== state.editor.text;
  return followEditor({ ...state, editor, prompts: isChanged ? { ...state.prompts, at: undefined } : state.prompts });
}

function escape(state: State): Step {
  if (state.task !== undefined) return interrupt(state);
  if (state.queue.length > 0) return only(recallQueue(state));
  if (state.editor.text !== "" || state.phase !== "ready") return only(state);
  if (state.now < state.rewindArmedUntil) return listMessages({ ...state, rewindArmedUntil: 0 });
  if (![...state.history, ...state.live].some(({ kind }) => kind === "user")) return only(state);
  return only({ ...state, rewindArmedUntil: state.now + SECOND_KEY_MS, toast: "esc again to go back to an earlier message" });
}

function interrupt(state: State): Step {
  const recalled = recallQueue(state);
  if (state.task === undefined) return only(recalled);
  return { state: { ...recalled, task: { ...state.task, interrupting: true } }, effects: [{ type: "submit", op: { type: "interrupt" } }] };
}

function pressHistoryKey(state: State, action: Action | undefined, key: KeyEvent): Step {
  switch (action) {
    case "line-up":
      return scrollRows(state, -1);
    case "line-down":
      return scrollRows(state, 1);
    case "focus-composer":
      return only({ ...state, focus: "composer" });
    case undefined:
      if (key.text === "?") return openOverlay(state, "help");
      // Whoever types wants to write.
      return key.text === undefined ? only(state) : pressComposerKey({ ...state, focus: "composer" }, undefined, key);
    default:
      return pressGlobalKey(state, action);
  }
}

function pressOverlayKey(state: State, overlay: Overlay, key: KeyEvent): Step {
  if (overlay.searching) return writeSearch(state, overlay, key);
  const action = actionOf(state, "overlay", key);
  switch (action) {
    case "line-up":
      return scrollRows(state, -1);
    case "line-down":
      return scrollRows(state, 1);
    case "search":
      return only({ ...state, overlay: { ...overlay, searching: true, search: "" } });
    case "match-next":
    case "match-previous":
      return { state, effects: [{ type: "find", text: overlay.search, direction: action === "match-next" ? 1 : -1 }] };
    case "copy-entry":
      return { state, effects: [{ type: "copy_entry" }] };
    case "close":
    case "transcript":
    case "interrupt":
      return only({ ...state, overlay: undefined });
    default:
      return pressGlobalKey(state, action);
  }
}

function writeSearch(state: State, overlay: Overlay, key: KeyEvent): Step {
  if (key.name === "escape") return only({ ...state, overlay: { ...overlay, searching: false, search: "" } });
  if (key.name === "enter") {
    return {
      state: { ...state, overlay: { ...overlay, searching: false } },
      effects: [{ type: "find", text: overlay.search, direction: 0 }],
    };
  }
  const search = key.name === "backspace" ? overlay.search.slice(0, -1) : overlay.search + (key.ctrl || key.alt ? "" : (key.text ?? ""));
  return only({ ...state, overlay: { ...overlay, search } });
}

function pressGlobalKey(state: State, action: Action | undefined): Step {
  switch (action) {
    case "interrupt":
      return interruptOrQuit(state);
    case "quit":
      return quit(state);
    case "transcript":
      return openOverlay(state, "transcript");
    case "page-up":
      return { state, effects: [{ type: "scroll_pages", pages: -1 }] };
    case "page-down":
      return { state, effects: [{ type: "scroll_pages", pages: 1 }] };
    case "top":
      return { state, effects: [{ type: "scroll", to: "start" }] };
    case "bottom":
      return { state, effects: [{ type: "scroll", to: "end" }] };
    case "suspend":
      return { state, effects: [{ type: "suspend" }] };
    case "toggle-mouse": {
      const mouse = state.mouse === "wheel" ? "off" : "wheel";
      const toast = mouse === "off" ? "the mouse is the terminal's: select text; alt-m takes it back" : "the wheel scrolls the history";
      return { state: { ...state, mouse, toast }, effects: [{ type: "set_mouse", mode: mouse }] };
    }
    default:
      return only(state);
  }
}

function interruptOrQuit(state: State): Step {
  if (state.approvals.length > 0) return abortApproval(state);
  if (state.live.some((cell) => cell.kind === "exec" && cell.by === "user")) return { state, effects: [{ type: "stop_shell" }] };
  if (state.task !== undefined) {
    // Whoever insists wants to leave, also when the task does not end.
    return state.task.interrupting && state.now < state.quitArmedUntil ? quit(state) : interrupt(arm(state));
  }
  if (state.queue.length > 0) return only(recallQueue(state));
  if (state.editor.text !== "") {
    const cleared = { ...EMPTY_EDITOR, killed: state.editor.text };
    return only({ ...state, popup: undefined, editor: cleared, toast: "cleared; ctrl-y brings it back" });
  }
  if (state.now < state.quitArmedUntil) return quit(state);
  return only({ ...arm(state), toast: "ctrl-c again to quit" });
}

function arm(state: State): State {
  return { ...state, quitArmedUntil: state.now + SECOND_KEY_MS };
}

function quit(state: State): Step {
  const effects: Effect[] = [{ type: "quit" }];
  return { state: { ...finishCells(state), phase: "closing" }, effects };
}

function scrollRows(state: State, rows: number): Step {
  return { state, effects: [{ type: "scroll_rows", rows }] };
}
