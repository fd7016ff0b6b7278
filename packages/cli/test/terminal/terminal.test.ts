import { quoteCommand } from "@codex/core";
import { describe, expect, test } from "vitest";
import { formatDuration } from "../../src/terminal/duration.ts";
import { harmless } from "../../src/terminal/harmless.ts";
import { makePaint, wantsColor } from "../../src/terminal/paint.ts";

test.each([
  ["plain text\twith\ntabs", "plain text\twith\ntabs"],
  ["\u001b[31mred\u001b[0m", "red"],
  ["a\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\link", "ablink"],
  ["\u001b]52;c;never ended\nnext", "\nnext"],
  ["\u001bPq#0;2\u001b\\x", "x"],
  ["\u001bcreset \u001b(B", "reset "],
  ["\u009b2Jcleared", "cleared"],
  ["10%\r20%\r\ndone", "10%\n20%\ndone"],
  ["bell\u0007 back\b del\u007f nul\u0000", "bell back del nul"],
  ["user\u202etxt.exe\u2066", "usertxt.exe"],
  ["grüße 日本 👩‍👩‍👧 עברית", "grüße 日本 👩‍👩‍👧 עברית"],
])("%j is shown as %j", (text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test("nothing harmful is left of any two control characters put together", () => {
  for (let a = 0; a < 0xa0; a++) {
    for (let b = 0; b < 0xa0; b++) {
      const shown = harmless(`\u001b${String.fromCharCode(a)}${String.fromCharCode(b)}\u001b[x`);
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  }
});

test.each([
  [0, "0ms"],
  [999.4, "999ms"],
  [999.6, "1.00s"],
  [1234, "1.23s"],
  [59_994, "59.99s"],
  [59_996, "1m00s"],
  [65_000, "1m05s"],
  [3_600_000, "60m00s"],
])("%d ms read %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [["ls", "-la", "a/b.c"], "ls -la a/b.c"],
  [["bash", "-lc", "echo 'hi' && x"], `bash -lc 'echo '\\''hi'\\'' && x'`],
  [["echo", ""], "echo ''"],
  [["echo", "\u001b[2J'\u202e"], "echo $'\\x1b[2J\\'\\u202e'"],
])("%j is quoted as %s", (argv, text) => {
  expect(quoteCommand(argv)).toBe(text);
});

describe("colours", () => {
  test("end on every line", () => {
    expect(makePaint(true)("red", "a\n\nb")).toBe("\u001b[31ma\u001b[39m\n\n\u001b[31mb\u001b[39m");
    expect(makePaint(false)("red", "a")).toBe("a");
  });

  test.each([
    [{ when: "auto", isTerminal: true, env: {} }, true],
    [{ when: "auto", isTerminal: false, env: {} }, false],
    [{ when: "auto", isTerminal: true, env: { NO_COLOR: "1" } }, false],
    [{ when: "auto", isTerminal: true, env: { NO_COLOR: "" } }, true],
    [{ when: "auto", isTerminal: true, env: { TERM: "dumb" } }, false],
    [{ when: "always", isTerminal: false, env: { NO_COLOR: "1" } }, true],
    [{ when: "never", isTerminal: true, env: {} }, false],
  ] as const)("%j: %s", (question, colored) => {
    expect(wantsColor(question)).toBe(colored);
  });
});
