import { expect, test } from "vitest";
import { describePolicyError, loadLegacyPolicy } from "../../src/index.ts";

test.each([
  ['define_program(program="t", options=[flag("-a"), flag("-a")])', "1:29: the option `-a` stands here twice", undefined],
  ['x = 1\ndefine_program(program="t", options=[flag("-a"), opt("-a", ARG_RFILE)])', "2:29: the option `-a` stands here twice", undefined],
  ["define_program()", "1:1: `define_program` wants the argument `program`", undefined],
  ["define_program(program=1)", "1:16: `program` is a string, not the int 1", undefined],
  [
    'define_program(program="t", nope=1)',
    "1:29: `define_program` has no argument `nope`",
    "It takes program, system_path, option_bundling, combined_format, options, args, forbidden, should_match, should_not_match.",
  ],
  ['define_program(program="t", args="x")', '1:29: `args` is a list, not the string "x"', undefined],
  ['define_program(program="t", args=[1])', "1:29: an argument is described by a string or an ARG_ value, not by an int", undefined],
  [
    'define_program(program="t", args=[flag("-a")])',
    "1:29: an argument is described by a string or an ARG_ value, not by an option",
    undefined,
  ],
  ['define_program(program="t", options=["-a"])', "1:29: an option is made by flag() or opt(), not a string", undefined],
  ['define_program(program="t", options=[ARG_RFILE])', "1:29: an option is made by flag() or opt(), not a matcher", undefined],
  ['define_program(program="t", system_path="x")', '1:29: `system_path` is a list, not the string "x"', undefined],
  ['define_program(program="t", system_path=[1])', "1:29: `system_path` is a list of strings; it holds an int", undefined],
  ['define_program(program="t", option_bundling="yes")', '1:29: `option_bundling` is a bool, not the string "yes"', undefined],
  ['define_program(program="t", forbidden=True)', "1:29: `forbidden` is a string, not the bool True", undefined],
  ['define_program(program="t", should_match=["x"])', "1:29: `should_match` is a list of lists of strings", undefined],
  ['define_program(program="t", should_match=[[1]])', "1:29: `should_match` is a list of lists of strings", undefined],
  [
    'define_program(program="t", combine_format=True)',
    "1:29: `define_program` has no argument `combine_format`",
    "Did you mean `combined_format`?",
  ],
  ['\n\ndefine_program(program="t",\n  args=["a"],\n  should_match=[["b"]],\n)', '5:3: ["b"] should match but does not', undefined],
  ['define_program(program="t", args=["a"],\n should_not_match=[["a"]])', '2:2: ["a"] should not match but does', undefined],
  ['forbid_program_regex("(", "x")', "1:22: this regular expression cannot be read: unterminated group", undefined],
  ['forbid_program_regex("a")', "1:1: `forbid_program_regex` wants the argument `reason`", undefined],
  ['forbid_substrings("x")', '1:19: `strings` is a list, not the string "x"', undefined],
  ["forbid_substrings([1])", "1:19: `strings` is a list of strings; it holds an int", undefined],
  ["flag()", "1:1: `flag` wants the argument `name`", undefined],
  ['opt("-a")', "1:1: `opt` wants the argument `type`", undefined],
  ['opt("-a", 3)', "1:11: an argument is described by a string or an ARG_ value, not by an int", undefined],
  ['opt("-a", ARG_RFILE, required="x")', '1:22: `required` is a bool, not the string "x"', undefined],
  ["ARG_NOPE", "1:1: nothing here is called `ARG_NOPE`", undefined],
  ['define_program(program="t"', "1:15: this bracket is never closed", undefined],
  ["x = [1,\n2", "1:5: this bracket is never closed", undefined],
  ['"open', "1:1: this string has no end", undefined],
  ["  x = 1", "1:3: a deeper indentation stands where a statement should", undefined],
  [
    'x = "a" "b"',
    '1:9: `"b"` stands where the end of the line should',
    "Strings are not joined by standing side by side: write + between them.",
  ],
  ['load("x","y")', "1:1: a policy file loads nothing: `load` is not available", "Give several files instead."],
  ["while True:\n  pass", "1:1: `while` is no part of the language of policy files", undefined],
  ["def f(:\n  pass", "1:6: this bracket is never closed", undefined],
  ['print("x")', "1:1: nothing here is called `print`", undefined],
  ["import os", "1:1: `import` is no part of the language of policy files", undefined],
  ['ARG_RFILE = "x"\nx = ARG_RFILE + 1', "2:5: `+` does not go between a string and an int", undefined],
  ["\tx = 1", "1:1: a tab cannot stand here", "Use spaces."],
  ["x = y", "1:5: nothing here is called `y`", undefined],
  ['define_program(program="t", args=["a"], forbidden="no", should_not_match=[["a"]])', '1:57: ["a"] should not match but does', undefined],
])("%j is refused with its place", (text, message, hint) => {
  const loaded = loadLegacyPolicy({ path: "a.policy", text });
  const lines = loaded.ok ? ["read"] : describePolicyError(loaded.error).split("\n");

  expect(lines[0]).toBe(`a.policy:${message}`);
  expect(lines[3]?.trim()).toBe(hint);
});
