import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectHttp, connectStdio, type ClientOptions, type McpClient } from "../../src/index.ts";
import { createServer } from "../fixtures/sdk-server.mjs";
import { failureOf, textOf } from "../support/connection.ts";
import { serve } from "../support/http-server.ts";

const PROGRAM = fileURLToPath(new URL("../fixtures/sdk-server.mjs", import.meta.url));

const OPTIONS: ClientOptions = {
  roots: () => [{ uri: "file:///project" }],
  elicit: async () => ({ action: "accept", content: { name: "Ada" } }),
};

async function overStdio(): Promise<McpClient> {
  return connectStdio({ command: process.execPath, args: [PROGRAM] }, OPTIONS);
}

async function overHttp(enableJsonResponse: boolean): Promise<McpClient> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, enableJsonResponse });
  // The SDK's own types do not fit each other under exactOptionalPropertyTypes.
  await createServer().connect(transport as Parameters<ReturnType<typeof createServer>["connect"]>[0]);
  const origin = await serve((request, response) => void transport.handleRequest(request, response));
  return connectHttp({ url: `${origin}/mcp` }, OPTIONS);
}

describe.each([
  ["its streams", overStdio],
  ["HTTP with event streams", () => overHttp(false)],
])("the reference SDK's server over %s", (_, connect) => {
  async function open(): Promise<McpClient> {
    const client = await connect();
    onTestFinished(() => client.close());
    await client.initialize();
    return client;
  }

  test("introduces itself and lists all it has", async () => {
    const client = await open();
    expect(client.server).toMatchObject({ protocolVersion: "2025-11-25", instructions: "Be kind.", serverInfo: { name: "sdk" } });
    expect((await client.listAllTools()).map(({ name }) => name)).toEqual(["echo", "count", "ask", "roots", "hang", "fail"]);
    expect(await client.listAllResources()).toEqual([{ uri: "note://1", name: "one" }]);
    expect(await client.listAllResourceTemplates()).toEqual([{ uriTemplate: "note://{id}", name: "note" }]);
    expect((await client.readResource("note://1")).contents).toEqual([{ uri: "note://1", text: "a note" }]);
    expect(await client.listAllPrompts()).toEqual([{ name: "greet" }]);
    expect((await client.getPrompt("greet", { name: "Ada" })).messages).toEqual([
      { role: "user", content: { type: "text", text: "Greet Ada." } },
    ]);
    await client.ping();
  });

  test("is called, reports progress, asks the user and for roots", async () => {
    const client = await open();
    const steps: unknown[] = [];

    const echo = await client.callTool("echo", { message: "né 🙂" });
    const count = await client.callTool("count", { to: 3 }, { onProgress: ({ progress, total }) => steps.push([progress, total]) });

    expect(echo).toEqual({ content: [{ type: "text", text: "né 🙂" }], structuredContent: { message: "né 🙂" } });
    expect([textOf(count), steps]).toEqual([
      "counted",
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    ]);
    expect(JSON.parse(textOf(await client.callTool("ask")))).toEqual({ action: "accept", content: { name: "Ada" } });
    expect(JSON.parse(textOf(await client.callTool("roots")))).toEqual({ roots: [{ uri: "file:///project" }] });
  });

  test("fails as a result, refuses as an error, and stops when cancelled", async () => {
    const client = await open();

    expect(await client.callTool("fail")).toMatchObject({ isError: true });
    expect(await failureOf(client.callTool("nothing"))).toMatchObject({ kind: "rpc", code: -32603 });
    const controller = new AbortController();
    const failure = failureOf(client.callTool("hang", {}, { signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ kind: "cancelled" });
    await client.ping();
  });
});

test("the reference SDK's server may answer over HTTP with plain JSON", async () => {
  const client = await overHttp(true);
  onTestFinished(() => client.close());
  await client.initialize();
  expect(textOf(await client.callTool("echo", { message: "plain" }))).toBe("plain");
});
