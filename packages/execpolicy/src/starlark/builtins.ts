import { bindArguments, type BoundArguments, type WantedArgument } from "./arguments.ts";
import { methodNames } from "./methods.ts";
import { itemsOf, setEntry } from "./sequences.ts";
import { StarlarkFault, type Span } from "./source.ts";
import {
  compareValues,
  isObject,
  isTruthy,
  list,
  toRepr,
  toText,
  aTypeName,
  typeName,
  type CallArguments,
  type CallSite,
  type DictValue,
  type FunctionValue,
  type Value,
} from "./values.ts";

/** A function of the host that is called with arguments already matched and checked. */
export function hostFunction(
  name: string,
  wanted: readonly WantedArgument[],
  run: (args: BoundArguments, site: CallSite) => Value,
): readonly [string, FunctionValue] {
  return [name, { type: "function", name, call: (args, site) => run(bindArguments(name, wanted, [args, site]), site) }];
}

const ONE: readonly WantedArgument[] = [{ name: "value", type: "any", required: true, positionalOnly: true }];
const ITEMS: readonly WantedArgument[] = [{ name: "items", type: "any", positionalOnly: true }];

function simple(name: string, run: (value: Value, site: CallSite) => Value): readonly [string, FunctionValue] {
  return hostFunction(name, ONE, (args, site) => run(args.value("value") ?? null, site));
}

function fromItems(name: string, run: (items: readonly Value[], span: Span) => Value): readonly [string, FunctionValue] {
  return hostFunction(name, ITEMS, (args, site) => run(itemsOf(args.value("items") ?? list([]), site.span), site.span));
}

function variadic(name: string, call: FunctionValue["call"]): readonly [string, FunctionValue] {
  return [name, { type: "function", name, call }];
}

/** The functions every file has. */
export const BUILTINS: ReadonlyMap<string, Value> = new Map<string, Value>([
  simple("bool", isTruthy),
  simple("str", toText),
  simple("repr", toRepr),
  simple("type", typeName),
  simple("len", (value, site) => lengthOf(value, site.span)),
  simple("abs", (value, site) => (wholeNumber(value, site.span) < 0n ? -wholeNumber(value, site.span) : wholeNumber(value, site.span))),
  simple("ord", (value, site) => ordinal(value, site.span)),
  simple("chr", (value, site) => character(value, site.span)),
  simple("dir", (value) => list([...methodNames(value)].sort())),
  simple("any", (value, site) => itemsOf(value, site.span).some(isTruthy)),
  simple("all", (value, site) => itemsOf(value, site.span).every(isTruthy)),
  fromItems("list", (items) => list([...items])),
  fromItems("tuple", (items) => ({ type: "tuple", items: [...items] })),
  hostFunction("int", [...ONE, { name: "base", type: "int" }], (args, site) => toInteger(args, site.span)),
  hostFunction(
    "enumerate",
    [
      { name: "items", type: "any", required: true, positionalOnly: true },
      { name: "start", type: "int" },
    ],
    (args, site) => {
      const start = args.value("start");
      const first = typeof start === "bigint" ? start : 0n;
      return list(
        itemsOf(args.value("items") ?? null, site.span).map((item, index) => ({ type: "tuple", items: [first + BigInt(index), item] })),
      );
    },
  ),
  simple("reversed", (value, site) => list([...itemsOf(value, site.span)].reverse())),
  variadic("sorted", (args, site) => sortItems(args, site)),
  variadic("min", (args, site) => extreme(args, site, -1)),
  variadic("max", (args, site) => extreme(args, site, 1)),
  variadic("zip", (args, site) => zip(args, site)),
  variadic("range", (args, site) => range(args, site.span)),
  variadic("dict", (args, site) => makeDict(args, site.span)),
  variadic("fail", (args, site) => {
    throw new StarlarkFault(`the file says: ${args.positional.map(toText).join(" ")}`, site.span);
  }),
]);

function lengthOf(value: Value, span: Span): bigint {
  if (typeof value === "string") return BigInt(Array.from(value).length);
  if (isObject(value) && value.type === "range") return BigInt(value.length);
  if (isObject(value) && (value.type === "list" || value.type === "tuple" || value.type === "dict"))
    return BigInt(itemsOf(value, span).length);
  throw new StarlarkFault(`${aTypeName(value)} has no length`, span);
}

function wholeNumber(value: Value, span: Span): bigint {
  if (typeof value === "bigint") return value;
  throw new StarlarkFault(`an int is wanted here, not ${aTypeName(value)}`, span);
}

function ordinal(value: Value, span: Span): bigint {
  if (typeof value === "string" && Array.from(value).length === 1) return BigInt(value.codePointAt(0) ?? 0);
  throw new StarlarkFault("a string of one character is wanted here", span);
}

function character(value: Value, span: Span): string {
  const code = wholeNumber(value, span);
  if (code < 0n || code > 0x10_ffffn || (code >= 0xd800n && code <= 0xdfffn))
    throw new StarlarkFault("this number names no character", span);
  return String.fromCodePoint(Number(code));
}

function toInteger(args: BoundArguments, span: Span): bigint {
  const value = args.value("value") ?? null;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "bigint") return value;
  const base = args.value("base");
  const digits = typeof value === "string" && (base === undefined || base === 10n) ? /^([+-]?)([0-9]{1,1000})$/u.exec(value) : null;
  if (digits === null) throw new StarlarkFault("this cannot be read as an int of base 10", span);
  return digits[1] === "-" ? -BigInt(digits[2] ?? "0") : BigInt(digits[2] ?? "0");
}

function onlyNamed(args: CallArguments, names: readonly string[], site: CallSite): void {
  const other = [...args.named.keys()].find((name) => !names.includes(name));
  if (other !== undefined) throw new StarlarkFault(`there is no argument \`${other}\` here`, site.spans.get(other) ?? site.span);
}

function compareOrFail(left: Value, right: Value, span: Span): number {
  const order = compareValues(left, right);
  if (order === undefined) throw new StarlarkFault(`${aTypeName(left)} and ${aTypeName(right)} have no order`, span);
  return order;
}

function keyed(items: readonly Value[], args: CallArguments, site: CallSite): readonly { readonly key: Value; readonly item: Value }[] {
  const key = args.named.get("key") ?? null;
  if (key === null) return items.map((item) => ({ key: item, item }));
  if (!isObject(key) || key.type !== "function") throw new StarlarkFault("`key` is a function", site.span);
  return items.map((item) => ({ key: key.call({ positional: [item], named: new Map() }, site), item }));
}

function sortItems(args: CallArguments, site: CallSite): Value {
  onlyNamed(args, ["key", "reverse"], site);
  if (args.positional.length !== 1) throw new StarlarkFault("`sorted` takes one sequence", site.span);
  const items = keyed(itemsOf(args.positional[0] ?? null, site.span), args, site);
  const sign = isTruthy(args.named.get("reverse") ?? false) ? -1 : 1;
  return list(items.toSorted((left, right) => sign * compareOrFail(left.key, right.key, site.span)).map(({ item }) => item));
}

function extreme(args: CallArguments, site: CallSite, sign: 1 | -1): Value {
  onlyNamed(args, ["key"], site);
  const [first = null] = args.positional;
  const items = keyed(args.positional.length === 1 ? itemsOf(first, site.span) : args.positional, args, site);
  const [start, ...rest] = items;
  if (start === undefined) throw new StarlarkFault("there is nothing to choose from", site.span);
  return rest.reduce((best, one) => (sign * compareOrFail(one.key, best.key, site.span) > 0 ? one : best), start).item;
}

function zip(args: CallArguments, site: CallSite): Value {
  onlyNamed(args, [], site);
  const sequences = args.positional.map((sequence) => itemsOf(sequence, site.span));
  const length = sequences.length === 0 ? 0 : Math.min(...sequences.map((sequence) => sequence.length));
  return list(Array.from({ length }, (_, index) => ({ type: "tuple", items: sequences.map((sequence) => sequence[index] ?? null) })));
}

function range(args: CallArguments, span: Span): Value {
  const numbers = args.positional.map((value) => wholeNumber(value, span));
  const [first = 0n, second, step = 1n] = numbers;
  if (numbers.length === 0 || numbers.length > 3 || args.named.size > 0) throw new StarlarkFault("`range` takes one to three ints", span);
  if (step === 0n) throw new StarlarkFault("`range` cannot have the step 0", span);
  const [start, stop] = second === undefined ? [0n, first] : [first, second];
  const distance = step > 0n ? stop - start : start - stop;
  const stride = step > 0n ? step : -step;
  const length = distance <= 0n ? 0n : (distance + stride - 1n) / stride;
  if (length > 1_000_000n) throw new StarlarkFault("this range is longer than what a policy file may hold", span);
  return { type: "range", start, step, length: Number(length) };
}

function makeDict(args: CallArguments, span: Span): Value {
  const dict: DictValue = { type: "dict", entries: new Map(), walkers: 0 };
  const [source] = args.positional;
  if (args.positional.length > 1) throw new StarlarkFault("`dict` takes at most one value without a name", span);
  if (source !== undefined && isObject(source) && source.type === "dict") source.entries.forEach((entry) => setEntry(dict, entry, span));
  else if (source !== undefined) itemsOf(source, span).forEach((pair) => setEntry(dict, pairOf(pair, span), span));
  for (const entry of args.named) setEntry(dict, entry, span);
  return dict;
}

function pairOf(value: Value, span: Span): readonly [Value, Value] {
  const [key, item, ...more] = itemsOf(value, span);
  if (key === undefined || item === undefined || more.length > 0)
    throw new StarlarkFault("pairs of a key and a value are wanted here", span);
  return [key, item];
}
