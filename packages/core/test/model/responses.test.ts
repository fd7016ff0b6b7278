import { describe, expect, test } from "vitest";
import { outputFor, type ResponseItem, type ToolCallItem } from "../../src/protocol/item.ts";
import { answer, call, customCall, refuse, say, think } from "../../src/testing/scripted-turn.ts";
import { script } from "../../src/testing/script.ts";
import { ask, listen, never, openTestClient, stepOf, testConfig, testHost, userMessage } from "./harness.ts";
import type { ModelStepOutcome } from "../../src/model/model-client.ts";

function itemsOf(outcome: ModelStepOutcome): readonly ResponseItem[] {
  if (outcome.type !== "completed") throw new Error(JSON.stringify(outcome));
  return outcome.items;
}

const SHELL = {
  type: "function",
  name: "shell",
  description: "Runs a command.",
  strict: false,
  parameters: { type: "object", properties: {} },
} as const;

describe("the request body", () => {
  test("holds what the interface needs, in a fixed order, with the input last", async () => {
    const model = script([say("hi")]);
    const config = testConfig(
      {},
      { outputSchema: { type: "object" }, verbosity: "low", reasoning: { effort: "high", summary: "auto", hide: false } },
    );
    await openTestClient(testHost(model), config).step(stepOf([userMessage("hello")], { tools: [SHELL] }), listen().sink, never());
    expect(model.requests[0]?.rawBody).toMatchInlineSnapshot(
      `"{"model":"gpt-5.5","instructions":"Be brief.","tools":[{"type":"function","name":"shell","description":"Runs a command.","strict":false,"parameters":{"type":"object","properties":{}}}],"tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"high","summary":"auto"},"text":{"verbosity":"low","format":{"type":"json_schema","strict":true,"name":"codex_output_schema","schema":{"type":"object"}}},"store":false,"include":["reasoning.encrypted_content"],"prompt_cache_key":"session-1","stream":true,"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}]}"`,
    );
  });

  test("asks a model that does not reason for no reasoning", async () => {
    const model = script([say("hi")]);
    await ask(
      testHost(model),
      testConfig({}, { model: "gpt-4.1", reasoning: { effort: "high", summary: "auto", hide: false }, verbosity: "high" }),
    );
    expect(Object.keys(model.requests[0]?.body ?? {})).toEqual([
      "model",
      "instructions",
      "tools",
      "tool_choice",
      "parallel_tool_calls",
      "store",
      "prompt_cache_key",
      "stream",
      "input",
    ]);
  });

  test("passes the chosen effort, and nothing unasked, to a model of no known family", async () => {
    const model = script([say("hi")]);
    await ask(testHost(model), testConfig({}, { model: "mystery-1", reasoning: { effort: "low", summary: "auto", hide: false } }));
    expect(model.requests[0]?.body["reasoning"]).toEqual({ effort: "low" });
  });

  test("keeps every byte up to the end of the old input when the transcript grows", async () => {
    const model = script([answer([think("hm"), call("shell", { command: ["ls"] })]), say("one"), say("two")]);
    const client = openTestClient(testHost(model));
    const items = [userMessage("hello")];
    for (let step = 0; step < 3; step++) {
      const done = itemsOf(await client.step(stepOf(items, { tools: [SHELL] }), listen().sink, never()));
      items.push(
        ...done,
        ...done.flatMap((item) => (item.type === "function_call" ? [outputFor(item, "a.txt")] : [])),
        userMessage(`more ${step}`),
      );
    }
    const bodies = model.requests.map(({ rawBody }) => rawBody);
    for (const [index, body] of bodies.slice(1).entries()) {
      const before = bodies[index]?.slice(0, -"]}".length) ?? "";
      expect(body.startsWith(before)).toBe(true);
    }
    expect(bodies[1]).not.toContain('"previous_response_id"');
  });

  test("sends reasoning back encrypted and without its id, and leaves out reasoning it cannot give back", async () => {
    const model = script([say("hi")]);
    const items: ResponseItem[] = [
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "abc" },
      { type: "reasoning", id: "rs_2", summary: [] },
      { type: "other", raw: { type: "web_search_call", id: "ws_1", action: { query: "x" } } },
    ];
    await openTestClient(testHost(model)).step(stepOf(items), listen().sink, never());
    expect(model.requests[0]?.body["input"]).toEqual([
      { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "abc" },
      { type: "web_search_call", action: { query: "x" } },
    ]);
  });
});

describe("an answer", () => {
  test("becomes its items in order, with ids, usage and deltas", async () => {
    const model = script([
      answer(
        [
          think("First.", "Second."),
          say("Hello there, this is a longer text."),
          call("shell", { command: ["ls"] }, "c1"),
          customCall("apply_patch", "*** Begin Patch", "c2"),
        ],
        {
          usage: { input: 7, output: 5, cached: 3, reasoning: 2 },
        },
      ),
    ]);
    const { outcome, told } = await ask(testHost(model));
    expect(outcome).toEqual({
      type: "completed",
      responseId: "resp_1",
      items: [
        {
          id: "rs_1_0",
          type: "reasoning",
          summary: [
            { type: "summary_text", text: "First." },
            { type: "summary_text", text: "Second." },
          ],
          encrypted_content: "encrypted_1_0",
        },
        {
          id: "msg_1_1",
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", text: "Hello there, this is a longer text.", annotations: [] }],
        },
        { id: "fc_1_2", type: "function_call", status: "completed", call_id: "c1", name: "shell", arguments: '{"command":["ls"]}' },
        { id: "ctc_1_3", type: "custom_tool_call", status: "completed", call_id: "c2", name: "apply_patch", input: "*** Begin Patch" },
      ],
      usage: { input_tokens: 7, cached_input_tokens: 3, output_tokens: 5, reasoning_output_tokens: 2, total_tokens: 12 },
    });
    expect({ message: told.messages.join(""), reasoning: told.reasoning.join("") }).toEqual({
      message: "Hello there, this is a longer text.",
      reasoning: "First.\n\nSecond.",
    });
  });

  test("is the same however its bytes are torn and whatever lies between its events", async () => {
    const items = [think("Überlegung 😀"), say("Grüße 😀 aus der Sitzung – ok"), call("shell", { command: ["echo", "ä"] })];
    const plain = await ask(testHost(script([answer(items)])));
    for (const delivery of [
      { tearEvery: 1 },
      { tearEvery: 7, garbage: true, lineEnd: "\r\n" as const },
      { eventsPerWrite: 2, garbage: true },
    ]) {
      const torn = await ask(testHost(script([answer(items, delivery)])));
      expect({ outcome: torn.outcome, text: torn.told.messages.join("") }).toEqual({
        outcome: plain.outcome,
        text: plain.told.messages.join(""),
      });
    }
  });

  test("passes over items of the wrong shape with a warning and keeps those of unknown kinds", async () => {
    const wrong = [
      { type: "function_call", name: "shell", arguments: "{}" },
      { type: "message", role: "robot", content: [] },
      null,
      { type: "reasoning", summary: "text" },
    ];
    const host = testHost(
      script([
        answer([
          ...wrong.map((item) => ({ type: "raw_item" as const, item })),
          { type: "raw_item", item: { type: "local_shell_call", id: "l1" } },
        ]),
      ]),
    );
    const { outcome } = await ask(host);
    expect(itemsOf(outcome)).toEqual([{ type: "other", raw: { type: "local_shell_call", id: "l1" } }]);
    expect(host.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual(
      wrong.map(() => "warn: an item of the model's answer has the wrong shape"),
    );
  });

  test("leaves parts of another shape out of a reasoning summary", async () => {
    const summary = [null, 3, { type: "summary_text" }, { type: "summary_text", text: "hm" }];
    const host = testHost(script([answer([{ type: "raw_item", item: { type: "reasoning", summary, encrypted_content: "e" } }])]));
    const { outcome } = await ask(host);
    expect(itemsOf(outcome)).toEqual([{ type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "e" }]);
  });

  test("shows a refusal as what the model said", async () => {
    const item = { type: "message", id: "m1", role: "assistant", content: [{ type: "refusal", refusal: "I will not." }] };
    const { outcome } = await ask(testHost(script([answer([{ type: "raw_item", item }])])));
    expect(itemsOf(outcome)).toEqual([
      { type: "message", id: "m1", role: "assistant", content: [{ type: "output_text", text: "I will not." }] },
    ]);
  });

  test("takes the items from the closing event when the server sent no others", async () => {
    const response = { id: "r", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "all at once" }] }] };
    const body = `data: ${JSON.stringify({ type: "response.completed", response })}\n\n`;
    const { outcome } = await ask(testHost(script([{ type: "raw", body }])));
    expect(itemsOf(outcome)).toEqual(response.output);
  });
});

describe("response storage", () => {
  const stored = testConfig({ supportsResponseStorage: true });

  async function converse(
    turns: Parameters<typeof script>[0],
    config = stored,
  ): Promise<{ bodies: readonly Readonly<Record<string, unknown>>[]; outcomes: readonly ModelStepOutcome[] }> {
    const model = script(turns);
    const client = openTestClient(testHost(model), config);
    const outcomes: ModelStepOutcome[] = [];
    const items: ResponseItem[] = [userMessage("q1")];
    for (let step = 1; step <= 3; step++) {
      const outcome = await client.step(stepOf(items), listen().sink, never());
      outcomes.push(outcome);
      if (outcome.type === "completed") {
        const calls = outcome.items.filter((item): item is ToolCallItem => item.type === "function_call");
        items.push(...outcome.items, ...calls.map((item) => outputFor(item, "done")));
      }
      items.push(userMessage(`q${step + 1}`));
    }
    return { bodies: model.requests.map(({ body }) => body), outcomes };
  }

  const brief = (bodies: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
    bodies.map((body) => ({
      store: body["store"],
      include: body["include"],
      previous: body["previous_response_id"],
      items: (body["input"] as unknown[]).length,
      instructions: body["instructions"],
    }));

  test("sends only what is new, with the full instructions, after the last answer", async () => {
    const { bodies } = await converse([call("shell", {}), say("a"), say("b")]);
    expect(brief(bodies)).toEqual([
      { store: true, include: undefined, previous: undefined, items: 1, instructions: "Be brief." },
      { store: true, include: undefined, previous: "resp_1", items: 2, instructions: "Be brief." },
      { store: true, include: undefined, previous: "resp_2", items: 1, instructions: "Be brief." },
    ]);
  });

  test("stores nothing and sends everything under zero data retention", async () => {
    const { bodies } = await converse(
      [say("a"), say("b"), say("c")],
      testConfig({ supportsResponseStorage: true }, { disableResponseStorage: true }),
    );
    const common = { store: false, include: ["reasoning.encrypted_content"], previous: undefined, instructions: "Be brief." };
    expect(brief(bodies)).toEqual([
      { ...common, items: 1 },
      { ...common, items: 3 },
      { ...common, items: 5 },
    ]);
  });

  test("falls back to the whole transcript, without spending a retry, when the server forgot the answer", async () => {
    const forgot = refuse(400, "Previous response with id 'resp_1' not found.", { code: "previous_response_not_found" });
    const { bodies, outcomes } = await converse(
      [say("a"), forgot, say("b"), say("c")],
      testConfig({ supportsResponseStorage: true, requestMaxRetries: 0, streamMaxRetries: 0 }),
    );
    expect(outcomes.map(({ type }) => type)).toEqual(["completed", "completed", "completed"]);
    expect(brief(bodies)).toMatchObject([
      { previous: undefined, items: 1 },
      { previous: "resp_1", items: 1 },
      { previous: undefined, items: 3 },
      { previous: "resp_3", items: 1 },
    ]);
  });

  test("stops asking for storage from a server that keeps forgetting", async () => {
    const forgot = refuse(404, "no such previous_response_id");
    const { bodies } = await converse([say("a"), forgot, say("b"), forgot, say("c")]);
    expect(brief(bodies).at(-1)).toMatchObject({ store: false, include: ["reasoning.encrypted_content"], previous: undefined, items: 5 });
  });

  test("continues from the last completed answer after a step that failed", async () => {
    const { bodies, outcomes } = await converse([say("a"), refuse(400, "no"), say("c")]);
    expect(outcomes.map(({ type }) => type)).toEqual(["completed", "failed", "completed"]);
    expect(brief(bodies).at(-1)).toMatchObject({ previous: "resp_1", items: 2 });
  });

  test("sends everything again when the transcript was changed", async () => {
    const model = script([say("a"), say("b")]);
    const client = openTestClient(testHost(model), stored);
    await client.step(stepOf([userMessage("q1")]), listen().sink, never());
    await client.step(stepOf([userMessage("summary"), userMessage("q2"), userMessage("q3")]), listen().sink, never());
    expect(brief(model.requests.map(({ body }) => body)).at(-1)).toMatchObject({ previous: undefined, items: 3 });
  });
});
