import type { EventMsg } from "@codex/core";
import { expect, test } from "vitest";
import { COMPLETE, execBegin, execEnd, mcpBegin, mcpEnd, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

test("servers that start are kept by name, and told once when all have", () => {
  const play = new Play()
    .ready()
    .events(
      { type: "mcp_startup_update", server: "files", status: { state: "starting" } },
      { type: "mcp_startup_update", server: "notes", status: { state: "failed", error: "not found" } },
      { type: "mcp_startup_update", server: "files", status: { state: "ready" }, tools: ["read"] },
      { type: "mcp_startup_complete", ready: ["files"], failed: [{ server: "notes", error: "not found" }], cancelled: [] },
    );
  expect(play.state.mcp).toEqual({
    files: { state: "ready", error: "", tools: ["read"] },
    notes: { state: "failed", error: "not found", tools: undefined },
  });
  expect(play.state.history.at(-1)).toMatchObject({ kind: "notice", level: "event", text: "MCP servers ready: files; not notes" });
});

test("a call is one cell: its progress while it runs, its result as text", () => {
  const play = new Play().ready().events(STARTED, mcpBegin("c"), {
    type: "mcp_tool_call_progress",
    call_id: "c",
    progress: 3,
    total: 4,
    message: "writing\u001b[31m",
  });
  expect(play.state.live.at(-1)).toMatchObject({ tool: "tickets.create", arguments: '{"title":"It is slow"}', progress: "75 % · writing" });
  expect(play.state.logLine).toBe("75 % · writing");
  play.events(mcpEnd("c"));
  expect(play.state.history.at(-1)).toMatchObject({
    progress: "",
    end: { success: true, output: "ticket 7\n[image image/png]", durationMs: 1200 },
  });
});

test.each([
  [
    { result: null, error: "it ended", success: false },
    { success: false, output: "it ended" },
  ],
  [{ result: { content: [], structured_content: { id: 7 } } }, { success: true, output: '{\n  "id": 7\n}' }],
  [{ result: { content: [{ type: "resource", resource: { uri: "a://b", text: "body" } }, 5] } }, { success: true, output: "body\n5" }],
  [{ result: { content: [{ type: "resource_link", uri: "a://b", name: "b" }] } }, { success: true, output: "[resource_link b a://b]" }],
])("a result %j", (more, end) => {
  expect(new Play().ready().events(STARTED, mcpBegin("c"), mcpEnd("c", more)).state.history.at(-1)).toMatchObject({ end });
});

test("why a call may run is kept with it until its task ends", () => {
  const decision = { verdict: "allow", layer: "known_safe", reason: "It only reads." } as const;
  const play = new Play().ready().events(STARTED, { type: "tool_call_allowed", call_id: "a", tool: "shell", command: ["ls"], decision });
  play.events(execBegin("a", "ls"), execEnd("a", ""));
  expect(play.state.history.at(-1)).toMatchObject({ kind: "exec", why: decision });
  expect(play.events(COMPLETE).state.allowed).toEqual({});
});

test("events that nobody knows yet, and ends without a beginning, change nothing that is shown", () => {
  const play = new Play().ready().events(STARTED);
  const { history, live, approvals } = play.state;
  const unknown = ["from_the_future", "mcp_from_the_future", "__proto__", ""].map(
    (type) => ({ type, call_id: "a" }) as unknown as EventMsg,
  );
  play.events(...unknown, mcpEnd("x"), execEnd("x", ""), { type: "mcp_tool_call_progress", call_id: "x", progress: 1 });
  expect({ history: play.state.history, live: play.state.live, approvals: play.state.approvals }).toEqual({ history, live, approvals });
});

test("tools that change are kept, and what is new and what is gone is told", () => {
  const play = new Play()
    .ready()
    .events(
      { type: "mcp_startup_update", server: "files", status: { state: "ready" }, tools: ["read", "old"] },
      { type: "mcp_tools_changed", server: "files", tools: ["read", "a", "b", "c", "d", "e", "f"] },
    );
  expect(play.state.mcp["files"]).toEqual({ state: "ready", error: "", tools: ["read", "a", "b", "c", "d", "e", "f"] });
  expect(play.state.history.at(-1)).toMatchObject({ text: "files changed its tools · new: a, b, c, d, e and 1 more · gone: old" });
});

test("a question that is withdrawn is closed and told; the end of one that was answered here says nothing more", () => {
  const question = (call_id: string): EventMsg => ({ type: "elicitation_request", call_id, server: "files", message: "Which?" });
  const end = (call_id: string, outcome: "accept" | "withdrawn"): EventMsg => ({
    type: "elicitation_end",
    call_id,
    server: "files",
    outcome,
  });
  const play = new Play().ready().events(STARTED, question("q1"), question("q2"), end("q1", "withdrawn"));
  expect(play.state.approvals.map(({ callId }) => callId)).toEqual(["q2"]);
  expect(play.state.history.at(-1)).toMatchObject({ text: "files took back its question" });
  play.events(end("q2", "accept"));
  expect(play.state.approvals).toEqual([]);
  expect(play.state.history.at(-1)).toMatchObject({ text: "the question of files was answered elsewhere: accept" });
  const before = play.state;
  play.events(end("q2", "accept"));
  expect(play.state).toEqual(before);
});
