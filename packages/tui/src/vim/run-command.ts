import { moveTo, redo, replaceRange, undo, type Editor } from "../state/editor.ts";
import { follow, type Moved } from "./motion.ts";
import type { Command, Motion, Operator } from "./parse-command.ts";
import { textObject, type Span } from "./text-object.ts";
import { firstInLine, indexAt, lineEnd, lineStart, offsetOf, onUnit, unitsOf, type Units } from "./units.ts";
import type { Find, Vim } from "./vim.ts";

export interface Edited {
  readonly editor: Editor;
  readonly vim: Vim;
}

/** Carries a command of normal mode out. What ends in insert mode says so in `vim.mode`; what leads nowhere changes nothing. */
export function runCommand(before: Edited, command: Command): Edited {
  switch (command.type) {
    case "move":
      return move(before, command.motion, command.count);
    case "operate": {
      const span = targetSpan(before, command);
      return span === undefined ? before : operate(remembered(before, command.target), command.operator, span);
    }
    case "key":
      return runKey(before, command);
  }
}

/** What an operator does to a span. */
export function operate({ editor, vim }: Edited, operator: Operator, span: Span): Edited {
  const units = unitsOf(editor);
  const [start, end] = [offsetOf(units, span.from), offsetOf(units, span.to)];
  const cut = editor.text.slice(start, end);
  const register = { text: span.linewise && !cut.endsWith("\n") ? `${cut}\n` : cut, linewise: span.linewise };
  const taken = { ...vim, register };
  const kept = { ...editor, killed: register.text };
  if (operator === "y") return { editor: moveTo(kept, start), vim: taken };
  if (operator === "c") {
    // Of whole lines the last break stays, so that there is a line to write in.
    const to = span.linewise && cut.endsWith("\n") ? end - 1 : end;
    return { editor: replaceRange(kept, { start, end: to }, ""), vim: { ...taken, mode: "insert" } };
  }
  // The last line goes with the break before it.
  const from = span.linewise && end === editor.text.length && !cut.endsWith("\n") ? Math.max(0, start - 1) : start;
  return { editor: onFirst(replaceRange(kept, { start: from, end }, ""), span.linewise), vim: taken };
}

function onFirst(editor: Editor, linewise: boolean): Editor {
  if (!linewise) return editor;
  const units = unitsOf(editor);
  return moveTo(editor, offsetOf(units, firstInLine(units, indexAt(units, editor.cursor))));
}

export function move({ editor, vim }: Edited, motion: Motion, count: number | undefined): Edited {
  const moved = reach({ editor, vim }, motion, count);
  if (moved === undefined) return { editor, vim };
  return { editor: moveTo(editor, offsetOf(unitsOf(editor), moved.index)), vim: withFind(vim, motion) };
}

function reach({ editor, vim }: Edited, motion: Motion, count: number | undefined): Moved | undefined {
  const units = unitsOf(editor);
  return follow(motion, { units, index: indexAt(units, editor.cursor), count, lastFind: vim.lastFind });
}

function withFind(vim: Vim, { key, character }: Motion): Vim {
  return "fFtT".includes(key) ? { ...vim, lastFind: { key, character } as Find } : vim;
}

function remembered({ editor, vim }: Edited, target: Extract<Command, { type: "operate" }>["target"]): Edited {
  return { editor, vim: target.type === "motion" ? withFind(vim, target.motion) : vim };
}

function targetSpan(before: Edited, { operator, target, count }: Extract<Command, { type: "operate" }>): Span | undefined {
  const units = unitsOf(before.editor);
  const index = indexAt(units, before.editor.cursor);
  switch (target.type) {
    case "lines":
      return linesBetween(units, index, lastLine(units, index, count ?? 1));
    case "object":
      return textObject(target.key, { units, index, around: target.around });
    case "motion": {
      const motion = operator === "c" ? changeMotion(units, index, target.motion) : target.motion;
      const moved = reach(before, motion, count);
      return moved === undefined ? undefined : spanTo({ units, index }, moved, motion);
    }
  }
}

/** `cw` on a word leaves the blanks behind it. */
function changeMotion({ all }: Units, index: number, motion: Motion): Motion {
  const kind = all[index]?.kind;
  if (kind === undefined || kind === "blank" || kind === "break") return motion;
  return motion.key === "w" || motion.key === "W" ? { ...motion, key: motion.key === "w" ? "e" : "E" } : motion;
}

function spanTo({ units, index }: { readonly units: Units; readonly index: number }, moved: Moved, { key }: Motion): Span {
  if (moved.linewise) return linesBetween(units, Math.min(index, moved.index), Math.max(index, moved.index));
  const [from, far] = [Math.min(index, moved.index), Math.max(index, moved.index)];
  const to = moved.inclusive ? Math.min(far + 1, units.all.length) : far;
  // The last word of a line is taken without the break behind it.
  const end = key.toLowerCase() === "w" && lineEnd(units, from) < to ? wordsEnd(units, from, to) : to;
  return { from, to: end, linewise: false };
}

/** `dw` reaches into the next line only for words of its own. */
function wordsEnd(units: Units, from: number, to: number): number {
  const start = lineStart(units, to);
  const isAtStart = to === units.all.length || firstInLine(units, to) === to || start === to;
  return isAtStart && start > from ? Math.max(from, start - 1) : to;
}

/** A place `count` lines down, the first of them counted. */
function lastLine(units: Units, index: number, count: number): number {
  let at = index;
  for (let left = count - 1; left > 0; left--) {
    const end = lineEnd(units, at);
    if (end === units.all.length) break;
    at = end + 1;
  }
  return at;
}

/** Whole lines, with the break of the last. */
export function linesBetween(units: Units, from: number, to: number): Span {
  return { from: lineStart(units, from), to: Math.min(lineEnd(units, to) + 1, units.all.length), linewise: true };
}

type KeyCommand = Extract<Command, { type: "key" }>;

function runKey(before: Edited, command: KeyCommand): Edited {
  const { key, count } = command;
  const same = SHORT[key];
  if (same !== undefined) return runCommand(before, { ...same, count });
  switch (key) {
    case "u":
      return { ...before, editor: repeated(before.editor, undo, count) };
    case "p":
    case "P":
      return put(before, key === "p", count ?? 1);
    case "J":
      return { ...before, editor: repeated(before.editor, joinLines, Math.max(1, (count ?? 2) - 1)) };
    case "~":
    case "r":
      return { ...before, editor: retype(before.editor, command) };
    case "v":
    case "V":
      return { ...before, vim: { ...before.vim, mode: key === "v" ? "visual" : "visual-line", anchor: before.editor.cursor } };
    default:
      return insertAt(before, key);
  }
}

/** Keys that are short for an operator with its motion. */
const SHORT: Readonly<Record<string, Exclude<Command, { type: "key" | "move" }>>> = {
  x: operateWith("d", "l"),
  X: operateWith("d", "h"),
  D: operateWith("d", "$"),
  C: operateWith("c", "$"),
  s: operateWith("c", "l"),
  S: { type: "operate", operator: "c", target: { type: "lines" }, count: undefined },
  Y: { type: "operate", operator: "y", target: { type: "lines" }, count: undefined },
};

function operateWith(operator: Operator, key: string): Extract<Command, { type: "operate" }> {
  return { type: "operate", operator, target: { type: "motion", motion: { key, character: "" } }, count: undefined };
}

function repeated(editor: Editor, step: (editor: Editor) => Editor, count = 1): Editor {
  let next = editor;
  for (let left = count; left > 0; left--) {
    const changed = step(next);
    if (changed === next) break;
    next = changed;
  }
  return next;
}

export function redoSteps(editor: Editor, count: number): Editor {
  return repeated(editor, redo, count);
}

function insertAt({ editor, vim }: Edited, key: string): Edited {
  const units = unitsOf(editor);
  const index = indexAt(units, editor.cursor);
  const insert: Vim = { ...vim, mode: "insert" };
  const at = (place: number): Edited => ({ editor: moveTo(editor, offsetOf(units, place)), vim: insert });
  switch (key) {
    case "a":
      return at(Math.min(index + 1, lineEnd(units, index)));
    case "A":
      return at(lineEnd(units, index));
    case "I":
      return at(firstInLine(units, index));
    case "o": {
      const end = offsetOf(units, lineEnd(units, index));
      return { editor: replaceRange(editor, { start: end, end }, "\n"), vim: insert };
    }
    case "O": {
      const start = offsetOf(units, lineStart(units, index));
      return { editor: moveTo(replaceRange(editor, { start, end: start }, "\n"), start), vim: insert };
    }
    default:
      return { editor, vim: insert };
  }
}

/** What was cut last, behind the cursor or before it; whole lines below the line or above it. */
function put({ editor, vim }: Edited, behind: boolean, count: number): Edited {
  // What Ctrl-K and the like cut since then is newer.
  const { text, linewise } = editor.killed === vim.register.text ? vim.register : { text: editor.killed, linewise: false };
  if (text === "") return { editor, vim };
  const units = unitsOf(editor);
  const index = indexAt(units, editor.cursor);
  const all = text.repeat(Math.min(count, Math.ceil(MOST_PUT / text.length)));
  if (!linewise) {
    const at = offsetOf(units, behind ? Math.min(index + 1, lineEnd(units, index)) : index);
    const put = replaceRange(editor, { start: at, end: at }, all);
    const after = unitsOf(put);
    return { editor: moveTo(put, offsetOf(after, Math.max(0, indexAt(after, put.cursor) - 1))), vim };
  }
  const end = lineEnd(units, index);
  const isLast = behind && end === units.all.length;
  const at = offsetOf(units, behind ? Math.min(end + 1, units.all.length) : lineStart(units, index));
  const put = replaceRange(editor, { start: at, end: at }, isLast ? `\n${all.slice(0, -1)}` : all);
  return { editor: onFirst(moveTo(put, isLast ? at + 1 : at), true), vim };
}

/** Characters that one command puts in, at most. */
const MOST_PUT = 100_000;

function joinLines(editor: Editor): Editor {
  const units = unitsOf(editor);
  const end = lineEnd(units, indexAt(units, editor.cursor));
  if (end === units.all.length) return editor;
  const next = firstInLine(units, end + 1);
  const isBlankBefore = units.all[end - 1]?.kind === "blank" || lineStart(units, end) === end;
  const isNothingBehind = next === lineEnd(units, end + 1) || units.all[next]?.text === ")";
  const start = offsetOf(units, end);
  return moveTo(replaceRange(editor, { start, end: offsetOf(units, next) }, isBlankBefore || isNothingBehind ? "" : " "), start);
}

/** Other characters in place of those at the cursor: `~` turns their case, `r` takes one for all. */
function retype(editor: Editor, { key, character, count }: KeyCommand): Editor {
  const units = unitsOf(editor);
  const index = indexAt(units, editor.cursor);
  const end = Math.min(index + (count ?? 1), lineEnd(units, index));
  // `r` does all or nothing.
  if (end === index || (key === "r" && end < index + (count ?? 1))) return editor;
  const range = { start: editor.cursor, end: offsetOf(units, end) };
  const old = editor.text.slice(range.start, range.end);
  const text =
    key === "r"
      ? character.repeat(end - index)
      : Array.from(old, (each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join("");
  const typed = replaceRange(editor, range, text);
  return key === "r" ? moveTo(typed, typed.cursor - character.length) : typed;
}

/** The cursor where a block may stand. */
export function settled(editor: Editor): Editor {
  const units = unitsOf(editor);
  const offset = offsetOf(units, onUnit(units, indexAt(units, editor.cursor)));
  return offset === editor.cursor ? editor : moveTo(editor, offset, editor.goalColumn);
}
