/** The shape of a JSON value, as both schema dialects and the declarations can say it. */
export type Shape =
  | { readonly kind: "any" | "string" | "number" | "boolean" | "null" }
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  | { readonly kind: "reference"; readonly name: string }
  | { readonly kind: "list"; readonly items: Shape }
  /** An object whose keys are free. */
  | { readonly kind: "map"; readonly values: Shape }
  | RecordShape
  | { readonly kind: "union"; readonly members: readonly Shape[] };

export interface RecordShape {
  readonly kind: "record";
  readonly properties: readonly Property[];
  /** Whether the schema itself invites further keys. The others are kept as well, they are only not typed. */
  readonly open: boolean;
}

export interface Property {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

/** The definitions of a schema by name, sorted. */
export type SchemaModel = ReadonlyMap<string, Shape>;

/** Sorts the definitions, so that the output does not depend on the order of the source. */
export function schemaModel(definitions: Iterable<readonly [string, Shape]>): SchemaModel {
  return new Map([...definitions].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Follows references; throws when a name is not defined. */
export function resolved(shape: Shape, model: SchemaModel): Shape {
  if (shape.kind !== "reference") return shape;
  const target = model.get(shape.name);
  if (target === undefined) throw new Error(`${shape.name} is used but not defined`);
  return resolved(target, model);
}

/** One record with the properties of all; a later one replaces an earlier one of the same name. */
export function mergedRecords(records: readonly RecordShape[]): RecordShape {
  const properties = new Map(records.flatMap((record) => record.properties.map((property) => [property.name, property] as const)));
  return { kind: "record", properties: [...properties.values()], open: records.some(({ open }) => open) };
}

/** A union without nesting and without constants that a plain member already covers. */
export function unionOf(members: readonly Shape[]): Shape {
  const flat = members.flatMap((member) => (member.kind === "union" ? member.members : [member]));
  const plain = new Set(flat.map(({ kind }) => kind));
  const kept = flat.filter((member) => member.kind !== "constant" || !plain.has(typeof member.value as Shape["kind"]));
  const [only] = kept;
  return kept.length === 1 && only !== undefined ? only : { kind: "union", members: kept };
}

export const ANY: Shape = { kind: "any" };
export const ANY_OBJECT: Shape = { kind: "map", values: ANY };
