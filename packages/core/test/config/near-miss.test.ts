import { expect, test } from "vitest";
import { didYouMean, nearMisses } from "../../src/config/near-miss.ts";

test("near misses are a slip away, nearest first, whatever the case", () => {
  expect(nearMisses("modle", ["mode", "model", "notify", "MODES", "medley"])).toEqual(["model", "mode", "MODES"]);
  expect(nearMisses("model_reasoning_efort", ["model_reasoning_summary", "model_reasoning_effort"])).toEqual(["model_reasoning_effort"]);
  expect(nearMisses("o", ["a", "ab", "on"])).toEqual(["on"]);
  expect(nearMisses("", ["a", "b"])).toEqual([]);
  expect(nearMisses("workspace_write", ["workspace-write", "read-only"])).toEqual(["workspace-write"]);
});

test("the question is asked only when there is something to suggest", () => {
  expect(didYouMean("hihg", ["high", "low"])).toBe("; did you mean `high`?");
  expect(didYouMean("hihg", ["low"])).toBe("");
});
