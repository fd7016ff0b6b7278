import type { KeyEvent } from "../input/event.ts";
import { editorWith } from "./editor.ts";
import { expandedText } from "./editor.ts";
import type { Popup, State } from "./model.ts";
import { commandQuery, completeCommand, completeFile, movePopup, popupEntries } from "./popup.ts";
import { applyChoice } from "./run-slash-command.ts";
import { matchingCommands } from "./slash-commands.ts";
import { only, type Step } from "./step.ts";
import { submitComposer } from "./submit.ts";

/** A key while a list is open; undefined when the list does not want it. */
export function pressPopupKey(state: State, popup: Popup, key: KeyEvent): Step | undefined {
  switch (state.settings.keymap.find("list", key)) {
    case "previous":
      return only(movePopup(state, popup, -1));
    case "next":
      return only(movePopup(state, popup, 1));
    case "close":
      return only({ ...state, popup: undefined });
    case "pick":
      return pick(state, popup, true);
    case "complete":
      return pick(state, popup, false);
    default:
  }
  if (popup.type === "prompts") return writeQuery(state, popup, key);
  const numbered = popup.type === "choices" && state.settings.screenReader ? popup.choice.options[Number(key.text) - 1] : undefined;
  if (numbered !== undefined && popup.type === "choices") return applyChoice(state, popup.choice.command, numbered.value);
  // A list of values stands above an empty composer: any other key leaves it.
  if (popup.type === "choices" && key.text !== undefined) return chooseByLetter(state, popup, key.text);
  return undefined;
}

function pick(state: State, popup: Popup, run: boolean): Step | undefined {
  switch (popup.type) {
    case "commands": {
      const command = matchingCommands(commandQuery(state.editor) ?? "")[popup.selected];
      const closed: State = { ...state, popup: undefined };
      if (command === undefined) return run ? submitComposer(closed) : only(closed);
      const written = completeCommand(state, command.name, command.argument !== "" && !run);
      return run ? submitComposer(written) : only(written);
    }
    case "files": {
      const file = popupEntries(state, popup)[popup.selected];
      if (file === undefined) return run ? undefined : only({ ...state, popup: undefined });
      return only(completeFile(state, file.label.text));
    }
    case "prompts": {
      const prompt = popupEntries(state, popup)[popup.selected];
      const closed: State = { ...state, popup: undefined };
      return only(prompt === undefined ? closed : { ...closed, editor: editorWith(prompt.label.text, state.editor) });
    }
    case "choices": {
      const option = popup.choice.options[popup.selected];
      return option === undefined ? only({ ...state, popup: undefined }) : applyChoice(state, popup.choice.command, option.value);
    }
  }
}

function writeQuery(state: State, popup: Extract<Popup, { type: "prompts" }>, key: KeyEvent): Step | undefined {
  if (key.ctrl && key.name === "r") return only(movePopup(state, popup, 1));
  if (key.ctrl && key.name === "c") return only({ ...state, popup: undefined });
  if (key.name === "backspace") return only({ ...state, popup: { ...popup, selected: 0, query: popup.query.slice(0, -1) } });
  if (key.text === undefined || key.ctrl || key.alt) return undefined;
  return only({ ...state, popup: { ...popup, selected: 0, query: popup.query + key.text } });
}

function chooseByLetter(state: State, popup: Extract<Popup, { type: "choices" }>, text: string): Step {
  const at = popup.choice.options.findIndex(({ label }) => label.startsWith(text.toLowerCase()));
  if (at !== -1) return only({ ...state, popup: { ...popup, selected: at } });
  const closed: State = { ...state, popup: undefined };
  return only({ ...closed, editor: editorWith(expandedText(state.editor) + text, state.editor) });
}
