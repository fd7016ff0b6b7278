import { splitGraphemes } from "unicode-segmenter/grapheme";

/** The text of the composer as plain data; every change is a function that returns a new one. */
export interface Editor {
  readonly text: string;
  /** UTF-16 offset, never inside a character or a token. */
  readonly cursor: number;
  /** What stands for more than it shows: pasted text and images. In no special order. */
  readonly tokens: readonly EditorToken[];
  /** What Ctrl-K, Ctrl-U and Ctrl-W took last. */
  readonly killed: string;
  readonly undo: readonly EditorSnapshot[];
  readonly redo: readonly EditorSnapshot[];
  /** The column that Up and Down aim for, while they follow each other. */
  readonly goalColumn?: number | undefined;
  /** The last change was typing: the next joins its undo step. */
  readonly typing: boolean;
}

/** A message as it was written: tokens stand for pasted text and images. */
export type Draft = Pick<Editor, "text" | "tokens">;

export interface EditorToken {
  /** As it stands in the text, e.g. `[Pasted text #1 +24 lines]`. */
  readonly label: string;
  readonly content: { readonly type: "text"; readonly text: string } | { readonly type: "image"; readonly path: string };
}

interface EditorSnapshot {
  readonly text: string;
  readonly cursor: number;
}

/** Undo steps kept. */
const UNDO_LIMIT = 200;

export const EMPTY_EDITOR: Editor = { text: "", cursor: 0, tokens: [], killed: "", undo: [], redo: [], typing: false };

/** An editor that holds `text`, the cursor behind it. What was killed is kept. */
export function editorWith(text: string, from: Editor = EMPTY_EDITOR): Editor {
  return { ...EMPTY_EDITOR, text, cursor: text.length, killed: from.killed };
}

/** Puts `text` at the cursor. One undo step per word typed. */
export function insertText(editor: Editor, text: string): Editor {
  if (text === "") return editor;
  const joins = editor.typing && text.length <= 2 && !/\s/.test(text);
  const saved = joins ? editor : remember(editor);
  const { cursor } = editor;
  return {
    ...saved,
    text: editor.text.slice(0, cursor) + text + editor.text.slice(cursor),
    cursor: cursor + text.length,
    goalColumn: undefined,
    typing: text.length <= 2,
  };
}

/** Puts a token at the cursor. `label` must not be in the text yet. */
export function insertToken(editor: Editor, token: EditorToken): Editor {
  const inserted = insertText({ ...editor, typing: false }, token.label);
  return { ...inserted, tokens: [...editor.tokens, token], typing: false };
}

/** Replaces the token at the cursor, or before it, by the text it stands for; undefined when there is none. */
export function expandToken(editor: Editor): Editor | undefined {
  const found = tokenRanges(editor).find(
    ({ start, end, token }) => token.content.type === "text" && start <= editor.cursor && editor.cursor <= end,
  );
  if (found === undefined || found.token.content.type !== "text") return undefined;
  return replaceRange(editor, found, found.token.content.text);
}

/** The text with pasted text in place of its tokens. Tokens of images stay. */
export function expandedText(editor: Pick<Editor, "text" | "tokens">): string {
  let text = editor.text;
  for (const { label, content } of editor.tokens) if (content.type === "text") text = text.replaceAll(label, () => content.text);
  return text;
}

/** The images whose tokens are still in the text, in the order of the text. */
export function imagePaths(editor: Pick<Editor, "text" | "tokens">): string[] {
  return tokenRanges(editor).flatMap(({ token }) => (token.content.type === "image" ? [token.content.path] : []));
}

export function deleteBackward(editor: Editor): Editor {
  return deleteRange(editor, { start: previousOffset(editor, editor.cursor), end: editor.cursor });
}

export function deleteForward(editor: Editor): Editor {
  return deleteRange(editor, { start: editor.cursor, end: nextOffset(editor, editor.cursor) });
}

export function killWordBackward(editor: Editor): Editor {
  return kill(editor, { start: wordStart(editor), end: editor.cursor });
}

/** Back to the last white space, as a shell does it. */
export function killBigWordBackward(editor: Editor): Editor {
  const before = editor.text.slice(0, editor.cursor);
  return kill(editor, { start: before.replace(/\S+\s*$/, "").length, end: editor.cursor });
}

export function killWordForward(editor: Editor): Editor {
  return kill(editor, { start: editor.cursor, end: wordEnd(editor) });
}

/** To the end of the line; at its end the line break goes. */
export function killToLineEnd(editor: Editor): Editor {
  const end = lineEnd(editor.text, editor.cursor);
  return kill(editor, { start: editor.cursor, end: end === editor.cursor ? Math.min(end + 1, editor.text.length) : end });
}

export function killToLineStart(editor: Editor): Editor {
  const start = lineStart(editor.text, editor.cursor);
  return kill(editor, { start: start === editor.cursor ? Math.max(0, start - 1) : start, end: editor.cursor });
}

export function yank(editor: Editor): Editor {
  return insertText({ ...editor, typing: false }, editor.killed);
}

export function moveLeft(editor: Editor): Editor {
  return moveTo(editor, previousOffset(editor, editor.cursor));
}

export function moveRight(editor: Editor): Editor {
  return moveTo(editor, nextOffset(editor, editor.cursor));
}

export function moveWordLeft(editor: Editor): Editor {
  return moveTo(editor, wordStart(editor));
}

export function moveWordRight(editor: Editor): Editor {
  return moveTo(editor, wordEnd(editor));
}

export function moveLineStart(editor: Editor): Editor {
  return moveTo(editor, lineStart(editor.text, editor.cursor));
}

export function moveLineEnd(editor: Editor): Editor {
  return moveTo(editor, lineEnd(editor.text, editor.cursor));
}

/** Puts the cursor at `offset`, or before the token that it would fall into. */
export function moveTo(editor: Editor, offset: number, goalColumn?: number): Editor {
  const inside = tokenRanges(editor).find(({ start, end }) => start < offset && offset < end);
  return { ...editor, cursor: inside?.start ?? offset, goalColumn, typing: false };
}

export function undo(editor: Editor): Editor {
  const last = editor.undo.at(-1);
  if (last === undefined) return editor;
  const redo = [...editor.redo, { text: editor.text, cursor: editor.cursor }];
  return { ...editor, ...last, undo: editor.undo.slice(0, -1), redo, goalColumn: undefined, typing: false };
}

export function redo(editor: Editor): Editor {
  const next = editor.redo.at(-1);
  if (next === undefined) return editor;
  const steps = [...editor.undo, { text: editor.text, cursor: editor.cursor }];
  return { ...editor, ...next, undo: steps, redo: editor.redo.slice(0, -1), goalColumn: undefined, typing: false };
}

/** Replaces a part of the text; the cursor ends behind what was put in. */
export function replaceRange(editor: Editor, range: Range, text: string): Editor {
  return {
    ...remember(editor),
    text: editor.text.slice(0, range.start) + text + editor.text.slice(range.end),
    cursor: range.start + text.length,
    goalColumn: undefined,
    typing: false,
  };
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

function remember(editor: Editor): Editor {
  const steps = [...editor.undo, { text: editor.text, cursor: editor.cursor }];
  return { ...editor, undo: steps.length > UNDO_LIMIT ? steps.slice(1) : steps, redo: [] };
}

function deleteRange(editor: Editor, range: Range): Editor {
  return range.start === range.end ? editor : replaceRange(editor, range, "");
}

function kill(editor: Editor, range: Range): Editor {
  const whole = widenToTokens(editor, range);
  const killed = editor.text.slice(whole.start, whole.end);
  return killed === "" ? editor : { ...replaceRange(editor, whole, ""), killed };
}

/** Half a token must not stay behind: it would stand for nothing. */
function widenToTokens(editor: Editor, { start, end }: Range): Range {
  const cut = tokenRanges(editor).filter((range) => range.start < end && start < range.end);
  return { start: Math.min(start, ...cut.map((range) => range.start)), end: Math.max(end, ...cut.map((range) => range.end)) };
}

/** Where the tokens stand in the text, in its order. */
export function tokenRanges(editor: Pick<Editor, "text" | "tokens">): (Range & { readonly token: EditorToken })[] {
  return editor.tokens
    .flatMap((token) => occurrences(editor.text, token.label).map((start) => ({ token, start, end: start + token.label.length })))
    .toSorted((a, b) => a.start - b.start);
}

/** A token that was cut may be put back more than once. */
function occurrences(text: string, label: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(label); at !== -1; at = text.indexOf(label, at + label.length)) found.push(at);
  return found;
}

function previousOffset(editor: Editor, from: number): number {
  if (from === 0) return 0;
  const token = tokenRanges(editor).find(({ end }) => end === from);
  if (token !== undefined) return token.start;
  const start = lineStart(editor.text, from);
  if (start === from) return from - 1;
  const line = editor.text.slice(start, from);
  if (isAscii(line)) return from - 1;
  return start + lastGraphemeStart(line);
}

function nextOffset(editor: Editor, from: number): number {
  if (from >= editor.text.length) return from;
  const token = tokenRanges(editor).find(({ start }) => start === from);
  if (token !== undefined) return token.end;
  const line = editor.text.slice(from, Math.max(from + 1, lineEnd(editor.text, from)));
  if (isAscii(line)) return from + 1;
  for (const cluster of splitGraphemes(line)) return from + cluster.length;
  return from + 1;
}

function lastGraphemeStart(line: string): number {
  let last = "";
  for (const cluster of splitGraphemes(line)) last = cluster;
  return line.length - last.length;
}

function wordStart(editor: Editor): number {
  const before = editor.text.slice(0, editor.cursor);
  return before.replace(/[\p{L}\p{N}\p{M}_]+[^\p{L}\p{N}\p{M}_]*$|[^\p{L}\p{N}\p{M}_]+$/u, "").length;
}

function wordEnd(editor: Editor): number {
  const match = /^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u.exec(editor.text.slice(editor.cursor));
  return editor.cursor + (match?.[0].length ?? 0);
}

function lineStart(text: string, from: number): number {
  return from === 0 ? 0 : text.lastIndexOf("\n", from - 1) + 1;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text);
}
