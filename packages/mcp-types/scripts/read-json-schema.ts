import { ANY, ANY_OBJECT, mergedRecords, schemaModel, unionOf, type RecordShape, type SchemaModel, type Shape } from "./schema-model.ts";

/** What the generator reads of JSON Schema; formats and limits are not checked on the wire. */
interface Schema {
  readonly $ref?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number | boolean)[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

type Definitions = Readonly<Record<string, Schema>>;

/** Reads the definitions of a JSON Schema: `definitions` of draft 7 or `$defs` of 2020-12. Throws when it has neither. */
export function readJsonSchema(text: string): SchemaModel {
  const schema = JSON.parse(text) as { readonly definitions?: Definitions; readonly $defs?: Definitions };
  const definitions = schema.$defs ?? schema.definitions;
  if (definitions === undefined) throw new Error("the schema has neither `$defs` nor `definitions`");
  return schemaModel(Object.entries(definitions).map(([name, definition]) => [name, shapeOf(definition, definitions)]));
}

function shapeOf(schema: Schema, definitions: Definitions): Shape {
  if (schema.$ref !== undefined) return { kind: "reference", name: referenceName(schema.$ref) };
  if (schema.const !== undefined) return { kind: "constant", value: schema.const };
  if (schema.enum !== undefined) return unionOf(schema.enum.map((value) => ({ kind: "constant", value })));
  if (schema.allOf !== undefined) return recordOf(schema, definitions);
  const members = schema.anyOf ?? schema.oneOf;
  if (members !== undefined) return unionOf(members.map((member) => shapeOf(member, definitions)));
  if (Array.isArray(schema.type)) return unionOf(schema.type.map((type) => typeShape({ ...schema, type: String(type) }, definitions)));
  return typeShape(schema, definitions);
}

function typeShape(schema: Schema, definitions: Definitions): Shape {
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return { kind: schema.type };
    case "number":
    case "integer":
      return { kind: "number" };
    case "array":
      return { kind: "list", items: schema.items === undefined ? ANY : shapeOf(schema.items, definitions) };
    case "object":
      return objectShape(schema, definitions);
    case undefined:
      return schema.properties === undefined ? ANY : objectShape(schema, definitions);
    default:
      throw new Error(`the generator does not know the type ${JSON.stringify(schema.type)}`);
  }
}

function objectShape(schema: Schema, definitions: Definitions): Shape {
  const rest = schema.additionalProperties;
  if (Object.keys(schema.properties ?? {}).length > 0) return recordOf(schema, definitions);
  return typeof rest === "object" ? { kind: "map", values: shapeOf(rest, definitions) } : ANY_OBJECT;
}

function recordOf(schema: Schema, definitions: Definitions): RecordShape {
  if (schema.$ref !== undefined) return recordOf(definitions[referenceName(schema.$ref)] ?? {}, definitions);
  const required = new Set(schema.required);
  const own: RecordShape = {
    kind: "record",
    properties: Object.entries(schema.properties ?? {}).map(([name, property]) => ({
      name,
      optional: !required.has(name),
      shape: shapeOf(property, definitions),
    })),
    open: schema.additionalProperties !== undefined && schema.additionalProperties !== false,
  };
  return mergedRecords([...(schema.allOf ?? []).map((part) => recordOf(part, definitions)), own]);
}

function referenceName(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
