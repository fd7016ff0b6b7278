import { expect, test } from "vitest";
import { joinOutput, truncateOutput, truncateText } from "../../src/exec/truncate.ts";

const LINES = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join("");

test("a text within the limit stays as it is", () => {
  expect(truncateText("short", 2)).toBe("short");
  expect(truncateText("exactly8", 2)).toBe("exactly8");
  expect(truncateText("", 0)).toBe("");
});

test("a longer one keeps whole lines of its beginning and end, with a count between", () => {
  const text = truncateText(LINES, 60);
  expect(text).toMatchInlineSnapshot(`
    "line 0
    line 1
    line 2
    line 3
    line 4
    line 5
    line 6
    line 7
    line 8
    line 9
    [… 8757 bytes left out: 983 lines, about 2190 tokens …]
    line 993
    line 994
    line 995
    line 996
    line 997
    line 998
    line 999
    "
  `);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(240);
});

test("what is shown and what is counted make up the whole", () => {
  for (const text of [LINES, "x".repeat(5000), "🦊€é".repeat(700), `${"long ".repeat(900)}\n${"tail ".repeat(300)}`]) {
    for (const tokens of [0, 10, 26, 100, 333, 1000]) {
      const cut = truncateText(text, tokens);
      const [, bytes, lines] = /\[… (\d+) bytes left out: (\d+) lines/.exec(cut) ?? [];
      const [before = "", after = ""] = cut.split(/\[… .* …\]\n/);
      const shown = (text.startsWith(before) ? before : before.slice(0, -1)) + after;
      if (bytes === undefined) expect(cut).toBe(text);
      if (bytes === undefined) continue;
      expect(cut).not.toContain("\uFFFD");
      expect(Buffer.byteLength(shown) + Number(bytes)).toBe(Buffer.byteLength(text));
      expect(shown.split("\n").length + Number(lines)).toBe(text.split("\n").length);
    }
  }
});

test("a middle that is gone already is counted with what is cut now", () => {
  const output = { head: "a\n".repeat(200), tail: "b\n".repeat(200), cutBytes: 1000, cutLines: 10 };
  const { text, cutBytes } = truncateOutput(output, 75);
  expect(text).toBe(`${"a\n".repeat(50)}[… 1600 bytes left out: 310 lines, about 400 tokens …]\n${"b\n".repeat(50)}`);
  expect(cutBytes).toBe(1600);
});

test("a short beginning leaves its room to the end", () => {
  const { text } = truncateOutput({ head: "a\n", tail: "b\n".repeat(200), cutBytes: 7, cutLines: 0 }, 75);
  expect(text).toBe(`a\n[… 209 bytes left out: 101 lines, about 53 tokens …]\n${"b\n".repeat(99)}`);
});

test("the count stands on a line of its own", () => {
  expect(joinOutput({ head: "no newline", tail: "end", cutBytes: 9, cutLines: 1 })).toBe(
    "no newline\n[… 9 bytes left out: 1 lines, about 3 tokens …]\nend",
  );
  expect(joinOutput({ head: "", tail: "end", cutBytes: 9, cutLines: 1 })).toBe("[… 9 bytes left out: 1 lines, about 3 tokens …]\nend");
});
