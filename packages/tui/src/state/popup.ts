import { moveTo, replaceRange, type Editor } from "./editor.ts";
import type { Effect } from "./effect.ts";
import { fuzzyFilter, type FuzzyMatch } from "./fuzzy.ts";
import type { Popup, State } from "./model.ts";
import { matchingCommands } from "./slash-commands.ts";
import { only, type Step } from "./step.ts";

/** Rows of a popup's list. */
export const POPUP_ROWS = 8;

/** Opens, changes or closes the list that belongs to what stands at the cursor. Called after each change of the text. */
export function followEditor(state: State): Step {
  const { editor, popup } = state;
  if (popup?.type === "prompts" || popup?.type === "choices") return only(state);
  if (commandQuery(editor) !== undefined && state.prompts.at === undefined) {
    return only({ ...state, popup: { type: "commands", selected: 0 } });
  }
  const mention = mentionAt(editor);
  if (mention === undefined) return only(popup === undefined ? state : { ...state, popup: undefined });
  if (popup?.type === "files" && popup.query === mention.query) return only(state);
  const files = popup?.type === "files" ? popup.files : [];
  const effects: Effect[] = [{ type: "find_files", query: mention.query }];
  return { state: { ...state, popup: { type: "files", selected: 0, query: mention.query, files, searching: true } }, effects };
}

/** What was typed behind the slash while the command's name is still being written. */
export function commandQuery({ text, cursor }: Editor): string | undefined {
  const match = /^\/([a-z-]*)$/.exec(text);
  return match !== null && cursor > 0 ? (match[1] ?? "") : undefined;
}

/** The `@…` that the cursor stands in. */
function mentionAt({ text, cursor }: Editor): { readonly start: number; readonly end: number; readonly query: string } | undefined {
  const before = /(?:^|\s)@([^\s@]*)$/.exec(text.slice(0, cursor));
  if (before === null) return undefined;
  const start = cursor - (before[1] ?? "").length - 1;
  const rest = /^[^\s@]*/.exec(text.slice(cursor))?.[0] ?? "";
  return { start, end: cursor + rest.length, query: text.slice(start + 1, cursor) };
}

/** The entries a popup shows, best first. */
export function popupEntries(state: State, popup: Popup): { readonly label: FuzzyMatch; readonly help: string }[] {
  switch (popup.type) {
    case "commands": {
      const query = commandQuery(state.editor) ?? "";
      return matchingCommands(query).map(({ name, argument, help }) => ({
        label: shifted(fuzzyFilter(query, [name], 1)[0] ?? { text: name, score: 0, positions: [] }, argument),
        help,
      }));
    }
    case "files":
      return fuzzyFilter(popup.query, popup.files, 50).map((label) => ({ label, help: "" }));
    case "prompts":
      return fuzzyFilter(popup.query, state.prompts.entries.toReversed(), 50).map((label) => ({ label, help: "" }));
    case "choices":
      return popup.choice.options.map(({ label, help }) => ({ label: { text: label, score: 0, positions: [] }, help }));
  }
}

function shifted(match: FuzzyMatch, argument: string): FuzzyMatch {
  return {
    ...match,
    text: `/${match.text}${argument === "" ? "" : ` ${argument}`}`,
    positions: match.positions.map((position) => position + 1),
  };
}

/** Moves the mark by `by` entries, around the ends. */
export function movePopup(state: State, popup: Popup, by: number): State {
  const count = popupEntries(state, popup).length;
  if (count === 0) return state;
  return { ...state, popup: { ...popup, selected: (popup.selected + by + count) % count } };
}

/** Puts the marked file in place of the `@…`. */
export function completeFile(state: State, path: string): State {
  const mention = mentionAt(state.editor);
  if (mention === undefined) return { ...state, popup: undefined };
  const quoted = /\s/.test(path) ? `"${path}"` : path;
  return { ...state, popup: undefined, editor: replaceRange(state.editor, mention, `${quoted} `) };
}

/** Writes the marked command out, ready for its argument. */
export function completeCommand(state: State, name: string, takesArgument: boolean): State {
  const text = `/${name}${takesArgument ? " " : ""}`;
  const editor = replaceRange(moveTo(state.editor, 0), { start: 0, end: state.editor.text.length }, text);
  return { ...state, popup: undefined, editor };
}
