import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { lineAndColumn } from "../../src/config/excerpt.ts";
import { locateInToml, type TomlPath } from "../../src/config/toml-locations.ts";

const TEXT = `# a = 1 [b]
first = "x # [no] = " # tail
"quoted key" = 'it''s'.x
[ table . 'in ner' ]
dotted.key = """
[fake]
k = 1
"" \\""" end""""
literal = '''
[fake2]'''
list = [ 1, # one
  "]", [ 2, { a = [3], b.c = 4 } ],
]
inline = { "x" = { y = 1 }, z = "}" }
[[points]]
x = 1
[[points]]
x = 2
[points.sub]
y = 3
[after]
date = 2025-01-01T00:00:00Z
`.replace("'it''s'.x", "'its'");

function at(path: TomlPath, part: "key" | "value" = "value"): string | undefined {
  const place = locateInToml(TEXT, path);
  if (place === undefined) return undefined;
  const { line, column } = lineAndColumn(TEXT, place[part]);
  return `${line}:${column}`;
}

test("keys and values are found in every form TOML has", () => {
  parse(TEXT);
  expect([
    at(["first"]),
    at(["quoted key"], "key"),
    at(["table", "in ner"], "key"),
    at(["table", "in ner", "dotted", "key"], "key"),
  ]).toEqual(["2:9", "3:1", "4:11", "5:8"]);
  expect([
    at(["table", "in ner", "literal"]),
    at(["table", "in ner", "list", 0]),
    at(["table", "in ner", "list", 1]),
    at(["table", "in ner", "list", 2, 0]),
  ]).toEqual(["9:11", "11:10", "12:3", "12:10"]);
  expect([at(["table", "in ner", "list", 2, 1, "a", 0]), at(["table", "in ner", "list", 2, 1, "b", "c"])]).toEqual(["12:20", "12:30"]);
  expect([at(["table", "in ner", "inline", "x", "y"]), at(["table", "in ner", "inline", "z"])]).toEqual(["14:24", "14:33"]);
  expect([at(["points", 0, "x"]), at(["points", 1, "x"]), at(["points", 1, "sub", "y"]), at(["after", "date"])]).toEqual([
    "16:5",
    "18:5",
    "20:5",
    "22:8",
  ]);
});

test("what has no place of its own is found at the nearest table around it", () => {
  expect([at(["after", "missing", "deep"], "key"), at(["nothing"]), at([])]).toEqual(["21:2", undefined, undefined]);
});

test("text no parser would accept ends the search too", () => {
  for (const text of [
    "[",
    "[a",
    "a",
    "=",
    'a = "',
    "a = [1,",
    "a = {",
    "a = { = }",
    "]",
    "'''",
    "a = [[[{",
    "\0",
    "a = {b",
    "{}",
    "a.b.c",
    '"""',
  ]) {
    expect(locateInToml(text, ["x"])).toBeUndefined();
  }
});
