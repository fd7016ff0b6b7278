import type { Span } from "./source.ts";

/** Integers are bigints; there are no fractions. */
export type Value = null | boolean | bigint | string | ListValue | TupleValue | DictValue | RangeValue | FunctionValue | OpaqueValue;

export interface ListValue {
  readonly type: "list";
  readonly items: Value[];
  /** How many loops walk over it; it does not change meanwhile. */
  walkers: number;
}

export interface TupleValue {
  readonly type: "tuple";
  readonly items: readonly Value[];
}

/** Keyed by `dictKey`, in the order of insertion. */
export interface DictValue {
  readonly type: "dict";
  readonly entries: Map<string, readonly [Value, Value]>;
  walkers: number;
}

export interface RangeValue {
  readonly type: "range";
  readonly start: bigint;
  readonly step: bigint;
  readonly length: number;
}

export interface FunctionValue {
  readonly type: "function";
  readonly name: string;
  readonly call: (args: CallArguments, site: CallSite) => Value;
}

/** What only the host of the file knows the meaning of, such as a matcher. `kind` is what `type()` says. */
export interface OpaqueValue {
  readonly type: "opaque";
  readonly kind: string;
  readonly text: string;
  readonly data: unknown;
}

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** Where a call and its arguments stand, those by position or name. */
export interface CallSite {
  readonly span: Span;
  readonly spans: ReadonlyMap<string | number, Span>;
}

export function list(items: Value[]): ListValue {
  return { type: "list", items, walkers: 0 };
}

export function isObject(value: Value): value is ListValue | TupleValue | DictValue | RangeValue | FunctionValue | OpaqueValue {
  return typeof value === "object" && value !== null;
}

export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "string") return "string";
  return value.type === "opaque" ? value.kind : value.type;
}

/** As in "an int". */
export function aTypeName(value: Value): string {
  const name = typeName(value);
  return `${/^[aeio]/u.test(name) ? "an" : "a"} ${name}`;
}

export function isTruthy(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value !== 0n;
  if (typeof value === "string") return value !== "";
  switch (value.type) {
    case "list":
    case "tuple":
      return value.items.length > 0;
    case "dict":
      return value.entries.size > 0;
    case "range":
      return value.length > 0;
    case "function":
    case "opaque":
      return true;
  }
}

/** What `str` gives: strings as they are, all else as written. */
export function toText(value: Value): string {
  return typeof value === "string" ? value : toRepr(value);
}

/** What `repr` gives. Throws a RangeError for what is nested too deeply, such as a list that holds itself. */
export function toRepr(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return quote(value);
  switch (value.type) {
    case "list":
      return `[${value.items.map(toRepr).join(", ")}]`;
    case "tuple":
      return `(${value.items.map(toRepr).join(", ")}${value.items.length === 1 ? "," : ""})`;
    case "dict":
      return `{${[...value.entries.values()].map(([key, item]) => `${toRepr(key)}: ${toRepr(item)}`).join(", ")}}`;
    case "range":
      return rangeText(value);
    case "function":
      return value.name;
    case "opaque":
      return value.text;
  }
}

function rangeText({ start, step, length }: RangeValue): string {
  const stop = start + step * BigInt(length);
  if (step !== 1n) return `range(${start}, ${stop}, ${step})`;
  return start === 0n ? `range(${stop})` : `range(${start}, ${stop})`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"' };

function quote(text: string): string {
  const escaped = text.replace(
    /[\0-\x1f"\\\x7f]/gu,
    (character) => SHORT_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}

/** Equal values have equal keys; undefined for what cannot be a key. */
export function dictKey(value: Value): string | undefined {
  if (typeof value === "string") return `s${value}`;
  if (!isObject(value)) return toRepr(value);
  if (value.type !== "tuple") return undefined;
  const keys = value.items.map(dictKey);
  return keys.includes(undefined) ? undefined : `(${JSON.stringify(keys)}`;
}

export function areEqual(left: Value, right: Value): boolean {
  if (!isObject(left) || !isObject(right)) return left === right;
  if ((left.type === "list" && right.type === "list") || (left.type === "tuple" && right.type === "tuple")) {
    return left.items.length === right.items.length && left.items.every((item, index) => areEqual(item, right.items[index] ?? null));
  }
  if (left.type === "dict" && right.type === "dict") {
    const keys = [...left.entries];
    return left.entries.size === right.entries.size && keys.every(([key, [, item]]) => sameEntry(right.entries.get(key), item));
  }
  if (left.type === "range" && right.type === "range") return toRepr(left) === toRepr(right) || (left.length === 0 && right.length === 0);
  return left === right;
}

function sameEntry(entry: readonly [Value, Value] | undefined, item: Value): boolean {
  return entry !== undefined && areEqual(entry[1], item);
}

/** Negative, 0 or positive; undefined when the two have no order. */
export function compareValues(left: Value, right: Value): number | undefined {
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : Number(left > right);
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (!isObject(left) || !isObject(right)) return undefined;
  const sameSequence = (left.type === "list" && right.type === "list") || (left.type === "tuple" && right.type === "tuple");
  return sameSequence ? compareItems(left.items, right.items) : undefined;
}

function compareItems(left: readonly Value[], right: readonly Value[]): number | undefined {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareValues(left[index] ?? null, right[index] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** By code points, not by UTF-16 units. */
function compareText(left: string, right: string): number {
  const [first, second] = [Array.from(left), Array.from(right)];
  const at = first.findIndex((character, index) => character !== second[index]);
  if (at === -1) return first.length - second.length;
  return (first[at]?.codePointAt(0) ?? -1) - (second[at]?.codePointAt(0) ?? -1);
}
