type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 32;
/** Beyond it a schema costs more than it tells; the tool then takes any object. */
const MAX_NODES = 5000;

/**
 * A server's input schema as model providers take it: an object schema with properties, lists with items, references to its own
 * definitions written out, without `$schema` and defaults. What cannot be kept is widened, so that no good call is ruled out.
 */
export function modelSchema(inputSchema: unknown): Schema {
  const root: Schema = isSchema(inputSchema) ? inputSchema : {};
  const walk: Walk = { root, nodes: 0, open: [] };
  const schema = objectSchema(isSchema(inputSchema) ? clean(inputSchema, walk, 0) : {});
  return walk.nodes > MAX_NODES ? ANY_OBJECT : schema;
}

const ANY_OBJECT: Schema = { type: "object", properties: {} };

interface Walk {
  readonly root: Schema;
  nodes: number;
  /** The references that are being written out: one inside itself has no end. */
  readonly open: string[];
}

const DROPPED = new Set(["$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "default", "examples", "$ref"]);
const SCHEMA_MAPS = new Set(["properties", "patternProperties", "dependentSchemas"]);
const SCHEMA_LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const SCHEMAS = new Set([
  "items",
  "additionalProperties",
  "not",
  "contains",
  "propertyNames",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
]);

function clean(schema: Schema, walk: Walk, depth: number): Schema {
  walk.nodes += 1;
  if (depth > MAX_DEPTH || walk.nodes > MAX_NODES) return {};
  const { $ref: ref } = schema;
  if (typeof ref === "string") return writtenOut(ref, schema, { walk, depth });
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.has(key) || value === null || value === undefined) continue;
    result[key] = cleanMember(key, value, { walk, depth: depth + 1 });
  }
  const takesList = result["type"] === "array" || (Array.isArray(result["type"]) && result["type"].includes("array"));
  if (takesList && !isSchema(result["items"])) result["items"] = {};
  return result;
}

interface Place {
  readonly walk: Walk;
  readonly depth: number;
}

function cleanMember(key: string, value: unknown, { walk, depth }: Place): unknown {
  if (SCHEMA_MAPS.has(key) && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleanAny(member, walk, depth)]));
  }
  if (SCHEMA_LISTS.has(key) && Array.isArray(value)) return value.map((member) => cleanAny(member, walk, depth));
  if (SCHEMAS.has(key) && isSchema(value)) return clean(value, walk, depth);
  // A list of item schemas is the older form of prefixItems.
  if (key === "items") return { anyOf: Array.isArray(value) ? value.map((member) => cleanAny(member, walk, depth)) : [{}] };
  return value;
}

/** `true` and everything that is no schema stands for any value. */
function cleanAny(value: unknown, walk: Walk, depth: number): Schema {
  return isSchema(value) ? clean(value, walk, depth) : {};
}

function writtenOut(ref: string, schema: Schema, { walk, depth }: Place): Schema {
  const target = ref.startsWith("#") && !walk.open.includes(ref) ? resolve(walk.root, ref) : undefined;
  const { $ref: _, ...beside } = schema;
  if (target === undefined) return clean(beside, walk, depth + 1);
  walk.open.push(ref);
  const result = clean({ ...target, ...beside }, walk, depth + 1);
  walk.open.pop();
  return result;
}

/** What a JSON Pointer in a fragment (RFC 6901) points at. */
function resolve(root: Schema, ref: string): Schema | undefined {
  let value: unknown = root;
  for (const token of ref.slice(1).split("/").slice(1)) {
    const name = decoded(token).replaceAll("~1", "/").replaceAll("~0", "~");
    value = isSchema(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return isSchema(value) ? value : undefined;
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** Providers want an object at the top, without alternatives: those are laid over each other, and required is what all of them require. */
function objectSchema(schema: Schema): Schema {
  const { anyOf, oneOf, allOf, not: _not, if: _if, then: _then, else: _else, enum: _enum, const: _const, ...rest } = schema;
  const either = [...members(anyOf), ...members(oneOf)];
  const all = members(allOf);
  const properties = Object.assign(
    {},
    ...[...either, ...all, rest].map((part) => (isSchema(part["properties"]) ? part["properties"] : {})),
  ) as Schema;
  const common =
    either.length === 0 ? [] : requiredOf(either[0] ?? {}).filter((name) => either.every((part) => requiredOf(part).includes(name)));
  const required = [...new Set([...requiredOf(rest), ...all.flatMap(requiredOf), ...common])].filter((name) =>
    Object.hasOwn(properties, name),
  );
  const { required: _required, ...kept } = rest;
  // Alternatives bring members that the closed schema beside them does not know.
  if (either.length + all.length > 0 && kept["additionalProperties"] === false)
    delete (kept as Record<string, unknown>)["additionalProperties"];
  return { ...kept, type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

function members(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

function requiredOf({ required }: Schema): readonly string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
