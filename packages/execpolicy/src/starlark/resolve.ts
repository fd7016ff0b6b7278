import { nearMiss } from "./near-miss.ts";
import { StarlarkFault } from "./source.ts";
import type { Clause, Expression, Parameter, Statement } from "./syntax.ts";

/**
 * Refuses a file that uses a name nothing in it defines, also where the line would never run: a slip in a rule file must not wait
 * until the rule is needed.
 */
export function checkNames(statements: readonly Statement[], known: Iterable<string>): void {
  const scope: Scope = { names: new Set([...known, ...assignedNames(statements)]), outer: undefined };
  statements.forEach((statement) => checkStatement(statement, scope));
}

/** The names that the statements give a value, those of nested functions left out. */
export function assignedNames(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) => {
    switch (statement.type) {
      case "assign":
        return targetNames(statement.target);
      case "augmented":
        return targetNames(statement.target);
      case "for":
        return [...targetNames(statement.target), ...assignedNames(statement.body)];
      case "if":
        return [...assignedNames(statement.body), ...assignedNames(statement.otherwise)];
      case "def":
        return [statement.name];
      case "expression":
      case "return":
      case "pass":
      case "break":
      case "continue":
        return [];
    }
  });
}

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

function targetNames(target: Expression): readonly string[] {
  if (target.type === "name") return [target.name];
  return target.type === "tuple" || target.type === "list" ? target.items.flatMap(targetNames) : [];
}

function checkStatement(statement: Statement, scope: Scope): void {
  switch (statement.type) {
    case "expression":
      return checkExpression(statement.value, scope);
    case "assign":
      if (statement.annotation !== undefined) checkExpression(statement.annotation, scope);
      return checkAll([statement.target, statement.value], scope);
    case "augmented":
      return checkAll([statement.target, statement.value], scope);
    case "if":
      checkExpression(statement.test, scope);
      return [...statement.body, ...statement.otherwise].forEach((one) => checkStatement(one, scope));
    case "for":
      checkAll([statement.target, statement.source], scope);
      return statement.body.forEach((one) => checkStatement(one, scope));
    case "def":
      return checkFunction(statement.parameters, statement.body, scope);
    case "return":
      return statement.value === undefined ? undefined : checkExpression(statement.value, scope);
    case "pass":
    case "break":
    case "continue":
  }
}

function checkFunction(parameters: readonly Parameter[], body: readonly Statement[], scope: Scope): void {
  checkParameters(parameters, scope);
  const inner = { names: new Set([...parameters.map(({ name }) => name), ...assignedNames(body)]), outer: scope };
  body.forEach((statement) => checkStatement(statement, inner));
}

function checkParameters(parameters: readonly Parameter[], scope: Scope): void {
  for (const parameter of parameters) {
    if (parameter.annotation !== undefined) checkExpression(parameter.annotation, scope);
    if (parameter.default !== undefined) checkExpression(parameter.default, scope);
  }
}

function checkAll(expressions: readonly (Expression | undefined)[], scope: Scope): void {
  for (const expression of expressions) if (expression !== undefined) checkExpression(expression, scope);
}

function checkExpression(expression: Expression, scope: Scope): void {
  switch (expression.type) {
    case "literal":
      return;
    case "name":
      return checkName(expression, scope);
    case "format_string":
      return expression.parts.forEach((part) => (typeof part === "string" ? undefined : checkExpression(part.value, scope)));
    case "list":
    case "tuple":
      return checkAll(expression.items, scope);
    case "dict":
      return expression.entries.forEach((entry) => checkAll(entry, scope));
    case "comprehension":
      return checkComprehension(expression.clauses, [expression.result].flat(), scope);
    case "unary":
      return checkExpression(expression.operand, scope);
    case "binary":
      return checkAll([expression.left, expression.right], scope);
    case "conditional":
      return checkAll([expression.test, expression.value, expression.otherwise], scope);
    case "lambda":
      checkParameters(expression.parameters, scope);
      return checkExpression(expression.body, { names: new Set(expression.parameters.map(({ name }) => name)), outer: scope });
    case "call":
      return checkAll([expression.callee, ...expression.args.map(({ value }) => value)], scope);
    case "attribute":
      return checkExpression(expression.object, scope);
    case "index":
      return checkAll([expression.object, expression.index], scope);
    case "slice":
      return checkAll([expression.object, expression.from, expression.to, expression.step], scope);
  }
}

function checkComprehension(clauses: readonly Clause[], results: readonly Expression[], scope: Scope): void {
  let inner = scope;
  for (const clause of clauses) {
    if (clause.type === "if") checkExpression(clause.test, inner);
    else {
      checkExpression(clause.source, inner);
      inner = { names: new Set(targetNames(clause.target)), outer: inner };
      checkExpression(clause.target, inner);
    }
  }
  checkAll(results, inner);
}

function checkName(expression: Expression & { readonly type: "name" }, scope: Scope): void {
  const known = new Set<string>();
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    if (at.names.has(expression.name)) return;
    at.names.forEach((name) => known.add(name));
  }
  const near = nearMiss(expression.name, known);
  throw new StarlarkFault(
    `nothing here is called \`${expression.name}\``,
    expression,
    near === undefined ? undefined : `Did you mean \`${near}\`?`,
  );
}
