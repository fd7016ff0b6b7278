import { defineLambda, type Environment, type Run } from "./functions.ts";
import { methodOf } from "./methods.ts";
import { nearMiss } from "./near-miss.ts";
import { applyBinary, applyUnary } from "./operators.ts";
import { checkUnwalked, itemsOf, positionOf, requireKey, setEntry, sliceItems } from "./sequences.ts";
import { StarlarkFault, type Span } from "./source.ts";
import type { Expression, ExpressionOf } from "./syntax.ts";
import { isObject, isTruthy, list, toRepr, toText, aTypeName, type DictValue, type Value } from "./values.ts";

export function evaluateExpression(expression: Expression, environment: Environment, run: Run): Value {
  run.left -= 1;
  if (run.left < 0) throw new StarlarkFault("the file does more work than a policy file may", expression);
  const evaluate = (inner: Expression): Value => evaluateExpression(inner, environment, run);
  switch (expression.type) {
    case "literal":
      return expression.value;
    case "name":
      return lookUp(expression, environment);
    case "format_string":
      return expression.parts
        .map((part) => (typeof part === "string" ? part : part.repr ? toRepr(evaluate(part.value)) : toText(evaluate(part.value))))
        .join("");
    case "list":
      return list(expression.items.map(evaluate));
    case "tuple":
      return { type: "tuple", items: expression.items.map(evaluate) };
    case "dict":
      return makeDict(expression, evaluate);
    case "comprehension":
      return comprehend(expression, environment, run);
    case "unary":
      if (expression.operator === "not") return !isTruthy(evaluate(expression.operand));
      return applyUnary(expression.operator, evaluate(expression.operand), expression);
    case "binary":
      return evaluateBinary(expression, evaluate);
    case "conditional":
      return evaluate(isTruthy(evaluate(expression.test)) ? expression.value : expression.otherwise);
    case "lambda":
      return defineLambda(expression, environment, run);
    case "call":
      return evaluateCall(expression, evaluate);
    case "attribute":
      return methodOf(evaluate(expression.object), expression.name, expression.nameSpan);
    case "index":
      return indexValue(evaluate(expression.object), evaluate(expression.index), expression);
    case "slice":
      return sliceValue(expression, evaluate);
  }
}

/** Gives the names in a target their values. */
export function assignTarget(target: Expression, value: Value, [environment, run]: readonly [Environment, Run]): void {
  if (target.type === "name") return void environment.values.set(target.name, value);
  if (target.type === "tuple" || target.type === "list") {
    const items = itemsOf(value, target);
    if (items.length !== target.items.length) {
      throw new StarlarkFault(`${items.length} values do not fit ${target.items.length} names`, target);
    }
    return target.items.forEach((one, index) => assignTarget(one, items[index] ?? null, [environment, run]));
  }
  if (target.type !== "index") throw new StarlarkFault("this cannot be assigned to", target);
  const object = evaluateExpression(target.object, environment, run);
  const index = evaluateExpression(target.index, environment, run);
  if (isObject(object) && object.type === "list") {
    checkUnwalked(object, target);
    object.items[positionOf(index, object.items.length, target)] = value;
  } else if (isObject(object) && object.type === "dict") {
    checkUnwalked(object, target);
    setEntry(object, [index, value], target);
  } else throw new StarlarkFault(`nothing in ${aTypeName(object)} can be assigned to`, target);
}

type Evaluate = (expression: Expression) => Value;

function lookUp(expression: ExpressionOf<"name">, environment: Environment): Value {
  for (let at: Environment | undefined = environment; at !== undefined; at = at.outer) {
    const value = at.values.get(expression.name);
    if (value !== undefined) return value;
    if (at.locals?.has(expression.name) === true) break;
  }
  const near = nearMiss(expression.name, environment.values.keys());
  const hint = near === undefined ? undefined : `Did you mean \`${near}\`?`;
  throw new StarlarkFault(`\`${expression.name}\` is used before it has a value`, expression, hint);
}

function makeDict(expression: ExpressionOf<"dict">, evaluate: Evaluate): Value {
  const dict: DictValue = { type: "dict", entries: new Map(), walkers: 0 };
  for (const [keyPart, valuePart] of expression.entries) {
    const key = evaluate(keyPart);
    if (dict.entries.has(requireKey(key, keyPart))) throw new StarlarkFault(`the key ${toRepr(key)} stands here twice`, keyPart);
    setEntry(dict, [key, evaluate(valuePart)], keyPart);
  }
  return dict;
}

function comprehend(expression: ExpressionOf<"comprehension">, environment: Environment, run: Run): Value {
  const { result, clauses } = expression;
  const items: Value[] = [];
  const dict: DictValue = { type: "dict", entries: new Map(), walkers: 0 };
  const walk = (position: number, inner: Environment): void => {
    const clause = clauses[position];
    if (clause === undefined) {
      if ("type" in result) items.push(evaluateExpression(result, inner, run));
      else setEntry(dict, [evaluateExpression(result[0], inner, run), evaluateExpression(result[1], inner, run)], result[0]);
    } else if (clause.type === "if") {
      if (isTruthy(evaluateExpression(clause.test, inner, run))) walk(position + 1, inner);
    } else {
      for (const item of [...itemsOf(evaluateExpression(clause.source, inner, run), clause.source)]) {
        const scope = { values: new Map<string, Value>(), locals: undefined, outer: inner };
        assignTarget(clause.target, item, [scope, run]);
        walk(position + 1, scope);
      }
    }
  };
  walk(0, environment);
  return "type" in result ? list(items) : dict;
}

function evaluateBinary(expression: ExpressionOf<"binary">, evaluate: Evaluate): Value {
  const left = evaluate(expression.left);
  if (expression.operator === "and") return isTruthy(left) ? evaluate(expression.right) : left;
  if (expression.operator === "or") return isTruthy(left) ? left : evaluate(expression.right);
  return applyBinary(expression.operator, { left, right: evaluate(expression.right), span: expression });
}

function evaluateCall(expression: ExpressionOf<"call">, evaluate: Evaluate): Value {
  const callee = evaluate(expression.callee);
  if (!isObject(callee) || callee.type !== "function") {
    throw new StarlarkFault(`${aTypeName(callee)} cannot be called`, expression.callee);
  }
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  const spans = new Map<string | number, Span>();
  const addNamed = (name: string, [value, span]: readonly [Value, Span]): void => {
    if (named.has(name)) throw new StarlarkFault(`the argument \`${name}\` is given twice`, span);
    spans.set(name, span);
    named.set(name, value);
  };
  for (const argument of expression.args) {
    const value = evaluate(argument.value);
    if (argument.kind === "positional") {
      spans.set(positional.length, argument);
      positional.push(value);
    } else if (argument.kind === "named") addNamed(argument.name ?? "", [value, argument]);
    else if (argument.kind === "list") positional.push(...itemsOf(value, argument));
    else for (const [key, item] of keywordEntries(value, argument)) addNamed(key, [item, argument]);
  }
  return callee.call({ positional, named }, { span: expression, spans });
}

function keywordEntries(value: Value, span: Span): readonly (readonly [string, Value])[] {
  if (!isObject(value) || value.type !== "dict") throw new StarlarkFault(`\`**\` wants a dict, not ${aTypeName(value)}`, span);
  return [...value.entries.values()].map(([key, item]) => {
    if (typeof key !== "string") throw new StarlarkFault("`**` wants a dict whose keys are strings", span);
    return [key, item];
  });
}

function indexValue(object: Value, index: Value, span: Span): Value {
  if (typeof object === "string") {
    const characters = Array.from(object);
    return characters[positionOf(index, characters.length, span)] ?? null;
  }
  if (isObject(object)) {
    if (object.type === "dict") {
      const entry = object.entries.get(requireKey(index, span));
      if (entry === undefined) throw new StarlarkFault(`there is no key ${toRepr(index)}`, span);
      return entry[1];
    }
    if (object.type !== "function" && object.type !== "opaque") {
      const items = itemsOf(object, span);
      return items[positionOf(index, items.length, span)] ?? null;
    }
  }
  throw new StarlarkFault(`${aTypeName(object)} has no items`, span);
}

function sliceValue(expression: ExpressionOf<"slice">, evaluate: Evaluate): Value {
  const object = evaluate(expression.object);
  const bound = (part: Expression | undefined): Value => (part === undefined ? null : evaluate(part));
  const bounds = [bound(expression.from), bound(expression.to), bound(expression.step)] as const;
  if (typeof object === "string") return sliceItems(Array.from(object), bounds, expression).join("");
  if (isObject(object) && object.type === "tuple") return { type: "tuple", items: sliceItems(object.items, bounds, expression) };
  if (isObject(object) && (object.type === "list" || object.type === "range")) {
    return list([...sliceItems(itemsOf(object, expression), bounds, expression)]);
  }
  throw new StarlarkFault(`${aTypeName(object)} cannot be sliced`, expression);
}
