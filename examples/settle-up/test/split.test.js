import assert from "node:assert/strict";
import { test } from "node:test";
import { splitByWeight, splitEvenly } from "../src/index.js";

test("an even split gives the odd cents to the first ones", () => {
  assert.deepEqual(splitEvenly(1000, 3), [334, 333, 333]);
  assert.deepEqual(splitEvenly(1001, 3), [334, 334, 333]);
});

test("a weighted split gives the odd cents to those who lost most of one", () => {
  assert.deepEqual(splitByWeight(100, [1, 2, 4]), [14, 29, 57]);
  assert.deepEqual(splitByWeight(1, [0, 1, 3]), [0, 0, 1]);
});

test("weights that cannot be used are refused", () => {
  assert.throws(() => splitByWeight(100, [0, 0]), RangeError);
  assert.throws(() => splitByWeight(100, [2, -1]), RangeError);
});
