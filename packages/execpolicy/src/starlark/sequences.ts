import { StarlarkFault, type Span } from "./source.ts";
import { dictKey, isObject, toRepr, aTypeName, type DictValue, type RangeValue, type Value } from "./values.ts";

/** Text and lists longer than this are no policy. */
const LONGEST = 1_000_000;

/** The values a loop meets. A string is no sequence. */
export function itemsOf(value: Value, span: Span): readonly Value[] {
  if (isObject(value)) {
    if (value.type === "list" || value.type === "tuple") return value.items;
    if (value.type === "dict") return [...value.entries.values()].map(([key]) => key);
    if (value.type === "range") return rangeItems(value, span);
  }
  throw new StarlarkFault(
    `${aTypeName(value)} cannot be walked over`,
    span,
    typeof value === "string" ? "Write a list of strings, or use .elems()." : undefined,
  );
}

export function checkLength(length: number, span: Span): void {
  if (length > LONGEST) throw new StarlarkFault("this grows beyond what a policy file may hold", span);
}

export function setEntry(dict: DictValue, [key, value]: readonly [Value, Value], span: Span): void {
  dict.entries.set(requireKey(key, span), [key, value]);
}

export function requireKey(value: Value, span: Span): string {
  const key = dictKey(value);
  if (key === undefined) throw new StarlarkFault(`${aTypeName(value)} cannot be a key`, span);
  return key;
}

/** Refuses to change what a loop walks over. */
export function checkUnwalked(value: { readonly walkers: number }, span: Span): void {
  if (value.walkers > 0) throw new StarlarkFault("this is changed while a loop walks over it", span);
}

/** The position that an index names, negative ones from the end. */
export function positionOf(index: Value, length: number, span: Span): number {
  if (typeof index !== "bigint") throw new StarlarkFault(`an index is an int, not ${aTypeName(index)}`, span);
  const position = index < 0n ? index + BigInt(length) : index;
  if (position < 0n || position >= BigInt(length)) throw new StarlarkFault(`there is nothing at the index ${toRepr(index)}`, span);
  return Number(position);
}

/** The items a slice takes. */
export function sliceItems<Item>(items: readonly Item[], bounds: readonly [Value, Value, Value], span: Span): readonly Item[] {
  const [from, to, step] = bounds.map((bound) => boundOf(bound, span));
  const stride = step ?? 1;
  if (stride === 0) throw new StarlarkFault("a slice cannot have the step 0", span);
  const length = items.length;
  const clamp = (value: number | undefined, fallback: number): number => {
    if (value === undefined) return fallback;
    const position = value < 0 ? value + length : value;
    return stride > 0 ? Math.min(Math.max(position, 0), length) : Math.min(Math.max(position, -1), length - 1);
  };
  const end = clamp(to, stride > 0 ? length : -1);
  const taken: Item[] = [];
  for (let at = clamp(from, stride > 0 ? 0 : length - 1); stride > 0 ? at < end : at > end; at += stride) {
    const item = items[at];
    if (item !== undefined) taken.push(item);
  }
  return taken;
}

function boundOf(bound: Value, span: Span): number | undefined {
  if (bound === null) return undefined;
  if (typeof bound !== "bigint") throw new StarlarkFault(`a slice wants ints, not ${aTypeName(bound)}`, span);
  return Number(bound > 1_000_000_000n ? 1_000_000_000n : bound < -1_000_000_000n ? -1_000_000_000n : bound);
}

function rangeItems({ start, step, length }: RangeValue, span: Span): readonly Value[] {
  checkLength(length, span);
  return Array.from({ length }, (_, index) => start + step * BigInt(index));
}
