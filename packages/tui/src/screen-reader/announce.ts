import { isFinished, type Cell } from "../state/cell.ts";
import { expandedText } from "../state/editor.ts";
import type { Approval, Popup, State } from "../state/model.ts";
import { popupEntries } from "../state/popup.ts";
import { changeLines } from "../cells/decision.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { plainText } from "../text/line.ts";
import { beginWords, cellWords, type Place } from "./cell-words.ts";
import { hunkWords, markedWords, questionWords } from "./question-words.ts";

/** What is to be said of a step from one state to the next, in order. `byKey`: a key led there. A text may hold several lines. */
export function announce(before: State, after: State, byKey: boolean): string[] {
  return [
    ...gitWords(before, after),
    ...cellsWords(before, after),
    ...taskWords(before, after),
    ...approvalWords(before, after),
    ...draftWords(before, after),
    ...viWords(before, after),
    ...popupWords(before, after),
    // A key wipes the last word to the user before it says its own.
    ...(after.toast !== "" && (byKey || after.toast !== before.toast) ? [`${capital(harmlessText(after.toast))}.`] : []),
  ].filter((text) => text !== "");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function gitWords(before: State, after: State): string[] {
  if (before.gitWarning || !after.gitWarning) return [];
  return ["Warning: this folder is in no Git repository, so what Codex changes cannot be taken back with Git. y goes on, n leaves."];
}

function cellsWords(before: State, after: State): string[] {
  const place: Place = { facts: after.facts, full: false };
  const known = new Map(before.live.map((cell) => [cell.id, cell]));
  const first = after.history.findLastIndex((cell) => cell.id < before.nextCellId && !known.has(cell.id)) + 1;
  return [...after.history.slice(first), ...after.live].flatMap((cell) => {
    const was = known.get(cell.id);
    return was === cell ? [] : changeWords(was, cell, place);
  });
}

function changeWords(was: Cell | undefined, cell: Cell, place: Place): string[] {
  if (cell.kind === "agent" || cell.kind === "reasoning") return textWords(was, cell, place);
  const begin = was === undefined ? beginWords(cell, place) : [];
  return isFinished(cell) && (was === undefined || !isFinished(was)) ? [...begin, ...cellWords(cell, place)] : begin;
}

type TextCell = Extract<Cell, { kind: "agent" | "reasoning" }>;

/** Whole lines as they come, what is left when there is no more. */
function textWords(was: Cell | undefined, cell: TextCell, place: Place): string[] {
  const known = was?.kind === cell.kind && cell.text.startsWith(was.text) ? was.text : "";
  const from = known.lastIndexOf("\n") + 1;
  const to = cell.streaming ? cell.text.lastIndexOf("\n") + 1 : cell.text.length;
  const text = harmlessText(cell.text.slice(from, to)).replace(/^\n+|\n+$/g, "");
  if (text.trim() === "") return [];
  return cell.text.slice(0, from).trim() === "" ? cellWords({ ...cell, text }, place) : [text];
}

function taskWords(before: State, after: State): string[] {
  if (before.task === undefined && after.task !== undefined) return ["Working."];
  return after.task?.interrupting === true && before.task?.interrupting !== true ? ["Stopping."] : [];
}

function approvalWords(before: State, after: State): string[] {
  const [approval] = after.approvals;
  if (approval === undefined) return [];
  if (approval !== before.approvals[0]) return questionWords(after, approval);
  const [was, now] = [before.answer, after.answer];
  if (was === now) return after.approvals.length > before.approvals.length ? ["One more question waits."] : [];
  if (now.feedback !== undefined) return was.feedback === undefined ? ["What is Codex to do instead? Enter sends, Escape goes back."] : [];
  return [
    ...(now.fault !== was.fault ? [capital(plainLine(now.fault))] : []),
    ...(now.hunk !== was.hunk || now.leftOut !== was.leftOut ? hunkWords(after, approval, now.hunk !== was.hunk) : []),
    ...(now.explained && !was.explained ? explainedWords(approval) : []),
    ...(now.selected !== was.selected || isChosen(before, after) || was.feedback !== undefined ? [markedWords(after, approval)] : []),
  ];
}

/** A value that is chosen, not written: only saying it tells what it is now. */
function isChosen(before: State, after: State): boolean {
  const [approval] = after.approvals;
  const field = approval?.kind === "elicitation" ? approval.fields?.[after.answer.selected] : undefined;
  return (field?.type === "boolean" || field?.type === "choice") && before.answer.values !== after.answer.values;
}

function explainedWords({ decision }: Approval): string[] {
  return decision === undefined
    ? []
    : changeLines(decision, { width: 100_000, most: Infinity }).map((line) => plainText(line).replace("→", "").trim());
}

/** What came into the composer by itself, and what waits. */
function draftWords(before: State, after: State): string[] {
  if (after.queue.length > before.queue.length && before.phase !== "starting") {
    return [`Waits until the task is done: ${harmlessText(after.queue.at(-1)?.text ?? "")}`];
  }
  if (after.editor.text === before.editor.text) return [];
  if (after.prompts.at !== undefined) return [`Earlier message: ${harmlessText(after.editor.text)}`];
  const isBack = after.queue.length < before.queue.length || cellCount(after) < cellCount(before);
  return isBack && after.editor.text !== "" ? [`In the composer again: ${harmlessText(expandedText(after.editor))}`] : [];
}

function cellCount({ history, live }: State): number {
  return history.length + live.length;
}

/** Nothing else tells which mode the keys are in. */
function viWords({ vim: was }: State, { vim }: State): string[] {
  if (was === undefined || vim === undefined || was.mode === vim.mode) return [];
  return [{ insert: "Insert mode.", normal: "Normal mode.", visual: "Visual mode.", "visual-line": "Visual mode, whole lines." }[vim.mode]];
}

function popupWords(before: State, after: State): string[] {
  const [was, popup] = [before.popup, after.popup];
  if (popup === undefined || popup === was) return [];
  if (popup.type === "choices") {
    return was?.type === "choices" && was.choice === popup.choice ? [optionWords(popup, popup.selected)] : choiceWords(popup);
  }
  return popup.type === "files" && popup.searching ? [] : listWords(before, after, popup);
}

/** A list that letters narrow: it is enough to hear of it once, and of what the arrows mark. */
function listWords(before: State, after: State, popup: Exclude<Popup, { type: "choices" }>): string[] {
  const was = before.popup;
  const entries = popupEntries(after, popup);
  const marked = entries[popup.selected];
  if (marked === undefined) return popup.type === "commands" ? [] : ["Nothing fits."];
  const { label, help } = marked;
  const name = `${harmlessText(label.text).replaceAll("\n", " ")}${help === "" ? "" : `: ${help}`}`;
  const what = `${name}, ${String(popup.selected + 1)} of ${String(entries.length)}.`;
  if (was?.type !== popup.type) return [`${LISTS[popup.type]}: ${String(entries.length)}; up and down choose, Enter takes.`, what];
  if (was.selected === popup.selected && popup.type === "commands")
    return entries.length === 1 && popupEntries(before, was).length !== 1 ? [name] : [];
  return [what];
}

const LISTS = { commands: "Commands", files: "Files", prompts: "Earlier messages" } as const;

function choiceWords(popup: Extract<Popup, { type: "choices" }>): string[] {
  const { title, options } = popup.choice;
  return [
    `${title.replaceAll(" · ", ", ")}. ${options.length > 9 ? "The first nine have numbers, up" : "A number, or up"} and down with Enter; Escape leaves it.`,
    ...options.slice(0, 9).map((_, index) => optionWords(popup, index)),
    ...(options.length > 9 ? [`and ${String(options.length - 9)} more`] : []),
  ];
}

function optionWords({ choice: { options, current }, selected }: Extract<Popup, { type: "choices" }>, index: number): string {
  const option = options[index];
  if (option === undefined) return "";
  const label = harmlessText(option.label).replaceAll("\n", " ");
  const notes = [option.help, ...(option.value === current ? ["in force"] : []), ...(index === selected ? ["marked"] : [])].filter(
    (text) => text !== "",
  );
  return `${String(index + 1)}: ${label}${notes.length === 0 ? "" : `, ${notes.join(", ")}`}`;
}
