import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { call, say } from "../../src/testing/scripted-turn.ts";
import { mcpToolsOf, openMcpFixture, outputsOf } from "./mcp-fixture.ts";

interface Network {
  readonly url: string;
  /** The `authorization` and `x-team` headers of each request. */
  readonly headers: (readonly [string | undefined, string | undefined])[];
  /** Makes the server forget its sessions. */
  forget(): void;
}

/** A server of one tool that speaks streamable HTTP and answers in JSON. */
async function serve(refuse: (request: IncomingMessage) => number | undefined = () => undefined): Promise<Network> {
  const headers: (readonly [string | undefined, string | undefined])[] = [];
  let session = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    headers.push([request.headers.authorization, String(request.headers["x-team"])]);
    const status = refuse(request);
    if (status !== undefined) return void response.writeHead(status, { "www-authenticate": "Bearer" }).end("no");
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method, params } = JSON.parse(text) as { id?: number; method: string; params?: { protocolVersion?: string } };
    if (id === undefined) return void response.writeHead(202).end();
    if (method === "initialize") session += 1;
    else if (request.headers["mcp-session-id"] !== `s${String(session)}`) return void response.writeHead(404).end();
    const results: Record<string, unknown> = {
      initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "web", version: "1" } },
      "tools/list": { tools: [{ name: "hello", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }] },
      "tools/call": { content: [{ type: "text", text: `hello from session ${String(session)}` }] },
    };
    response.writeHead(200, { "content-type": "application/json", "mcp-session-id": `s${String(session)}` });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] }));
  };
  const port = await listen((request, response) => void answer(request, response));
  return { url: `http://127.0.0.1:${String(port)}/mcp`, headers, forget: () => (session += 1) };
}

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that sends everything to one address, whatever was asked for. */
async function proxyTo(target: string): Promise<{ readonly url: string; readonly asked: Set<string> }> {
  const asked = new Set<string>();
  const port = await listen((request, response) => {
    asked.add(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? ""}`);
    const { "proxy-authorization": _, ...headers } = request.headers;
    const onward = httpRequest(target, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  return { url: `http://user:pass@127.0.0.1:${String(port)}`, asked };
}

test("a server on the network gets its token and headers, from the settings and from variables", async () => {
  const network = await serve();
  const settings = `mcp_servers.web={ url = "${network.url}", bearer_token_env_var = "WEB_TOKEN", env_http_headers = { "x-team" = "TEAM" } }`;
  const fixture = await openMcpFixture([call("mcp__web__hello", {}, "c1"), say("ok")], [settings], {
    env: { WEB_TOKEN: "t0ken", TEAM: "blue" },
  });
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual(["hello from session 1"]);
  expect(new Set(network.headers.map((pair) => pair.join()))).toEqual(new Set(["Bearer t0ken,blue"]));
});

test("a server is reached by the user's proxy, unless it is on this machine", async () => {
  const network = await serve();
  const proxy = await proxyTo(network.url);
  const far = await openMcpFixture(
    [call("mcp__web__hello", {}, "c1"), say("ok")],
    [`mcp_servers.web={ url = "http://mcp.test/mcp?a=1", http_headers = { "x-team" = "red" } }`],
    { env: { HTTP_PROXY: proxy.url } },
  );
  await far.ask("go");
  expect(outputsOf(far, 1)).toEqual(["hello from session 1"]);
  expect([...proxy.asked]).toEqual(["http://mcp.test/mcp?a=1 Basic dXNlcjpwYXNz"]);
  expect(new Set(network.headers.map(([, team]) => team))).toEqual(new Set(["red"]));

  const near = await openMcpFixture([call("mcp__web__hello", {}, "c1"), say("ok")], [`mcp_servers.web={ url = "${network.url}" }`], {
    env: { HTTP_PROXY: "http://127.0.0.1:1" },
  });
  await near.ask("go");
  expect(outputsOf(near, 1)).toEqual(["hello from session 2"]);
});

test("a session that the server has forgotten is opened anew", async () => {
  const network = await serve();
  const fixture = await openMcpFixture(
    [call("mcp__web__hello", {}, "c1"), call("mcp__web__hello", {}, "c2"), say("ok")],
    [`mcp_servers.web={ url = "${network.url}" }`],
  );
  network.forget();
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual([expect.stringMatching(/^The call failed: web has ended the session/)]);
  expect(outputsOf(fixture, 2)).toEqual(["hello from session 3"]);
});

test.each([
  [
    "a token whose variable is not set",
    'bearer_token_env_var = "WEB_TOKEN"',
    /^The MCP server web cannot be used: WEB_TOKEN, which holds the token for web, is not set\. Set WEB_TOKEN\.$/,
  ],
  ["a login that is missing", "required = false", /^The MCP server web cannot be used: .*401.* codex mcp login web/s],
])("%s is told, with what helps", async (_, settings, message) => {
  const network = await serve(() => 401);
  const fixture = await openMcpFixture([say("ok")], [`mcp_servers.web={ url = "${network.url}", ${settings} }`]);
  await fixture.ask("go");
  expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual([expect.stringMatching(message)]);
  expect(mcpToolsOf(fixture, 0)).toEqual([]);
});
