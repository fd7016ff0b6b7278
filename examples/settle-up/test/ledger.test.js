import assert from "node:assert/strict";
import { test } from "node:test";
import { balancesOf, openLedger } from "../src/index.js";

test("who paid is owed the others' shares", () => {
  const ledger = openLedger(["Ada", "Ben", "Cleo"]).expense({ paidBy: "Ada", amount: "90.00" });
  assert.deepEqual(balancesOf(ledger), { Ada: 6000, Ben: -3000, Cleo: -3000 });
});

test("somebody without a weight takes no part", () => {
  const ledger = openLedger(["Ada", "Ben", "Cleo"]).expense({ paidBy: "Ben", amount: "8.00", weights: { Ada: 1, Ben: 1 } });
  assert.deepEqual(balancesOf(ledger), { Ada: -400, Ben: 400, Cleo: 0 });
});

test("a refund undoes an expense", () => {
  const ledger = openLedger(["Ada", "Ben"]).expense({ paidBy: "Ada", amount: "15.00" }).refund({ paidTo: "Ada", amount: "15.00" });
  assert.deepEqual(balancesOf(ledger), { Ada: 0, Ben: 0 });
});

test("a name that is not in the group is refused", () => {
  const ledger = openLedger(["Ada", "Ben"]);
  assert.throws(() => ledger.expense({ paidBy: "Dan", amount: "1" }), RangeError);
  assert.throws(() => ledger.expense({ paidBy: "Ada", amount: "1", weights: { Dan: 1 } }), RangeError);
});
