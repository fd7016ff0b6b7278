import * as schemas from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import {
  checkCallToolResult,
  checkCreateMessageResult,
  checkElicitRequestParams,
  checkElicitResult,
  checkInitializeResult,
  checkListToolsResult,
  checkReadResourceResult,
  describeFault,
  type Check,
} from "../src/index.ts";

const tool = (more: object = {}): object => ({ name: "t", inputSchema: { type: "object" }, ...more });
const implementation = { name: "s", version: "1" };

/** Check, value, and the fault in words; nothing when it fits. */
const CASES: readonly (readonly [Check, unknown, string?])[] = [
  [checkListToolsResult, { tools: [] }],
  [checkListToolsResult, { tools: [tool(), tool({ "x-new": [null], annotations: { readOnlyHint: true, other: 1 } })], more: 1 }],
  [checkListToolsResult, null, "expected an object, found null"],
  [checkListToolsResult, [], "expected an object, found a list"],
  [checkListToolsResult, {}, "tools: expected a list, found nothing"],
  [checkListToolsResult, { tools: [], nextCursor: null }, "nextCursor: expected a string, found null"],
  [checkListToolsResult, { tools: [tool(), tool({ name: null })] }, "tools[1].name: expected a string, found null"],
  [checkListToolsResult, { tools: [{ name: "t" }] }, "tools[0].inputSchema: expected an object, found nothing"],
  [
    checkListToolsResult,
    { tools: [tool({ inputSchema: { type: "string" } })] },
    'tools[0].inputSchema.type: expected "object", found "string"',
  ],
  [
    checkListToolsResult,
    { tools: [tool({ inputSchema: { type: "object", properties: { a: 7 } } })] },
    "tools[0].inputSchema.properties.a: expected an object, found 7",
  ],
  [
    checkListToolsResult,
    { tools: [tool({ icons: [{ src: "a", theme: "blue" }] })] },
    'tools[0].icons[0].theme: expected "light" or "dark", found "blue"',
  ],
  [
    checkCallToolResult,
    {
      content: [
        { type: "text", text: "hi" },
        { type: "image", data: "", mimeType: "image/png" },
      ],
      isError: false,
    },
  ],
  [checkCallToolResult, { content: [{ type: "resource", resource: { uri: "a", blob: "" } }] }],
  [checkCallToolResult, { content: [{ type: "text" }] }, "content[0].text: expected a string, found nothing"],
  [
    checkCallToolResult,
    { content: [{ type: "song" }] },
    'content[0].type: expected "text", "image", "audio", "resource_link" or "resource", found "song"',
  ],
  [checkCallToolResult, { content: [], isError: "no" }, 'isError: expected a boolean, found "no"'],
  [
    checkReadResourceResult,
    {
      contents: [
        { uri: "a", text: "t" },
        { uri: "b", blob: "" },
      ],
    },
  ],
  [checkReadResourceResult, { contents: [{ uri: "a" }] }, "contents[0].text: expected a string, found nothing"],
  [checkInitializeResult, { protocolVersion: "1", capabilities: { experimental: { a: {} } }, serverInfo: implementation }],
  [
    checkInitializeResult,
    { protocolVersion: "1", capabilities: { experimental: { a: 1 } }, serverInfo: implementation },
    "capabilities.experimental.a: expected an object, found 1",
  ],
  [checkElicitResult, { action: "accept", content: { a: "x", b: 1, c: true, d: ["y"] } }],
  [checkElicitResult, { action: "maybe" }, 'action: expected "accept", "decline" or "cancel", found "maybe"'],
  [checkElicitRequestParams, { message: "m", requestedSchema: { type: "object", properties: { a: { type: "string", enum: ["x"] } } } }],
  [checkElicitRequestParams, { mode: "url", message: "m", elicitationId: "e", url: "https://a" }],
  [checkElicitRequestParams, { message: 7 }, "message: expected a string, found 7"],
  [checkCreateMessageResult, { role: "user", content: { type: "text", text: "t" }, model: "m", stopReason: "new" }],
  [checkCreateMessageResult, { role: "user", content: [{ type: "text", text: "t" }], model: "m" }],
  [
    checkCreateMessageResult,
    { role: "user", content: [{ type: "text" }], model: "m" },
    "content[0].text: expected a string, found nothing",
  ],
];

test.each(CASES.map(([check, value, fault]) => ({ check, value, fault })))("$check.name judges $value", ({ check, value, fault }) => {
  const found = check(value);
  expect(found === undefined ? undefined : describeFault(found)).toBe(fault);
});

/** The same cases for a judge that is not ours. */
const JUDGES = new Map<Check, { safeParse(value: unknown): { readonly success: boolean } }>([
  [checkListToolsResult, schemas.ListToolsResultSchema],
  [checkCallToolResult, schemas.CallToolResultSchema],
  [checkReadResourceResult, schemas.ReadResourceResultSchema],
  [checkInitializeResult, schemas.InitializeResultSchema],
  [checkElicitResult, schemas.ElicitResultSchema],
  [checkElicitRequestParams, schemas.ElicitRequestParamsSchema],
]);

describe("the reference SDK's schemas", () => {
  test("agree in every case", () => {
    const disagreements = CASES.filter(([check, value, fault]) => {
      const judge = JUDGES.get(check);
      return judge !== undefined && judge.safeParse(value).success !== (fault === undefined);
    });
    expect(disagreements).toEqual([]);
  });
});
