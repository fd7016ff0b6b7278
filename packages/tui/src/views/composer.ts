import type { Surface } from "../screen/surface.ts";
import { cursorCell, editorRows, type EditorRow } from "../state/editor-layout.ts";
import type { Editor } from "../state/editor.ts";
import type { State } from "../state/model.ts";
import { COMPOSER_MARGIN } from "../state/press-key.ts";
import type { Line, Span } from "../text/line.ts";
import { textWidth } from "../text/width.ts";
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
  const sign: Span = isShell
    ? { text: "! ", style: { fg: "command", bold: true } }
    : { text: "› ", style: { fg: focused ? "accent" : "muted", bold: true } };
  surface.write(2, 1, [sign]);
  const width = surface.width - COMPOSER_MARGIN;
  const text = surface.sub({ x: 4, y: 1, width: width + 1, height: surface.height - 2 });
  const cursor = drawEditor(text, editor, width);
  if (editor.text === "") text.write(0, 0, [{ text: placeholder(state, width), style: { fg: "muted" } }]);
  if (focused && state.popup?.type !== "prompts") text.placeCursor(cursor.x, cursor.y, "bar");
}

/** Writes the rows around the cursor; where the cursor is on the surface. */
export function drawEditor(surface: Surface, editor: Editor, width: number): { readonly x: number; readonly y: number } {
  const rows = editorRows(editor.text, width);
  const { row, column } = cursorCell(editor, width);
  const top = Math.max(0, Math.min(row - Math.floor(surface.height / 2), rows.length - surface.height));
  for (let y = 0; y < surface.height; y++) {
    const part = rows[top + y];
    if (part !== undefined) surface.write(0, y, rowLine(editor, part));
  }
  return { x: Math.min(column, width), y: row - top };
}

/** A row with its tokens and a command's name in colour. */
function rowLine({ text, tokens }: Editor, { start, end }: EditorRow): Line {
  const spans: Span[] = [];
  const marks = [
    ...tokens.flatMap(({ label }) => {
      const at = text.indexOf(label);
      return at === -1 ? [] : [{ start: at, end: at + label.length, fg: "accent" as const }];
    }),
    ...commandMark(text),
  ].toSorted((a, b) => a.start - b.start);
  let at = start;
  for (const mark of marks) {
    const from = Math.max(mark.start, at);
    const to = Math.min(mark.end, end);
    if (to <= from) continue;
    if (from > at) spans.push({ text: text.slice(at, from) });
    spans.push({ text: text.slice(from, to), style: { fg: mark.fg } });
    at = to;
  }
  if (at < end) spans.push({ text: text.slice(at, end) });
  return spans;
}

function commandMark(text: string): { readonly start: number; readonly end: number; readonly fg: "accent" }[] {
  const name = /^\/[a-z-]+(?=\s|$)/.exec(text)?.[0];
  return name === undefined ? [] : [{ start: 0, end: name.length, fg: "accent" }];
}

function placeholder(state: State, width: number): string {
  const texts =
    state.task !== undefined
      ? ["Write on: enter queues, esc stops and takes the queue back", "Enter queues, esc stops", ""]
      : ["What is to be done?   / commands   @ files   ! shell   ? help", "What is to be done?   ? help", "send a message", ""];
  return texts.find((text) => textWidth(text) <= width) ?? "";
}
