import { diffWordsWithSpace } from "diff";
import { lexer } from "marked";
import { describe, expect, test } from "vitest";
import { ansiLines, harmlessText, plainLine } from "../../src/text/ansi.ts";
import { diffLines } from "../../src/text/diff-lines.ts";
import { parseUnifiedDiff } from "../../src/text/diff-rows.ts";
import { openHighlighter } from "../../src/text/highlight.ts";
import { lineWidth, plainText } from "../../src/text/line.ts";
import { markdownLines, stablePrefix } from "../../src/text/markdown.ts";
import { expandTabs, truncateText, wrapLine, wrapText } from "../../src/text/wrap.ts";

const rows = (markdown: string, width = 40): string[] => markdownLines(markdown, { width, lexer }).map(plainText);

describe("wrapping", () => {
  test("breaks between words, inside longer ones, and between wide characters", () => {
    expect(wrapText("the quick brown fox", { width: 10 }).map(plainText)).toEqual(["the quick ", "brown fox"]);
    expect(wrapText("abcdefghijkl", { width: 5 }).map(plainText)).toEqual(["abcde", "fghij", "kl"]);
    expect(wrapText("日本語日本語", { width: 5 }).map(plainText)).toEqual(["日本", "語日", "本語"]);
  });

  test("a word in two styles is one word", () => {
    const line = [{ text: "one tw" }, { text: "othree", style: { bold: true } }];
    expect(wrapLine(line, { width: 9 }).map(plainText)).toEqual(["one ", "twothree"]);
  });

  test("prefixes count, and stand before every row", () => {
    expect(wrapText("aa bb cc", { width: 5, first: [{ text: "- " }] }).map(plainText)).toEqual(["- aa ", "  bb ", "  cc"]);
  });

  test("no row is ever wider than asked, whatever the text", () => {
    let seed = 7;
    const random = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
    const pieces = ["a", "bb", " ", "   ", "日", "本語", "👍", "e\u0301", "-", "longerword"];
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: random(40) }, () => pieces[random(pieces.length)] ?? "").join("");
      const width = 4 + random(20);
      const wrapped = wrapText(text, { width });
      expect(wrapped.every((line) => lineWidth(line) <= width)).toBe(true);
      expect(wrapped.map(plainText).join("").replace(/ /g, "")).toBe(text.replace(/ /g, ""));
    }
  });

  test("what is cut ends in a mark", () => {
    expect([truncateText("abcdef", 4), truncateText("日本語", 4), truncateText("abc", 3)]).toEqual(["abc…", "日…", "abc"]);
    expect(expandTabs("a\tb\t\tc")).toBe("a   b       c");
  });
});

describe("output of programs", () => {
  test("keeps colours and attributes, and drops what would move the cursor", () => {
    expect(ansiLines("\u001b[1;31mred\u001b[0m plain\u001b[2K\u001b]0;title\u0007\n\u001b[38;5;42mx\u001b[48;2;1;2;3my")).toEqual([
      [
        { text: "red", style: { bold: true, fg: { index: 1 } } },
        { text: " plain", style: {} },
      ],
      [
        { text: "x", style: { fg: { index: 42 } } },
        { text: "y", style: { fg: { index: 42 }, bg: { rgb: 0x010203 } } },
      ],
    ]);
  });

  test("a progress bar is its last state", () => {
    expect(ansiLines("10%\r20%\r100%\r\ndone").map(plainText)).toEqual(["100%", "done"]);
  });

  test("text that hides its direction or speaks to the terminal is made harmless", () => {
    expect(harmlessText("a\u202eb\u001b]52;c;AAAA\u0007c\r\nd")).toBe("abc\nd");
    expect(plainLine("one\n\u001b[31mtwo\tthree")).toBe("one two three");
  });
});

describe("Markdown", () => {
  test("headings, lists, tasks, quotes, code and rules", () => {
    expect(
      rows("# Title\n\nText with `code` and **bold**.\n\n3. c\n4. d\n   - [x] done\n   - [ ] open\n\n> quoted\n\n```js\nlet a;\n```\n---"),
    ).toEqual([
      "Title",
      "",
      "Text with code and bold.",
      "",
      "3. c",
      "4. d",
      "   • ☑ done",
      "   • ☐ open",
      "",
      "▎ quoted",
      "",
      "│ let a;",
      "",
      "─".repeat(40),
    ]);
  });

  test("a table is aligned, and one row after the other where it does not fit", () => {
    const table = "| name | size |\n|---|---:|\n| a | 1 |\n| long name | 200 |";
    expect(rows(table)).toEqual(["name      │ size", "──────────┼─────", "a         │    1", "long name │  200"]);
    expect(rows(table, 10)).toEqual(
      ["name: a", "size: 1", "", "name: long", "  name", "size: 200"].map((row) => expect.stringMatching(new RegExp(`^${row} ?$`))),
    );
  });

  test("a link says where it leads", () => {
    expect(rows("[docs](https://x.org) <https://y.org>")).toEqual(["docs (https://x.org) https://y.org"]);
  });

  test("control characters of the model's do not reach the terminal", () => {
    expect(rows("a\u001b[2Jb")).toEqual(["ab"]);
  });

  test("without a lexer the text stands as it is", () => {
    expect(markdownLines("**a**", { width: 10, lexer: undefined }).map(plainText)).toEqual(["**a**"]);
  });

  test("only what cannot change any more counts as stable", () => {
    expect(stablePrefix("one\n\ntwo")).toBe(0);
    expect(stablePrefix("one\n\ntwo\n")).toBe(5);
    expect(stablePrefix("```\n\ncode\n")).toBe(0);
    expect(stablePrefix("- a\n\n- b\n")).toBe(0);
    expect(stablePrefix("- a\n\n  more\n\nend\n")).toBe(13);
  });
});

describe("diffs", () => {
  const DIFF =
    "--- a\n+++ b\n@@ -3,3 +3,3 @@\n same\n-const a = 1;\n+const a = 2;\n@@ -20 +20,2 @@\n x\n+y\n\\ No newline at end of file\n";

  test("lines have their numbers, and what is left out shows", () => {
    expect(diffLines(parseUnifiedDiff(DIFF), { width: 30 }).map((line) => plainText(line).trimEnd())).toEqual([
      " 3   same",
      " 4 - const a = 1;",
      " 4 + const a = 2;",
      "   ⋮",
      "20   x",
      "21 + y",
      "   No newline at end of file",
    ]);
  });

  test("the words that changed are marked", () => {
    const [, removed, added] = diffLines(parseUnifiedDiff(DIFF), { width: 30, diffWords: diffWordsWithSpace });
    const marked = (line: typeof removed): string[] =>
      (line ?? []).filter(({ style }) => style?.bg === "removedWord" || style?.bg === "addedWord").map(({ text }) => text);
    expect([marked(removed), marked(added)]).toEqual([["1"], ["2"]]);
  });

  test("a line of the file that looks like a header is a line", () => {
    expect(parseUnifiedDiff("@@ -1,2 +1,1 @@\n--- x\n y\n").map(({ kind }) => kind)).toEqual(["removed", "context"]);
  });
});

test("code is coloured once its language is loaded, and only then", async () => {
  const loaded = manual();
  const highlighter = openHighlighter(() => loaded.resolve());
  expect(highlighter.highlight("const a = 'x<y';", "ts")).toBeUndefined();
  await loaded.promise;
  expect(highlighter.highlight("const a = 'x<y';\n// end", "ts")).toEqual([
    [
      { text: "const", style: { fg: "syntaxKeyword" } },
      { text: " a = ", style: {} },
      { text: "'x<y'", style: { fg: "syntaxString" } },
      { text: ";", style: {} },
    ],
    [{ text: "// end", style: { fg: "syntaxComment" } }],
  ]);
  expect(highlighter.highlight("x", "no-such-language")).toBeUndefined();
});

function manual(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
