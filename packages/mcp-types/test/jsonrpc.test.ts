import { describe, expect, test } from "vitest";
import { encodeBatch, encodeMessage, parseMessage } from "../src/index.ts";

describe("encodeMessage", () => {
  test("writes one line that names the protocol", () => {
    expect(encodeMessage({ id: 1, method: "ping" })).toBe('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    expect(encodeMessage({ method: "notifications/initialized" })).toBe('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    expect(encodeMessage({ id: "a", result: { text: "two\nlines" } })).toBe('{"jsonrpc":"2.0","id":"a","result":{"text":"two\\nlines"}}\n');
    expect(encodeMessage({ id: null, error: { code: -32700, message: "not JSON" } })).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not JSON"}}\n',
    );
  });

  test("leaves out what is absent, also when a careless caller says null", () => {
    expect(encodeMessage({ id: 1, method: "tools/list", params: { cursor: null, _meta: undefined } })).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}\n',
    );
    expect(encodeMessage({ id: 1, result: { tools: [], nextCursor: null } })).toBe('{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}\n');
    expect(encodeMessage({ id: 1, method: "x", params: null as unknown as object })).toBe('{"jsonrpc":"2.0","id":1,"method":"x"}\n');
  });

  test("keeps the nulls that mean something", () => {
    expect(encodeMessage({ id: 1, method: "tools/call", params: { name: "x", arguments: { a: null } } })).toContain('"a":null');
    expect(encodeMessage({ id: 1, result: { taskId: "t", ttl: null } })).toContain('"ttl":null');
    expect(encodeMessage({ method: "notifications/message", params: { level: "info", data: null } })).toContain('"data":null');
  });

  test("writes several messages as one list", () => {
    expect(encodeBatch([{ method: "a" }, { id: 1, result: {} }])).toBe(
      '[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":1,"result":{}}]\n',
    );
  });
});

describe("parseMessage", () => {
  test.each([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', "request"],
    ['{"jsonrpc":"2.0","id":"x","method":"ping","params":{}}', "request"],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', "notification"],
    ['{"jsonrpc":"2.0","id":1,"result":{}}', "result"],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', "result"],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}', "error"],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}', "error"],
    ['{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"no"}}', "error"],
  ])("reads %s as a %s and keeps all of it", (text, type) => {
    expect(parseMessage(text)).toEqual({ type, message: JSON.parse(text) as unknown });
  });

  test("keeps keys that nobody knows", () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"ping","trace":{"a":null},"params":{"x":1}}';
    expect(parseMessage(text)).toEqual({ type: "request", message: JSON.parse(text) as unknown });
  });

  test("takes params that are null for absent ones", () => {
    expect(parseMessage('{"jsonrpc":"2.0","id":1,"method":"ping","params":null}')).toEqual({
      type: "request",
      message: { jsonrpc: "2.0", id: 1, method: "ping" },
    });
  });

  test.each([
    ["{", { code: -32700, reason: expect.stringMatching(/^not JSON: /), id: null, isAnswer: false }],
    ["7", { code: -32600, reason: "a message is an object", id: null, isAnswer: false }],
    ['{"id":1,"method":"ping"}', { code: -32600, reason: '`jsonrpc` is not "2.0"', id: 1, isAnswer: false }],
    ['{"jsonrpc":"2.0","id":1}', { code: -32600, reason: "neither `method`, `result` nor `error`", id: 1, isAnswer: false }],
    [
      '{"jsonrpc":"2.0","id":null,"method":"x"}',
      { code: -32600, reason: "`id` is neither a string nor a number", id: null, isAnswer: false },
    ],
    ['{"jsonrpc":"2.0","id":1,"method":"x","params":[]}', { code: -32600, reason: "`params` is not an object", id: 1, isAnswer: false }],
    ['{"jsonrpc":"2.0","id":1,"result":null}', { code: -32600, reason: "`result` is not an object", id: 1, isAnswer: true }],
    ['{"jsonrpc":"2.0","result":{}}', { code: -32600, reason: "an answer without an id", id: null, isAnswer: true }],
    ['{"jsonrpc":"2.0","id":1,"error":"no"}', { code: -32600, reason: "`error` has no code and message", id: 1, isAnswer: true }],
    [
      '[{"jsonrpc":"2.0","method":"a"}]',
      { code: -32600, reason: "a list of messages is not part of this protocol version", id: null, isAnswer: false },
    ],
  ])("refuses %s", (text, fault) => {
    expect(parseMessage(text)).toEqual({ type: "invalid", ...fault });
  });

  test.each([
    ["result", (deep: string) => `{"jsonrpc":"2.0","id":7,"result":{"a":${deep}}}`, { id: 7, isAnswer: true }],
    ["request", (deep: string) => `{"jsonrpc":"2.0","params":{"a":${deep}},"id":"x","method":"m"}`, { id: "x", isAnswer: false }],
    ["notification", (deep: string) => `{"jsonrpc":"2.0","method":"m","params":{"a":${deep}}}`, { id: null, isAnswer: false }],
    ["message of no kind", (deep: string) => deep, { id: null, isAnswer: false }],
  ])("refuses a %s that is nested too deep, and says whose it is", (_, message, about) => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"\\\\\\"[":', "}"],
    ] as const) {
      const nested = (levels: number): string => message(`${open.repeat(levels)}[]${close.repeat(levels)}`);
      const refused = { type: "invalid", code: -32600, reason: "it is nested to more than 500 levels", ...about };
      expect(parseMessage(nested(100_000), { batches: true })).toEqual(refused);
      expect(parseMessage(nested(501), { batches: true })).toEqual(refused);
      expect(parseMessage(nested(400), { batches: true })).not.toEqual(refused);
    }
  });

  test("takes what only looks nested, in texts", () => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { text: '\\"['.repeat(2000), other: "\\" } });
    expect(parseMessage(text)).toMatchObject({ type: "result" });
  });

  test("reads a list one by one where the version has lists", () => {
    expect(parseMessage('[{"jsonrpc":"2.0","method":"a"},7]', { batches: true })).toEqual({
      type: "batch",
      items: [
        { type: "notification", message: { jsonrpc: "2.0", method: "a" } },
        { type: "invalid", code: -32600, reason: "a message is an object", id: null, isAnswer: false },
      ],
    });
    expect(parseMessage("[]", { batches: true })).toMatchObject({ type: "invalid", code: -32600 });
  });
});
