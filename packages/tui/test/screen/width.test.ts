import { expect, test } from "vitest";
import { graphemes, textWidth } from "../../src/text/width.ts";
import { feed, virtualTerminal } from "./virtual-terminal.ts";

const TEXTS = [
  "plain ASCII, no more",
  "日本語のテキスト、한국어、Ａ",
  "👍🐢🥰 👨‍👩‍👧 👍🏽 🇯🇵🇩🇪 ❤️ ❤ 1️⃣",
  "e\u0301 n\u0303 Z\u0351\u036b",
  "สวัสดี क्षि नमस्ते தமிழ் ລາວ",
  "─│╭╮ █▓ ✓ ● • … → ©®",
  "שלום عربي",
];

test("text takes the cells that a terminal with grapheme clusters gives it", async () => {
  for (const text of TEXTS) {
    const terminal = virtualTerminal(80, 2);
    await feed(terminal, text);
    expect([text, textWidth(text)]).toEqual([text, terminal.buffer.active.cursorX]);
    expect(graphemes(text).reduce((width, grapheme) => width + grapheme.width, 0)).toBe(textWidth(text));
    expect(
      graphemes(text)
        .map((grapheme) => grapheme.text)
        .join(""),
    ).toBe(text);
  }
});

test("invisible characters take no cell, control characters one", () => {
  expect(["\u200b", "\u00ad", "\u0301", "\u200e", "\ufeff"].map(textWidth)).toEqual([0, 0, 0, 0, 0]);
  expect(["\u001b", "\t", "\u0007", "\u009b", "\u202e", "\ud83d"].map(textWidth)).toEqual([1, 1, 1, 1, 1, 1]);
});

test("a character with a thousand marks keeps some, the rest is dropped", () => {
  const text = `e${"\u0301".repeat(1000)}x`;
  expect(textWidth(text)).toBe(2);
  expect(graphemes(text)[0]?.text.length).toBeLessThanOrEqual(64);
});

test("the width of long text takes time in proportion to its length", () => {
  const cost = (length: number): number => {
    const text = "日本語 text 👍 ".repeat(length);
    const start = process.cpuUsage();
    textWidth(text);
    return process.cpuUsage(start).user;
  };
  cost(2000);
  const short = Math.min(cost(2000), cost(2000), cost(2000));
  const long = Math.min(cost(20_000), cost(20_000), cost(20_000));
  expect(long).toBeLessThan(Math.max(short, 500) * 40);
});
