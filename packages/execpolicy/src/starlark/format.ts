import { checkLength } from "./sequences.ts";
import { StarlarkFault, type Span } from "./source.ts";
import { isObject, toRepr, toText, aTypeName, type CallArguments, type Value } from "./values.ts";

/** `FORMAT % VALUES`: %s %r %d %x %X %o %c %%, and %(name)s from a dict. */
export function formatPercent(format: string, values: Value, span: Span): string {
  const given = isObject(values) && values.type === "tuple" ? values.items : [values];
  let used = 0;
  const text = format.replace(/%(?:\(([^)]*)\))?([^]?)/gu, (_, name: string | undefined, conversion: string) => {
    if (conversion === "%" && name === undefined) return "%";
    if (name !== undefined) return convert(conversion, namedValue(values, name, span), span);
    const value = given[used];
    if (value === undefined) throw new StarlarkFault("the format wants more values than it is given", span);
    used += 1;
    return convert(conversion, value, span);
  });
  const all = isObject(values) && values.type === "dict" ? used : given.length;
  if (used < all) throw new StarlarkFault("the format is given more values than it wants", span);
  checkLength(text.length, span);
  return text;
}

/** `FORMAT.format(…)`: {}, {0}, {name}, each with !r or !s, and {{ }}. */
export function formatBraces(format: string, args: CallArguments, span: Span): string {
  let used = 0;
  const text = format.replace(/\{\{|\}\}|\{([^{}!]*)(?:!([^{}]*))?\}|[{}]/gu, (whole: string, field?: string, conversion?: string) => {
    if (whole === "{{" || whole === "}}") return whole[0] ?? "";
    if (field === undefined) throw new StarlarkFault(`a lone \`${whole}\` in the format`, span, "Double it for the character itself.");
    const value = fieldValue(field === "" ? String(used) : field, args, span);
    if (field === "") used += 1;
    if (conversion !== undefined && conversion !== "r" && conversion !== "s")
      throw new StarlarkFault(`\`!${conversion}\` is no conversion`, span);
    return conversion === "r" ? toRepr(value) : toText(value);
  });
  checkLength(text.length, span);
  return text;
}

function fieldValue(field: string, args: CallArguments, span: Span): Value {
  const value = /^[0-9]{1,6}$/u.test(field) ? args.positional[Number(field)] : args.named.get(field);
  if (value === undefined) throw new StarlarkFault(`the format wants \`${field}\`, which it is not given`, span);
  return value;
}

function namedValue(values: Value, name: string, span: Span): Value {
  const entry = isObject(values) && values.type === "dict" ? values.entries.get(`s${name}`) : undefined;
  if (entry === undefined) throw new StarlarkFault(`the format wants \`${name}\`, which it is not given`, span);
  return entry[1];
}

const RADIX: Readonly<Record<string, number>> = { d: 10, o: 8, x: 16, X: 16 };

function convert(conversion: string, value: Value, span: Span): string {
  if (conversion === "s") return toText(value);
  if (conversion === "r") return toRepr(value);
  if (conversion === "c" && typeof value === "string" && Array.from(value).length === 1) return value;
  const radix = RADIX[conversion];
  if (radix === undefined) throw new StarlarkFault(`\`%${conversion}\` is no conversion`, span);
  if (typeof value !== "bigint") throw new StarlarkFault(`\`%${conversion}\` wants an int, not ${aTypeName(value)}`, span);
  const digits = value.toString(radix);
  return conversion === "X" ? digits.toUpperCase() : digits;
}
