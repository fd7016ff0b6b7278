import { parseExpression, parseExpressionList, parseParameters, parseTargetList } from "./parse-expression.ts";
import { StarlarkFault } from "./source.ts";
import type { Expression, Statement } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";
import { tokenize } from "./tokens.ts";

/** Reads a whole file; throws a StarlarkFault at the first thing that is not the language. */
export function parseFile(text: string): readonly Statement[] {
  const reader = new TokenReader(text, tokenize(text));
  const statements: Statement[] = [];
  const place = { inFunction: false, inLoop: false };
  while (!reader.atKind("end")) {
    if (reader.atKind("newline")) reader.next();
    else statements.push(...parseStatement(reader, place));
  }
  return statements;
}

interface Place {
  readonly inFunction: boolean;
  readonly inLoop: boolean;
}

function parseStatement(reader: TokenReader, place: Place): readonly Statement[] {
  if (reader.atKind("indent")) throw reader.unexpected("a statement");
  if (reader.at("if")) return [parseIf(reader, place)];
  if (reader.at("for")) return [parseFor(reader, place)];
  if (reader.at("def")) return [parseDef(reader)];
  return parseSimpleLine(reader, place);
}

function parseSimpleLine(reader: TokenReader, place: Place): readonly Statement[] {
  const statements = [parseSmall(reader, place)];
  while (reader.take(";")) {
    if (reader.atKind("newline")) break;
    statements.push(parseSmall(reader, place));
  }
  if (!reader.atKind("newline")) throw reader.unexpected("the end of the line");
  reader.next();
  return statements;
}

function parseSmall(reader: TokenReader, place: Place): Statement {
  const token = reader.peek();
  const { start } = token;
  for (const type of ["pass", "break", "continue"] as const) {
    if (!reader.take(type)) continue;
    if (type !== "pass" && !place.inLoop) throw new StarlarkFault(`\`${type}\` outside of a loop`, token);
    return { type, start, end: token.end };
  }
  if (reader.take("return")) {
    if (!place.inFunction) throw new StarlarkFault("`return` outside of a function", token);
    const value = reader.atKind("newline") || reader.at(";") ? undefined : parseExpressionList(reader);
    return { type: "return", value, start, end: reader.previousEnd };
  }
  if (reader.at("load"))
    throw new StarlarkFault("a policy file loads nothing: `load` is not available", token, "Give several files instead.");
  return parseAssignmentOrExpression(reader);
}

const AUGMENTED = ["+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", "<<=", ">>="];

function parseAssignmentOrExpression(reader: TokenReader): Statement {
  const first = parseExpressionList(reader);
  const { start } = first;
  const augmented = AUGMENTED.find((operator) => reader.take(operator));
  if (augmented !== undefined) {
    if (first.type !== "name" && first.type !== "index") throw new StarlarkFault("this cannot be assigned to", first);
    const value = parseExpressionList(reader);
    return { type: "augmented", target: first, operator: augmented.slice(0, -1), value, start, end: value.end };
  }
  const annotation = first.type === "name" && reader.take(":") ? parseExpression(reader) : undefined;
  if (annotation !== undefined && !reader.at("=")) throw reader.unexpected("`=`");
  if (!reader.take("=")) return { type: "expression", value: first, start, end: first.end };
  checkTarget(first);
  const value = parseExpressionList(reader);
  if (reader.at("=")) throw new StarlarkFault("assignments are not chained", reader.peek());
  return { type: "assign", target: first, annotation, value, start, end: value.end };
}

function checkTarget(target: Expression): void {
  if (target.type === "name" || target.type === "index") return;
  if ((target.type === "tuple" || target.type === "list") && target.items.length > 0) return target.items.forEach(checkTarget);
  throw new StarlarkFault("this cannot be assigned to", target);
}

function parseIf(reader: TokenReader, place: Place): Statement {
  const { start } = reader.next();
  const test = parseExpression(reader);
  const body = parseBlock(reader, place);
  const otherwise = reader.at("elif")
    ? [reader.nested(() => parseIf(reader, place))]
    : reader.take("else")
      ? parseBlock(reader, place)
      : [];
  return { type: "if", test, body, otherwise, start, end: reader.previousEnd };
}

function parseFor(reader: TokenReader, place: Place): Statement {
  const { start } = reader.expect("for");
  const target = parseTargetList(reader);
  checkTarget(target);
  reader.expect("in");
  const source = parseExpression(reader);
  const body = parseBlock(reader, { ...place, inLoop: true });
  return { type: "for", target, source, body, start, end: reader.previousEnd };
}

function parseDef(reader: TokenReader): Statement {
  const { start } = reader.expect("def");
  const name = reader.expectName().text;
  reader.expect("(");
  const parameters = parseParameters(reader, ")", true);
  reader.expect(")");
  const returns = reader.take("->") ? parseExpression(reader) : undefined;
  const body = parseBlock(reader, { inFunction: true, inLoop: false });
  return { type: "def", name, parameters, returns, body, start, end: reader.previousEnd };
}

/** `:` and either the rest of the line or an indented block. */
function parseBlock(reader: TokenReader, place: Place): readonly Statement[] {
  reader.expect(":");
  if (!reader.atKind("newline")) return parseSimpleLine(reader, place);
  reader.next();
  if (!reader.atKind("indent")) throw reader.unexpected("an indented block");
  return reader.nested(() => {
    reader.next();
    const statements: Statement[] = [];
    while (!reader.atKind("dedent")) statements.push(...parseStatement(reader, place));
    reader.next();
    return statements;
  });
}
