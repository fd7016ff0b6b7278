const AMOUNT = /^(\d+)(?:\.(\d{1,2}))?$/;

/** Reads "12", "12.3" or "12.30" as whole cents. */
export function parseMoney(text) {
  const match = AMOUNT.exec(text.trim());
  if (match === null) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  const [, whole, fraction = ""] = match;
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) throw new RangeError(`too much money: ${text}`);
  return cents;
}

/** Writes cents as "12.30", with a leading minus when they are owed. */
export function formatMoney(cents) {
  const sign = cents < 0 ? "-" : "";
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
