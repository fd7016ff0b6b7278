import assert from "node:assert/strict";
import { test } from "node:test";
import { balancesOf, openLedger, settle } from "../src/index.js";

test("whoever owes most pays whoever is owed most", () => {
  assert.deepEqual(settle({ Ada: 5000, Ben: -3500, Cleo: -1500 }), [
    { from: "Ben", to: "Ada", cents: 3500 },
    { from: "Cleo", to: "Ada", cents: 1500 },
  ]);
});

test("nobody pays when nobody owes", () => {
  assert.deepEqual(settle({ Ada: 0, Ben: 0 }), []);
});

test("a trip with a refund settles to the last cent", () => {
  const trip = openLedger(["Ada", "Ben", "Cleo"])
    .expense({ paidBy: "Ada", amount: "100.00" })
    .expense({ paidBy: "Ben", amount: "31.50", weights: { Ada: 1, Ben: 2, Cleo: 2 } })
    .refund({ paidTo: "Ada", amount: "20.00" });
  assert.deepEqual(settle(balancesOf(trip)), [
    { from: "Cleo", to: "Ada", cents: 3927 },
    { from: "Ben", to: "Ada", cents: 776 },
  ]);
});
