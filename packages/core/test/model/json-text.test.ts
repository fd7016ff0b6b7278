import { expect, test } from "vitest";
import { jsonText } from "../../src/model/json-text.ts";

test("halves of surrogate pairs are replaced, in values and keys, and nothing else is", () => {
  const half = "\ud83d";
  const value = { [`k${half}`]: [half, `${half}\ude00`, `\\ud83d \\${half}`, '\ue000\u0001"', `\ude00${half}`] };
  expect(JSON.parse(jsonText(value))).toEqual({
    "k\ufffd": ["\ufffd", "😀", "\\ud83d \\\ufffd", '\ue000\u0001"', "\ufffd\ufffd"],
  });
});

test("what has none is the same text as ever", () => {
  const value = { text: "plain 😀 \\ud83d", list: [1, null, true] };
  expect(jsonText(value)).toBe(JSON.stringify(value));
});
