import { formatPercent } from "./format.ts";
import { checkLength, setEntry } from "./sequences.ts";
import { StarlarkFault, type Span } from "./source.ts";
import { areEqual, compareValues, dictKey, isObject, list, aTypeName, type Value } from "./values.ts";

export interface Operands {
  readonly left: Value;
  readonly right: Value;
  readonly span: Span;
}

/** Every binary operator but `and` and `or`, which do not always look at their right side. */
export function applyBinary(operator: string, operands: Operands): Value {
  const { left, right } = operands;
  switch (operator) {
    case "==":
      return areEqual(left, right);
    case "!=":
      return !areEqual(left, right);
    case "in":
      return contains(operands);
    case "not in":
      return !contains(operands);
    case "<":
    case ">":
    case "<=":
    case ">=":
      return applyOrder(operator, operands);
    case "+":
      return add(operands);
    case "*":
      return multiply(operands);
    case "%":
      if (typeof left === "string") return formatPercent(left, right, operands.span);
      return arithmetic(operator, operands);
    case "|":
      return unite(operands);
    default:
      return arithmetic(operator, operands);
  }
}

export function applyUnary(operator: string, operand: Value, span: Span): Value {
  if (typeof operand !== "bigint") throw new StarlarkFault(`\`${operator}\` does not go with ${aTypeName(operand)}`, span);
  if (operator === "-") return -operand;
  return operator === "~" ? ~operand : operand;
}

function misfit(operator: string, { left, right, span }: Operands): StarlarkFault {
  return new StarlarkFault(`\`${operator}\` does not go between ${aTypeName(left)} and ${aTypeName(right)}`, span);
}

function contains(operands: Operands): boolean {
  const { left, right } = operands;
  if (typeof right === "string") {
    if (typeof left !== "string") throw misfit("in", operands);
    return right.includes(left);
  }
  if (isObject(right)) {
    if (right.type === "list" || right.type === "tuple") return right.items.some((item) => areEqual(item, left));
    if (right.type === "dict") return right.entries.has(dictKey(left) ?? "");
    if (right.type === "range" && typeof left === "bigint") {
      const steps = (left - right.start) / right.step;
      return steps >= 0n && steps < BigInt(right.length) && right.start + steps * right.step === left;
    }
  }
  throw misfit("in", operands);
}

function applyOrder(operator: "<" | ">" | "<=" | ">=", operands: Operands): boolean {
  const order = compareValues(operands.left, operands.right);
  if (order === undefined) throw misfit(operator, operands);
  switch (operator) {
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
  }
}

function add(operands: Operands): Value {
  const { left, right, span } = operands;
  if (typeof left === "string" && typeof right === "string") {
    checkLength(left.length + right.length, span);
    return left + right;
  }
  if (typeof left === "bigint") return arithmetic("+", operands);
  if (isObject(left) && isObject(right)) {
    if (left.type === "list" && right.type === "list") {
      checkLength(left.items.length + right.items.length, span);
      return list([...left.items, ...right.items]);
    }
    if (left.type === "tuple" && right.type === "tuple") return { type: "tuple", items: [...left.items, ...right.items] };
  }
  throw misfit("+", operands);
}

function multiply(operands: Operands): Value {
  const [value, count] = typeof operands.left === "bigint" ? [operands.right, operands.left] : [operands.left, operands.right];
  if (typeof count === "bigint") {
    const times = count < 0n ? 0 : count > 1_000_000n ? 1_000_001 : Number(count);
    if (typeof value === "string") {
      checkLength(value.length * times, operands.span);
      return value.repeat(times);
    }
    if (isObject(value) && (value.type === "list" || value.type === "tuple")) {
      checkLength(value.items.length * times, operands.span);
      const items = Array.from({ length: times }, () => value.items).flat();
      return value.type === "list" ? list(items) : { type: "tuple", items };
    }
  }
  return arithmetic("*", operands);
}

function unite(operands: Operands): Value {
  const { left, right, span } = operands;
  if (!isObject(left) || left.type !== "dict" || !isObject(right) || right.type !== "dict") return arithmetic("|", operands);
  const united: Value = { type: "dict", entries: new Map(left.entries), walkers: 0 };
  for (const entry of right.entries.values()) setEntry(united, entry, span);
  return united;
}

function arithmetic(operator: string, operands: Operands): bigint {
  const { left, right, span } = operands;
  if (typeof left !== "bigint" || typeof right !== "bigint") throw misfit(operator, operands);
  const result = integerResult(operator, [left, right], span);
  if (result >= 1n << 4096n || result <= -(1n << 4096n))
    throw new StarlarkFault("this number grows beyond what a policy file may hold", span);
  return result;
}

function integerResult(operator: string, [left, right]: readonly [bigint, bigint], span: Span): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "//":
    case "%":
      if (right === 0n) throw new StarlarkFault("a division by zero", span);
      return operator === "//" ? floorDivide(left, right) : left - right * floorDivide(left, right);
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "<<":
    case ">>":
      if (right < 0n || right > 4096n) throw new StarlarkFault("numbers are moved by 0 to 4096 places", span);
      return operator === "<<" ? left << right : left >> right;
    default:
      throw new StarlarkFault(
        `\`${operator}\` is not available: there are no fractions here`,
        span,
        operator === "/" ? "Write // to divide." : undefined,
      );
  }
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}
