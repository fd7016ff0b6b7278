import type { InputEvent } from "../input/event.ts";
import { plainLine } from "../text/ansi.ts";
import { applyEvent } from "./apply-event.ts";
import { pasteIntoAnswer } from "./answer-approval.ts";
import { addCell, changeCell } from "./cells.ts";
import { editorWith, insertText, insertToken } from "./editor.ts";
import { outputText, appendOutput } from "./live-output.ts";
import type { Message } from "./message.ts";
import type { State } from "./model.ts";
import { followEditor } from "./popup.ts";
import { pressKey } from "./press-key.ts";
import { only, type Step } from "./step.ts";
import { commandText } from "./command-text.ts";
import { imageToken } from "./drafts.ts";
import { sendQueue } from "./submit.ts";
import type { Cell, ExecCell } from "./cell.ts";

type SessionCell = Extract<Cell, { kind: "session" }>;

/** Pastes beyond either of these become a token. */
const PASTE_LINES = 10;
const PASTE_LENGTH = 1000;

/** The one way in which the state changes. `state.now` is the time of the message. */
export function update(state: State, message: Message): Step {
  switch (message.type) {
    case "input":
      return takeInput(state, message.event);
    case "event": {
      const step = applyEvent(state, message.event);
      if (message.event.msg.type !== "session_configured") return step;
      const sent = sendQueue(step.state);
      return { state: sent.state, effects: [...step.effects, ...sent.effects] };
    }
    case "tick":
      return only({ ...state, tick: state.tick + 1 });
    case "facts":
      return only(learnFacts(state, message.facts));
    case "session_failed":
      return only(
        addCell(
          { ...state, phase: "failed", task: undefined },
          { kind: "notice", level: "error", text: message.message, hint: message.hint },
        ),
      );
    case "no_repository":
      return only({ ...state, gitWarning: true });
    case "prompts_loaded":
      return only({ ...state, prompts: { ...state.prompts, entries: [...message.entries, ...state.prompts.entries] } });
    case "files_found": {
      const { popup } = state;
      if (popup?.type !== "files" || popup.query !== message.query) return only(state);
      return only({ ...state, popup: { ...popup, files: message.files, searching: message.searching } });
    }
    case "edited":
      if (message.text === undefined) return only({ ...state, toast: "the editor failed; the text is as it was" });
      return only({ ...state, editor: editorWith(message.text.replace(/\n$/, ""), state.editor) });
    case "attached":
      return only(attach(state, message.path));
    case "pasted":
      return followEditor(pasteText(state, message.text));
    case "shell_output":
      return only(changeCell(state, isShell(message.callId), (cell) => ({ ...cell, output: appendOutput(cell.output, message.chunk) })));
    case "shell_ended":
      return only(endShell(state, message));
    case "diff_made": {
      const { overlay } = state;
      return only(overlay?.type === "diff" ? { ...state, overlay: { ...overlay, text: message.text } } : state);
    }
    case "toast":
      return only({ ...state, toast: message.text });
    case "warning":
      return only(addCell(state, { kind: "notice", level: "warning", text: message.text, hint: "" }));
    case "overlay_said":
      return only({ ...state, overlay: undefined });
    case "session_reset":
      return only(resetSession(state));
  }
}

function takeInput(state: State, event: InputEvent): Step {
  switch (event.kind) {
    case "key":
      return pressKey({ ...state, toast: "", rewindArmedUntil: event.name === "escape" ? state.rewindArmedUntil : 0 }, event);
    case "paste":
      return paste({ ...state, toast: "" }, event.text);
    case "scroll":
      return { state, effects: [{ type: "scroll_rows", rows: event.lines }] };
    case "resize":
      return only({ ...state, size: { columns: event.columns, rows: event.rows } });
    case "end":
      return { state: { ...state, phase: "closing" }, effects: [{ type: "quit" }] };
    case "mouse":
    case "focus":
    case "resume":
      return only(state);
  }
}

function learnFacts(state: State, facts: State["facts"] | Partial<State["facts"]>): State {
  const known = { ...state.facts, ...facts };
  // What is learnt late belongs on the session's card as well, which stands near the beginning.
  const at = state.history.findIndex(({ kind }) => kind === "session");
  const history = at === -1 ? state.history : state.history.with(at, { ...(state.history[at] as SessionCell), facts: known });
  return { ...state, facts: known, history };
}

function paste(state: State, text: string): Step {
  if (state.gitWarning) return only(state);
  const answered = state.approvals.length > 0 ? pasteIntoAnswer(state, text) : undefined;
  if (answered !== undefined) return only(answered);
  if (state.overlay !== undefined) {
    const { overlay } = state;
    return only(overlay.searching ? { ...state, overlay: { ...overlay, search: overlay.search + plainLine(text) } } : state);
  }
  const path = imagePath(text);
  const focused: State = { ...state, focus: "composer", typedAt: state.now };
  if (path !== undefined) return { state: focused, effects: [{ type: "look_at_paste", text, path }] };
  const { state: pasted, effects } = followEditor(pasteText(focused, text));
  const toast = state.approvals.length > 0 ? "pasted into your message; the question still waits" : pasted.toast;
  return { state: { ...pasted, toast }, effects };
}

function pasteText(state: State, text: string): State {
  const lines = text.split("\n").length;
  if (lines <= PASTE_LINES && text.length <= PASTE_LENGTH)
    return { ...state, editor: insertText({ ...state.editor, typing: false }, text) };
  const size = lines > 1 ? `${String(lines)} lines` : `${String(text.length)} characters`;
  const token = { label: `[Pasted text #${String(state.nextToken)}, ${size}]`, content: { type: "text", text } as const };
  const toast = "sent in full; ctrl-o shows it here, ctrl-g in your editor";
  return { ...state, nextToken: state.nextToken + 1, editor: insertToken(state.editor, token), toast };
}

function attach(state: State, path: string): State {
  const token = imageToken(state.nextToken, path);
  const isJoined = /\S$/.test(state.editor.text.slice(0, state.editor.cursor));
  const editor = isJoined ? insertText(state.editor, " ") : state.editor;
  return { ...state, nextToken: state.nextToken + 1, editor: insertText(insertToken(editor, token), " ") };
}

/** The path when the whole paste names one image file, as terminals paste what is dropped on them. */
function imagePath(text: string): string | undefined {
  const path = text
    .trim()
    .replace(/^(['"])(.*)\1$/, "$2")
    .replace(/^file:\/\//, "")
    .replace(/\\([ ()'"&])/g, "$1");
  return !path.includes("\n") && /\.(?:png|jpe?g|gif|webp)$/i.test(path) ? path : undefined;
}

function isShell(callId: string): (cell: Cell) => cell is ExecCell & { readonly id: number } {
  return (cell): cell is ExecCell & { readonly id: number } => cell.kind === "exec" && cell.by === "user" && cell.callId === callId;
}

/** Output of the user's own commands that the model gets to see, at most. */
const NOTE_LIMIT = 16_000;

function endShell(state: State, { callId, exitCode, signal }: Extract<Message, { type: "shell_ended" }>): State {
  const cell = state.live.find(isShell(callId));
  if (cell === undefined) return state;
  const end = { exitCode, signal, timedOut: false, durationMs: state.now - cell.startedAt, denial: undefined };
  const output = outputText(cell.output);
  const cut = output.length > NOTE_LIMIT ? `${output.slice(0, NOTE_LIMIT / 2)}\n[…]\n${output.slice(-NOTE_LIMIT / 2)}` : output;
  const how = exitCode === null ? `ended by ${signal ?? "an error"}` : `exit code ${String(exitCode)}`;
  const note = `<user_command>\n$ ${commandText(cell.command)}\n${cut.trimEnd()}\n[${how}]\n</user_command>`;
  return { ...changeCell(state, isShell(callId), (each) => ({ ...each, end })), shellNotes: [...state.shellNotes, note] };
}

/** A new conversation below the old one's end. */
function resetSession(state: State): State {
  return {
    ...state,
    phase: "starting",
    history: [],
    live: [],
    plan: [],
    mcp: {},
    turnDiff: "",
    shellNotes: [],
    facts: { ...state.facts, sessionId: "", rolloutPath: "" },
    usage: { ...state.usage, context: 0, session: NO_TOKENS, task: NO_TOKENS },
  };
}

const NO_TOKENS = { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, reasoning_output_tokens: 0, total_tokens: 0 };
