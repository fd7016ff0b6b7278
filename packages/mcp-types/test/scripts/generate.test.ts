import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { emitMethods } from "../../scripts/emit-methods.ts";
import { emitTypes } from "../../scripts/emit-types.ts";
import { emitValidators } from "../../scripts/emit-validators.ts";
import { readDeclarations } from "../../scripts/read-declarations.ts";
import { readJsonSchema } from "../../scripts/read-json-schema.ts";

const entry = createRequire(import.meta.url).resolve("@modelcontextprotocol/sdk/client");
const pinned = readDeclarations(readFileSync(`${entry.slice(0, entry.lastIndexOf("dist"))}dist/esm/spec.types.d.ts`, "utf8"));

test("the pinned schema has all its definitions, and gives the files that are here", () => {
  const generated = (name: string): string => readFileSync(new URL(`../../src/generated/${name}.ts`, import.meta.url), "utf8");
  const header = "// DO NOT EDIT: written by scripts/generate.ts from the schema of the Model Context Protocol.\n\n";

  expect(pinned.size).toBe(145);
  expect(generated("types")).toBe(header + emitTypes(pinned));
  expect(generated("validate")).toBe(header + emitValidators(pinned));
  expect(generated("methods")).toBe(header + emitMethods(pinned));
});

const DECLARATIONS = `
export declare const VERSION = "2.0";
/** Words that are not carried over. */
export interface Base { _meta?: { [key: string]: unknown }; }
export interface Ball extends Base { kind: "ball"; size: number; versions: typeof VERSION; }
export interface Box extends Base { kind: "box"; tags?: string[]; inside: Array<Thing>; }
export type Thing = Ball | Box;
export type Id = string | number;
export type Level = "low" | "high" | string;
export interface Nothing { [key: string]: unknown }
export interface Limited { ttl: number | null; }
export type Both = Limited & { id: Id };
`;

const DEFINITIONS = {
  Base: { type: "object", properties: { _meta: { type: "object", additionalProperties: {} } } },
  Ball: {
    type: "object",
    properties: {
      _meta: { type: "object", additionalProperties: {} },
      kind: { const: "ball", type: "string" },
      size: { type: "integer" },
      versions: { const: "2.0" },
    },
    required: ["kind", "size", "versions"],
  },
  Box: {
    type: "object",
    properties: {
      _meta: { type: "object", additionalProperties: {} },
      kind: { enum: ["box"] },
      tags: { type: "array", items: { type: "string" } },
      inside: { type: "array", items: { $ref: "#/DEFS/Thing" } },
    },
    required: ["kind", "inside"],
  },
  Thing: { anyOf: [{ $ref: "#/DEFS/Ball" }, { $ref: "#/DEFS/Box" }] },
  Id: { type: ["string", "integer"] },
  Level: { type: "string" },
  Nothing: { type: "object", additionalProperties: {} },
  Limited: { type: "object", properties: { ttl: { type: ["integer", "null"] } }, required: ["ttl"] },
  Both: { allOf: [{ $ref: "#/DEFS/Limited" }, { type: "object", properties: { id: { $ref: "#/DEFS/Id" } }, required: ["id"] }] },
};

describe("both dialects of JSON Schema say the same as the declarations", () => {
  test.each(["definitions", "$defs"])("under %s", (key) => {
    const schema = readJsonSchema(JSON.stringify({ [key]: DEFINITIONS }).replaceAll("DEFS", key));
    expect([...schema]).toEqual([...readDeclarations(DECLARATIONS)]);
  });

  test("a schema without definitions is refused", () => {
    expect(() => readJsonSchema("{}")).toThrow("neither `$defs` nor `definitions`");
  });
});

test("a form the generator does not know is an error, not a guess", () => {
  expect(() => readDeclarations("export type Odd = Map<string, number>;")).toThrow("does not know TypeReference: Map<string, number>");
});

test("types keep what is optional apart from what is null, and carry no comments over", () => {
  expect(emitTypes(readDeclarations(DECLARATIONS))).toMatchInlineSnapshot(`
    "export interface Ball {
      _meta?: { [key: string]: unknown } | undefined;
      kind: "ball";
      size: number;
      versions: "2.0";
    }

    export interface Base {
      _meta?: { [key: string]: unknown } | undefined;
    }

    export interface Both {
      ttl: number | null;
      id: Id;
    }

    export interface Box {
      _meta?: { [key: string]: unknown } | undefined;
      kind: "box";
      tags?: string[] | undefined;
      inside: Thing[];
    }

    export type Id = string | number;

    export type Level = string;

    export interface Limited {
      ttl: number | null;
    }

    export type Nothing = { [key: string]: unknown };

    export type Thing = Ball | Box;
    "
  `);
});
