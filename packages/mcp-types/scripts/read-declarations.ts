import ts from "ts5";
import {
  ANY,
  ANY_OBJECT,
  mergedRecords,
  schemaModel,
  unionOf,
  type Property,
  type RecordShape,
  type SchemaModel,
  type Shape,
} from "./schema-model.ts";

interface Source {
  readonly types: ReadonlyMap<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>;
  readonly constants: ReadonlyMap<string, string | number>;
}

/** Reads the exported interfaces and type aliases of a declaration file. Throws on a form that no schema has needed so far. */
export function readDeclarations(text: string): SchemaModel {
  const { statements } = ts.createSourceFile("schema.d.ts", text, ts.ScriptTarget.ES2022, true);
  const source: Source = {
    types: new Map(
      statements.filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)).map((node) => [node.name.text, node]),
    ),
    constants: new Map(
      statements
        .filter((node) => ts.isVariableStatement(node))
        .flatMap((node) => node.declarationList.declarations)
        .map((node) => [node.name.getText(), constantOf(node.initializer)]),
    ),
  };
  return schemaModel([...source.types].map(([name, node]) => [name, definitionShape(node, source)]));
}

function definitionShape(node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration, source: Source): Shape {
  if (ts.isTypeAliasDeclaration(node)) return shapeOf(node.type, source);
  const record = interfaceRecord(node, source);
  return record.properties.length === 0 && record.open ? ANY_OBJECT : record;
}

function interfaceRecord(node: ts.InterfaceDeclaration, source: Source): RecordShape {
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types).map((base) => baseRecord(base, source));
  return mergedRecords([...bases, membersRecord(node.members, source)]);
}

function baseRecord(base: ts.ExpressionWithTypeArguments, source: Source): RecordShape {
  const name = base.expression.getText();
  if (name !== "Omit") return namedRecord(name, source);
  const [from, keys] = base.typeArguments ?? [];
  if (from === undefined || keys === undefined) throw unknownForm(base);
  const left = recordOf(from, source);
  const without = new Set([...keys.getText().matchAll(/"([^"]*)"/g)].map(([, key]) => key));
  return { ...left, properties: left.properties.filter(({ name: property }) => !without.has(property)) };
}

function namedRecord(name: string, source: Source): RecordShape {
  const node = source.types.get(name);
  if (node === undefined) throw new Error(`${name} is extended but not defined`);
  return ts.isInterfaceDeclaration(node) ? interfaceRecord(node, source) : recordOf(node.type, source);
}

function recordOf(node: ts.TypeNode, source: Source): RecordShape {
  if (ts.isTypeReferenceNode(node)) return namedRecord(node.typeName.getText(), source);
  if (ts.isTypeLiteralNode(node)) return membersRecord(node.members, source);
  if (ts.isIntersectionTypeNode(node)) return mergedRecords(node.types.map((type) => recordOf(type, source)));
  throw unknownForm(node);
}

function membersRecord(members: ts.NodeArray<ts.TypeElement>, source: Source): RecordShape {
  const properties: Property[] = members
    .filter((member) => ts.isPropertySignature(member))
    .map((member) => ({
      name: ts.isStringLiteral(member.name) ? member.name.text : member.name.getText(),
      optional: member.questionToken !== undefined,
      shape: member.type === undefined ? ANY : shapeOf(member.type, source),
    }));
  return { kind: "record", properties, open: members.some((member) => ts.isIndexSignatureDeclaration(member)) };
}

function shapeOf(node: ts.TypeNode, source: Source): Shape {
  const plain = keywordShape(node);
  if (plain !== undefined) return plain;
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type, source);
  if (ts.isArrayTypeNode(node)) return { kind: "list", items: shapeOf(node.elementType, source) };
  if (ts.isUnionTypeNode(node)) return unionOf(node.types.map((type) => shapeOf(type, source)));
  if (ts.isIntersectionTypeNode(node)) return recordOf(node, source);
  if (ts.isTypeLiteralNode(node)) return literalShape(node, source);
  if (ts.isTypeQueryNode(node)) return namedConstant(node, source);
  if (ts.isLiteralTypeNode(node)) {
    return node.literal.kind === ts.SyntaxKind.NullKeyword ? { kind: "null" } : { kind: "constant", value: constantOf(node.literal) };
  }
  if (ts.isTypeReferenceNode(node)) {
    const [argument] = node.typeArguments ?? [];
    if (argument === undefined) return { kind: "reference", name: node.typeName.getText() };
    if (node.typeName.getText() === "Array") return { kind: "list", items: shapeOf(argument, source) };
  }
  throw unknownForm(node);
}

function keywordShape(node: ts.TypeNode): Shape | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { kind: "string" };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number" };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean" };
    case ts.SyntaxKind.AnyKeyword:
    case ts.SyntaxKind.UnknownKeyword:
      return ANY;
    case ts.SyntaxKind.ObjectKeyword:
      return ANY_OBJECT;
    default:
      return undefined;
  }
}

function literalShape(node: ts.TypeLiteralNode, source: Source): Shape {
  const signature = node.members.find((member) => ts.isIndexSignatureDeclaration(member));
  if (signature !== undefined && node.members.length === 1) return { kind: "map", values: shapeOf(signature.type, source) };
  return membersRecord(node.members, source);
}

function namedConstant(node: ts.TypeQueryNode, source: Source): Shape {
  const value = source.constants.get(node.exprName.getText());
  if (value === undefined) throw unknownForm(node);
  return { kind: "constant", value };
}

function constantOf(node: ts.Node | undefined): string | number {
  if (node !== undefined && ts.isStringLiteral(node)) return node.text;
  const number = Number(node?.getText());
  if (node === undefined || Number.isNaN(number)) throw new Error(`${node?.getText() ?? "nothing"} is not a constant`);
  return number;
}

function unknownForm(node: ts.Node): Error {
  return new Error(`the generator does not know ${ts.SyntaxKind[node.kind]}: ${node.getText()}`);
}
