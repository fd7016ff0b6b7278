import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, say, stall, startFakeResponsesServer, type FakeResponsesServer, type ScriptedTurn } from "@codex/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { BIN, type Message } from "./support/server-process.ts";

const TOKEN = "a-token-of-some-length";
const ASKS = { sandbox: "danger-full-access", "approval-policy": "unless-allow-listed" };

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly provider: FakeResponsesServer;
  readonly exited: Promise<readonly unknown[]>;
}

async function serve(turns: readonly ScriptedTurn[] = []): Promise<Served> {
  const root = mkdtempSync(join(tmpdir(), "codex-mcp-http-"));
  mkdirSync(join(root, "home"));
  const provider = await startFakeResponsesServer(turns);
  const keys = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: provider.url, CODEX_MCP_SERVER_TOKEN: TOKEN };
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: join(root, "home"), ...keys };
  const child = spawn(process.execPath, [BIN, "--listen", "127.0.0.1:0"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
    await provider.close();
    rmSync(root, { recursive: true, force: true });
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { url: line.toString().trim(), child, provider, exited };
}

const HEADERS = { authorization: `Bearer ${TOKEN}`, accept: "application/json, text/event-stream", "content-type": "application/json" };

function post(url: string, body: object | string, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify({ jsonrpc: "2.0", ...body });
  return fetch(url, { method: "POST", body: text, headers: { ...HEADERS, ...headers } });
}

/** A session's id, as the header that says it. */
async function initialize(
  url: string,
  version = "2025-11-25",
  capabilities: object = { elicitation: {} },
): Promise<Record<string, string>> {
  const params = { protocolVersion: version, capabilities, clientInfo: { name: "test", version: "1" } };
  const answer = await post(url, { id: 0, method: "initialize", params });
  expect(await answer.json()).toMatchObject({ id: 0, result: { protocolVersion: version } });
  return { "mcp-session-id": answer.headers.get("mcp-session-id") ?? "" };
}

interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/** The events of a stream as they come. */
async function* eventsOf({ body }: Response): AsyncGenerator<StreamEvent> {
  let rest = "";
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    const events = (rest + Buffer.from(chunk).toString("utf8")).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const [, id = "", data = ""] = /^id: (.*)\ndata: (.*)$/.exec(event) ?? [];
      if (id !== "") yield { id, data };
    }
  }
}

/** The messages of a stream as they come, without the event that only gives an id. */
async function* messagesOf(response: Response): AsyncGenerator<Message> {
  for await (const { data } of eventsOf(response)) if (data !== "") yield JSON.parse(data) as Message;
}

async function allOf(response: Response): Promise<Message[]> {
  const all: Message[] = [];
  for await (const message of messagesOf(response)) all.push(message);
  return all;
}

const codexCall = (id: number | string, args: object = {}): object => ({
  id,
  method: "tools/call",
  params: { name: "codex", arguments: { prompt: "x", ...args }, _meta: { progressToken: `t${String(id)}` } },
});

describe("a call", () => {
  test("streams its events, progress and answer on the answer to its own post, beside another one", async () => {
    const { url } = await serve([say("one"), say("two")]);
    const session = await initialize(url);
    const both = await Promise.all([1, "b"].map((id) => post(url, codexCall(id), session).then(allOf)));
    for (const [index, id] of [1, "b"].entries()) {
      const messages = both[index] ?? [];
      expect(messages.at(-1)).toMatchObject({ id, result: { content: [{ text: expect.stringMatching(/^(one|two)$/) as string }] } });
      const events = messages.filter(({ method }) => method === "codex/event");
      expect(events.map(({ params }) => (params?.["_meta"] as { requestId?: unknown } | undefined)?.requestId)).toEqual(
        events.map(() => id),
      );
      const tokens = messages.flatMap(({ method, params }) => (method === "notifications/progress" ? [params?.["progressToken"]] : []));
      expect(new Set(tokens)).toEqual(new Set([`t${String(id)}`]));
    }
  });

  test("asks on its stream, and takes the answer that is posted", async () => {
    const { url } = await serve([call("shell", { command: ["touch", "x"] }), say("done")]);
    const session = await initialize(url);
    let last: Message | undefined;
    for await (const message of messagesOf(await post(url, codexCall(1, ASKS), session))) {
      last = message;
      if (message.method !== "elicitation/create") continue;
      const answered = await post(url, { id: message.id, result: { action: "accept", content: {} } }, session);
      expect([answered.status, await answered.text()]).toEqual([202, ""]);
    }
    expect(last).toMatchObject({ id: 1, result: { content: [{ text: "done" }] } });
  });

  test("that is taken back ends its stream without an answer; what follows is told on the host's own stream", async () => {
    const { url, provider } = await serve([stall()]);
    const session = await initialize(url);
    const stream = post(url, codexCall(1), session).then(allOf);
    await provider.received(1);
    expect((await post(url, { method: "notifications/cancelled", params: { requestId: 1 } }, session)).status).toBe(202);
    expect((await stream).some((message) => "result" in message)).toBe(false);
    const own = await fetch(url, { headers: { ...HEADERS, ...session } });
    for await (const { params } of messagesOf(own)) {
      if ((params?.["msg"] as { type?: string } | undefined)?.type === "turn_aborted") break;
    }
  });
});

describe("a stream that breaks", () => {
  /** Reads until an event is there, and breaks off. */
  async function readUntil(url: string, body: object, last: { readonly session: Record<string, string>; readonly type: string }) {
    const controller = new AbortController();
    const headers = { ...HEADERS, ...last.session };
    const init = { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...body }), signal: controller.signal };
    const events: StreamEvent[] = [];
    for await (const event of eventsOf(await fetch(url, init))) {
      events.push(event);
      if (event.data.includes(`"type":"${last.type}"`)) break;
    }
    controller.abort();
    return events;
  }

  const resume = (url: string, session: Record<string, string>, id: string): Promise<Response> =>
    fetch(url, { headers: { ...HEADERS, ...session, "last-event-id": id } });

  test("is taken up where it ended, while the call runs: nothing is missing and nothing comes twice", async () => {
    const { url, provider } = await serve([stall()]);
    const session = await initialize(url);
    const first = await readUntil(url, codexCall(1), { session, type: "task_started" });
    expect(first[0]).toEqual({ id: first[0]?.id, data: "" });
    await provider.received(1);
    const again = await resume(url, session, first.at(-1)?.id ?? "");
    const rest: StreamEvent[] = [];
    const reading = (async () => {
      for await (const event of eventsOf(again)) rest.push(event);
    })();
    await post(url, { id: 2, method: "tools/call", params: { name: "codex-close", arguments: { threadId: threadIn(first) } } }, session);
    await reading;
    expect(JSON.parse(rest.at(-1)?.data ?? "")).toMatchObject({ id: 1, result: { isError: true } });
    const numbers = [...first, ...rest].filter(({ data }) => data !== "").map(({ id }) => Number(id.split("-")[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test("is given its answer also when that was sent while nobody listened", async () => {
    const { url } = await serve([say("done at last")]);
    const session = await initialize(url);
    const first = await readUntil(url, codexCall(1), { session, type: "session_configured" });
    // Reads to the answer, so that the call is certainly over.
    for await (const message of messagesOf(await resume(url, session, first[0]?.id ?? ""))) if ("result" in message) break;
    const whole = await allOf(await resume(url, session, first[0]?.id ?? ""));
    expect(whole.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "done at last" }] } });
    const last = await allOf(await resume(url, session, first.at(-1)?.id ?? ""));
    expect(last).toEqual(whole.slice(whole.length - last.length));
  });

  test("is not taken up under an id that was never given, nor in a session that is not its own", async () => {
    const { url } = await serve([say("done")]);
    const session = await initialize(url);
    const [first] = await readUntil(url, codexCall(1), { session, type: "session_configured" });
    expect((await resume(url, session, "77-1")).status).toBe(400);
    expect((await resume(url, session, "no id")).status).toBe(400);
    expect((await resume(url, await initialize(url), first?.id ?? "")).status).toBe(400);
  });

  test("gives no event without data to a host whose version does not have it", async () => {
    const { url } = await serve([say("done")]);
    const session = await initialize(url, "2025-06-18");
    const events = await readUntil(url, codexCall(1), { session, type: "session_configured" });
    expect(events.every(({ data }) => data !== "")).toBe(true);
  });

  function threadIn(events: readonly StreamEvent[]): string {
    const [, thread = ""] = /"threadId":"([^"]+)"/.exec(events.map(({ data }) => data).join("")) ?? [];
    return thread;
  }
});

test("requests without a stream are answered as JSON, lists in the version that has them", async () => {
  const { url } = await serve();
  const session = await initialize(url, "2025-03-26");
  const listed = await post(url, { id: "l", method: "tools/list" }, session);
  expect(listed.headers.get("content-type")).toBe("application/json");
  expect(await listed.json()).toMatchObject({
    id: "l",
    result: { tools: [{ name: "codex" }, { name: "codex-reply" }, { name: "codex-close" }] },
  });
  const batch = ["a", "b"].map((id) => ({ jsonrpc: "2.0", id, method: "ping" }));
  expect(await (await post(url, JSON.stringify(batch), session)).json()).toEqual(
    ["a", "b"].map((id) => ({ jsonrpc: "2.0", id, result: {} })),
  );
  expect(await (await post(url, { id: 2, method: "nothing" }, session)).json()).toMatchObject({ id: 2, error: { code: -32601 } });
});

test("a session ends when its host says so, and with the server", async () => {
  const { url, child, provider, exited } = await serve([stall()]);
  const session = await initialize(url);
  expect((await fetch(url, { method: "DELETE", headers: { ...HEADERS, ...session } })).status).toBe(204);
  expect((await post(url, { id: 1, method: "ping" }, session)).status).toBe(404);
  const other = await initialize(url);
  const open = post(url, codexCall(1), other).then(allOf);
  await provider.received(1);
  child.kill("SIGTERM");
  expect((await open).at(-1)).toMatchObject({ id: 1, result: { isError: true } });
  expect(await exited).toEqual([0, null]);
});

describe("nobody else is served", () => {
  test.each([
    ["without the token", { authorization: "" }, 401],
    ["with another token", { authorization: `Bearer ${TOKEN}x` }, 401],
    ["from a page of another origin", { origin: "https://evil.test" }, 403],
    ["from a page without an origin", { origin: "null" }, 403],
    ["of a session that is not there", { "mcp-session-id": "nobody" }, 404],
    ["in a version that nobody speaks", { "mcp-protocol-version": "1999-01-01" }, 400],
    ["that accepts no stream", { accept: "application/json" }, 406],
    ["that is no JSON", { "content-type": "text/plain" }, 415],
    ["that is like it should be, from a page on this machine", { origin: "http://localhost:3000" }, 200],
  ])("a request %s", async (_, headers, status) => {
    const { url } = await serve();
    const response = await post(url, { id: 1, method: "ping" }, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(status === 200 ? { id: 1, result: {} } : { id: null, error: { code: -32600 } });
  });

  test("a request under another name of this machine", async () => {
    const { url } = await serve();
    const status = await new Promise((resolve) => {
      const request = httpRequest(url, { method: "POST", headers: { ...HEADERS, host: "evil.test" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    });
    expect(status).toBe(403);
  });

  test.each([
    [["--listen", "0.0.0.0:80"], "--listen takes an address of this machine"],
    [["--listen", "127.0.0.1:70000"], "--listen takes an address of this machine"],
    [["--listen", "127.0.0.1:0"], "CODEX_MCP_SERVER_TOKEN must hold the token"],
  ])("%j is an error before anything is served", async (args, message) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { PATH: process.env["PATH"] }, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(child, "close")).toEqual([2, null]);
    expect(stderr).toContain(message);
  });
});
