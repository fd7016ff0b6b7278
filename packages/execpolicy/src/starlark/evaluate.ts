import { BUILTINS } from "./builtins.ts";
import { checkAnnotation } from "./annotations.ts";
import { defineFunction, type Environment, type Flow, type Run } from "./functions.ts";
import { assignTarget, evaluateExpression } from "./expressions.ts";
import { applyBinary } from "./operators.ts";
import { parseFile } from "./parse.ts";
import { checkNames } from "./resolve.ts";
import { itemsOf } from "./sequences.ts";
import { policyError, StarlarkFault, type PolicyError, type SourceFile } from "./source.ts";
import type { Statement, StatementOf } from "./syntax.ts";
import { isObject, isTruthy, list, type Value } from "./values.ts";

/** Steps a file may take; a file of permissions takes thousands. */
const BUDGET = 1_000_000;

/**
 * Runs a file with what the host gives it beside the built-in functions. The first thing that is wrong refuses the whole file; what
 * the host's functions have collected until then is to be thrown away. Pure, ends always: work, nesting and sizes are bounded.
 */
export function evaluate(
  file: SourceFile,
  globals: ReadonlyMap<string, Value>,
): { readonly ok: true } | { readonly ok: false; readonly error: PolicyError } {
  try {
    const statements = parseFile(file.text);
    const known = new Map([...BUILTINS, ...globals]);
    checkNames(statements, known.keys());
    const run: Run = { left: BUDGET, depth: 0, evaluate: evaluateExpression, execute: executeBlock };
    const builtins: Environment = { values: known, locals: undefined, outer: undefined };
    executeBlock(statements, { values: new Map(), locals: undefined, outer: builtins }, run);
    return { ok: true };
  } catch (error) {
    if (error instanceof StarlarkFault) return { ok: false, error: policyError(file, error) };
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, error: policyError(file, new StarlarkFault("this is nested too deeply", { start: 0, end: 0 })) };
  }
}

function executeBlock(statements: readonly Statement[], environment: Environment, run: Run): Flow {
  for (const statement of statements) {
    run.left -= 1;
    if (run.left < 0) throw new StarlarkFault("the file does more work than a policy file may", statement);
    const flow = executeStatement(statement, environment, run);
    if (flow !== undefined) return flow;
  }
  return undefined;
}

function executeStatement(statement: Statement, environment: Environment, run: Run): Flow {
  switch (statement.type) {
    case "expression":
      evaluateExpression(statement.value, environment, run);
      return undefined;
    case "assign": {
      const value = evaluateExpression(statement.value, environment, run);
      if (statement.annotation !== undefined) checkAnnotation(statement.annotation, value, statement.value);
      assignTarget(statement.target, value, [environment, run]);
      return undefined;
    }
    case "augmented":
      return augment(statement, environment, run);
    case "if": {
      const test = evaluateExpression(statement.test, environment, run);
      return executeBlock(isTruthy(test) ? statement.body : statement.otherwise, environment, run);
    }
    case "for":
      return executeFor(statement, environment, run);
    case "def":
      environment.values.set(statement.name, defineFunction(statement, environment, run));
      return undefined;
    case "return":
      return { type: "return", value: statement.value === undefined ? null : evaluateExpression(statement.value, environment, run) };
    case "break":
    case "continue":
      return { type: statement.type };
    case "pass":
      return undefined;
  }
}

function executeFor(statement: StatementOf<"for">, environment: Environment, run: Run): Flow {
  const source = evaluateExpression(statement.source, environment, run);
  const walked = isObject(source) && (source.type === "list" || source.type === "dict") ? source : undefined;
  const items = itemsOf(source, statement.source);
  if (walked !== undefined) walked.walkers += 1;
  try {
    for (const item of items) {
      assignTarget(statement.target, item, [environment, run]);
      const flow = executeBlock(statement.body, environment, run);
      if (flow?.type === "break") break;
      if (flow?.type === "return") return flow;
    }
  } finally {
    if (walked !== undefined) walked.walkers -= 1;
  }
  return undefined;
}

function augment(statement: StatementOf<"augmented">, environment: Environment, run: Run): undefined {
  const left = evaluateExpression(statement.target, environment, run);
  const right = evaluateExpression(statement.value, environment, run);
  const inPlace = statement.operator === "+" && isObject(left) && left.type === "list" && isObject(right) && right.type === "list";
  if (inPlace && left.walkers === 0) {
    const grown = applyBinary("+", { left, right, span: statement });
    if (isObject(grown) && grown.type === "list") left.items.splice(0, left.items.length, ...grown.items);
    return undefined;
  }
  const value = inPlace ? list([...left.items, ...right.items]) : applyBinary(statement.operator, { left, right, span: statement });
  assignTarget(statement.target, value, [environment, run]);
  return undefined;
}
