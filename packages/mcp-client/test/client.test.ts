import { describe, expect, test } from "vitest";
import type { ElicitRequestParams } from "@codex/mcp-types";
import { connectFixture, failureOf, manualClock, openFixture, textOf, until } from "./support/connection.ts";

describe("initialize", () => {
  test("agrees on a version and tells who we are and what we can do", async () => {
    const client = await connectFixture([], { roots: () => [], elicit: async () => ({ action: "decline" }) });

    const server = await client.initialize();

    expect(server).toEqual({
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "fixture", version: "1" },
      asked: {
        protocolVersion: "2025-11-25",
        capabilities: { roots: {}, elicitation: { form: {}, url: {} } },
        clientInfo: { name: "codex-mcp-client", version: "0.0.0" },
      },
    });
    expect(client.server).toBe(server);
  });

  test.each(["2025-06-18", "2025-03-26", "2024-11-05"])("accepts a server that answers with %s", async (version) => {
    const client = await openFixture([version]);
    expect(client.server?.protocolVersion).toBe(version);
  });

  test("refuses a version we do not speak and closes the connection", async () => {
    const client = await connectFixture(["2031-01-01"]);

    const error = await failureOf(client.initialize());

    expect(error).toMatchObject({ kind: "protocol", message: expect.stringContaining("2031-01-01") });
    expect(await client.closed).toMatchObject({ kind: "closed" });
    expect(await failureOf(client.ping())).toMatchObject({ kind: "closed" });
  });

  test("gives up on a server that hangs, without cancelling what must not be cancelled", async () => {
    const clock = manualClock();
    const client = await connectFixture(["hang-initialize"], { clock, initializeTimeoutMs: 10_000 });

    const failure = failureOf(client.initialize());
    clock.advance(10_000);

    expect(await failure).toMatchObject({ kind: "timeout", message: "fixture did not answer initialize within 10 s" });
  });
});

describe("lists", () => {
  test("follow the cursors to the end and keep keys nobody knows", async () => {
    const client = await openFixture();

    expect((await client.listTools()).nextCursor).toBe("2");
    const tools = await client.listAllTools();

    expect(tools.map(({ name }) => name)).toEqual(["echo", "env", "slow", "die", "big"]);
    expect(tools[0]).toEqual({ name: "echo", inputSchema: { type: "object" }, "x-kept": { deep: [null] } });
  });

  test("end with an error when the server repeats a cursor", async () => {
    const client = await openFixture(["endless-pages"]);
    expect(await failureOf(client.listAllTools())).toMatchObject({ kind: "protocol", message: "fixture sends pages without end" });
  });

  test("end with an error when their pages are more than fits the memory", async () => {
    const client = await openFixture(["huge-pages"]);
    expect(await failureOf(client.listAllTools())).toMatchObject({
      kind: "protocol",
      message: "fixture sends pages of more than 32 MiB in all",
    });
  });

  test("leave out a tool that does not fit, not the others", async () => {
    const warnings: string[] = [];
    const client = await openFixture(["bad-tool"], { onWarning: (text) => warnings.push(text) });

    expect((await client.listAllTools()).map(({ name }) => name)).toEqual(["echo", "env"]);
    expect(warnings).toEqual([
      'fixture has a tool that is left out: broken.inputSchema.type: expected "object", found "string"',
      "fixture has a tool that is left out: (no name).name: expected a string, found nothing",
    ]);
    expect(await failureOf(client.listTools())).toMatchObject({ kind: "protocol" });
  });

  test("refuse a null where a value is optional, by place and name", async () => {
    const client = await openFixture(["null-cursor"]);
    expect(await failureOf(client.listTools())).toMatchObject({
      kind: "protocol",
      message: "fixture answered tools/list wrongly: nextCursor: expected a string, found null",
    });
    expect(textOf(await client.callTool("echo", { message: "alive" }))).toBe("alive");
  });
});

describe("a call", () => {
  test("that the server refuses rejects with its code and data", async () => {
    const client = await openFixture();
    expect(await failureOf(client.request("prompts/list", undefined))).toMatchObject({
      kind: "rpc",
      code: -32601,
      data: { method: "prompts/list" },
      message: "fixture: no such method (-32601)",
    });
  });

  test("that hangs times out, tells the server, and leaves the connection alive", async () => {
    const clock = manualClock();
    const client = await openFixture([], { clock });

    const failure = failureOf(client.callTool("hang", {}, { timeoutMs: 5000 }));
    clock.advance(5000);

    expect(await failure).toMatchObject({ kind: "timeout", message: "fixture did not answer tools/call within 5 s" });
    const cancelled = JSON.parse(textOf(await client.callTool("cancelled"))) as unknown;
    expect(cancelled).toEqual([{ requestId: 2, reason: "no answer in time" }]);
  });

  test("that is aborted rejects at once and tells the server", async () => {
    const client = await openFixture();
    const controller = new AbortController();

    const failure = failureOf(client.callTool("hang", {}, { signal: controller.signal }));
    controller.abort(new Error("enough"));

    expect(await failure).toMatchObject({ kind: "cancelled", cause: new Error("enough") });
    expect(JSON.parse(textOf(await client.callTool("cancelled")))).toEqual([{ requestId: 2, reason: "cancelled by the caller" }]);
  });

  test("that was aborted before is never sent", async () => {
    const client = await openFixture();
    expect(await failureOf(client.callTool("echo", {}, { signal: AbortSignal.abort() }))).toMatchObject({ kind: "cancelled" });
    expect(JSON.parse(textOf(await client.callTool("cancelled")))).toEqual([]);
  });

  test("that makes progress is given more time, and its caller hears of it", async () => {
    const clock = manualClock();
    const client = await openFixture([], { clock });
    const steps: number[] = [];

    const result = await client.callTool(
      "progress",
      { steps: 5 },
      {
        timeoutMs: 1000,
        onProgress: ({ progress }) => {
          steps.push(progress);
          clock.advance(900);
        },
      },
    );

    expect(textOf(result)).toBe("done");
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  });

  test("that makes progress for ever ends at the hard limit", async () => {
    const clock = manualClock();
    const client = await openFixture([], { clock });

    const failure = failureOf(
      client.callTool("progress", { steps: 5 }, { timeoutMs: 1000, maxTotalMs: 2000, onProgress: () => clock.advance(900) }),
    );

    expect(await failure).toMatchObject({ kind: "timeout", message: "fixture did not answer tools/call within 2 s" });
  });

  test("is told of in no more words than a log should hold, whatever the server calls it", async () => {
    const warnings: string[] = [];
    const client = await openFixture([], { onWarning: (text) => warnings.push(text) });
    await client.callTool("answer-under", { id: "x".repeat(10_000) });
    expect(warnings).toEqual([expect.stringMatching(/^fixture answered a request that nobody waits for \(id "x{200,280}…$/)]);
  });

  test("whose answer comes too late does not disturb the next", async () => {
    const clock = manualClock();
    const warnings: string[] = [];
    const client = await openFixture([], { clock, onWarning: (text) => warnings.push(text) });

    const failure = failureOf(client.callTool("late", { ms: 20 }, { timeoutMs: 1000 }));
    clock.advance(1000);
    await failure;
    const next = await client.callTool("late", { ms: 60 });

    expect(textOf(next)).toBe("late");
    expect(warnings).toEqual(["fixture answered a request that nobody waits for (id 2)"]);
  });

  test("that is answered twice takes the first answer", async () => {
    const warnings: string[] = [];
    const client = await openFixture([], { onWarning: (text) => warnings.push(text) });

    expect(textOf(await client.callTool("twice"))).toBe("first");
    await client.ping();

    expect(warnings).toEqual(["fixture answered a request that nobody waits for (id 2)"]);
  });

  test("that is answered with nulls rejects with a named error", async () => {
    const client = await openFixture();
    expect(await failureOf(client.callTool("nulls"))).toMatchObject({
      kind: "protocol",
      message: "fixture answered wrongly: `result` is not an object",
    });
    expect(await failureOf(client.callTool("null-content"))).toMatchObject({
      kind: "protocol",
      message: "fixture answered tools/call wrongly: content: expected a list, found null",
    });
    expect(textOf(await client.callTool("both"))).toBe("fine");
  });

  test("that is answered under its id as text is understood, with a warning", async () => {
    const warnings: string[] = [];
    const client = await openFixture(["string-ids"], { onWarning: (text) => warnings.push(text) });

    expect(textOf(await client.callTool("echo", { message: "hi" }))).toBe("hi");
    expect(warnings).toEqual(['fixture answers with its ids as text ("1")', 'fixture answers with its ids as text ("2")']);
  });

  test("whose server dies rejects with its last words, as does every later one", async () => {
    const client = await openFixture();

    const both = await Promise.all([failureOf(client.callTool("hang")), failureOf(client.callTool("die"))]);

    expect(both.map(({ kind, message }) => [kind, message])).toEqual([
      ["closed", "fixture exited with code 7; the last it wrote to stderr:\nfatal: out of cheese"],
      ["closed", "fixture exited with code 7; the last it wrote to stderr:\nfatal: out of cheese"],
    ]);
    expect(await failureOf(client.ping())).toBe(both[0]);
    expect(await client.closed).toBe(both[0]);
  });

  test("that is still open when we close rejects", async () => {
    const client = await openFixture();
    const failure = failureOf(client.callTool("hang"));
    await client.close();
    expect(await failure).toMatchObject({ kind: "closed", message: "the connection to fixture was closed" });
  });

  test("may have a thousand neighbours", async () => {
    const client = await openFixture();
    const results = await Promise.all(Array.from({ length: 1000 }, (_, index) => client.callTool("echo", { message: index })));
    expect(results.map(textOf)).toEqual(results.map((_, index) => String(index)));
  });
});

describe("what the server asks", () => {
  const ask = async (client: Awaited<ReturnType<typeof openFixture>>, args: Record<string, unknown>): Promise<unknown> =>
    JSON.parse(textOf(await client.callTool("ask", args)));

  test("is answered: ping, roots, and by refusal what we cannot do; ids keep their type", async () => {
    const client = await openFixture([], { roots: () => [{ uri: "file:///project", name: "project" }] });

    expect(await ask(client, { method: "ping" })).toEqual({ jsonrpc: "2.0", id: 100, result: {} });
    expect(await ask(client, { method: "roots/list", id: "a-1" })).toEqual({
      jsonrpc: "2.0",
      id: "a-1",
      result: { roots: [{ uri: "file:///project", name: "project" }] },
    });
    expect(await ask(client, { method: "sampling/createMessage", params: {} })).toMatchObject({ id: 101, error: { code: -32601 } });
    expect(await ask(client, { method: "constructor" })).toMatchObject({ id: 102, error: { code: -32601 } });
  });

  test("of the user goes to the host, with its params checked, and a call's time stands still meanwhile", async () => {
    const clock = manualClock();
    const asked: ElicitRequestParams[] = [];
    const client = await openFixture([], {
      clock,
      elicit: async (params) => {
        asked.push(params);
        clock.advance(3_000_000);
        return { action: "accept", content: { sure: true } };
      },
    });
    const params = { message: "Sure?", requestedSchema: { type: "object", properties: {} } };

    expect(await ask(client, { method: "elicitation/create", params })).toMatchObject({
      result: { action: "accept", content: { sure: true } },
    });
    expect(asked).toEqual([params]);
    expect(await ask(client, { method: "elicitation/create", params: { message: 7 } })).toMatchObject({ error: { code: -32602 } });
  });

  test("and takes back is not answered, and its handler is told", async () => {
    let aborted = false;
    const client = await openFixture([], {
      elicit: (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve({ action: "cancel" });
          });
        }),
    });
    const params = { message: "Sure?", requestedSchema: { type: "object", properties: {} } };

    expect(textOf(await client.callTool("ask-and-cancel", { method: "elicitation/create", params }))).toBe("taken back");
    await until(() => aborted);
  });

  test("is answered with an error when the handler fails", async () => {
    const client = await openFixture([], { roots: () => Promise.reject(new Error("no idea")) });
    expect(await ask(client, { method: "roots/list" })).toEqual({ jsonrpc: "2.0", id: 100, error: { code: -32603, message: "no idea" } });
  });

  test("may come as one list where the version has that, and is answered as one", async () => {
    const client = await openFixture(["2025-03-26"]);
    let changes = 0;
    client.on("notifications/tools/list_changed", () => (changes += 1));

    expect(JSON.parse(textOf(await client.callTool("batch")))).toEqual({
      answers: [
        { jsonrpc: "2.0", id: "b1", result: {} },
        { jsonrpc: "2.0", id: "b2", error: { code: -32601, message: "method not found: nonsense" } },
      ],
      asOne: true,
    });
    expect(changes).toBe(1);
  });

  test("or answers, in a list that the version does not have, is taken one by one with a warning", async () => {
    const warnings: string[] = [];
    const client = await openFixture([], { onWarning: (text) => warnings.push(text) });
    expect(textOf(await client.callTool("in-a-list"))).toBe("in a list");
    await client.ping();
    expect(warnings).toEqual(["fixture sends messages in lists, which this version of the protocol does not have"]);
  });

  test("without reading what it is answered is passed over beyond a number", async () => {
    const warnings: string[] = [];
    const client = await openFixture([], { onWarning: (text) => warnings.push(text) });
    const before = process.memoryUsage().rss;

    await client.callTool("flood-of-questions", { count: 200_000 });
    const grown = process.memoryUsage().rss - before;
    await client.ping();

    expect(warnings).toEqual(["fixture does not read the answers to what it asks; more of it is passed over"]);
    expect(grown).toBeLessThan(150 * 1024 * 1024);
  });

  test("without end is refused beyond a number that is open", async () => {
    let open = 0;
    const client = await openFixture([], {
      roots: () => {
        open += 1;
        return new Promise(() => undefined);
      },
    });

    await client.callTool("many-questions", { count: 5000, method: "roots/list" });
    await client.ping();

    expect(open).toBe(256);
  });

  test("is passed on to who listens", async () => {
    const client = await openFixture();
    let changes = 0;
    const stop = client.on("notifications/tools/list_changed", () => (changes += 1));

    await client.callTool("torn");
    await until(() => changes === 2);
    stop();
    await client.callTool("torn");
    await client.ping();

    expect(changes).toBe(2);
  });

  test("of the server's own comes as it was sent", async () => {
    const client = await openFixture();
    const told: unknown[] = [];
    client.on("fixture/event", (params) => told.push(params));

    await client.callTool("tell-own");

    expect(told).toEqual([{ kept: [null] }]);
  });
});
