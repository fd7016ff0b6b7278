import type { ApprovalPolicy, Op } from "@codex/core";
import { nearestName } from "../text/nearest-name.ts";
import { VIM } from "../vim/vim.ts";
import type { Effect } from "./effect.ts";
import type { Choice, Overlay, State } from "./model.ts";
import { listMessages } from "./rewind.ts";
import { reviewPrompt } from "./review-prompt.ts";
import { sendDraft } from "./send-draft.ts";
import type { SlashCommand } from "./slash-commands.ts";
import { only, type Step } from "./step.ts";

type SandboxMode = NonNullable<Extract<Op, { type: "override_turn_context" }>["sandbox_mode"]>;

/** Carries out a command of the composer, which is empty again. */
export function runSlashCommand(state: State, name: SlashCommand["name"], argument: string): Step {
  switch (name) {
    case "model":
    case "approvals":
    case "sandbox":
    case "theme":
      return choose(state, name, argument);
    case "new":
      return { state, effects: [{ type: "new_session" }] };
    case "diff":
      return { state: { ...state, overlay: { type: "diff", text: "", search: "", searching: false } }, effects: [{ type: "make_diff" }] };
    case "status":
    case "mcp":
    case "transcript":
    case "help":
    case "keymap":
      return openOverlay(state, name);
    case "vim": {
      const vim = state.vim === undefined ? VIM : undefined;
      return only({ ...state, vim, toast: vim === undefined ? "vi keys are off" : "vi keys are on: esc for normal mode, i to type" });
    }
    case "review":
      return sendDraft(state, { text: `/review ${argument}`.trimEnd(), tokens: [] }, reviewPrompt(argument));
    case "init":
      return sendDraft(state, { text: "/init", tokens: [] }, INIT_PROMPT);
    case "rewind":
      return listMessages(state);
    case "copy":
      return copyAnswer(state);
    case "export":
      return { state, effects: [{ type: "export", path: argument }] };
    case "quit":
      return { state: { ...state, phase: "closing" }, effects: [{ type: "quit" }] };
  }
}

/** Opens a full-screen view. The transcript starts at its end. */
export function openOverlay(state: State, type: Exclude<Overlay["type"], "diff">): Step {
  const effects: Effect[] = type === "transcript" ? [{ type: "scroll", to: "end" }] : [];
  return { state: { ...state, popup: undefined, overlay: { type, text: "", search: "", searching: false } }, effects };
}

/** Takes a value for one of the settings that may change during a session. */
export function applyChoice(state: State, command: Choice["command"], value: string): Step {
  const closed = { ...state, popup: undefined };
  switch (command) {
    case "rewind":
      return { state: closed, effects: [{ type: "submit", op: { type: "thread_rollback", num_turns: Number(value) } }] };
    case "theme":
      return {
        state: { ...closed, settings: { ...state.settings, theme: value }, toast: `theme: ${value}` },
        effects: [{ type: "set_theme", theme: value }],
      };
    case "model":
      return { state: closed, effects: [{ type: "submit", op: { type: "override_turn_context", model: value } }] };
    case "approvals":
      return {
        state: closed,
        effects: [{ type: "submit", op: { type: "override_turn_context", approval_policy: value as ApprovalPolicy } }],
      };
    case "sandbox":
      return { state: closed, effects: [{ type: "submit", op: { type: "override_turn_context", sandbox_mode: value as SandboxMode } }] };
  }
}

function choose(state: State, command: Exclude<Choice["command"], "rewind">, argument: string): Step {
  const choice = choiceOf(state, command);
  const values = choice.options.map(({ value }) => value);
  // Any model may be named: providers have more than we know.
  if (argument !== "" && (command === "model" || values.includes(argument))) return applyChoice(state, command, argument);
  const marked = argument === "" ? choice.current : (nearestName(argument, values) ?? choice.current);
  const toast = argument === "" ? "" : `there is no ${NOUNS[command]} “${argument}”: choose one of these`;
  return only({ ...state, toast, popup: { type: "choices", choice, selected: Math.max(0, values.indexOf(marked)) } });
}

const NOUNS = { model: "model", approvals: "approval policy", sandbox: "sandbox mode", theme: "theme" } as const;

function choiceOf(state: State, command: Exclude<Choice["command"], "rewind">): Choice {
  const { facts, settings } = state;
  switch (command) {
    case "model": {
      const names = [...new Set([facts.model, ...(facts.provider === "openai" ? KNOWN_MODELS : [])])].filter((name) => name !== "");
      const options = names.map((value) => ({ value, label: value, help: value === facts.model ? "in use" : "" }));
      return { command, title: "Model · /model NAME takes any other", options, current: facts.model };
    }
    case "approvals":
      return { command, title: "When Codex asks", options: APPROVALS, current: facts.approval };
    case "sandbox":
      return { command, title: "What commands may touch", options: SANDBOXES, current: facts.sandbox };
    case "theme":
      return { command, title: "Colours", options: THEMES, current: settings.theme };
  }
}

const KNOWN_MODELS = ["gpt-5.5", "gpt-5-codex", "gpt-5", "gpt-5-mini", "o3", "o4-mini"];

const APPROVALS: Choice["options"] = [
  { value: "unless-allow-listed", label: "unless-allow-listed", help: "asks about everything that is not known to be safe" },
  { value: "auto-edit", label: "auto-edit", help: "edits inside the writable folders go unasked, commands do not" },
  { value: "on-request", label: "on-request", help: "commands run in the sandbox; leaving it is asked" },
  { value: "on-failure", label: "on-failure", help: "asks once the sandbox has refused something" },
  { value: "never", label: "never", help: "asks nothing; what is not allowed fails" },
];

const SANDBOXES: Choice["options"] = [
  { value: "read-only", label: "read-only", help: "read every file, write none, no network" },
  { value: "workspace-write", label: "workspace-write", help: "write below the working and temp folders, no network" },
  { value: "danger-full-access", label: "danger-full-access", help: "no sandbox at all" },
];

const THEMES: Choice["options"] = [
  { value: "auto", label: "auto", help: "dark or light, as the terminal is" },
  { value: "dark", label: "dark", help: "" },
  { value: "light", label: "light", help: "" },
  { value: "high-contrast", label: "high-contrast", help: "" },
  { value: "ansi", label: "ansi", help: "the terminal's own 16 colours" },
];

function copyAnswer(state: State): Step {
  const cells = [...state.history, ...state.live];
  const last = cells.findLast((cell) => cell.kind === "agent");
  if (last?.kind !== "agent") return only({ ...state, toast: "there is no answer yet" });
  return { state, effects: [{ type: "copy", text: last.text, what: "the last answer" }] };
}

const INIT_PROMPT = `Write an AGENTS.md for this repository: a short guide for coding agents that work here.
Look around first: what the project is, how it is laid out, how it is built, run and tested, which checks have to pass, and which
conventions the code and the commits follow. Write down only what you have seen to be true, as short as it can be while still useful,
with commands ready to paste. If there is an AGENTS.md already, improve it and keep what is still right.`;
