import { expect, test } from "vitest";
import { describePolicyError, loadPrefixRules } from "../../src/index.ts";

function refusal(text: string): string {
  const loaded = loadPrefixRules([{ path: "a.rules", text }]);
  return loaded.ok ? "read" : describePolicyError(loaded.error);
}

test("an error shows its place, the line and what was probably meant", () => {
  expect(refusal('GIT = ["git"]\n\nprefix_rule(pattern = GIT, desicion = "allow")\n')).toBe(
    [
      "a.rules:3:28: `prefix_rule` has no argument `desicion`",
      '  3 | prefix_rule(pattern = GIT, desicion = "allow")',
      "    |                            ^^^^^^^^^^^^^^^^^^",
      "  Did you mean `decision`?",
    ].join("\n"),
  );
});

test.each([
  ['prefix_rule(["a"], decision = "deny")', "1:20: `deny` is no decision", "Did you mean `forbidden`?"],
  ['prefix_rule(["a"], decision = "promt")', "1:20: `promt` is no decision", "Did you mean `prompt`?"],
  ["PROGRAM = 'a'\nprefix_rule([PROGAM])", "2:14: nothing here is called `PROGAM`", "Did you mean `PROGRAM`?"],
  ['x = "a".spilt()', "1:9: a string has no `spilt`", "Did you mean `split`?"],
  [
    'prefix_rule(["a" "b"])',
    '1:18: `"b"` stands where `]` should',
    "Strings are not joined by standing side by side: write + between them.",
  ],
  ["if True:\n\tx = 1", "2:1: a tab cannot stand here", "Use spaces."],
  ["\ufeffx = 1", "1:1: the character U+FEFF cannot stand here", "Save the file without a byte order mark."],
  ["while True: pass", "1:1: `while` is no part of the language of policy files", undefined],
  ['load("a", "b")', "1:1: a policy file loads nothing: `load` is not available", "Give several files instead."],
  ["x = 1.5", "1:5: only whole numbers are read here", "Write 12, 0x1f or 0o17."],
  ["def f():\n    nope()\n", "2:5: nothing here is called `nope`", undefined],
  ["def f(): return f()\nf()", "1:17: functions call each other too deeply here", undefined],
  ["x = [1]\nfor y in x:\n    x.append(y)", "3:5: this is changed while a loop walks over it", undefined],
  ['x = "a" * 10000000', "1:5: this grows beyond what a policy file may hold", undefined],
  [
    "x = [0]\nfor i in range(1000):\n    for j in range(1000):\n        pass",
    "4:9: the file does more work than a policy file may",
    undefined,
  ],
  ["x = 2\nfor i in range(20):\n    x = x * x", "3:9: this number grows beyond what a policy file may hold", undefined],
  [`x = ${"[".repeat(200)}${"]".repeat(200)}`, "1:105: this is nested too deeply", undefined],
  ["x = ({[", "1:7: this bracket is never closed", undefined],
])("%j is refused with its place", (text, message, hint) => {
  const lines = refusal(text).split("\n");

  expect(lines[0]).toBe(`a.rules:${message}`);
  expect(lines[3]?.trim()).toBe(hint);
});

test("a bad file refuses all of them, and says which it is", () => {
  const loaded = loadPrefixRules([
    { path: "good.rules", text: 'prefix_rule(["git"])' },
    { path: "bad.rules", text: "prefix_rule([])" },
  ]);

  expect(loaded).toMatchObject({ ok: false, error: { path: "bad.rules", line: 1, message: "a pattern has at least one word" } });
});

test("control characters of a file do not reach the terminal", () => {
  expect(refusal('x = "\x1b[31m" nope')).not.toMatch(/\x1b/u);
});

test("examples are held against the rule they stand in", () => {
  expect(refusal('prefix_rule(["git", "push"], match = ["git push"], not_match = ["git pull"])')).toBe("read");
  expect(refusal('prefix_rule(["git", "push"], match = ["git pull"])').split("\n")[0]).toBe(
    "a.rules:1:30: this rule does not match its example `git pull`",
  );
  expect(refusal('prefix_rule(["git"], not_match = [["git", "pull"]])').split("\n")[0]).toBe(
    "a.rules:1:22: this rule matches `git pull`, which it says it does not",
  );
});
