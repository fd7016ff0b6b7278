import { expect, test } from "vitest";
import { modelSchema } from "../../src/mcp/tool-schema.ts";

test.each([
  ["nothing", undefined, { type: "object", properties: {} }],
  ["an empty schema", {}, { type: "object", properties: {} }],
  ["another type", { type: "string" }, { type: "object", properties: {} }],
  [
    "what providers refuse or do not need",
    { $schema: "x", $id: "y", type: "object", properties: { a: { type: "string", default: "x", examples: ["y"] }, b: true, c: null } },
    { type: "object", properties: { a: { type: "string" }, b: {}, c: {} } },
  ],
  [
    "lists without items",
    { properties: { a: { type: "array" }, b: { type: ["array", "null"] }, c: { type: "array", items: [{ type: "string" }] } } },
    {
      type: "object",
      properties: {
        a: { type: "array", items: {} },
        b: { type: ["array", "null"], items: {} },
        c: { type: "array", items: { anyOf: [{ type: "string" }] } },
      },
    },
  ],
  [
    "alternatives at the top",
    {
      type: "object",
      additionalProperties: false,
      properties: { mode: { type: "string" } },
      required: ["mode"],
      oneOf: [
        { properties: { a: { type: "string" }, c: {} }, required: ["a", "c"] },
        { properties: { b: { type: "number" }, c: {} }, required: ["b", "c"] },
      ],
    },
    {
      type: "object",
      properties: { a: { type: "string" }, c: {}, b: { type: "number" }, mode: { type: "string" } },
      required: ["mode", "c"],
    },
  ],
  [
    "references to its own definitions",
    {
      $defs: { point: { type: "object", properties: { x: { type: "number" } } }, "a/b": { type: "string" } },
      properties: {
        from: { $ref: "#/$defs/point", description: "start" },
        name: { $ref: "#/$defs/a~1b" },
        gone: { $ref: "#/$defs/none" },
        far: { $ref: "https://x" },
      },
    },
    {
      type: "object",
      properties: {
        from: { type: "object", properties: { x: { type: "number" } }, description: "start" },
        name: { type: "string" },
        gone: {},
        far: {},
      },
    },
  ],
  [
    "a reference inside itself",
    { $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } }, properties: { root: { $ref: "#/$defs/node" } } },
    { type: "object", properties: { root: { type: "object", properties: { next: {} } } } },
  ],
  [
    "required members that do not exist",
    { properties: { a: {} }, required: ["a", "b", 3] },
    { type: "object", properties: { a: {} }, required: ["a"] },
  ],
  [
    "members that are called like keywords",
    { properties: { default: { type: "string" }, $ref: { type: "string" } } },
    { type: "object", properties: { default: { type: "string" }, $ref: { type: "string" } } },
  ],
])("%s is made an object schema that models take", (_, schema, wanted) => {
  expect(modelSchema(schema)).toEqual(wanted);
});

test("a schema that grows without bound by its references becomes any object, and quickly", () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, level) => [
      `l${String(level)}`,
      { type: "object", properties: { a: { $ref: `#/$defs/l${String(level + 1)}` }, b: { $ref: `#/$defs/l${String(level + 1)}` } } },
    ]),
  );
  expect(modelSchema({ $defs, properties: { root: { $ref: "#/$defs/l0" } } })).toEqual({ type: "object", properties: {} });
});

test("a very deep schema ends", () => {
  let schema: object = { type: "string" };
  for (let depth = 0; depth < 10_000; depth += 1) schema = { type: "object", properties: { a: schema } };
  expect(modelSchema(schema)).toMatchObject({ type: "object" });
});
