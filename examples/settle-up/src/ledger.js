import { parseMoney } from "./money.js";
import { splitByWeight, splitEvenly } from "./split.js";

/** Starts a ledger for a group. Ledgers are values: every entry gives a new one. */
export function openLedger(people) {
  if (new Set(people).size !== people.length) throw new RangeError("two people have the same name");
  if (people.length === 0) throw new RangeError("a group needs at least one person");
  return ledgerOf(people, []);
}

/** What each person is owed (positive) or owes (negative), in cents, by name. */
export function balancesOf(ledger) {
  const balances = Object.fromEntries(ledger.people.map((person) => [person, 0]));
  for (const { person, cents, shares } of ledger.entries) {
    balances[person] += cents;
    ledger.people.forEach((other, index) => {
      balances[other] -= shares[index];
    });
  }
  return balances;
}

function ledgerOf(people, entries) {
  const add = (person, cents, weights) => {
    if (!people.includes(person)) throw new RangeError(`${person} is not in the group`);
    const shares = weights === undefined ? splitEvenly(cents, people.length) : splitByWeight(cents, weightList(people, weights));
    return ledgerOf(people, [...entries, { person, cents, shares }]);
  };
  return {
    people,
    entries,
    /** Somebody paid for the group; `weights` by name, left out = everybody the same. */
    expense: ({ paidBy, amount, weights }) => add(paidBy, parseMoney(amount), weights),
    /** Money came back to somebody that belongs to the group: an expense the other way round. */
    refund: ({ paidTo, amount, weights }) => add(paidTo, -parseMoney(amount), weights),
  };
}

function weightList(people, weights) {
  const strangers = Object.keys(weights).filter((name) => !people.includes(name));
  if (strangers.length > 0) throw new RangeError(`${strangers.join(", ")} is not in the group`);
  return people.map((person) => weights[person] ?? 0);
}
