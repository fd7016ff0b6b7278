import { expect, test } from "vitest";
import { firstDifference } from "../../src/cassette/difference.ts";

test("equal values have no difference, whatever the order of their members", () => {
  expect(firstDifference({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBeUndefined();
});

test("the first difference is named by a JSON Pointer with its characters escaped", () => {
  expect(firstDifference({ "a/b": [{ "c~d": 1 }] }, { "a/b": [{ "c~d": 2 }] })).toEqual({
    pointer: "/a~1b/0/c~0d",
    recorded: "1",
    actual: "2",
  });
});

test("a member or element that one side lacks is a difference", () => {
  expect(firstDifference({ a: 1 }, { a: 1, b: [] })).toEqual({ pointer: "/b", recorded: "nothing", actual: "[]" });
  expect(firstDifference([1, 2], [1])).toEqual({ pointer: "/1", recorded: "2", actual: "nothing" });
  expect(firstDifference({ a: [] }, { a: {} })).toEqual({ pointer: "/a", recorded: "[]", actual: "{}" });
});

test("of long texts the place that differs is shown", () => {
  const text = `${"same ".repeat(40)}here`;
  expect(firstDifference({ t: `${text} was one` }, { t: `${text} is two` })).toEqual({
    pointer: "/t",
    recorded: `…"same same same here was one"`,
    actual: `…"same same same here is two"`,
  });
});
