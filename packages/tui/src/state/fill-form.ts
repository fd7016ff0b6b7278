import type { KeyEvent } from "../input/event.ts";
import { editText } from "./edit-text.ts";
import { editorWith, insertText, type Editor } from "./editor.ts";
import { nextOption, type ElicitationField } from "./elicitation-form.ts";
import type { Approval, State } from "./model.ts";
import { only, type Step } from "./step.ts";

/** The field of the form that keys go to; undefined on an answer, and where there is no form. */
export function selectedField({ answer }: State, approval: Approval): ElicitationField | undefined {
  return approval.kind === "elicitation" ? approval.fields?.[answer.selected] : undefined;
}

/** A key in a field of the form; undefined when the field has no use for it. */
export function fillField(state: State, approval: Approval, key: KeyEvent): Step | undefined {
  const field = selectedField(state, approval);
  const editor = state.answer.values[state.answer.selected];
  if (field === undefined || editor === undefined || key.name === "enter" || key.name === "escape") return undefined;
  if (field.type === "boolean" || field.type === "choice") {
    if (key.name === "space" || key.name === "right") return only(withValue(state, editorWith(nextOption(field, editor.text, 1))));
    if (key.name === "left") return only(withValue(state, editorWith(nextOption(field, editor.text, -1))));
    // A letter is no answer while a field is filled in.
    return key.text === undefined ? undefined : only(state);
  }
  const edited = editText(editor, state.settings.keymap.find("composer", key), key);
  return edited === undefined ? undefined : only(withValue(state, edited));
}

/** Pasted text goes into a field that is written; undefined when there is none. */
export function pasteIntoField(state: State, approval: Approval, text: string): State | undefined {
  const field = selectedField(state, approval);
  const editor = state.answer.values[state.answer.selected];
  if (field === undefined || editor === undefined || field.type === "boolean" || field.type === "choice") return undefined;
  return withValue(state, insertText(editor, text));
}

function withValue(state: State, editor: Editor): State {
  const { answer } = state;
  return { ...state, answer: { ...answer, values: answer.values.with(answer.selected, editor), fault: "" } };
}
