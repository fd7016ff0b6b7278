import { describe, expect, test } from "vitest";
import { EMPTY_EDITOR, insertText, type Editor } from "../../src/state/editor.ts";
import { endInsertion, pressNormalKey, pressRedo, selection } from "../../src/vim/press-key.ts";
import type { Edited } from "../../src/vim/run-command.ts";
import { VIM } from "../../src/vim/vim.ts";
import { STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

const at = (marked: string): Editor => ({ ...EMPTY_EDITOR, text: marked.replace("|", ""), cursor: marked.indexOf("|") });
const show = ({ text, cursor }: Editor): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

/** Keys from normal mode on, as vi users write them; `<esc>` and `<c-r>` by name. */
function press(marked: string, keys: string): Edited {
  let now: Edited = { editor: at(marked), vim: { ...VIM, mode: "normal" } };
  for (const [key] of keys.matchAll(/<esc>|<c-r>|[^]/gu)) {
    if (key === "<esc>") now = endInsertion(now);
    else if (key === "<c-r>") now = pressRedo(now);
    else if (now.vim.mode === "insert") now = { ...now, editor: insertText(now.editor, key) };
    else now = pressNormalKey(now, key);
  }
  return now;
}

describe("motions", () => {
  test.each([
    ["ab|c", "h", "a|bc"],
    ["|ab\ncd", "5l", "a|b\ncd"],
    ["|one two,  three", "w", "one |two,  three"],
    ["one |two,  three", "w", "one two|,  three"],
    ["|one two,  three", "2W", "one two,  |three"],
    ["|a\n\nb", "w", "a\n|\nb"],
    ["one two|", "b", "one |two"],
    ["one two,  thre|e", "2B", "one |two,  three"],
    ["|one two", "e", "on|e two"],
    ["on|e two", "e", "one tw|o"],
    ["  ab c|d", "0", "|  ab cd"],
    ["  ab c|d", "^", "  |ab cd"],
    ["|ab\ncd", "$", "a|b\ncd"],
    ["a\nb\n|c", "gg", "|a\nb\nc"],
    ["|a\n  b\nc", "2G", "a\n  |b\nc"],
    ["|a\nb\nc", "G", "a\nb\n|c"],
    ["|a=(b=c)", "f=", "a|=(b=c)"],
    ["|a=(b=c)", "2f=", "a=(b|=c)"],
    ["|a=(b=c)", "f=;", "a=(b|=c)"],
    ["|a=(b=c)", "t=;", "a=(|b=c)"],
    ["a=(b=c|)", "2F=,", "a=(b|=c)"],
    ["|a=(b=c)", "%", "a=(b=c|)"],
    ["a=(b=c|)", "%", "a=|(b=c)"],
    ["|one\ntwo\n\nthree", "}", "one\ntwo\n|\nthree"],
    ["|日本 語👍🏽x", "wl", "日本 語|👍🏽x"],
    ["|ab", "fz", "|ab"],
  ])("%j %s → %j", (before, keys, after) => expect(show(press(before, keys).editor)).toBe(after));
});

describe("operators", () => {
  test.each([
    ["one |two three", "dw", "one |three"],
    ["one |two\nthree", "dw", "one| \nthree"],
    ["|one two three four", "d2w", "|three four"],
    ["|one two three four", "2d2w", "|"],
    ["|one two", "cwx<esc>", "|x two"],
    ["one |two", "de", "one| "],
    ["one tw|o", "db", "one |o"],
    ["on|e two", "d$", "o|n"],
    ["on|e two", "D", "o|n"],
    ["a\n|b\nc", "dd", "a\n|c"],
    ["a\nb\n|c", "dd", "a\n|b"],
    ["|only", "dd", "|"],
    ["|a\nb\nc", "2dd", "|c"],
    ["|a\nb\nc", "dj", "|c"],
    ["a\nb\n|c", "dk", "|a"],
    ["|one", "dk", "|one"],
    ["a\n  b|b\nc", "ccx<esc>", "a\n|x\nc"],
    ["f(|a, b)", "di(", "f(|)"],
    ["f(|a, b)", "da(", "|f"],
    ['say "|hi" now', 'ci"yo<esc>', 'say "y|o" now'],
    ["one |two three", "daw", "one |three"],
    ["one t|wo", "daw", "on|e"],
    ["one t|wo", "diw", "one| "],
    ["a |f.b(c) d", "dW", "a |d"],
    ["a\n\nb|b\nc\n\nd", "dap", "a\n\n|d"],
    ["|abc", "dt", "|abc"],
    ["|abc", "dtc", "|c"],
    ["abc", "x", "bc"],
  ])("%j %s → %j", (before, keys, after) => {
    const marked = before.includes("|") ? before : `|${before}`;
    expect(show(press(marked, keys).editor)).toBe(after.includes("|") ? after : `|${after}`);
  });
});

describe("the rest", () => {
  test.each([
    ["|abc", "3x", "|"],
    ["ab|c", "X", "a|c"],
    ["|abc", "sx<esc>", "|xbc"],
    ["|abc", "rx", "|xbc"],
    ["|abc", "3rx", "xx|x"],
    ["|abc", "4rx", "|abc"],
    ["|aBc", "3~", "Ab|C"],
    ["|a\n  b", "J", "a| b"],
    ["|a\nb", "yyp", "a\n|a\nb"],
    ["a\n|b", "yyP", "a\n|b\nb"],
    ["a\n|b", "yyp", "a\nb\n|b"],
    ["|ab", "xp", "b|a"],
    ["|ab cd", "yw$p", "ab cdab| "],
    ["|ab", "yl3p", "aaa|ab"],
    ["a|b", "oc<esc>", "ab\n|c"],
    ["a|b", "Oc<esc>", "|c\nab"],
    ["a|b", "Ac<esc>", "ab|c"],
    ["  a|b", "Ic<esc>", "  |cab"],
    ["a|b", "ac<esc>", "ab|c"],
    ["|one two three", "dw.", "|three"],
    ["|one two three", "cwx<esc>w.", "x |x three"],
    ["|abc def", "dwu", "|abc def"],
    ["|abc def", "dwu<c-r>", "|def"],
    ["|abc", "ione two <esc>u", "|abc"],
    ["|abc def", "cwone two<esc>u", "|abc def"],
    ["|abc def", "cwone two<esc>.u", "one tw|o def"],
    ["|one two", "ved", "| two"],
    ["|one two", "vly", "|one two"],
    ["a|b cd", "viwcx<esc>", "|x cd"],
    ["a\n|b\nc", "Vd", "a\n|c"],
    ["|a\nb\nc", "VGd", "|"],
    ["|abc", "vlod", "|c"],
    ["|abc", "gzx", "|bc"],
  ])("%j %s → %j", (before, keys, after) => expect(show(press(before, keys).editor)).toBe(after));

  test("a selection takes in both its ends", () => {
    const { editor, vim } = press("a|bcd", "vl");
    expect(selection(editor, vim)).toEqual({ start: 1, end: 3 });
    const lines = press("a\n|b\nc", "V");
    expect(selection(lines.editor, lines.vim)).toEqual({ start: 2, end: 4 });
  });

  test("a token is one character, and can be cut and put back", () => {
    const token = { label: "[Image #1]", content: { type: "image", path: "/a.png" } } as const;
    const before: Editor = { ...EMPTY_EDITOR, text: "see [Image #1] now", cursor: 4, tokens: [token] };
    const cut = pressNormalKey({ editor: before, vim: { ...VIM, mode: "normal" } }, "x");
    expect(show(cut.editor)).toBe("see | now");
    expect(show(pressNormalKey(cut, "P").editor)).toBe("see |[Image #1] now");
  });

  test("random keys never leave the text, cut a character, or hang", () => {
    const keys = "hjklwWbBeE0^$gGfFtT;,%{}dcyxXDCYsSiIaAoOpPuJ~rvV.123()[]\"'p ".split("");
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    let now: Edited = { editor: at('|if (a[1]) {\n  say("日本 👍🏽 é");\n\n}\nend'), vim: { ...VIM, mode: "normal" } };
    for (let step = 0; step < 20_000; step++) {
      now = now.vim.mode === "insert" ? endInsertion(now) : pressNormalKey(now, keys[Math.floor(random() * keys.length)] ?? "h");
      const { text, cursor } = now.editor;
      if (cursor < 0 || cursor > text.length || /^[\udc00-\udfff]/.test(text.slice(cursor)))
        throw new Error(`at ${String(step)}: ${show(now.editor)}`);
      if (text.length > 2000) now = { editor: at("|a b\nc"), vim: { ...VIM, mode: "normal" } };
    }
  });
});

describe("in the interface", () => {
  const play = (): Play => new Play().ready().type("/vim").press("enter");

  test("esc leaves insert mode; in normal mode it stops the task as before", () => {
    const running = play().events(STARTED).type("hello").press("escape");
    expect(running.submitted()).toEqual([]);
    expect(running.state.vim?.mode).toBe("normal");
    expect(running.press("escape").submitted()).toEqual(['{"type":"interrupt"}']);
  });

  test("enter sends from normal mode too, and the next message is typed", () => {
    const sent = play().type("hello").press("escape").type("0iOh ").press("escape", "enter");
    expect(sent.submitted()).toEqual(['{"type":"user_input","items":[{"type":"text","text":"Oh hello"}]}']);
    expect(sent.state.vim?.mode).toBe("insert");
  });

  test("k beyond the first row calls up earlier messages, j comes back", () => {
    const earlier = play().type("one").press("enter").type("two").press("enter").press("escape").type("k");
    expect(earlier.state.editor.text).toBe("two");
    expect(earlier.type("k").state.editor.text).toBe("one");
    expect(earlier.type("2j").state.editor.text).toBe("");
  });

  test("esc drops what is half typed before it means more", () => {
    const pending = play().type("abc").press("escape").type("2d");
    expect(pending.state.vim?.pending).toEqual(["2", "d"]);
    pending.press("escape", "x");
    expect(pending.state.editor.text).toBe("ab");
  });

  test("esc with a character right behind it, which comes as alt, is esc and that character", () => {
    const quick = play().type("one two").press("alt-b");
    expect([quick.state.vim?.mode, quick.state.editor.cursor]).toEqual(["normal", 4]);
    expect(quick.type("i").press("alt-D").state.editor.text).toBe("one");
    expect(play().type("a").press("alt-enter").state.editor.text).toBe("a\n");
  });

  test("/ in an empty text begins a command, ? shows the keys", () => {
    const slash = play().press("escape", "/");
    expect([slash.state.editor.text, slash.state.vim?.mode, slash.state.popup?.type]).toEqual(["/", "insert", "commands"]);
    expect(play().press("escape", "?").state.overlay?.type).toBe("help");
  });

  test("/vim again turns them off; questions and lists keep their keys", () => {
    expect(play().type("/vim").press("enter").type("x").state).toMatchObject({ vim: undefined, editor: { text: "x" } });
    expect(play().press("escape").type("/sandbox").press("enter").press("down").state.popup?.selected).toBe(2);
  });
});

describe.each([
  [120, 40],
  [80, 24],
  [40, 12],
] as const)("at %i × %i", (columns, rows) => {
  const written = (): Play => new Play(columns, rows).ready().type("/vim").press("enter").type("one two").press("ctrl-j").type("three");
  test("normal mode with half a command", async () => expect(await written().press("escape").type("2d").frame()).toMatchSnapshot());
  test("a selection", async () => expect(written().press("escape").type("ggvj").paint("true").bytes).toMatchSnapshot());
  test("a selection without colours", async () => expect(written().press("escape").type("ggV").paint("none").bytes).toMatchSnapshot());
});
