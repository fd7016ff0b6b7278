import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answer, call, refuse, say, type ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { openFixture } from "../support/session-fixture.ts";
import { mcpToolsOf, openMcpFixture, outputsOf, server, temporaryFolder } from "./mcp-fixture.ts";

test("a server that dies in a call is a named error, is started again, and serves the next call", async () => {
  const starts = join(await temporaryFolder(), "starts");
  const fixture = await openMcpFixture(
    [call("mcp__a__die", {}, "c1"), call("mcp__a__echo", { message: "back" }, "c2"), say("ok")],
    [server("a", [`starts=${starts}`])],
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual([expect.stringMatching(/^The call failed: a exited with code 7; .*fatal: out of cheese/s)]);
  expect(outputsOf(fixture, 2)).toEqual(["back"]);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The MCP server a ended and is started again: a exited with code 7/),
  ]);
  expect((await readFile(starts, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("a server that dies again and again is given up, and the tools of the others stay", async () => {
  const deaths = Array.from({ length: 4 }, (_, index) => call("mcp__a__die", {}, `c${String(index)}`));
  const fixture = await openMcpFixture([...deaths, say("one"), say("two")], [server("a"), server("b", ["only=echo"])]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(fixture.ofType("warning").at(-1)?.message).toMatch(
    /^The MCP server a cannot be used: it ended too often; the last time: a exited with code 7/,
  );
  await fixture.ask("again");
  expect(mcpToolsOf(fixture, 5)).toEqual(["mcp__b__echo"]);
});

test.each([
  ["answers twice", "twice", {}, "first"],
  ["answers under a text id", "string-id", {}, "under a text id"],
  ["answers with nulls", "nulls", {}, /^The call failed: a answered/],
  ["knows no such tool", "gone", {}, /^There is no tool called mcp__a__gone/],
])("a server that %s leaves the session alive", async (_, tool, args, wanted) => {
  const fixture = await openMcpFixture(
    [call(`mcp__a__${tool}`, args, "c1"), call("mcp__a__echo", { message: "alive" }, "c2"), say("ok")],
    [server("a")],
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual([typeof wanted === "string" ? wanted : expect.stringMatching(wanted)]);
  expect(outputsOf(fixture, 2)).toEqual(["alive"]);
});

test("of a server with very many tools so many are offered as requests can hold, and the user is told how to choose", async () => {
  const fixture = await openMcpFixture([say("ok")], [server("a", ["tools=20000"])]);
  await fixture.ask("go");
  expect(mcpToolsOf(fixture, 0)).toHaveLength(512);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^The MCP server a has \d+ tools, of which the first 512 are offered; enabled_tools in \[mcp_servers\.a\] chooses$/,
    ),
  ]);
});

test("a server that reports without end, at any length, is heard in as many words as can be read", async () => {
  const fixture = await openMcpFixture([call("mcp__a__progress-flood", {}, "c1"), say("ok")], [server("a")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  const reports = fixture.ofType("mcp_tool_call_progress");
  expect(reports[0]?.message).toBe(`${"m".repeat(1000)}…`);
  expect(reports.length).toBeLessThan(100);
  expect(outputsOf(fixture, 1)).toEqual(["done"]);
});

test("a question that is too long for anybody is refused, and its server is told", async () => {
  const fixture = await openMcpFixture([call("mcp__a__ask-at-length", {}, "c1"), say("ok")], [server("a")], {
    host: { approve: async () => ({ decision: "approved" }) },
  });
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(fixture.ofType("elicitation_request")).toEqual([]);
  expect(outputsOf(fixture, 1)).toEqual([
    expect.stringMatching(/"code":-32603,"message":"the question has \d+ characters, more than the 262144/),
  ]);
});

test("an answer with half a character goes to the model as UTF-8 that it can read", async () => {
  const fixture = await openMcpFixture([call("mcp__a__half", {}, "c1"), say("ok")], [server("a")]);
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual(["half \ufffd"]);
});

test("an answer of 10 MB reaches the model cut, and the events and the record stay small", async () => {
  const fixture = await openMcpFixture([call("mcp__a__huge", { bytes: 10 * 1024 * 1024 }, "c1"), say("ok")], [server("a")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(String(outputsOf(fixture, 1)[0]).length).toBeLessThan(50_000);
  await fixture.session.close();
  expect((await readFile(fixture.session.rolloutPath ?? "")).length).toBeLessThan(300_000);
});

test("an answer that is nested without end fails its call alone", async () => {
  const fixture = await openMcpFixture(
    [call("mcp__a__deep", { levels: 200_000 }, "c1"), call("mcp__a__echo", { message: "alive" }, "c2"), say("ok")],
    [server("a")],
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual(["The call failed: a answered wrongly: it is nested to more than 500 levels"]);
  expect(outputsOf(fixture, 2)).toEqual(["alive"]);
});

test("of very many blocks, and of an error of any length, the events hold no more than fits", async () => {
  const fixture = await openMcpFixture(
    [answer([call("mcp__a__many-blocks", { count: 100_000 }, "c1"), call("mcp__a__scold", { times: 1_000_000 }, "c2")]), say("ok")],
    [server("a")],
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  const [blocks, scolded] = fixture.ofType("mcp_tool_call_end");
  expect(JSON.stringify(blocks).length).toBeLessThan(1_500_000);
  expect(blocks?.result?.content.at(-1)).toEqual({
    type: "text",
    text: expect.stringMatching(/^\(\d+ more that are too many to be shown\)$/),
  });
  expect(String(scolded?.error).length).toBeLessThan(50_000);
  expect(outputsOf(fixture, 1).map((output) => /The whole output, \d+ bytes, is in /.test(String(output)))).toEqual([true, true]);
});

test("a server that floods its output with 1 GB before it speaks costs no memory, and answers afterwards", async () => {
  const fixture = await openFixture([call("mcp__a__echo", { message: "dry" }, "c1"), say("ok")], {
    overrides: [server("a", ["flood=1024"], "startup_timeout_sec = 100, required = true")],
  });
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const end = await fixture.ask("go");
  clearInterval(watch);
  expect(end).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual(["dry"]);
  expect((peak - before) / 1024 / 1024).toBeLessThan(200);
}, 120_000);

test("a call that hangs beside one that is answered keeps only itself waiting", async () => {
  const fixture = await openMcpFixture(
    [answer([call("mcp__a__hang", {}, "c1"), call("mcp__b__echo", { message: "quick" }, "c2")]), say("ok")],
    [
      server("a", [], "tool_timeout_sec = 0.3, supports_parallel_tool_calls = true"),
      server("b", [], "supports_parallel_tool_calls = true"),
    ],
  );
  await fixture.ask("go");
  expect(fixture.ofType("mcp_tool_call_end").map(({ call_id }) => call_id)).toEqual(["c2", "c1"]);
  expect(outputsOf(fixture, 1)).toEqual(["The call failed: a did not answer tools/call within 0.3 s", "quick"]);
});

test("a server that asks twice under one id gets one answer to it, and the session lives on", async () => {
  const asked: string[] = [];
  const fixture = await openMcpFixture(
    [call("mcp__a__ask-twice", {}, "c1"), call("mcp__a__echo", { message: "alive" }, "c2"), say("ok")],
    [server("a")],
    {
      host: {
        approve: async (request) => {
          if (request.type === "elicitation_request") asked.push(request.message);
          return { decision: "approved", content: { of: asked.at(-1) ?? "" } };
        },
      },
    },
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(asked).toEqual(["First?", "Last?"]);
  expect(outputsOf(fixture, 1)).toEqual(['[{"action":"accept","content":{"of":"First?"}}]']);
  expect(outputsOf(fixture, 2)).toEqual(["alive"]);
});

test("of a result with very many images the model is shown some, and told of the rest", async () => {
  const fixture = await openMcpFixture([call("mcp__a__many-images", { count: 50 }, "c1"), say("ok")], [server("a")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  const [parts] = outputsOf(fixture, 1) as [readonly { readonly type: string; readonly text?: string }[]];
  expect(parts.filter(({ type }) => type === "input_image")).toHaveLength(16);
  expect(parts.at(-1)).toEqual({
    type: "input_text",
    text: "[34 more images that are too many to be shown; ask for fewer at once]",
  });
});

test("a tool that the provider refuses is left out with a warning, for the rest of the session, and the turn goes on", async () => {
  const refusal = (index: number): ScriptedTurn => refuse(400, `Invalid schema for function: tools[${String(index)}].parameters`);
  const probe = await openMcpFixture([say("ok")], [server("a", ["only=echo,write"])]);
  await probe.ask("go");
  const tools = probe.model.requests[0]?.body["tools"] as readonly { readonly name: string }[];
  const index = tools.findIndex(({ name }) => name === "mcp__a__echo");

  const fixture = await openMcpFixture([refusal(index), say("one"), say("two"), refusal(0)], [server("a", ["only=echo,write"])]);
  expect(await fixture.ask("first")).toMatchObject({ type: "task_complete", last_agent_message: "one" });
  expect(await fixture.ask("second")).toMatchObject({ type: "task_complete", last_agent_message: "two" });
  expect([0, 1, 2].map((request) => mcpToolsOf(fixture, request))).toEqual([
    ["mcp__a__echo", "mcp__a__write"],
    ["mcp__a__write"],
    ["mcp__a__write"],
  ]);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The tool mcp__a__echo is left out from here on, because the provider refuses it: .*tools\[\d+\]/),
  ]);
  // One of our own is never dropped.
  expect(await fixture.ask("third")).toMatchObject({ type: "error", code: "bad_request" });
});
