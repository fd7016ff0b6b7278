import { StarlarkFault, type Span } from "./source.ts";
import type { Argument, Clause, Expression, Parameter } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";
import { tokenizeExpression, unescapeText, type Token } from "./tokens.ts";

/** An expression, or a tuple of them without parentheses. */
export function parseExpressionList(reader: TokenReader): Expression {
  const first = parseExpression(reader);
  if (!reader.at(",")) return first;
  const items = [first];
  while (reader.take(",")) {
    if (!startsExpression(reader)) return trailingComma(reader, items);
    items.push(parseExpression(reader));
  }
  return { type: "tuple", items, start: first.start, end: reader.previousEnd };
}

/** In parentheses it is what makes `(x,)` a tuple; elsewhere it is easily a slip. */
function trailingComma(reader: TokenReader, items: readonly Expression[]): Expression {
  const start = items[0]?.start ?? reader.previousEnd;
  if (reader.at(")")) return { type: "tuple", items, start, end: reader.previousEnd };
  throw reader.unexpected("an expression");
}

export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => {
    if (reader.at("lambda")) return parseLambda(reader);
    const value = parseBinary(reader, 0);
    if (!reader.take("if")) return value;
    const test = parseBinary(reader, 0);
    reader.expect("else");
    const otherwise = parseExpression(reader);
    return { type: "conditional", test, value, otherwise, start: value.start, end: otherwise.end };
  });
}

/** The target of an assignment or of `for`: names, lists, tuples, `x[…]`, `x.y`. */
export function parseTargetList(reader: TokenReader): Expression {
  const first = parseUnary(reader);
  if (!reader.at(",")) return first;
  const items = [first];
  while (reader.take(",")) items.push(parseUnary(reader));
  return { type: "tuple", items, start: first.start, end: reader.previousEnd };
}

export function parseParameters(reader: TokenReader, close: string, annotated: boolean): readonly Parameter[] {
  const parameters: Parameter[] = [];
  while (!reader.at(close)) {
    const parameter = parseParameter(reader, annotated);
    if (parameters.some(({ name }) => name !== "" && name === parameter.name)) {
      throw new StarlarkFault(`the parameter \`${parameter.name}\` stands here twice`, parameter);
    }
    checkParameterOrder(parameter, parameters);
    parameters.push(parameter);
    if (!reader.take(",")) break;
  }
  return parameters;
}

function parseParameter(reader: TokenReader, annotated: boolean): Parameter {
  const { start } = reader.peek();
  const kind = reader.take("**") ? "keywords" : reader.take("*") ? (reader.atKind("name") ? "rest" : "only_named") : "plain";
  const name = kind === "only_named" ? "" : reader.expectName().text;
  const annotation = annotated && reader.take(":") ? parseExpression(reader) : undefined;
  const fallback = kind === "plain" && reader.take("=") ? parseExpression(reader) : undefined;
  return { kind, name, annotation, default: fallback, start, end: reader.previousEnd };
}

function checkParameterOrder(parameter: Parameter, before: readonly Parameter[]): void {
  const named = before.some(({ kind }) => kind === "rest" || kind === "only_named");
  if (before.some(({ kind }) => kind === "keywords")) throw new StarlarkFault("nothing may follow the `**` parameter", parameter);
  if (named && (parameter.kind === "rest" || parameter.kind === "only_named")) throw new StarlarkFault("`*` stands here twice", parameter);
  if (parameter.kind === "plain" && parameter.default === undefined && !named && before.some((one) => one.default !== undefined)) {
    throw new StarlarkFault("a parameter without a default follows one that has one", parameter);
  }
}

function parseLambda(reader: TokenReader): Expression {
  const { start } = reader.expect("lambda");
  const parameters = parseParameters(reader, ":", false);
  reader.expect(":");
  const body = parseExpression(reader);
  return { type: "lambda", parameters, body, start, end: body.end };
}

const COMPARISONS = ["==", "!=", "<=", ">=", "<", ">", "in", "not in"];
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["not"],
  COMPARISONS,
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%"],
];

function parseBinary(reader: TokenReader, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(reader);
  if (operators[0] === "not") return parseNot(reader, level);
  let left = parseBinary(reader, level + 1);
  for (let operator = takeOperator(reader, operators); operator !== undefined; operator = takeOperator(reader, operators)) {
    const right = parseBinary(reader, level + 1);
    left = { type: "binary", operator, left, right, start: left.start, end: right.end };
    if (operators === COMPARISONS && COMPARISONS.some((one) => reader.at(one))) {
      throw new StarlarkFault("comparisons are not chained", reader.peek(), "Join two of them with `and`.");
    }
  }
  return left;
}

function takeOperator(reader: TokenReader, operators: readonly string[]): string | undefined {
  if (operators.includes("not in") && reader.at("not") && reader.at("in", 1)) {
    reader.next();
    reader.next();
    return "not in";
  }
  return operators.find((operator) => reader.take(operator));
}

function parseNot(reader: TokenReader, level: number): Expression {
  if (!reader.at("not")) return parseBinary(reader, level + 1);
  const { start } = reader.next();
  const operand = reader.nested(() => parseNot(reader, level));
  return { type: "unary", operator: "not", operand, start, end: operand.end };
}

function parseUnary(reader: TokenReader): Expression {
  const operator = ["-", "+", "~"].find((one) => reader.at(one));
  if (operator === undefined) return parsePrimary(reader);
  const { start } = reader.next();
  const operand = reader.nested(() => parseUnary(reader));
  return { type: "unary", operator, operand, start, end: operand.end };
}

function parsePrimary(reader: TokenReader): Expression {
  let object = parseAtom(reader);
  for (;;) {
    const { start } = object;
    if (reader.take(".")) {
      const name = reader.expectName();
      object = { type: "attribute", object, name: name.text, nameSpan: { start: name.start, end: name.end }, start, end: name.end };
    } else if (reader.take("(")) {
      const args = parseArguments(reader);
      object = { type: "call", callee: object, args, start, end: reader.expect(")").end };
    } else if (reader.take("[")) {
      object = parseSubscript(reader, object);
    } else return object;
  }
}

function parseArguments(reader: TokenReader): readonly Argument[] {
  const args: Argument[] = [];
  while (!reader.at(")")) {
    const argument = parseArgument(reader);
    checkArgumentOrder(argument, args);
    args.push(argument);
    if (!reader.take(",")) break;
  }
  return args;
}

function parseArgument(reader: TokenReader): Argument {
  const { start } = reader.peek();
  const named = reader.atKind("name") && reader.at("=", 1);
  const kind = named ? "named" : reader.take("**") ? "dict" : reader.take("*") ? "list" : "positional";
  const name = named ? reader.expectName().text : undefined;
  if (named) reader.expect("=");
  const value = parseExpression(reader);
  return { kind, name, value, start, end: value.end };
}

function checkArgumentOrder(argument: Argument, before: readonly Argument[]): void {
  if (argument.kind === "named" && before.some(({ name }) => name === argument.name)) {
    throw new StarlarkFault(`the argument \`${argument.name ?? ""}\` is given twice`, argument);
  }
  const closed = before.find(({ kind }) => kind === "named" || kind === "dict" || kind === "list");
  if (argument.kind === "positional" && closed !== undefined) {
    throw new StarlarkFault("an argument without a name follows one that has one", argument);
  }
  if (before.some(({ kind }) => kind === "dict") || (argument.kind === "list" && before.some(({ kind }) => kind === "list"))) {
    throw new StarlarkFault("this argument comes too late", argument);
  }
}

function parseSubscript(reader: TokenReader, object: Expression): Expression {
  const bound = (): Expression | undefined => (reader.at(":") || reader.at("]") ? undefined : parseExpression(reader));
  if (!reader.at(":")) {
    const index = parseExpressionList(reader);
    if (!reader.at(":")) return { type: "index", object, index, start: object.start, end: reader.expect("]").end };
    reader.next();
    return finishSlice(reader, { object, from: index, to: bound() });
  }
  reader.next();
  return finishSlice(reader, { object, from: undefined, to: bound() });
}

function finishSlice(
  reader: TokenReader,
  slice: { readonly object: Expression; readonly from: Expression | undefined; readonly to: Expression | undefined },
): Expression {
  const step = reader.take(":") && !reader.at("]") ? parseExpression(reader) : undefined;
  return { type: "slice", ...slice, step, start: slice.object.start, end: reader.expect("]").end };
}

const CONSTANTS: Readonly<Record<string, null | boolean>> = { None: null, True: true, False: false };

function parseAtom(reader: TokenReader): Expression {
  const token = reader.peek();
  const span = { start: token.start, end: token.end };
  if (token.kind === "name") {
    reader.next();
    const constant = CONSTANTS[token.text];
    return constant === undefined ? { type: "name", name: token.text, ...span } : { type: "literal", value: constant, ...span };
  }
  if (token.kind === "integer" || token.kind === "string") {
    reader.next();
    return { type: "literal", value: token.value, ...span };
  }
  if (token.kind === "format_string") {
    reader.next();
    return { type: "format_string", parts: formatParts(reader.text, token), ...span };
  }
  if (reader.at("(")) return parseParentheses(reader);
  if (reader.at("[")) return parseList(reader);
  if (reader.at("{")) return parseDict(reader);
  throw reader.unexpected("an expression");
}

function parseParentheses(reader: TokenReader): Expression {
  const { start } = reader.expect("(");
  if (reader.at(")")) return { type: "tuple", items: [], start, end: reader.next().end };
  const inner = reader.nested(() => parseExpressionList(reader));
  return { ...inner, start, end: reader.expect(")").end };
}

function parseList(reader: TokenReader): Expression {
  const { start } = reader.expect("[");
  if (reader.at("]")) return { type: "list", items: [], start, end: reader.next().end };
  const first = parseExpression(reader);
  if (reader.at("for")) {
    const clauses = parseClauses(reader);
    return { type: "comprehension", result: first, clauses, start, end: reader.expect("]").end };
  }
  const items = [first];
  while (reader.take(",") && !reader.at("]")) items.push(parseExpression(reader));
  return { type: "list", items, start, end: reader.expect("]").end };
}

function parseDict(reader: TokenReader): Expression {
  const { start } = reader.expect("{");
  const entries: [Expression, Expression][] = [];
  while (!reader.at("}")) {
    const key = parseExpression(reader);
    reader.expect(":");
    const value = parseExpression(reader);
    if (entries.length === 0 && reader.at("for")) {
      const clauses = parseClauses(reader);
      return { type: "comprehension", result: [key, value], clauses, start, end: reader.expect("}").end };
    }
    entries.push([key, value]);
    if (!reader.take(",")) break;
  }
  return { type: "dict", entries, start, end: reader.expect("}").end };
}

function parseClauses(reader: TokenReader): readonly Clause[] {
  const clauses: Clause[] = [];
  for (;;) {
    if (reader.take("for")) {
      const target = parseTargetList(reader);
      reader.expect("in");
      clauses.push({ type: "for", target, source: parseBinary(reader, 0) });
    } else if (reader.take("if")) clauses.push({ type: "if", test: parseBinary(reader, 0) });
    else return clauses;
  }
}

function startsExpression(reader: TokenReader): boolean {
  const token = reader.peek();
  if (token.kind === "operator") return ["(", "[", "{", "-", "+", "~"].includes(token.text);
  if (token.kind === "keyword") return token.text === "not" || token.text === "lambda";
  return token.kind !== "newline" && token.kind !== "end" && token.kind !== "indent" && token.kind !== "dedent";
}

type FormatPart = string | { readonly value: Expression; readonly repr: boolean };

function formatParts(text: string, token: Token & { readonly kind: "format_string" }): readonly FormatPart[] {
  const parts: FormatPart[] = [];
  const literal = (span: Span): string => (token.raw ? text.slice(span.start, span.end) : unescapeText(text, span));
  let start = token.body.start;
  for (let at = start; at < token.body.end; at += 1) {
    const mark = text[at];
    if (mark === "\\" && !token.raw) at += 1;
    if (mark !== "{" && mark !== "}") continue;
    parts.push(literal({ start, end: at }));
    if (text[at + 1] === mark && at + 1 < token.body.end) {
      parts.push(mark);
      at += 1;
    } else {
      if (mark === "}") throw new StarlarkFault("`}` without its `{`", { start: at, end: at + 1 }, "Write }} for the character.");
      const field = formatField(text, { start: at, end: token.body.end });
      parts.push(field.part);
      at = field.end;
    }
    start = at + 1;
  }
  parts.push(literal({ start, end: token.body.end }));
  return parts;
}

/** `within` begins at the opening brace; `end` is the offset of the closing one. */
function formatField(text: string, within: Span): { readonly part: FormatPart; readonly end: number } {
  let depth = 0;
  let end = within.start + 1;
  for (; end < within.end; end += 1) {
    const character = text[end] ?? "";
    if ("([{".includes(character)) depth += 1;
    else if (character === "}" && depth === 0) break;
    else if (")]}".includes(character)) depth -= 1;
  }
  if (end >= within.end)
    throw new StarlarkFault("`{` without its `}`", { start: within.start, end: within.start + 1 }, "Write {{ for the character.");
  const conversion = /!([rs])\s*$/u.exec(text.slice(within.start + 1, end));
  const body = { start: within.start + 1, end: conversion === null ? end : within.start + 1 + conversion.index };
  const reader = new TokenReader(text, tokenizeExpression(text, body));
  const value = parseExpression(reader);
  if (!reader.atKind("end")) throw reader.unexpected("`}`");
  return { part: { value, repr: conversion?.[1] === "r" }, end };
}
