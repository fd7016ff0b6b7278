import { resolved, type Property, type RecordShape, type SchemaModel, type Shape } from "./schema-model.ts";

interface Output {
  readonly model: SchemaModel;
  /** Names that the method tables need besides those of the definitions. */
  readonly exported: ReadonlySet<string>;
  readonly functions: string[];
  /** What the functions use of checks.ts. */
  readonly used: Set<string>;
}

/** One exported function per definition, and one for each shape that is written inside another. */
export function emitValidators(model: SchemaModel): string {
  const exported = new Set([...model.keys()].flatMap((name) => [`check${name}`, `check${name}Params`]));
  const output: Output = { model, exported, functions: [], used: new Set() };
  for (const [name, shape] of model) emitFunction(`check${name}`, shape, output);
  const imports = [...output.used].toSorted().join(", ");
  return `import { ${imports}, type Fault } from "../checks.ts";\n\n${output.functions.join("\n")}`;
}

function emitFunction(name: string, shape: Shape, output: Output): void {
  const index = output.functions.length;
  output.functions.push("");
  const body = functionBody(name, shape, output);
  output.functions[index] =
    `${output.exported.has(name) ? "export " : ""}function ${name}(value: unknown): Fault | undefined {\n${body}}\n`;
}

function functionBody(name: string, shape: Shape, output: Output): string {
  switch (shape.kind) {
    case "any":
      return "  void value;\n  return undefined;\n";
    case "record":
      return recordBody(name, shape, output);
    case "list":
      output.used.add("eachItem");
      return `  return eachItem(value, ${checker(shape.items, `${name}Item`, output)});\n`;
    case "map": {
      if (shape.values.kind === "any")
        return `  return ${use("isObject", output)}(value) ? undefined : ${use("wrong", output)}("an object", value);\n`;
      output.used.add("eachValue");
      return `  return eachValue(value, ${checker(shape.values, `${name}Value`, output)});\n`;
    }
    case "union":
      return unionBody(name, shape.members, output);
    case "reference":
      return `  return check${shape.name}(value);\n`;
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "constant":
      return `  return ${plainTest(shape, "value")} ? undefined : ${use("wrong", output)}(${JSON.stringify(expected(shape))}, value);\n`;
  }
}

/** An expression of the function that checks this shape; makes the function when the shape has no name. */
function checker(shape: Shape, name: string, output: Output): string {
  if (shape.kind === "reference") return `check${shape.name}`;
  if (shape.kind === "string") return use("checkString", output);
  if (shape.kind === "map" && shape.values.kind === "any") return use("checkObject", output);
  emitFunction(name, shape, output);
  return name;
}

function recordBody(name: string, shape: RecordShape, output: Output): string {
  const intro = `  if (!${use("isObject", output)}(value)) return ${use("wrong", output)}("an object", value);\n`;
  const checks = shape.properties.filter((property) => property.shape.kind !== "any" || !property.optional);
  const deep = checks.some((property) => !isPlain(resolved(property.shape, output.model)) && property.shape.kind !== "any");
  const variables = checks.length === 0 ? "" : deep ? "  let item: unknown;\n  let fault: Fault | undefined;\n" : "  let item: unknown;\n";
  return `${intro}${variables}${checks.map((property) => propertyCheck(name, property, output)).join("")}  return undefined;\n`;
}

function propertyCheck(name: string, { name: key, optional, shape }: Property, output: Output): string {
  const read = `  item = value[${JSON.stringify(key)}];\n`;
  const present = optional ? "item !== undefined && " : "";
  const label = JSON.stringify(key);
  if (shape.kind === "any") return `${read}  if (item === undefined) return ${use("wrong", output)}("a value", item, ${label});\n`;
  const target = resolved(shape, output.model);
  if (isPlain(target)) {
    const test = plainTest(target, "item");
    const text = JSON.stringify(expected(target));
    return `${read}  if (${present}${negated(test)}) return ${use("wrong", output)}(${text}, item, ${label});\n`;
  }
  const inner = checker(shape, `${name}${capitalized(key)}`, output);
  return `${read}  if (${present}(fault = ${inner}(item)) !== undefined) return ${use("under", output)}(${label}, fault);\n`;
}

function unionBody(name: string, members: readonly Shape[], output: Output): string {
  const targets = members.map((member) => resolved(member, output.model));
  const whole: Shape = { kind: "union", members: targets };
  if (isPlain(whole))
    return `  return ${plainTest(whole, "value")} ? undefined : ${use("wrong", output)}(${JSON.stringify(expected(whole))}, value);\n`;
  const key = discriminator(targets);
  const checkers = members.map((member, index) => checker(member, `${name}${String(index + 1)}`, output));
  if (key === undefined) return `  return ${use("anyOf", output)}(value, [${checkers.join(", ")}]);\n`;
  const cases = targets.map((target, index) => {
    const constant = constantAt(target, key);
    return `    case ${JSON.stringify(constant)}:\n      return ${checkers[index] ?? ""}(value);\n`;
  });
  const names = alternatives(targets.map((target) => JSON.stringify(constantAt(target, key))));
  return (
    `  if (!${use("isObject", output)}(value)) return ${use("wrong", output)}("an object", value);\n` +
    `  switch (value[${JSON.stringify(key)}]) {\n${cases.join("")}    default:\n` +
    `      return wrong(${JSON.stringify(names)}, value[${JSON.stringify(key)}], ${JSON.stringify(key)});\n  }\n`
  );
}

/** The property that tells all members apart by a constant. */
function discriminator(members: readonly Shape[]): string | undefined {
  const [first] = members;
  if (first?.kind !== "record") return undefined;
  return first.properties
    .map(({ name }) => name)
    .find((key) => {
      const values = members.map((member) => constantAt(member, key));
      return values.every((value) => value !== undefined) && new Set(values).size === values.length;
    });
}

function constantAt(shape: Shape, key: string): string | number | boolean | undefined {
  if (shape.kind !== "record") return undefined;
  const property = shape.properties.find(({ name }) => name === key);
  return property?.optional === false && property.shape.kind === "constant" ? property.shape.value : undefined;
}

/** Whether one expression can test it. */
function isPlain(shape: Shape): boolean {
  if (shape.kind === "union") return shape.members.every((member) => isPlain(member));
  return (
    shape.kind === "string" || shape.kind === "number" || shape.kind === "boolean" || shape.kind === "null" || shape.kind === "constant"
  );
}

function plainTest(shape: Shape, value: string): string {
  switch (shape.kind) {
    case "string":
    case "number":
    case "boolean":
      return `typeof ${value} === "${shape.kind}"`;
    case "null":
      return `${value} === null`;
    case "constant":
      return `${value} === ${JSON.stringify(shape.value)}`;
    case "union":
      return shape.members.map((member) => plainTest(member, value)).join(" || ");
    case "any":
    case "reference":
    case "list":
    case "map":
    case "record":
      throw new Error(`${shape.kind} has no plain test`);
  }
}

function negated(test: string): string {
  return / \|\| /.test(test) ? `!(${test})` : test.replace("===", "!==");
}

function expected(shape: Shape): string {
  if (shape.kind === "union") return alternatives(shape.members.map(expected));
  if (shape.kind === "constant") return JSON.stringify(shape.value);
  return shape.kind === "null" ? "null" : `a ${shape.kind}`;
}

function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

function use(name: string, { used }: Output): string {
  used.add(name);
  return name;
}

function capitalized(key: string): string {
  const name = key.replace(/[^A-Za-z0-9]/g, "");
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
