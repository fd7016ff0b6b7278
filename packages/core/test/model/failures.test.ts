import { afterEach, describe, expect, test } from "vitest";
import type { ModelProvider } from "../../src/config/config.ts";
import type { ModelTransport, ModelTransportEnd } from "../../src/host/host.ts";
import type { ModelStepOutcome } from "../../src/model/model-client.ts";
import { openHttpTransport } from "../../src/node/http-transport.ts";
import { startFakeResponsesServer, type FakeResponsesServer, type FakeServerOptions } from "../../src/testing/fake-responses-server.ts";
import { answer, call, cut, endEarly, fail, refuse, say, stall, times, type ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { script } from "../../src/testing/script.ts";
import {
  ask,
  BACKOFF,
  listen,
  never,
  openTestClient,
  stepOf,
  testConfig,
  testHost,
  userMessage,
  virtualClock,
  type TestHost,
  type Told,
} from "./harness.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function serve(turns: readonly ScriptedTurn[], options?: FakeServerOptions): Promise<FakeResponsesServer> {
  const server = await startFakeResponsesServer(turns, options);
  open.push(server);
  return server;
}

interface Asked {
  readonly outcome: ModelStepOutcome;
  readonly told: Told;
  readonly requests: number;
  readonly host: TestHost;
  readonly server: FakeResponsesServer;
}

/** One step against a server on a real socket. */
async function askServer(
  turns: readonly ScriptedTurn[],
  provider: Partial<ModelProvider> = {},
  options?: FakeServerOptions,
): Promise<Asked> {
  const server = await serve(turns, options);
  const transport = openHttpTransport({ env: {} });
  open.push(transport);
  const host = testHost(transport);
  const { outcome, told } = await ask(host, testConfig({ baseUrl: server.url, ...provider }));
  return { outcome, told, requests: server.requests.length, host, server };
}

function failureOf(outcome: ModelStepOutcome): { readonly code: string; readonly message: string; readonly hint: string | undefined } {
  if (outcome.type !== "failed") throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return { code: outcome.code, message: outcome.message, hint: outcome.hint };
}

function textOf(outcome: ModelStepOutcome): string {
  if (outcome.type !== "completed") throw new Error(`expected an answer, got ${JSON.stringify(outcome)}`);
  return outcome.items
    .flatMap((item) => (item.type === "message" ? item.content.map((part) => (part.type === "input_image" ? "" : part.text)) : []))
    .join("");
}

describe.each(["responses", "chat"] as const)("transient failures (%s)", (wireApi) => {
  const transient: readonly (readonly [string, ScriptedTurn, string])[] = [
    ["408", refuse(408, "slow"), "server_error"],
    ["409", refuse(409, "busy"), "server_error"],
    ["429", refuse(429, "slow down", { code: "rate_limit_exceeded" }), "rate_limited"],
    ["500", refuse(500, "boom"), "server_error"],
    ["503", refuse(503, "<html>down</html>"), "server_error"],
    ["a broken connection", cut("partial"), "stream_cut"],
    ["a clean end without completion", cut("partial", { clean: true }), "stream_cut"],
    ["a connection dropped before the answer", { type: "unreachable" }, "stream_cut"],
    ["a failure named server_error", fail("server_error", "boom"), "server_error"],
  ];

  test.each(transient)("%s once is healed by one retry, and the first attempt's deltas are void", async (_name, turn) => {
    const { outcome, told, requests } = await askServer([turn, say("good")], { wireApi });
    expect({ text: textOf(outcome), shown: told.messages.join(""), requests, retries: told.retries.length }).toEqual({
      text: "good",
      shown: "good",
      requests: 2,
      retries: 1,
    });
  });

  test.each(transient)("%s for ever ends after 6 requests", async (_name, turn, code) => {
    const { outcome, told, requests } = await askServer(times(10, turn), { wireApi });
    expect({ code: failureOf(outcome).code, requests }).toEqual({ code, requests: 6 });
    expect(told.retries.map(({ attempt, max, delayMs }) => ({ attempt, max, delayMs }))).toEqual(
      BACKOFF.map((delayMs, index) => ({ attempt: index + 1, max: 5, delayMs })),
    );
  });

  test.each([400, 401, 403, 404, 413, 422])("%i is sent once and the server's message is told once", async (status) => {
    const { outcome, told, requests } = await askServer(times(3, refuse(status, "the server's own words")), { wireApi });
    const { message } = failureOf(outcome);
    expect({ requests, told: message.split("the server's own words").length - 1, retries: told.retries }).toEqual({
      requests: 1,
      told: 1,
      retries: [],
    });
  });

  test("an answer that is ended early is final and says why", async () => {
    const { outcome, requests } = await askServer([endEarly("max_output_tokens", [say("half")])], { wireApi });
    expect({ ...failureOf(outcome), requests }).toEqual({
      code: "incomplete",
      message: "Test ended the answer early (max_output_tokens)",
      hint: "The answer ran into the model's output limit; ask for less at once.",
      requests: 1,
    });
  });
});

describe("what the user is told", () => {
  test("401 names provider and variable", async () => {
    const { outcome } = await askServer([refuse(401, "Incorrect API key provided: sk-test-secret.")]);
    expect(failureOf(outcome)).toEqual({
      code: "unauthorized",
      message: "Test answered 401 (unauthorized): Incorrect API key provided: [secret].",
      hint: 'Check the key in TEST_KEY, which is sent to the provider "test".',
    });
  });

  test("the number of requests follows a failure that did not pass", async () => {
    const { outcome, told } = await askServer(times(6, refuse(500, "boom")));
    expect(failureOf(outcome).message).toBe("Test answered 500 (internal server error): boom (6 requests made)");
    expect(told.retries[0]?.message).toBe("Test answered 500 (internal server error)");
  });

  test("a message is bounded, on one line, and cannot steer a terminal", async () => {
    const { outcome } = await askServer([refuse(400, `\u001b[2Jline one\nline two ${"x".repeat(5000)}`)]);
    const { message } = failureOf(outcome);
    expect(message.startsWith("Test answered 400 (bad request): [2Jline one line two xxx")).toBe(true);
    expect(message.length).toBeLessThan(1100);
  });

  test("a refusal that never stops talking is read to 64 KiB only", async () => {
    const { outcome, requests } = await askServer([refuse(400, "", { body: "x".repeat(3_000_000) })]);
    expect({ code: failureOf(outcome).code, requests }).toEqual({ code: "bad_request", requests: 1 });
  });

  test.each([
    ["context_length_exceeded as a status", refuse(400, "Too long", { code: "context_length_exceeded" }), "context_overflow"],
    [
      "context overflow by its message",
      refuse(400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."),
      "context_overflow",
    ],
    ["context_length_exceeded as a failed answer", fail("context_length_exceeded", "Too long"), "context_overflow"],
    ["insufficient_quota as a status", refuse(429, "You exceeded your current quota", { code: "insufficient_quota" }), "quota_exceeded"],
    ["insufficient_quota as a failed answer", fail("insufficient_quota", "no money"), "quota_exceeded"],
    ["a prompt the provider will not take", fail("invalid_prompt", "no"), "bad_request"],
    ["a document instead of a stream", { type: "raw", body: "<html></html>", contentType: "text/html" }, "not_found"],
    [
      "an error under status 200",
      { type: "raw", body: '{"error":{"message":"no","code":"invalid_request"}}', contentType: "application/json" },
      "bad_request",
    ],
  ] as const)("%s is final with its own code", async (_name, turn, code) => {
    const { outcome, requests } = await askServer(times(3, turn));
    expect({ code: failureOf(outcome).code, requests }).toEqual({ code, requests: 1 });
  });

  test("an unknown model is answered with close names from the provider's list", async () => {
    const refusal = refuse(404, "The model `gpt-5.5` does not exist", { code: "model_not_found" });
    const { outcome, requests } = await askServer([refusal], {}, { models: ["gpt-5.4", "gpt-5.5-mini", "whisper-1"] });
    expect({ ...failureOf(outcome), requests }).toEqual({
      code: "model_not_found",
      message: 'Test does not know the model "gpt-5.5": The model `gpt-5.5` does not exist',
      hint: "Close names there: gpt-5.4, gpt-5.5-mini.",
      requests: 1,
    });
  });

  test("a missing, blank or broken key is told before any request, with where to get one", async () => {
    const server = await serve([]);
    const transport = openHttpTransport({ env: {} });
    open.push(transport);
    const config = testConfig({ baseUrl: server.url, envKeyInstructions: "Get a key at example.test." });
    const outcomes = [];
    for (const env of [{}, { TEST_KEY: " \t" }, { TEST_KEY: "sk-a\nsk-b" }]) {
      outcomes.push(failureOf((await ask(testHost(transport, { env }), config)).outcome));
    }
    expect({ outcomes, requests: server.requests.length }).toEqual({
      outcomes: [
        {
          code: "unauthorized",
          message: 'No key for Test: the environment variable TEST_KEY is not set (provider "test")',
          hint: "Get a key at example.test.",
        },
        {
          code: "unauthorized",
          message: 'No key for Test: the environment variable TEST_KEY is blank (provider "test")',
          hint: "Get a key at example.test.",
        },
        {
          code: "unauthorized",
          message: 'The key in TEST_KEY for Test holds spaces, line breaks or characters that are not ASCII (provider "test")',
          hint: "Set TEST_KEY again, to the key alone.",
        },
      ],
      requests: 0,
    });
  });

  test("an endpoint that refuses connections ends after 6 tries with its address", async () => {
    const server = await startFakeResponsesServer([]);
    await server.close();
    const transport = openHttpTransport({ env: {} });
    open.push(transport);
    const { outcome, told } = await ask(testHost(transport), testConfig({ baseUrl: server.url }));
    expect({ ...failureOf(outcome), retries: told.retries.length }).toEqual({
      code: "unreachable",
      message: `No connection to Test at http://127.0.0.1:${server.port}: connect ECONNREFUSED 127.0.0.1:${server.port} (6 requests made)`,
      hint: "Check the network, HTTPS_PROXY and the provider's base_url.",
      retries: 5,
    });
  });

  test("no secret reaches the log", async () => {
    const { host } = await askServer([refuse(401, "wrong key sk-test-secret and header-secret")], {
      httpHeaders: { "x-extra": "header-secret" },
    });
    expect(JSON.stringify(host.lines)).not.toMatch(/sk-test-secret|header-secret/);
  });
});

describe("waits the provider asks for", () => {
  const waitOf = async (turn: ScriptedTurn): Promise<number | undefined> => {
    const clock = virtualClock({ skip: [2000, 1500, 30_000, 250, 90_000] });
    const { told, outcome } = await ask(testHost(script([turn, say("good")]), { clock }));
    expect(textOf(outcome)).toBe("good");
    return told.retries[0]?.delayMs;
  };

  test.each([
    ["Retry-After in seconds", refuse(429, "", { headers: { "retry-after": "2" } }), 2000],
    ["Retry-After as a date", refuse(503, "", { headers: { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" } }), 30_000],
    ["retry-after-ms", refuse(429, "", { headers: { "retry-after-ms": "250", "retry-after": "9" } }), 250],
    ["a message", fail("rate_limit_exceeded", "Rate limit reached. Please try again in 1.5s."), 1500],
    ["a message in minutes", refuse(429, "Please try again in 1m30s"), 90_000],
  ])("%s is honoured", async (_name, turn, delayMs) => {
    expect(await waitOf(turn)).toBe(delayMs);
  });

  test("more than five minutes is the user's to decide", async () => {
    const { outcome } = await ask(testHost(script([refuse(429, "slow down", { headers: { "retry-after": "7200" } })])));
    expect(failureOf(outcome)).toEqual({
      code: "rate_limited",
      message: "Test answered 429 (too many requests): slow down",
      hint: "It asks to wait 2 hours; try again then.",
    });
  });
});

describe("the budget", () => {
  test("is shared by failures of both kinds", async () => {
    const turns = [refuse(500), cut("x"), refuse(500), cut("x"), refuse(500), cut("x"), say("too late")];
    const { outcome, requests } = await askServer(turns);
    expect({ code: failureOf(outcome).code, requests }).toEqual({ code: "stream_cut", requests: 6 });
  });

  test("follows the provider's own limits", async () => {
    const streams = await askServer(times(9, cut("x")), { streamMaxRetries: 1 });
    const none = await askServer(times(9, refuse(500)), { requestMaxRetries: 0 });
    const many = await askServer(times(20, refuse(500)), { requestMaxRetries: 100 });
    expect([streams.requests, none.requests, many.requests]).toEqual([2, 1, 6]);
    expect(streams.told.retries[0]?.max).toBe(1);
  });
});

describe("silence", () => {
  test("is told once per stretch, then ends the attempt, which is made again", async () => {
    const clock = virtualClock();
    const model = script([stall(), answer([say("good")])]);
    const told = listen();
    const config = testConfig({ streamIdleTimeoutMs: 60_000 });
    const set = clock.timerSet(15_000);
    const done = openTestClient(testHost(model, { clock }), config).step(stepOf([userMessage("hello")]), told.sink, never());
    await set;
    clock.advance(14_999);
    const before = [...told.quiet];
    clock.advance(30_000);
    const after = [...told.quiet];
    clock.advance(20_000);
    const outcome = await done;
    expect({ before, after, text: textOf(outcome), retries: told.retries }).toEqual({
      before: [],
      after: [15],
      text: "good",
      retries: [{ message: "Test sent nothing for 60 s", attempt: 1, max: 5, delayMs: 190 }],
    });
  });

  test.each([true, false])("counts alike on a real socket, with headers sent: %s", async (headers) => {
    const server = await serve([stall({ headers }), say("good")]);
    const transport = openHttpTransport({ env: {} });
    open.push(transport);
    const clock = virtualClock();
    const told = listen();
    const config = testConfig({ baseUrl: server.url, streamIdleTimeoutMs: 2000 });
    const done = openTestClient(testHost(transport, { clock }), config).step(stepOf([userMessage("hello")]), told.sink, never());
    await server.received(1);
    clock.advance(2000);
    expect({ text: textOf(await done), retries: told.retries.map(({ message }) => message) }).toEqual({
      text: "good",
      retries: ["Test sent nothing for 2 s"],
    });
  });
});

describe("an abort", () => {
  test.each([
    ["while nothing comes", false, [stall({ headers: false })]],
    ["in the middle of an answer", true, [stall({ text: "some words that were already said" })]],
  ])("%s ends the step at once", async (_name, speaks, turns) => {
    const server = await serve(turns);
    const transport = openHttpTransport({ env: {} });
    open.push(transport);
    const abort = new AbortController();
    let speak = (): void => undefined;
    const spoken = new Promise<void>((resolve) => void (speak = resolve));
    const sink = { ...listen().sink, messageDelta: () => speak() };
    const done = openTestClient(testHost(transport), testConfig({ baseUrl: server.url })).step(
      stepOf([userMessage("hello")]),
      sink,
      abort.signal,
    );
    await (speaks ? spoken : server.received(1));
    abort.abort();
    expect(await done).toEqual({ type: "aborted" });
  });

  test("ends the wait before a retry at once", async () => {
    const clock = virtualClock({ skip: [] });
    const abort = new AbortController();
    const waiting = clock.timerSet(190);
    const model = script([refuse(500), say("never asked for")]);
    const done = openTestClient(testHost(model, { clock })).step(stepOf([userMessage("hello")]), listen().sink, abort.signal);
    await waiting;
    abort.abort();
    expect({ outcome: await done, requests: model.requests.length }).toEqual({ outcome: { type: "aborted" }, requests: 1 });
  });

  test("before the step sends nothing", async () => {
    const model = script([say("never asked for")]);
    const outcome = await openTestClient(testHost(model)).step(stepOf([userMessage("hello")]), listen().sink, AbortSignal.abort());
    expect({ outcome, requests: model.requests.length }).toEqual({ outcome: { type: "aborted" }, requests: 0 });
  });
});

test("a reader of deltas that throws ends the step as a fault of this program", async () => {
  const server = await serve([say("hello")]);
  const transport = openHttpTransport({ env: {} });
  open.push(transport);
  const broken = (): never => {
    throw new Error("reader broke");
  };
  const sink = { ...listen().sink, messageDelta: broken };
  const outcome = await openTestClient(testHost(transport), testConfig({ baseUrl: server.url })).step(
    stepOf([userMessage("hello")]),
    sink,
    never(),
  );
  expect(failureOf(outcome)).toEqual({ code: "internal", message: "A fault in this program: reader broke", hint: undefined });
});

describe("bodies that do not end as they should", () => {
  /** Answers with one chunk, then ends with `end` or, without it, never. */
  function transportOf(status: number, chunk: string, end?: ModelTransportEnd): ModelTransport {
    return {
      send: async (_request, sink, signal) => {
        sink.head(status, { "content-type": status === 200 ? "text/event-stream" : "application/json" });
        sink.data(Buffer.from(chunk));
        return end ?? new Promise((resolve) => signal.addEventListener("abort", () => resolve({ type: "aborted" })));
      },
      close: async () => undefined,
    };
  }

  test("a refusal that goes on and on is read to 64 KiB", async () => {
    const { outcome } = await ask(testHost(transportOf(400, "x".repeat(64 * 1024))));
    expect(failureOf(outcome).code).toBe("bad_request");
  });

  test("a refusal that hangs is judged by what came within 5 s", async () => {
    const clock = virtualClock();
    const set = clock.timerSet(5000);
    const asked = ask(testHost(transportOf(403, '{"error":{"message":"no entry"}}'), { clock }));
    await set;
    clock.advance(5000);
    expect(failureOf((await asked).outcome)).toMatchObject({ code: "forbidden", message: "Test answered 403 (forbidden): no entry" });
  });

  test("a complete answer does not wait for a connection that stays open", async () => {
    const clock = virtualClock();
    const set = clock.timerSet(200);
    const asked = ask(testHost(transportOf(200, 'data: {"type":"response.completed","response":{"id":"r"}}\n\n'), { clock }));
    await set;
    clock.advance(200);
    expect((await asked).outcome).toMatchObject({ type: "completed", responseId: "r" });
  });

  test("a chat answer whose connection broke after the finish reason is not complete", async () => {
    const chunk = 'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n';
    const cutOff = { type: "failed", kind: "cut", code: "ECONNRESET", message: "gone" } as const;
    const { outcome } = await ask(testHost(transportOf(200, chunk, cutOff)), testConfig({ wireApi: "chat", streamMaxRetries: 0 }));
    expect(failureOf(outcome)).toMatchObject({
      code: "stream_cut",
      message: "The answer of Test was cut off before it was complete: gone",
    });
  });

  test("a model list that does not come within 3 s is done without", async () => {
    const clock = virtualClock();
    const model = script([refuse(404, "no", { code: "model_not_found" })]);
    const never = new Promise<ModelTransportEnd>(() => undefined);
    const set = clock.timerSet(3000);
    const asked = ask(
      testHost(
        { ...model, send: (request, sink, signal) => (request.method === "GET" ? never : model.send(request, sink, signal)) },
        { clock },
      ),
    );
    await set;
    clock.advance(3000);
    expect(failureOf((await asked).outcome)).toMatchObject({
      code: "model_not_found",
      hint: "Name another one with -m or `model` in config.toml.",
    });
  });

  test("a replay that cannot answer is final, with its own code", async () => {
    const end = { type: "failed", kind: "replay_mismatch", code: "replay_mismatch", message: "request 2 differs" } as const;
    const { outcome, told } = await ask(testHost({ send: async () => end, close: async () => undefined }));
    expect({ ...failureOf(outcome), retries: told.retries.length }).toMatchObject({ code: "replay_mismatch", retries: 0 });
  });
});

test("headers carry key, identity and what the provider's configuration adds", async () => {
  const { server } = await askServer([call("shell", {})], { httpHeaders: { "X-One": "1" }, queryParams: { "api-version": "2026" } });
  const { headers, path } = server.requests[0] ?? { headers: {}, path: "" };
  const {
    host: _host,
    connection: _connection,
    "content-length": _length,
    "user-agent": agent,
    ...rest
  } = headers as Record<string, string>;
  expect({ path, rest, agent }).toEqual({
    path: "/v1/responses?api-version=2026",
    rest: {
      accept: "text/event-stream",
      authorization: "Bearer sk-test-secret",
      "content-type": "application/json",
      originator: "codex_ts",
      "session-id": "session-1",
      "x-one": "1",
    },
    agent: expect.stringMatching(/^codex\/\S+ \(linux; x64\)$/) as string,
  });
});

test("a secret of the query that a provider repeats is hidden, an API version is not", async () => {
  const { server, outcome } = await askServer([refuse(400, "no api-version 2026-preview for key q-secret-12345")], {
    queryParams: { "api-version": "2026-preview", "api-key": "q-secret-12345" },
  });
  expect(server.requests[0]?.path).toContain("api-key=q-secret-12345");
  expect(outcome).toMatchObject({ type: "failed", message: expect.stringContaining("no api-version 2026-preview for key [secret]") });
});
