import { expect, test } from "vitest";
import { qualifyToolName } from "../../src/mcp/tool-name.ts";

test.each([
  ["files", "read", "mcp__files__read"],
  ["a-b", "c__d", "mcp__a-b__c__d"],
  ["a", "_c", "mcp__a___c"],
])("%s and %s become %s", (server, tool, name) => {
  expect(qualifyToolName(server, tool)).toBe(name);
});

test("a name that does not fit, or could be another pair's, ends in a hash of its pair", () => {
  const pairs = [
    ["a b", "c"],
    ["a_", "c"],
    ["a__b", "c"],
    ["a", "b c"],
    ["a", "ünï"],
    ["server", "t".repeat(80)],
    ["s".repeat(100), "t"],
    ["a", "x_0123456789ab"],
    ["a", ""],
  ] as const;
  for (const [server, tool] of pairs) expect(qualifyToolName(server, tool)).toMatch(/^(?=.{1,64}$)mcp__[a-zA-Z0-9_-]+_[0-9a-f]{12}$/);
});

test("no two pairs share a name", () => {
  const words = [
    "a",
    "b",
    "_",
    "__",
    "a_",
    "_a",
    "a__b",
    "a b",
    "a.b",
    "a_b",
    "-",
    "A",
    "b_c",
    "x".repeat(60),
    "x".repeat(61),
    "a_0123456789ab",
  ];
  const names = words.flatMap((server) => words.map((tool) => qualifyToolName(server, tool)));
  expect(new Set(names).size).toBe(words.length ** 2);
  expect(qualifyToolName("a", qualifyToolName("a", "b c").slice("mcp__a__".length))).not.toBe(qualifyToolName("a", "b c"));
});
