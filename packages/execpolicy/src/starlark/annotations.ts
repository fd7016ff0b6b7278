import { StarlarkFault, type Span } from "./source.ts";
import type { Expression } from "./syntax.ts";
import { isObject, aTypeName, typeName, type Value } from "./values.ts";

/** Holds a value against its annotation: a type, `list[T]`, `dict[K, V]`, `tuple[…]`, `None`, or several joined by `|`. */
export function checkAnnotation(annotation: Expression, value: Value, span: Span): void {
  if (!fits(annotation, value)) throw new StarlarkFault(`${aTypeName(value)} does not fit the type that is written for it`, span);
}

const NAMES: Readonly<Record<string, string>> = { str: "string", int: "int", bool: "bool", list: "list", dict: "dict", tuple: "tuple" };

function fits(annotation: Expression, value: Value): boolean {
  if (annotation.type === "literal" && annotation.value === null) return value === null;
  if (annotation.type === "name") {
    const wanted = Object.hasOwn(NAMES, annotation.name) ? NAMES[annotation.name] : undefined;
    if (wanted === undefined) throw new StarlarkFault(`\`${annotation.name}\` is no type`, annotation);
    return typeName(value) === wanted;
  }
  if (annotation.type === "binary" && annotation.operator === "|") return fits(annotation.left, value) || fits(annotation.right, value);
  if (annotation.type === "index") return fits(annotation.object, value) && partsFit(annotation.index, value);
  throw new StarlarkFault("this is no type", annotation);
}

function partsFit(parts: Expression, value: Value): boolean {
  if (!isObject(value)) return false;
  if (value.type === "list") return value.items.every((item) => fits(parts, item));
  const types = parts.type === "tuple" ? parts.items : [parts];
  if (value.type === "tuple")
    return value.items.length === types.length && types.every((type, index) => fits(type, value.items[index] ?? null));
  const [key, item] = types;
  if (value.type !== "dict" || key === undefined || item === undefined) return false;
  return [...value.entries.values()].every((entry) => fits(key, entry[0]) && fits(item, entry[1]));
}
