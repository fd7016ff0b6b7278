import { resolved, type Property, type SchemaModel, type Shape } from "./schema-model.ts";

interface Method {
  readonly method: string;
  readonly definition: string;
  readonly params: Property | undefined;
  readonly result: string | undefined;
}

const GROUPS = [
  { union: "ClientRequest", name: "ClientRequests", table: "CLIENT_REQUESTS", answered: true },
  { union: "ServerRequest", name: "ServerRequests", table: "SERVER_REQUESTS", answered: true },
  { union: "ClientNotification", name: "ClientNotifications", table: "CLIENT_NOTIFICATIONS", answered: false },
  { union: "ServerNotification", name: "ServerNotifications", table: "SERVER_NOTIFICATIONS", answered: false },
] as const;

/** The first protocol version of a method; the others were there in 2024-11-05. A schema does not say it. */
const SINCE: readonly (readonly [RegExp, string])[] = [
  [/^elicitation\/create$/, "2025-06-18"],
  [/tasks\/|^notifications\/elicitation\//, "2025-11-25"],
];

/** Maps from method to types, and tables from method to validators. */
export function emitMethods(model: SchemaModel): string {
  const groups = GROUPS.map((group) => ({ ...group, methods: methodsOf(group.union, group.answered, model) }));
  const all = groups.flatMap(({ methods }) => methods);
  const types = new Set(all.flatMap(({ definition, result }) => (result === undefined ? [definition] : [definition, result])));
  const checks = new Set(groups.flatMap(({ methods }) => methods.flatMap((method) => checksOf(method))));
  return [
    `import type { ${[...types].toSorted().join(", ")} } from "./types.ts";`,
    `import { ${[...checks].toSorted().join(", ")} } from "./validate.ts";`,
    "",
    ...groups.flatMap(({ name, table, methods }) => [
      `export interface ${name} {\n${methods.map(typeLine).join("")}}\n`,
      `export const ${table} = {\n${methods.map(tableLine).join("")}} as const;\n`,
    ]),
    nullableKeys(model),
  ].join("\n");
}

function methodsOf(union: string, answered: boolean, model: SchemaModel): readonly Method[] {
  const shape = model.get(union);
  const members = shape?.kind === "union" ? shape.members : shape === undefined ? [] : [shape];
  return members.map((member) => methodOf(member, answered, model)).toSorted((a, b) => (a.method < b.method ? -1 : 1));
}

function methodOf(member: Shape, answered: boolean, model: SchemaModel): Method {
  const record = resolved(member, model);
  const method = record.kind === "record" ? record.properties.find(({ name }) => name === "method")?.shape : undefined;
  if (member.kind !== "reference" || record.kind !== "record" || method?.kind !== "constant") throw new Error("a request without a method");
  const result = member.name.replace(/Request$/, "Result");
  return {
    method: String(method.value),
    definition: member.name,
    params: record.properties.find(({ name }) => name === "params"),
    result: answered ? (model.has(result) ? result : "Result") : undefined,
  };
}

function typeLine({ method, definition, params, result }: Method): string {
  const paramsType = params === undefined ? "undefined" : `${definition}["params"]`;
  return `  ${JSON.stringify(method)}: { params: ${paramsType}${result === undefined ? "" : `; result: ${result}`} };\n`;
}

function tableLine(method: Method): string {
  const since = SINCE.find(([pattern]) => pattern.test(method.method))?.[1] ?? "2024-11-05";
  const check = paramsCheck(method);
  const fields = [
    ...(check === undefined ? [] : [`params: ${check}`]),
    `needsParams: ${String(method.params?.optional === false)}`,
    ...(method.result === undefined ? [] : [`result: check${method.result}`]),
    `since: "${since}"`,
  ];
  return `  ${JSON.stringify(method.method)}: { ${fields.join(", ")} },\n`;
}

function checksOf(method: Method): readonly string[] {
  const check = paramsCheck(method);
  return [...(check === undefined ? [] : [check]), ...(method.result === undefined ? [] : [`check${method.result}`])];
}

/** Params that are written inside the request are checked by the function made for them. */
function paramsCheck({ definition, params }: Method): string | undefined {
  if (params === undefined) return undefined;
  return params.shape.kind === "reference" ? `check${params.shape.name}` : `check${definition}Params`;
}

/** Everywhere else null is no value, so it is not written. */
function nullableKeys(model: SchemaModel): string {
  const keys = [...model.values()].flatMap((shape) =>
    shape.kind === "record" ? shape.properties.filter((property) => takesNull(property, model)).map(({ name }) => name) : [],
  );
  return `/** Keys that may hold null in some definition. */\nexport const NULLABLE_KEYS: ReadonlySet<string> = new Set(${JSON.stringify([...new Set(keys)].toSorted())});\n`;
}

function takesNull({ shape, optional }: Property, model: SchemaModel): boolean {
  const target = resolved(shape, model);
  if (target.kind === "any") return !optional;
  return target.kind === "null" || (target.kind === "union" && target.members.some(({ kind }) => kind === "null"));
}
