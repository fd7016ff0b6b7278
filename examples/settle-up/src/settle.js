import { formatMoney } from "./money.js";

/**
 * The payments that bring every balance to zero: whoever owes most pays whoever is owed most, until nobody owes anything.
 * There are always fewer payments than people.
 */
export function settle(balances) {
  const sum = Object.values(balances).reduce((total, cents) => total + cents, 0);
  if (sum !== 0) throw new Error(`the balances do not add up: ${formatMoney(sum)} is left over`);

  const open = Object.entries(balances)
    .filter(([, cents]) => cents !== 0)
    .map(([person, cents]) => ({ person, cents }));
  const payments = [];
  while (open.length > 0) {
    open.sort((a, b) => b.cents - a.cents || a.person.localeCompare(b.person, "en"));
    const creditor = open[0];
    const debtor = open[open.length - 1];
    const cents = Math.min(creditor.cents, -debtor.cents);
    payments.push({ from: debtor.person, to: creditor.person, cents });
    creditor.cents -= cents;
    debtor.cents += cents;
    for (let i = open.length - 1; i >= 0; i--) if (open[i].cents === 0) open.splice(i, 1);
  }
  return payments;
}
