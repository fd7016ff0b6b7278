import { moveLeft, moveTo, type Editor } from "../state/editor.ts";
import { parseCommand, type Command } from "./parse-command.ts";
import { linesBetween, move, operate, redoSteps, runCommand, settled, type Edited } from "./run-command.ts";
import { textObject, type Span } from "./text-object.ts";
import { indexAt, offsetOf, unitsOf } from "./units.ts";
import { NO_INSERTION, type Vim } from "./vim.ts";

/** A key of normal or visual mode that types a character. */
export function pressNormalKey(before: Edited, text: string): Edited {
  const { vim, editor } = before;
  if (vim.mode === "visual" || vim.mode === "visual-line") return pressVisualKey(before, text);
  const keys = [...vim.pending, text];
  const command = parseCommand(keys);
  const waiting = { ...vim, pending: command === "incomplete" ? keys : [] };
  if (typeof command === "string") return { editor, vim: waiting };
  return carryOut({ editor, vim: waiting }, command, keys);
}

/** Rows that `j` and `k` are to move by, where they are no part of a longer command: rows of the screen, and messages beyond. */
export function rowsToMove({ mode, pending }: Vim, text: string): number | undefined {
  if (mode !== "normal" || (text !== "j" && text !== "k")) return undefined;
  const count = pending.join("");
  if (!/^\d*$/.test(count)) return undefined;
  return Math.min(99, Number(count || "1")) * (text === "j" ? 1 : -1);
}

/** Begins to insert; what the change that leads there did is one step to undo, together with what is typed. */
function beginInsertion({ editor, vim }: Edited, keys: readonly string[], undoSteps: number): Edited {
  return {
    editor: { ...editor, typing: false },
    vim: { ...vim, insertion: { keys, before: editor.text.slice(0, editor.cursor), undoSteps } },
  };
}

/** Ends inserting: the cursor stands on what was typed last. */
export function endInsertion({ editor, vim }: Edited): Edited {
  const { keys, before, undoSteps } = vim.insertion;
  const { text, cursor } = editor;
  const inserted = text.startsWith(before) && cursor >= before.length ? text.slice(before.length, cursor) : "";
  const lastChange = keys.length === 0 ? vim.lastChange : { keys, inserted };
  const atStart = cursor === 0 || text[cursor - 1] === "\n";
  const joined: Editor = { ...editor, undo: editor.undo.slice(0, undoSteps + 1), typing: false };
  return {
    editor: settled(atStart ? joined : moveLeft(joined)),
    vim: { ...vim, mode: "normal", pending: [], insertion: NO_INSERTION, lastChange },
  };
}

function carryOut(before: Edited, command: Command, keys: readonly string[]): Edited {
  if (command.type === "key" && command.key === ".") return repeatChange(before, command.count ?? 1);
  const after = runCommand(before, command);
  if (after.vim.mode === "insert") return beginInsertion(after, keys, before.editor.undo.length);
  const isChange = after.editor.text !== before.editor.text && !(command.type === "key" && command.key === "u");
  const vim = isChange ? { ...after.vim, lastChange: { keys, inserted: "" } } : after.vim;
  return { editor: vim.mode === "normal" ? settled(after.editor) : after.editor, vim };
}

function repeatChange(before: Edited, count: number): Edited {
  const change = before.vim.lastChange;
  const command = change === undefined ? "unknown" : parseCommand(change.keys);
  if (change === undefined || typeof command === "string") return before;
  const steps = before.editor.undo.length;
  let now = before;
  for (let left = Math.min(count, 99); left > 0; left--) now = again(now, command, change.inserted);
  const editor = { ...settled(now.editor), undo: now.editor.undo.slice(0, steps + 1) };
  return { editor, vim: { ...now.vim, mode: "normal", lastChange: change } };
}

function again(before: Edited, command: Command, inserted: string): Edited {
  const { editor, vim } = runCommand(before, command);
  if (vim.mode !== "insert") return { editor: settled(editor), vim };
  const text = editor.text.slice(0, editor.cursor) + inserted + editor.text.slice(editor.cursor);
  const undo = [...editor.undo, { text: editor.text, cursor: editor.cursor }];
  const typed = { ...editor, text, cursor: editor.cursor + inserted.length, undo, redo: [], typing: false };
  return { editor: settled(inserted === "" ? typed : moveLeft(typed)), vim: { ...vim, mode: "normal" } };
}

export function pressRedo({ editor, vim }: Edited): Edited {
  const count = Number(vim.pending.join("")) || 1;
  return { editor: settled(redoSteps(editor, count)), vim: { ...vim, pending: [] } };
}

/** What is selected, as offsets in the text; undefined outside of visual mode. */
export function selection(editor: Editor, vim: Vim): { readonly start: number; readonly end: number } | undefined {
  const span = selectedSpan(editor, vim);
  if (span === undefined) return undefined;
  const units = unitsOf(editor);
  return { start: offsetOf(units, span.from), end: offsetOf(units, span.to) };
}

function selectedSpan(editor: Editor, { mode, anchor }: Vim): Span | undefined {
  if (mode !== "visual" && mode !== "visual-line") return undefined;
  const units = unitsOf(editor);
  const [a, b] = [indexAt(units, anchor), indexAt(units, editor.cursor)];
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  if (mode === "visual-line") return linesBetween(units, from, to);
  return { from, to: Math.min(to + 1, units.all.length), linewise: false };
}

const VISUAL_OPERATORS: Readonly<Record<string, "d" | "c" | "y">> = { d: "d", x: "d", X: "d", c: "c", s: "c", y: "y" };

function pressVisualKey(before: Edited, text: string): Edited {
  const { editor, vim } = before;
  if (vim.pending.length === 0) {
    const operator = VISUAL_OPERATORS[text];
    if (operator !== undefined) return operateOnSelection(before, operator);
    const mode = text === "v" ? "visual" : text === "V" ? "visual-line" : undefined;
    if (mode !== undefined) return { editor, vim: { ...vim, mode: vim.mode === mode ? "normal" : mode } };
    if (text === "o") return { editor: moveTo(editor, vim.anchor), vim: { ...vim, anchor: editor.cursor } };
  }
  return extend(before, [...vim.pending, text]);
}

/** A motion moves the end of what is selected, a text object takes its place. */
function extend(before: Edited, keys: readonly string[]): Edited {
  const { editor, vim } = before;
  if (keys[0] === "i" || keys[0] === "a") {
    return keys.length < 2 ? { editor, vim: { ...vim, pending: keys } } : selectObject(before, keys);
  }
  const command = parseCommand(keys);
  const waiting = { editor, vim: { ...vim, pending: command === "incomplete" ? keys : [] } };
  if (typeof command === "string" || command.type !== "move") return waiting;
  const moved = move(waiting, command.motion, command.count);
  return { ...moved, editor: settled(moved.editor) };
}

function selectObject({ editor, vim }: Edited, [kind, key = ""]: readonly string[]): Edited {
  const units = unitsOf(editor);
  const found = textObject(key, { units, index: indexAt(units, editor.cursor), around: kind === "a" });
  const rest = { ...vim, pending: [] };
  if (found === undefined || found.to <= found.from) return { editor, vim: rest };
  const end = moveTo(editor, offsetOf(units, found.to - 1));
  return { editor: end, vim: { ...rest, anchor: offsetOf(units, found.from), mode: found.linewise ? "visual-line" : vim.mode } };
}

function operateOnSelection({ editor, vim }: Edited, operator: "d" | "c" | "y"): Edited {
  const span = selectedSpan(editor, vim);
  if (span === undefined) return { editor, vim };
  const after = operate({ editor, vim: { ...vim, mode: "normal", pending: [] } }, operator, span);
  if (after.vim.mode === "insert") return beginInsertion(after, [], editor.undo.length);
  return { ...after, editor: settled(after.editor) };
}
