export { formatMoney, parseMoney } from "./money.js";
export { splitByWeight, splitEvenly } from "./split.js";
export { balancesOf, openLedger } from "./ledger.js";
export { settle } from "./settle.js";
