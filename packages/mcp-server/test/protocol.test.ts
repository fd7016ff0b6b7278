import { describe, expect, test } from "vitest";
import { TOOLS } from "../src/generated/tools.ts";
import { VERSION } from "../src/version.ts";
import { answers, openServer, startServer, type Message } from "./support/server-process.ts";

describe("initialize", () => {
  test.each([
    ["2025-11-25", "2025-11-25"],
    ["2025-06-18", "2025-06-18"],
    ["2025-03-26", "2025-03-26"],
    ["2024-11-05", "2024-11-05"],
    ["1999-01-01", "2025-11-25"],
  ])("a host that proposes %s gets %s", async (version, agreed) => {
    const server = await startServer();
    expect(await server.initialize({ version })).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        protocolVersion: agreed,
        capabilities: { tools: {} },
        serverInfo: { name: "codex-mcp-server", title: "Codex", version: VERSION },
        instructions: expect.stringContaining("codex-reply"),
      },
    });
  });

  test("has to come first; only ping is answered before", async () => {
    const server = await startServer();
    expect(await server.ask("tools/list")).toEqual(failure(1, -32600, "tools/list came before initialize"));
    expect(await server.ask("tools/call", { name: "codex", arguments: { prompt: "x" } })).toMatchObject({ error: { code: -32600 } });
    expect(await server.ask("ping")).toEqual({ jsonrpc: "2.0", id: 3, result: {} });
    await server.initialize();
    expect(await server.ask("tools/list")).toMatchObject({ result: { tools: [{ name: "codex" }, {}, {}] } });
  });

  test("may not come twice", async () => {
    const server = await openServer();
    expect(await server.initialize()).toMatchObject({ error: { code: -32600, message: "initialize was called before" } });
  });

  test("without a version is refused with the place of the fault, and may be tried again", async () => {
    const server = await startServer();
    expect(await server.ask("initialize", { capabilities: {} })).toMatchObject({
      error: { code: -32602, message: expect.stringMatching(/params of initialize: .*protocolVersion|clientInfo/) },
    });
    expect(await server.initialize()).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });
});

describe("every request is answered", () => {
  test.each(["resources/list", "prompts/list", "logging/setLevel", "completion/complete", "tasks/list", "no/such", "__proto__"])(
    "%s: method not found",
    async (method) => {
      const server = await openServer();
      expect(await server.ask(method)).toEqual(failure(2, -32601, `method not found: ${method}`, { method }));
    },
  );

  test("wrong params, an unknown tool and an unknown cursor are -32602", async () => {
    const server = await openServer();
    expect(await server.ask("tools/call", { name: 7 })).toMatchObject({
      error: { code: -32602, message: expect.stringContaining("name") },
    });
    expect(await server.ask("tools/call", { name: "codex", arguments: [] })).toMatchObject({ error: { code: -32602 } });
    expect(await server.ask("tools/call", { name: "codx", arguments: {} })).toEqual(
      failure(4, -32602, "unknown tool: codx; there are codex, codex-reply, codex-close"),
    );
    expect(await server.ask("tools/list", { cursor: "2" })).toMatchObject({ error: { code: -32602 } });
  });

  test("what is no JSON is -32700, what is no message -32600; the server goes on", async () => {
    const server = await openServer();
    server.write('{"jsonrpc":"2.0",\n');
    server.write("hello\n\n  \r\n");
    server.write('{"id":7,"method":"ping"}\n');
    server.write('{"jsonrpc":"2.0","id":{},"method":"ping"}\n');
    server.write('{"jsonrpc":"2.0","id":8}\n');
    server.write('[{"jsonrpc":"2.0","id":9,"method":"ping"}]\n');
    server.write('"text"\n');
    await server.ask("ping");
    expect(errorsOf(server.messages)).toEqual([
      [null, -32700],
      [null, -32700],
      [7, -32600],
      [null, -32600],
      [8, -32600],
      [null, -32600],
      [null, -32700],
    ]);
  });

  test('ids keep their kind: 1 and "1" are two requests', async () => {
    const server = await openServer();
    server.send({ id: "2", method: "ping" });
    server.send({ id: 2, method: "ping" });
    expect(await server.shows(answers("2"))).toEqual({ jsonrpc: "2.0", id: "2", result: {} });
    expect(await server.shows(answers(2))).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
  });

  test("answers and notifications that mean nothing are passed over", async () => {
    const server = await openServer();
    server.send({ id: 99, result: {} });
    server.send({ id: 98, error: { code: 1, message: "no" } });
    server.send({ id: 97, result: null });
    server.send({ method: "notifications/cancelled", params: { requestId: 12345 } });
    server.send({ method: "notifications/unheard-of" });
    server.send({ method: "notifications/cancelled" });
    expect(await server.ask("ping")).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
    expect(server.messages).toHaveLength(2);
  });

  test("requests torn and glued in any way come out whole", async () => {
    const server = await openServer();
    const text = Buffer.from(["né🙂", "b"].map((id) => `${JSON.stringify({ jsonrpc: "2.0", id, method: "ping" })}\r\n`).join(""));
    for (const byte of text) server.write(Uint8Array.of(byte));
    await server.shows(answers("b"));
    expect(await server.shows(answers("né🙂"))).toEqual({ jsonrpc: "2.0", id: "né🙂", result: {} });
  });

  test("a message above the limit is refused by its id, whether that stands first or last, and is not kept", async () => {
    const server = await openServer();
    const filler = Buffer.alloc(1024 * 1024, "x");
    const long = (head: string, tail: string): void => {
      server.write(head);
      for (let mib = 0; mib < 40; mib += 1) server.write(filler);
      server.write(`${tail}\n`);
    };
    long('{"jsonrpc":"2.0","id":70,"method":"tools/call","params":{"name":"codex","arguments":{"prompt":"', '"}}}');
    long('{"method":"tools/call","params":{"name":"codex","arguments":{"prompt":"', '"}},"jsonrpc":"2.0","id":"last"}');
    long('{"method":"tools/call","params":{"id":3,"name":"', '","x":{"id":4}}}');
    await server.ask("ping");
    expect(errorsOf(server.messages)).toEqual([
      [70, -32600],
      ["last", -32600],
      [null, -32600],
    ]);
    expect(JSON.stringify(server.messages)).toContain("the message is too long: 4194");
  });
});

describe("lists of messages", () => {
  test("are answered as one list where the version has them, without the notifications", async () => {
    const server = await startServer();
    await server.initialize({ version: "2025-03-26" });
    const batch = [
      { jsonrpc: "2.0", id: "a", method: "ping" },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: "b", method: "no/such" },
      { nonsense: true },
      { jsonrpc: "2.0", id: "c", method: "tools/call", params: { name: "codex", arguments: {} } },
    ];
    server.write(`${JSON.stringify(batch)}\n`);
    await server.shows(answers("c"));
    expect(server.messages.at(-1)).toEqual([
      { jsonrpc: "2.0", id: "a", result: {} },
      failure("b", -32601, "method not found: no/such", { method: "no/such" }),
      failure(null, -32600, expect.any(String)),
      {
        jsonrpc: "2.0",
        id: "c",
        result: { content: [{ type: "text", text: expect.stringContaining("`prompt` is missing") }], isError: true },
      },
    ]);
    server.write("[]\n");
    expect(
      await server.shows(({ id, error }) => id === null && error !== undefined && !Array.isArray(server.messages.at(-1))),
    ).toMatchObject({
      error: { code: -32600 },
    });
  });
});

test("the tools are listed as they were generated, without loading zod or the agent", async () => {
  const server = await openServer();
  expect((await server.ask("tools/list")).result).toEqual({ tools: TOOLS });
});

function failure(id: unknown, code: number, message: unknown, data?: object): object {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
}

function errorsOf(messages: readonly (Message | readonly Message[])[]): unknown[] {
  return messages.flat().flatMap(({ id, error }) => (error === undefined ? [] : [[id, error.code]]));
}
