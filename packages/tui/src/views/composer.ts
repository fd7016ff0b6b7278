import type { Surface } from "../screen/surface.ts";
import { cursorCell, editorRows, type EditorRow } from "../state/editor-layout.ts";
import { tokenRanges, type Editor } from "../state/editor.ts";
import type { State } from "../state/model.ts";
import { COMPOSER_MARGIN } from "../state/recall-prompt.ts";
import type { Line, Span } from "../text/line.ts";
import { textWidth } from "../text/width.ts";
import { selection } from "../vim/press-key.ts";
import { drawFrame } from "./draw-lines.ts";

/** Rows of the composer, frame included, on a screen of this size. */
export function composerHeight(state: State): number {
  const most = Math.max(1, Math.min(12, Math.floor(state.size.rows / 3)));
  return Math.min(most, editorRows(state.editor.text, state.size.columns - COMPOSER_MARGIN).length) + 2;
}

/** The frame in which the next message is written. The real cursor stands in it. */
export function drawComposer(surface: Surface, state: State): void {
  const { editor } = state;
  const focused = state.focus === "composer";
  const isShell = editor.text.startsWith("!");
  drawFrame(surface, { title: "", color: isShell ? "command" : focused ? "borderFocused" : "border" });
  const sign: Span = { text: "› ", style: { fg: isShell ? "command" : focused ? "accent" : "muted", bold: true } };
  surface.write(2, 1, [sign]);
  const width = surface.width - COMPOSER_MARGIN;
  const text = surface.sub({ x: 4, y: 1, width: width + 1, height: surface.height - 2 });
  const selected = state.vim === undefined ? undefined : selection(editor, state.vim);
  const cursor = drawEditor(text, editor, { width, selected });
  drawHidden(surface, editor, { width, above: cursorCell(editor, width).row - cursor.y });
  if (editor.text === "") text.write(0, 0, [{ text: placeholder(state, width), style: { fg: "muted" } }]);
  if (focused && state.popup?.type !== "prompts")
    text.placeCursor(cursor.x, cursor.y, (state.vim?.mode ?? "insert") === "insert" ? "bar" : "block");
}

/** In the frame, how many rows of the text are out of sight. */
function drawHidden(surface: Surface, editor: Editor, { width, above }: { readonly width: number; readonly above: number }): void {
  const below = editorRows(editor.text, width).length - above - (surface.height - 2);
  const write = (y: number, note: string): void => {
    surface.write(surface.width - 2 - textWidth(note), y, [{ text: note, style: { fg: "muted" } }]);
  };
  if (above > 0) write(0, ` ↑ ${String(above)} `);
  if (below > 0) write(surface.height - 1, ` ↓ ${String(below)} `);
}

export interface EditorView {
  readonly width: number;
  /** What is selected, by offsets in the text. */
  readonly selected?: { readonly start: number; readonly end: number } | undefined;
}

/** Writes the rows around the cursor; where the cursor is on the surface. */
export function drawEditor(surface: Surface, editor: Editor, view: EditorView): { readonly x: number; readonly y: number } {
  const { width } = view;
  const rows = editorRows(editor.text, width);
  const { row, column } = cursorCell(editor, width);
  const top = Math.max(0, Math.min(row - Math.floor(surface.height / 2), rows.length - surface.height));
  for (let y = 0; y < surface.height; y++) {
    const part = rows[top + y];
    if (part !== undefined) surface.write(0, y, rowLine(editor, part, view.selected));
  }
  return { x: Math.min(column, width), y: row - top };
}

/** A row with its tokens and a command's name in colour, and what is selected on its ground. */
function rowLine(editor: Editor, { start, end }: EditorRow, selected: EditorView["selected"]): Line {
  const { text } = editor;
  const marks = [...tokenRanges(editor), ...commandMark(text)].toSorted((a, b) => a.start - b.start);
  const edges = [start, end, ...[...marks, ...(selected === undefined ? [] : [selected])].flatMap((each) => [each.start, each.end])];
  const cuts = [...new Set(edges)].filter((at) => at >= start && at <= end).toSorted((a, b) => a - b);
  const spans = cuts.slice(1).map((to, index): Span => {
    const from = cuts[index] ?? start;
    const isMarked = marks.some((mark) => mark.start <= from && to <= mark.end);
    if (isWithin(from, selected)) return { text: text.slice(from, to), style: SELECTED };
    return { text: text.slice(from, to), ...(isMarked ? { style: { fg: "accent" } } : {}) };
  });
  // A line break that is selected shows as a cell.
  return text[end] === "\n" && isWithin(end, selected) ? [...spans, { text: " ", style: SELECTED }] : spans;
}

const SELECTED = { fg: "selectionText", bg: "selection" } as const;

function isWithin(offset: number, selected: EditorView["selected"]): boolean {
  return selected !== undefined && selected.start <= offset && offset < selected.end;
}

function commandMark(text: string): { readonly start: number; readonly end: number }[] {
  const name = /^\/[a-z-]+(?=\s|$)/.exec(text)?.[0];
  return name === undefined ? [] : [{ start: 0, end: name.length }];
}

function placeholder(state: State, width: number): string {
  const texts =
    state.task !== undefined
      ? ["Write on: enter queues, esc stops and takes the queue back", "Enter queues, esc stops", ""]
      : ["What is to be done?   / commands   @ files   ! shell   ? help", "What is to be done?   ? help", "send a message", ""];
  return texts.find((text) => textWidth(text) <= width) ?? "";
}
