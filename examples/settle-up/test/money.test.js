import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMoney, parseMoney } from "../src/index.js";

test("amounts are read as whole cents", () => {
  assert.deepEqual(["12", "12.3", "12.30", " 0.05 "].map(parseMoney), [1200, 1230, 1230, 5]);
});

test("what is not an amount is refused", () => {
  for (const text of ["", "1.234", "-1", "1,50", "1e3"]) assert.throws(() => parseMoney(text), RangeError);
});

test("cents are written with two digits, also below one and below zero", () => {
  assert.deepEqual([0, 5, -5, 1230, -123456].map(formatMoney), ["0.00", "0.05", "-0.05", "12.30", "-1234.56"]);
});
