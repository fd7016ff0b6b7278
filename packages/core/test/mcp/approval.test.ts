import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answer, call, say } from "../../src/testing/scripted-turn.ts";
import type { FixtureOptions } from "../support/session-fixture.ts";
import { openMcpFixture, outputsOf, server, temporaryFolder } from "./mcp-fixture.ts";

const ASKING = { flags: { approvalPolicy: "on-request", sandboxMode: "read-only" } } as const;

test("a tool that may do harm is asked about, and runs when the answer allows it", async () => {
  const fixture = await openMcpFixture([call("mcp__a__write", { path: "x" }, "c1"), say("ok")], [server("a")], ASKING);
  const end = fixture.ask("go");
  expect(await fixture.next("mcp_approval_request")).toEqual({
    type: "mcp_approval_request",
    call_id: "c1",
    server: "a",
    tool: "write",
    arguments: { path: "x" },
    reason: expect.stringContaining("more than read") as string,
    decision: expect.objectContaining({ verdict: "ask", layer: "sandbox_policy" }) as unknown,
  });
  fixture.session.submit({ type: "mcp_approval", call_id: "c1", decision: "approved" });
  expect(await end).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual(["written"]);
});

test("a tool that is allowed for the session is not asked about again; another one is", async () => {
  const fixture = await openMcpFixture(
    [call("mcp__a__write", {}, "c1"), call("mcp__a__write", {}, "c2"), call("mcp__b__write", {}, "c3"), say("ok")],
    [server("a"), server("b")],
    { ...ASKING, host: { approve: async () => ({ decision: "approved_for_session" }) } },
  );
  await fixture.ask("go");
  expect(fixture.ofType("mcp_approval_request").map(({ call_id }) => call_id)).toEqual(["c1", "c3"]);
  expect(fixture.ofType("mcp_tool_call_end").map(({ success }) => success)).toEqual([true, true, true]);
});

test("a no reaches the model with its reason, and the call is declined", async () => {
  const fixture = await openMcpFixture([call("mcp__a__write", {}, "c1"), say("ok")], [server("a")], {
    ...ASKING,
    host: { approve: async () => ({ decision: "denied", reason: "not on a Sunday" }) },
  });
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual(["The tool was not called: not on a Sunday."]);
  expect(fixture.ofType("tool_call_declined")).toEqual([
    {
      type: "tool_call_declined",
      call_id: "c1",
      tool: "mcp__a__write",
      command: [],
      decision: { verdict: "reject", layer: "user", reason: "not on a Sunday" },
      review: "denied",
    },
  ]);
  expect(fixture.ofType("mcp_tool_call_begin")).toEqual([]);
});

test("with nobody to answer it is declined at once, under `never` it is rejected, and what only reads runs", async () => {
  const turns = [answer([call("mcp__a__write", {}, "c1"), call("mcp__a__echo", { message: "read" }, "c2")]), say("ok")];
  const alone = await openMcpFixture(turns, [server("a")], { ...ASKING, session: { approvals: "nobody" } });
  const never = await openMcpFixture(turns, [server("a")], { flags: { approvalPolicy: "never", sandboxMode: "read-only" } });
  for (const fixture of [alone, never]) {
    // oxlint-disable-next-line no-await-in-loop -- one session after the other
    await fixture.ask("go");
    expect(outputsOf(fixture, 1)).toEqual([expect.stringMatching(/^Declined, nothing was run or written\./), "read"]);
  }
  expect([alone, never].map((fixture) => fixture.ofType("tool_call_declined")[0]?.decision.layer)).toEqual([
    "no_answerer",
    "sandbox_policy",
  ]);
});

test("the settings of a tool beat the policy, in both directions", async () => {
  const settings = 'default_tools_approval_mode = "prompt", tools = { write = { approval_mode = "approve" } }';
  const fixture = await openMcpFixture(
    [answer([call("mcp__a__write", {}, "c1"), call("mcp__a__echo", { message: "x" }, "c2")]), say("ok")],
    [server("a", [], settings)],
  );
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual(["written", expect.stringMatching(/^Declined/)]);
});

test("reading a resource is a call like others: it only reads, unless settings want a question", async () => {
  const turns = [call("read_mcp_resource", { server: "a", uri: "note://1" }, "c1"), say("ok")];
  const free = await openMcpFixture(turns, [server("a", ["resources"])]);
  const asked = await openMcpFixture(turns, [server("a", ["resources"], 'default_tools_approval_mode = "prompt"')]);
  await free.ask("go");
  await asked.ask("go");
  expect(outputsOf(free, 1)).toEqual(["[resource note://1]\na note"]);
  expect(outputsOf(asked, 1)).toEqual([expect.stringMatching(/^Declined/)]);
});

test("what a server asks in the middle of a call is handed to the user, and the answer to the server", async () => {
  const fixture = await openMcpFixture([call("mcp__a__ask", {}, "c1"), say("ok")], [server("a")]);
  const end = fixture.ask("go");
  expect(await fixture.next("elicitation_request")).toEqual({
    type: "elicitation_request",
    call_id: "elicitation-1",
    server: "a",
    message: "Your name?",
    requested_schema: { type: "object", properties: { name: { type: "string" } } },
  });
  fixture.session.submit({ type: "elicitation_answer", action: "accept", content: { name: "Ada" } });
  await end;
  expect(outputsOf(fixture, 1).map((output) => JSON.parse(String(output)) as unknown)).toEqual([
    { jsonrpc: "2.0", result: { action: "accept", content: { name: "Ada" } } },
  ]);
});

test("the end of a question is told, whoever answered it", async () => {
  const fixture = await openMcpFixture([call("mcp__a__ask", {}, "c1"), say("ok")], [server("a")], {
    host: { approve: async () => ({ decision: "approved", content: { name: "Ada" } }) },
  });
  await fixture.ask("go");
  expect(fixture.ofType("elicitation_end")).toEqual([
    { type: "elicitation_end", call_id: "elicitation-1", server: "a", outcome: "accept" },
  ]);
});

test("a question that its server takes back is withdrawn, and an answer to it is one too many", async () => {
  const asked = join(await temporaryFolder(), "asked");
  const fixture = await openMcpFixture([call("mcp__a__withdraw", {}, "c1"), say("ok")], [server("a", [`asked=${asked}`])]);
  const end = fixture.ask("go");
  await fixture.next("elicitation_request");
  await writeFile(asked, "");
  expect(await fixture.next("elicitation_end")).toEqual({
    type: "elicitation_end",
    call_id: "elicitation-1",
    server: "a",
    outcome: "withdrawn",
  });
  fixture.session.submit({ type: "elicitation_answer", call_id: "elicitation-1", action: "accept", content: {} });
  expect(await end).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual(["never mind"]);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([expect.stringContaining("elicitation-1")]);
});

test("a question that is open when the task is interrupted ends before the task does", async () => {
  const fixture = await openMcpFixture([call("mcp__a__ask", {}, "c1"), say("ok")], [server("a")]);
  const end = fixture.ask("go");
  await fixture.next("elicitation_request");
  fixture.session.submit({ type: "interrupt" });
  expect(await end).toMatchObject({ type: "turn_aborted" });
  const types = fixture.events.map(({ msg }) => msg.type);
  expect(types.indexOf("elicitation_end")).toBeGreaterThan(types.indexOf("elicitation_request"));
  expect(types.indexOf("elicitation_end")).toBeLessThan(types.indexOf("turn_aborted"));
});

test.each([
  ["declined at once when nobody can answer", { session: { approvals: "nobody" } }, "decline"],
  ["declined by a no", { host: { approve: async () => ({ decision: "denied" }) } }, "decline"],
  ["cancelled by an abort, and the turn goes on", { host: { approve: async () => ({ decision: "abort" }) } }, "cancel"],
  ["declined when the handler fails", { host: { approve: () => Promise.reject(new Error("broken")) } }, "decline"],
] as readonly (readonly [string, FixtureOptions, string])[])("it is %s", async (_, options, action) => {
  const fixture = await openMcpFixture([call("mcp__a__ask", {}, "c1"), say("ok")], [server("a")], options);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(JSON.parse(String(outputsOf(fixture, 1)[0]))).toMatchObject({ result: { action } });
});
