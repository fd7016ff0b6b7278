import { expect, test } from "vitest";
import { plainKey, namedKey } from "../../src/input/key-names.ts";
import { keyName, makeKeymap, type Binding } from "../../src/input/keymap.ts";

const BINDINGS: readonly Binding[] = [
  { action: "submit", context: "composer", keys: ["enter"], help: "send" },
  { action: "kill", context: "composer", keys: ["ctrl-k"], help: "cut" },
  { action: "bottom", context: "history", keys: ["shift-g", "end"], help: "end" },
  { action: "help", context: "history", keys: ["?"], help: "keys" },
  { action: "page-up", context: "history", keys: ["b"], help: "page up" },
  { action: "page-up", context: "overlay", keys: ["pageup"], help: "page up" },
];

test("keys find their action in their context only", () => {
  const { keymap, problems } = makeKeymap(BINDINGS);
  expect(problems).toEqual([]);
  expect(keymap.find("composer", plainKey("\r", false))).toBe("submit");
  expect(keymap.find("history", plainKey("\r", false))).toBeUndefined();
  expect(keymap.find("history", plainKey("G", false))).toBe("bottom");
  expect(keymap.find("history", plainKey("g", false))).toBeUndefined();
  expect(keymap.find("history", { ...plainKey("?", false), shift: true })).toBe("help");
  expect(keymap.find("composer", plainKey("\u000b", false))).toBe("kill");
});

test("the user's keys replace the defaults, in one context or in all that have the action", () => {
  const { keymap, problems } = makeKeymap(BINDINGS, { "overlay.page-up": "Ctrl+B", bottom: ["G", "PgDn"], kill: [] });
  expect(problems).toEqual([]);
  expect(keymap.bindings.map(({ keys }) => keys)).toEqual([["enter"], [], ["shift-g", "pagedown"], ["?"], ["b"], ["ctrl-b"]]);
  expect(
    makeKeymap(BINDINGS, { "page-up": "u" })
      .keymap.bindings.slice(-2)
      .map(({ keys }) => keys),
  ).toEqual([["u"], ["u"]]);
});

test("a key that was taken from a default is gone there, and an action without keys is named", () => {
  const { keymap, problems } = makeKeymap(BINDINGS, { submit: "ctrl-k" });
  expect(keymap.find("composer", plainKey("\u000b", false))).toBe("submit");
  expect(problems).toEqual(['"kill" (composer) has no key left.']);
});

test("what cannot be followed is said and changes nothing else", () => {
  const { keymap, problems } = makeKeymap(BINDINGS, { submitt: "x", klil: "y", zzz: "y", kill: ["ctrl-kk", "f2"], submit: "f2" });
  expect(problems).toEqual([
    'There is no action "submitt"; did you mean "submit"?',
    'There is no action "klil"; did you mean "kill"?',
    'There is no action "zzz"; /keymap lists them.',
    '"ctrl-kk" of "kill" is no key; keys are named as in "ctrl-k", "alt-enter", "f2", "?".',
    '"f2" is given to both "submit" and "kill" (composer); "submit" has it.',
  ]);
  expect(keymap.find("composer", namedKey("f2"))).toBe("submit");
});

test("a key is named as bindings write it", () => {
  expect([plainKey("\u001f", false), plainKey("B", true), namedKey("tab", { shift: true, alt: false, ctrl: false })].map(keyName)).toEqual([
    "ctrl-_",
    "alt-shift-b",
    "shift-tab",
  ]);
});
