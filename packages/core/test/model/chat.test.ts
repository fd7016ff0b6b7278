import { describe, expect, test } from "vitest";
import type { ResponseItem } from "../../src/protocol/item.ts";
import type { ModelStepOutcome } from "../../src/model/model-client.ts";
import type { ToolSpec } from "../../src/model/tool-spec.ts";
import { answer, call, customCall, say, think } from "../../src/testing/scripted-turn.ts";
import { script } from "../../src/testing/script.ts";
import { listen, never, openTestClient, stepOf, testConfig, testHost, userMessage, type Told } from "./harness.ts";

const CHAT = testConfig({ wireApi: "chat" });
const TOOLS: readonly ToolSpec[] = [
  { type: "function", name: "shell", description: "Runs a command.", strict: false, parameters: { type: "object", properties: {} } },
  {
    type: "custom",
    name: "apply_patch",
    description: "Edits files.",
    format: { type: "grammar", syntax: "lark", definition: "start: /.+/" },
  },
];

async function chat(
  turns: Parameters<typeof script>[0],
  items: readonly ResponseItem[] = [userMessage("hello")],
): Promise<{ outcome: ModelStepOutcome; told: Told; body: Readonly<Record<string, unknown>> }> {
  const model = script(turns);
  const told = listen();
  const outcome = await openTestClient(testHost(model), CHAT).step(stepOf(items, { tools: TOOLS }), told.sink, never());
  return { outcome, told, body: model.requests[0]?.body ?? {} };
}

/** Chunks as a server would write them. */
function chunks(deltas: readonly object[], rest: readonly string[] = ["[DONE]"]): { readonly type: "raw"; readonly body: string } {
  const events = [...deltas.map((delta) => JSON.stringify({ id: "c", choices: [{ index: 0, ...delta }] })), ...rest];
  return { type: "raw", body: events.map((event) => `data: ${event}\n\n`).join("") };
}

function itemsOf(outcome: ModelStepOutcome): readonly ResponseItem[] {
  if (outcome.type !== "completed") throw new Error(JSON.stringify(outcome));
  return outcome.items;
}

test("a transcript becomes messages: one assistant message per answer, outputs after it, reasoning left out", async () => {
  const image = "data:image/png;base64,AAAA";
  const { body } = await chat(
    [say("ok")],
    [
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Rules." }] },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "look" },
          { type: "input_image", image_url: image, detail: "original" },
        ],
      },
      { type: "reasoning", summary: [] },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Looking." }] },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Still." }] },
      { type: "function_call", call_id: "c1", name: "shell", arguments: '{"command":["ls"]}' },
      { type: "custom_tool_call", call_id: "c2", name: "apply_patch", input: "*** Begin" },
      { type: "function_call_output", call_id: "c1", output: "a.txt" },
      { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_image", image_url: image }] },
      userMessage("and?"),
      { type: "function_call", call_id: "c3", name: "shell", arguments: "" },
      { type: "function_call_output", call_id: "c3", output: "" },
    ],
  );
  expect(body["messages"]).toEqual([
    { role: "system", content: "Be brief." },
    { role: "system", content: "Rules." },
    {
      role: "user",
      content: [
        { type: "text", text: "look" },
        { type: "image_url", image_url: { url: image } },
      ],
    },
    {
      role: "assistant",
      content: "Looking.\nStill.",
      tool_calls: [
        { id: "c1", type: "function", function: { name: "shell", arguments: '{"command":["ls"]}' } },
        { id: "c2", type: "function", function: { name: "apply_patch", arguments: '{"input":"*** Begin"}' } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "a.txt" },
    { role: "tool", tool_call_id: "c2", content: "(images)" },
    {
      role: "user",
      content: [
        { type: "text", text: "Images from the tool results above:" },
        { type: "image_url", image_url: { url: image } },
      ],
    },
    { role: "user", content: "and?" },
    { role: "assistant", content: null, tool_calls: [{ id: "c3", type: "function", function: { name: "shell", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "c3", content: "" },
  ]);
});

test("free-text tools are offered as functions with one string", async () => {
  const { body } = await chat([say("ok")]);
  expect({ ...body, messages: [] }).toEqual({
    model: "gpt-5.5",
    tools: [
      { type: "function", function: { name: "shell", description: "Runs a command.", parameters: { type: "object", properties: {} } } },
      {
        type: "function",
        function: {
          name: "apply_patch",
          description: "Edits files.\n\nThe input follows this lark grammar:\nstart: /.+/",
          parameters: { type: "object", properties: { input: { type: "string" } }, required: ["input"], additionalProperties: false },
        },
      },
    ],
    tool_choice: "auto",
    parallel_tool_calls: true,
    stream: true,
    stream_options: { include_usage: true },
    messages: [],
  });
});

test("an answer becomes the items the other interface gives", async () => {
  const { outcome, told } = await chat([
    answer(
      [
        think("Hm."),
        say("Hello there, friend of mine."),
        call("shell", { command: ["ls"] }, "c1"),
        customCall("apply_patch", "*** Begin", "c2"),
      ],
      { usage: { input: 9, output: 4, cached: 2, reasoning: 1 } },
    ),
  ]);
  expect({ outcome, shown: told.messages.join(""), thought: told.reasoning.join("") }).toEqual({
    outcome: {
      type: "completed",
      responseId: "chatcmpl-1",
      items: [
        { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello there, friend of mine." }] },
        { type: "function_call", call_id: "c1", name: "shell", arguments: '{"command":["ls"]}' },
        { type: "custom_tool_call", call_id: "c2", name: "apply_patch", input: "*** Begin" },
      ],
      usage: { input_tokens: 9, cached_input_tokens: 2, output_tokens: 4, reasoning_output_tokens: 1, total_tokens: 13 },
    },
    shown: "Hello there, friend of mine.",
    thought: "Hm.",
  });
});

describe("servers differ", () => {
  const fn = (name: string, args: string): object => ({ function: { name, arguments: args } });
  const cases: readonly (readonly [string, readonly object[], readonly (readonly [string, string])[]])[] = [
    [
      "whole calls without index or id",
      [{ delta: { tool_calls: [fn("shell", '{"a":1}'), fn("shell", '{"a":2}')] }, finish_reason: "tool_calls" }],
      [
        ["call_000102030405060708090a0b", '{"a":1}'],
        ["call_0c0d0e0f1011121314151617", '{"a":2}'],
      ],
    ],
    [
      "whole calls that all say index 0",
      [
        {
          delta: {
            tool_calls: [
              { index: 0, id: "x", ...fn("shell", "{}") },
              { index: 0, id: "y", ...fn("shell", "{}") },
            ],
          },
          finish_reason: "stop",
        },
      ],
      [
        ["x", "{}"],
        ["y", "{}"],
      ],
    ],
    [
      "parts without an index",
      [
        { delta: { tool_calls: [{ id: "x", ...fn("shell", '{"a"') }] } },
        { delta: { tool_calls: [{ function: { arguments: ":1}" } }] }, finish_reason: "tool_calls" },
      ],
      [["x", '{"a":1}']],
    ],
    [
      "parts of two calls in turn",
      [
        {
          delta: {
            tool_calls: [
              { index: 0, id: "x", ...fn("shell", "{") },
              { index: 1, id: "y", ...fn("shell", "[") },
            ],
          },
        },
        {
          delta: {
            tool_calls: [
              { index: 0, function: { arguments: "}" } },
              { index: 1, function: { arguments: "]" } },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
      [
        ["x", "{}"],
        ["y", "[]"],
      ],
    ],
    [
      "no arguments",
      [{ delta: { tool_calls: [{ index: 0, id: "x", function: { name: "shell" } }] }, finish_reason: "tool_calls" }],
      [["x", "{}"]],
    ],
    [
      "an id that is already taken",
      [{ delta: { tool_calls: [{ index: 0, id: "taken", ...fn("shell", "{}") }] }, finish_reason: "tool_calls" }],
      [["call_000102030405060708090a0b", "{}"]],
    ],
    [
      "the whole answer as a message",
      [{ message: { tool_calls: [{ id: "x", ...fn("shell", "{}") }] }, finish_reason: "tool_calls" }],
      [["x", "{}"]],
    ],
  ];

  test.each(cases)("%s", async (_name, deltas, calls) => {
    const items: readonly ResponseItem[] = [
      { type: "function_call", call_id: "taken", name: "shell", arguments: "{}" },
      { type: "function_call_output", call_id: "taken", output: "" },
      userMessage("go on"),
    ];
    const { outcome } = await chat([chunks(deltas)], items);
    expect(itemsOf(outcome)).toEqual(calls.map(([call_id, args]) => ({ type: "function_call", call_id, name: "shell", arguments: args })));
  });

  test.each([
    ["[DONE]", ["[DONE]"], "completed"],
    ["a clean end", [], "completed"],
  ] as const)("the answer is complete after a finish reason and %s", async (_name, rest, type) => {
    const { outcome } = await chat([chunks([{ delta: { content: "hi" }, finish_reason: "stop" }], rest)]);
    expect(outcome.type).toBe(type);
  });

  test("free text that does not come as asked is taken as it is", async () => {
    const inputs = ['{"input":"a"}', '{"patch":"b"}', '"c"', "*** Begin"];
    const { outcome } = await chat([
      chunks([
        {
          delta: { tool_calls: inputs.map((text, index) => ({ index, id: `i${index}`, ...fn("apply_patch", text) })) },
          finish_reason: "tool_calls",
        },
      ]),
    ]);
    expect(itemsOf(outcome).map((item) => (item.type === "custom_tool_call" ? item.input : item.type))).toEqual([
      "a",
      "b",
      "c",
      "*** Begin",
    ]);
  });
});
