import { expect, test } from "vitest";
import {
  deleteBackward,
  deleteForward,
  type Editor,
  editorWith,
  EMPTY_EDITOR,
  expandedText,
  insertText,
  insertToken,
  killToLineEnd,
  killToLineStart,
  killWordBackward,
  killWordForward,
  moveLeft,
  moveRight,
  moveWordLeft,
  moveWordRight,
  redo,
  undo,
  yank,
} from "../../src/state/editor.ts";
import { cursorCell, editorRows, moveRow } from "../../src/state/editor-layout.ts";

const show = ({ text, cursor }: Editor): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const at = (marked: string): Editor => ({ ...EMPTY_EDITOR, text: marked.replace("|", ""), cursor: marked.indexOf("|") });

test.each([
  [moveLeft, "ab|", "a|b"],
  [moveLeft, "e\u0301|", "|e\u0301"],
  [moveRight, "|👨‍👩‍👧x", "👨‍👩‍👧|x"],
  [moveRight, "a|\nb", "a\n|b"],
  [deleteBackward, "日本|", "日|"],
  [deleteBackward, "a\n|b", "a|b"],
  [deleteForward, "|👍🏽b", "|b"],
  [moveWordLeft, "one two.  |", "one |two.  "],
  [moveWordLeft, "one two|", "one |two"],
  [moveWordRight, "one| two", "one two|"],
  [killWordBackward, "one two|", "one |"],
  [killWordForward, "one| two three", "one| three"],
  [killToLineEnd, "a|b\nc", "a|\nc"],
  [killToLineEnd, "a|\nc", "a|c"],
  [killToLineStart, "x\nab|c", "x\n|c"],
] as const)("%o makes of %s %s", (edit, before, after) => {
  expect(show(edit(at(before)))).toBe(after);
});

test("what was cut can be put back, and every change undone and done again", () => {
  const cut = killWordBackward(editorWith("keep this"));
  expect(show(yank(cut))).toBe("keep this|");
  expect(show(undo(cut))).toBe("keep this|");
  expect(show(redo(undo(cut)))).toBe("keep |");
});

test("typing is undone word by word", () => {
  let editor = EMPTY_EDITOR;
  for (const character of "one two") editor = insertText(editor, character);
  expect(undo(editor).text).toBe("one");
});

test("a token is one thing: moved over, deleted and cut whole, and sent as what it stands for", () => {
  const token = { label: "[Pasted text #1, 20 lines]", content: { type: "text", text: "a\nb" } } as const;
  const editor = insertToken(editorWith("see "), token);
  expect(show(moveLeft(editor))).toBe("see |[Pasted text #1, 20 lines]");
  expect(show(deleteBackward(editor))).toBe("see |");
  expect(show(killWordBackward(insertText(editor, "x")))).toBe("see [Pasted text #1, 20 lines]|");
  expect(show(killWordBackward(editor))).toBe("see |");
  expect(expandedText(editor)).toBe("see a\nb");
  expect(expandedText(insertToken(EMPTY_EDITOR, { label: "[$&]", content: { type: "text", text: "$1 $& $$" } }))).toBe("$1 $& $$");
});

test("rows break after blanks, hold wide characters whole and lose nothing", () => {
  const text = "the quick brown\n日本語日本語 x\n\nend";
  const rows = editorRows(text, 8);
  expect(rows.map(({ start, end }) => text.slice(start, end))).toEqual(["the ", "quick ", "brown", "日本語日", "本語 x", "", "end"]);
});

test("the cursor goes up and down at the column it came from", () => {
  const editor = editorWith("long line here\nab\nlong line there");
  const up = moveRow(editor, -1, 40);
  expect(up === undefined ? "" : show(up)).toBe("long line here\nab|\nlong line there");
  const top = up === undefined ? undefined : moveRow(up, -1, 40);
  expect(top === undefined ? {} : cursorCell(top, 40)).toEqual({ row: 0, column: 14 });
  expect(top === undefined ? "" : moveRow(top, -1, 40)).toBeUndefined();
});

test("no random edit ever puts the cursor inside a character or outside the text", () => {
  let seed = 1;
  const random = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
  const edits = [
    moveLeft,
    moveRight,
    deleteBackward,
    deleteForward,
    killWordBackward,
    killWordForward,
    killToLineEnd,
    killToLineStart,
    moveWordLeft,
    moveWordRight,
    undo,
    redo,
    yank,
  ];
  const pieces = ["a", " ", "\n", "日", "👨‍👩‍👧", "e\u0301", "[x]", "word"];
  let editor = EMPTY_EDITOR;
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (let step = 0; step < 3000; step++) {
    const edit =
      random(2) === 0 ? (each: Editor) => insertText(each, pieces[random(pieces.length)] ?? "") : (edits[random(edits.length)] ?? undo);
    editor = edit(editor);
    if (editor.text.length > 200) editor = EMPTY_EDITOR;
    const starts = new Set([...segmenter.segment(editor.text)].map(({ index }) => index).concat(editor.text.length));
    expect(starts.has(editor.cursor)).toBe(true);
    const rows = editorRows(editor.text, 1 + random(20));
    expect(rows.map(({ start, end }) => editor.text.slice(start, end)).join("")).toBe(editor.text.replaceAll("\n", ""));
  }
});
