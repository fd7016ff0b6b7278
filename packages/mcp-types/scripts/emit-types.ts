import type { RecordShape, SchemaModel, Shape } from "./schema-model.ts";

/** The definitions as TypeScript: an interface for each record, an alias for the rest. */
export function emitTypes(model: SchemaModel): string {
  return [...model].map(([name, shape]) => emitDefinition(name, shape)).join("\n");
}

function emitDefinition(name: string, shape: Shape): string {
  if (shape.kind === "record") return `export interface ${name} ${recordText(shape, "")}\n`;
  return `export type ${name} = ${typeText(shape, "")};\n`;
}

function typeText(shape: Shape, indent: string): string {
  switch (shape.kind) {
    case "any":
      return "unknown";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return shape.kind;
    case "constant":
      return JSON.stringify(shape.value);
    case "reference":
      return shape.name;
    case "list":
      return shape.items.kind === "union" ? `(${typeText(shape.items, indent)})[]` : `${typeText(shape.items, indent)}[]`;
    case "map":
      return `{ [key: string]: ${typeText(shape.values, indent)} }`;
    case "record":
      return recordText(shape, indent);
    case "union":
      return shape.members.map((member) => typeText(member, indent)).join(" | ");
  }
}

function recordText(shape: RecordShape, indent: string): string {
  const inner = `${indent}  `;
  const lines = shape.properties.map(({ name, optional, shape: property }) => {
    const type = typeText(property, inner);
    return `${inner}${name}${optional ? "?" : ""}: ${optional && type !== "unknown" ? `${type} | undefined` : type};`;
  });
  if (shape.open) lines.push(`${inner}[key: string]: unknown;`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}
