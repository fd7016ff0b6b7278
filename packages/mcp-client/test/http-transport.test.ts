import { describe, expect, onTestFinished, test } from "vitest";
import { connectHttp, type ClientOptions, type HttpOptions, type HttpServerSpec, type McpClient } from "../src/index.ts";
import { failureOf, manualClock, textOf, until } from "./support/connection.ts";
import { mcpServer, type Exchange } from "./support/http-server.ts";

async function open(origin: string, spec: Partial<HttpServerSpec> = {}, options: ClientOptions & HttpOptions = {}): Promise<McpClient> {
  const client = await connectHttp({ url: `${origin}/mcp`, ...spec }, { name: "web", ...options });
  onTestFinished(() => client.close());
  await client.initialize();
  return client;
}

const result = (text: string): object => ({ content: [{ type: "text", text }] });
const refuse = ({ response }: Exchange): void => void response.writeHead(405).end();

test("a session keeps its id and version, sends headers and token, and says goodbye", async () => {
  const seen: unknown[] = [];
  const origin = await mcpServer(
    (exchange) => {
      const { request } = exchange;
      const { authorization, "mcp-session-id": session, "mcp-protocol-version": version, "x-team": team } = request.headers;
      if (request.method !== "GET") seen.push([request.method, exchange.message?.method, authorization, session, version, team]);
      if (exchange.message === undefined) return refuse(exchange);
      exchange.json({});
    },
    { "mcp-session-id": "s-1" },
  );
  let tokens = 0;
  const client = await open(origin, { headers: { "X-Team": "blue" }, bearerToken: () => `t-${String((tokens += 1))}` });

  await client.ping();
  await client.close();

  expect(seen).toEqual([
    ["POST", "ping", expect.stringMatching(/^Bearer t-\d$/), "s-1", "2025-11-25", "blue"],
    ["DELETE", undefined, expect.stringMatching(/^Bearer t-\d$/), "s-1", "2025-11-25", "blue"],
  ]);
});

test("an answer may come as a stream, after messages of other kinds", async () => {
  const origin = await mcpServer((exchange) => {
    if (exchange.message === undefined) return refuse(exchange);
    const { id } = exchange.message;
    exchange.stream();
    exchange.event({ method: "notifications/progress", params: { progressToken: id, progress: 1 } });
    exchange.event({ id, result: result("streamed") });
    exchange.response.end();
  });
  const client = await open(origin);
  const progress: number[] = [];

  const answer = await client.callTool("x", {}, { onProgress: (step) => progress.push(step.progress) });

  expect([textOf(answer), progress]).toEqual(["streamed", [1]]);
});

test("a stream that breaks off is taken up again after its last event and its own pause", async () => {
  const seen: unknown[] = [];
  let id: number | undefined;
  const origin = await mcpServer((exchange) => {
    const last = exchange.request.headers["last-event-id"];
    if (exchange.message === undefined && last === undefined) return refuse(exchange);
    seen.push([exchange.request.method, last]);
    id ??= exchange.message?.id;
    exchange.stream();
    if (seen.length < 3) exchange.response.end(`retry: 10\nid: e-${String(seen.length)}\ndata:\n\n`);
    else {
      exchange.event({ id, result: result("after all") }, "e-3");
      exchange.response.end();
    }
  });
  const client = await open(origin);

  expect(textOf(await client.callTool("x"))).toBe("after all");
  expect(seen).toEqual([
    ["POST", undefined],
    ["GET", "e-1"],
    ["GET", "e-2"],
  ]);
});

test("a stream that ends without answer or event id fails its call, and the session goes on", async () => {
  const origin = await mcpServer((exchange) => {
    if (exchange.message?.method !== "tools/call") return exchange.message === undefined ? refuse(exchange) : exchange.json({});
    exchange.stream();
    exchange.response.end();
  });
  const client = await open(origin);

  expect(await failureOf(client.callTool("x"))).toMatchObject({ kind: "closed", message: "web ended the stream before its answer" });
  await client.ping();
});

test("a call that is given up lets go of its stream and is cancelled", async () => {
  let taken = false;
  let dropped = false;
  const origin = await mcpServer((exchange) => {
    if (exchange.message === undefined) return refuse(exchange);
    taken = true;
    exchange.stream();
    exchange.response.on("close", () => (dropped = true));
  });
  const clock = manualClock();
  const client = await open(origin, {}, { clock });

  const failure = failureOf(client.callTool("x", {}, { timeoutMs: 50 }));
  await until(() => taken);
  clock.advance(50);

  expect(await failure).toMatchObject({ kind: "timeout" });
  await until(() => dropped);
});

test("the server speaks and asks on its own stream, also after that broke", async () => {
  const answers: unknown[] = [];
  let streams = 0;
  const origin = await mcpServer((exchange) => {
    if (exchange.request.method !== "GET") {
      answers.push(exchange.message);
      return void exchange.response.writeHead(202).end();
    }
    streams += 1;
    exchange.stream();
    if (streams === 1) exchange.response.end("retry: 5\nid: 1\ndata:\n\n");
    else exchange.event({ id: "q", method: "roots/list" }, "2");
  });
  await open(origin, {}, { roots: () => [{ uri: "file:///a" }] });

  await until(() => answers.length === 1);

  expect(answers).toEqual([{ jsonrpc: "2.0", id: "q", result: { roots: [{ uri: "file:///a" }] } }]);
});

test("a move within the server is followed, one to another server is not", async () => {
  const seen: (string | undefined)[] = [];
  const moving = (to: string): Promise<string> =>
    mcpServer((exchange) => {
      const { request, response } = exchange;
      if (exchange.message === undefined) return refuse(exchange);
      seen.push(request.url);
      if (request.url === "/mcp") response.writeHead(307, { location: to }).end();
      else exchange.json({});
    });

  const inside = await open(await moving("/mcp/"));
  await inside.ping();
  await inside.ping();
  const outside = await open(await moving("https://elsewhere.example/mcp"));

  expect(seen).toEqual(["/mcp", "/mcp/", "/mcp/"]);
  expect(await failureOf(outside.ping())).toMatchObject({
    kind: "http",
    message: "web has moved to https://elsewhere.example, which is for you to decide",
  });
});

describe("a server that refuses", () => {
  const refusing = (status: number, body = ""): Promise<string> =>
    mcpServer(({ response, message }) => void response.writeHead(message === undefined ? 405 : status).end(body), {
      "mcp-session-id": "s",
    });

  test.each([
    [500, "oh\nno", { kind: "http", code: 500, message: "web refused with status 500: oh no" }],
    [401, "", { kind: "auth", code: 401, message: "web refused with status 401", hint: "Log in to the server, or give a bearer token." }],
    [403, "", { kind: "auth", code: 403, hint: "The token does not allow this." }],
    [404, "", { kind: "closed", message: "web has ended the session" }],
    [202, "", { kind: "protocol", message: "web answered with status 202 and no content" }],
  ])("with %i is named", async (status, body, error) => {
    const client = await open(await refusing(status, body));
    expect(await failureOf(client.ping())).toMatchObject(error);
  });

  test("because nobody listens is named", async () => {
    const client = await connectHttp({ url: "http://127.0.0.1:1/mcp" }, { name: "web" });
    expect(await failureOf(client.initialize())).toMatchObject({ kind: "closed", message: expect.stringContaining("ECONNREFUSED") });
  });
});

test("an answer longer than we take fails its request", async () => {
  const origin = await mcpServer((exchange) =>
    exchange.message === undefined ? refuse(exchange) : exchange.json(result("x".repeat(2_000_000))),
  );
  const client = await open(origin, {}, { maxMessageBytes: 1_000_000 });
  expect(await failureOf(client.callTool("x"))).toMatchObject({
    message: "web gave no whole answer: the answer is larger than 1000000 bytes",
  });
});

test.each([
  ["another request", '{"jsonrpc":"2.0","id":999,"result":{}}'],
  ["nothing", "[1,2]"],
  ["no JSON", "<html>"],
])("an answer to %s fails its request at once: nothing else keeps a program waiting for it", async (_, body) => {
  const origin = await mcpServer(({ response }) => void response.writeHead(200, { "content-type": "application/json" }).end(body));
  const client = await open(origin);
  expect(await failureOf(client.ping())).toMatchObject({
    kind: "protocol",
    message: `web answered with something that is no answer to the request: ${body}`,
  });
});

test("an answer that breaks off, and a stream of one endless event, say what was wrong", async () => {
  const origin = await mcpServer((exchange) => {
    const { message, response, request } = exchange;
    if (message === undefined) return refuse(exchange);
    if (message.params?.name === "half") {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{");
      setImmediate(() => request.socket.destroy());
      return;
    }
    exchange.stream();
    response.end(`data: ${"x".repeat(5000)}\n\n`);
  });
  const client = await open(origin, {}, { maxMessageBytes: 4000 });
  expect((await failureOf(client.callTool("half"))).message).toBe("web gave no whole answer: aborted");
  expect((await failureOf(client.callTool("endless"))).message).toBe(
    "web ended the stream before its answer: one event of the stream is larger than 4000 bytes",
  );
});
