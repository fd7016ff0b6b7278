import { NO_INSERTION } from "../vim/vim.ts";
import { addCell } from "./cells.ts";
import type { Effect } from "./effect.ts";
import { editorWith, EMPTY_EDITOR, expandedText, imagePaths } from "./editor.ts";
import type { Draft } from "./editor.ts";
import type { State } from "./model.ts";
import { parseSlash, SLASH_COMMANDS, unknownCommand } from "./slash-commands.ts";
import { runSlashCommand } from "./run-slash-command.ts";
import { joinDrafts } from "./drafts.ts";
import { sendDraft } from "./send-draft.ts";
import type { Step } from "./step.ts";

/** Sends what the composer holds, queues it while a task runs, or carries it out when it is a command. */
export function submitComposer(state: State): Step {
  const whole = expandedText(state.editor);
  const text = whole.trim();
  if (text === "") return { state, effects: [] };
  const cleared = rememberPrompt(
    { ...state, editor: { ...EMPTY_EDITOR, killed: state.editor.killed }, vim: viAfterSending(state), popup: undefined },
    text,
  );
  const remember: Effect = { type: "remember_prompt", text };
  const slash = imagePaths(state.editor).length === 0 ? parseSlash(whole) : undefined;
  const command = slash === undefined ? undefined : SLASH_COMMANDS.find(({ name }) => name === slash.name);
  if (slash !== undefined && command !== undefined) {
    if (state.task !== undefined && !command.whileRunning) return refuse(state, `/${command.name} has to wait until the task is done`);
    const step = runSlashCommand(cleared, command.name, slash.argument);
    return { state: step.state, effects: [remember, ...step.effects] };
  }
  const unknown = slash === undefined || command !== undefined ? undefined : unknownCommand(slash);
  if (unknown !== undefined) return refuse(state, unknown);
  if (whole.startsWith("!") && text.length > 1) return runShell(cleared, text.slice(1).trim(), remember);
  const draft: Draft = { text: state.editor.text.trim(), tokens: state.editor.tokens };
  const step =
    state.task !== undefined || state.phase !== "ready"
      ? { state: { ...cleared, queue: [...state.queue, draft] }, effects: [] }
      : sendDraft(cleared, draft);
  return { state: step.state, effects: [remember, ...step.effects] };
}

/** Sends everything that waits, as one message. */
export function sendQueue(state: State): Step {
  if (state.queue.length === 0 || state.phase !== "ready" || state.task !== undefined || state.gitWarning) return { state, effects: [] };
  return sendDraft({ ...state, queue: [] }, joinDrafts(state.queue));
}

/** The next message is typed. */
function viAfterSending({ vim }: State): State["vim"] {
  return vim === undefined ? undefined : { ...vim, mode: "insert", pending: [], insertion: NO_INSERTION };
}

function refuse(state: State, toast: string): Step {
  return { state: { ...state, toast }, effects: [] };
}

function runShell(state: State, command: string, remember: Effect): Step {
  if (state.live.some((cell) => cell.kind === "exec" && cell.by === "user")) {
    return refuse({ ...state, editor: editorWith(`!${command}`) }, "a command of yours still runs; ctrl-c stops it");
  }
  const callId = `user-${String(state.nextCellId)}`;
  const cell = { kind: "exec", callId, command: ["bash", "-lc", command], cwd: state.facts.cwd, by: "user", startedAt: state.now } as const;
  return {
    state: addCell(state, {
      ...cell,
      output: { head: "", tail: "", dropped: 0, lines: 0 },
      end: undefined,
      why: undefined,
      approval: undefined,
    }),
    effects: [remember, { type: "run_shell", callId, command }, { type: "scroll", to: "end" }],
  };
}

function rememberPrompt(state: State, text: string): State {
  const { entries } = state.prompts;
  const kept = text === "" || entries.at(-1) === text ? entries : [...entries, text];
  return { ...state, prompts: { entries: kept, at: undefined, draft: "" } };
}
