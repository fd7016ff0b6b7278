import type { Grant } from "@codex/core";
import { describe, expect, test } from "vitest";
import { BY_RULE, elicitation, execAsk, hunksAsk, mcpAsk, mcpBegin, mcpEnd, STARTED, TICKET_SCHEMA } from "../support/events.ts";
import { Play } from "../support/play.ts";

const play = (): Play => new Play().ready().events(STARTED);
const asked = (answering: Play): unknown => JSON.parse(answering.submitted().at(-1) ?? "null");

describe("what is offered beyond a call", () => {
  const prefixes = (["session", "user", "project"] as const).flatMap((scope): Grant[] => [
    { type: "prefix", prefix: ["npm", "test"], scope },
    { type: "prefix", prefix: ["node", "report.js"], scope },
  ]);
  const ask = execAsk("a", "npm test && node report.js", { offers: [{ type: "command" }, ...prefixes] });

  test("the prefixes of one scope are one answer, and go together", () => {
    expect(asked(play().events(ask).press("2"))).toEqual({
      type: "exec_approval",
      call_id: "a",
      decision: "approved",
      grants: [
        { type: "prefix", prefix: ["npm", "test"], scope: "user" },
        { type: "prefix", prefix: ["node", "report.js"], scope: "user" },
      ],
    });
  });

  test("the history says what was granted", () => {
    expect(play().events(ask).press("1").state.history.at(-1)).toMatchObject({
      kind: "decision",
      detail: "for this session whatever begins with `npm test` or `node report.js`",
    });
  });

  test("what a and y already stand for is not offered a second time", () => {
    const permission = "network-full-access";
    const offers = (["call", "session"] as const).map((scope): Grant => ({ type: "permission", permission, scope }));
    const denied = execAsk("a", "curl x", { denial: { denied: true, what: "network", permission }, offers });
    expect(play().events(denied).press("1").submitted()).toEqual([]);
  });

  test("another permission and another folder are offered", () => {
    const offers: Grant[] = [
      { type: "permission", permission: "disk-write-folder=/data", scope: "session" },
      { type: "root", root: "/data/out" },
    ];
    const answering = play().events(execAsk("a", "make", { offers }));
    expect(asked(answering.press("2"))).toEqual({ type: "exec_approval", call_id: "a", decision: "approved", grants: [offers[1]] });
  });
});

describe("hunks", () => {
  test("space leaves the marked one out, and the answer carries the others", () => {
    const answering = play().events(hunksAsk("p")).press("j", "space");
    expect(answering.effects.at(-1)).toEqual({ type: "find", text: "hunk 2 of 3", direction: 0 });
    expect(answering.state.live.at(-1)).toMatchObject({ kind: "patch", choice: { leftOut: ["1.2"], marked: 1 } });
    expect(asked(answering.press("y"))).toEqual({
      type: "patch_approval",
      call_id: "p",
      decision: "approved",
      approved_hunks: ["1.1", "2"],
    });
    expect(answering.state.live.at(-1)).toMatchObject({ kind: "decision", detail: "2 of 3 hunks" });
  });

  test("all of them taken is the whole patch, after some were left out, too", () => {
    expect(asked(play().events(hunksAsk("p")).press("space", "k", "k", "j", "j", "space", "y"))).toEqual({
      type: "patch_approval",
      call_id: "p",
      decision: "approved",
    });
  });

  test("none of them is no answer, and says what to press", () => {
    const answering = play().events(hunksAsk("p")).press("space", "j", "space", "j", "space", "y");
    expect({ submitted: answering.submitted(), waiting: answering.state.approvals.length }).toEqual({ submitted: [], waiting: 1 });
    expect(answering.state.toast).toContain("n declines the patch");
    expect(asked(answering.press("n"))).toEqual({ type: "patch_approval", call_id: "p", decision: "denied" });
  });

  test("a folder can be opened for the hunks that are taken", () => {
    const answering = play().events(hunksAsk("p", { grant_root: "/home/me/shop", offers: [{ type: "root", root: "/home/me/shop" }] }));
    expect(asked(answering.press("space", "a"))).toMatchObject({ decision: "approved_for_session", approved_hunks: ["1.2", "2"] });
  });

  test("a patch that waited behind another starts with all of its own", () => {
    const answering = play().events(hunksAsk("p"), hunksAsk("q")).press("space", "y");
    expect(answering.state.answer.leftOut).toEqual([]);
    expect(asked(answering.after(1000).press("y"))).toEqual({ type: "patch_approval", call_id: "q", decision: "approved" });
  });
});

describe("calls of MCP servers", () => {
  test("each answer is one of mcp_approval", () => {
    const answering = play()
      .events(mcpAsk("a"), mcpAsk("b"), mcpAsk("c"), mcpAsk("d"))
      .press("y", "a", "e")
      .type("read it")
      .press("enter", "escape");
    expect(answering.submitted().map((op) => JSON.parse(op) as unknown)).toEqual([
      { type: "mcp_approval", call_id: "a", decision: "approved" },
      { type: "mcp_approval", call_id: "b", decision: "approved_for_session" },
      { type: "mcp_approval", call_id: "c", decision: "denied", reason: "read it" },
      { type: "mcp_approval", call_id: "d", decision: "abort" },
    ]);
  });
});

describe("questions of MCP servers", () => {
  const form = elicitation("e", { requested_schema: TICKET_SCHEMA });

  test("a form is filled in by keyboard", () => {
    const answering = play()
      .events(form)
      .type("Too slow")
      .press("down", "backspace", "3", "tab", "space", "down", "right", "right", "down");
    answering.type("bug, docs").press("enter", "enter");
    expect(asked(answering)).toEqual({
      type: "elicitation_answer",
      call_id: "e",
      action: "accept",
      content: { title: "Too slow", count: 3, urgent: true, team: "be", labels: ["bug", "docs"] },
    });
  });

  test("letters in a field are text, and answers only beside the fields", () => {
    const answering = play().events(form).type("yan");
    expect({ submitted: answering.submitted(), title: answering.state.answer.values[0]?.text }).toEqual({ submitted: [], title: "yan" });
    expect(asked(answering.press("up", "n"))).toEqual({ type: "elicitation_answer", call_id: "e", action: "decline" });
  });

  test.each([
    [["up", "up", "y"], 0, "Title has to be filled in"],
    [["a", "up", "up", "y"], 0, "Title has to be at least 3 characters"],
    [["a", "b", "c", "down", "0", "up", "up", "up", "y"], 1, "count has to be at most 9"],
    [["a", "b", "c", "down", ".", "5", "up", "up", "up", "y"], 1, "count has to be a whole number"],
    [["a", "b", "c", "up", "up", "up", "y"], 2, "urgent has to be filled in"],
  ] as const)("a form that is not right stays open at what is wrong: %j", (keys, selected, fault) => {
    const answering = play()
      .events(form)
      .press(...keys);
    expect({ ...answering.state.answer, values: [] }).toMatchObject({ selected, fault });
    expect(answering.submitted()).toEqual([]);
  });

  test("a paste goes into the field", () => {
    const answering = play().events(form).input({ kind: "paste", text: "two\nlines" });
    expect(answering.state.answer.values[0]?.text).toBe("two lines");
  });

  test("an address is accepted without content", () => {
    const answering = play().events(elicitation("e", { url: "https://login.example/device" }));
    expect(asked(answering.press("y"))).toEqual({ type: "elicitation_answer", call_id: "e", action: "accept" });
  });

  test("what no form can hold can be declined or cancelled only; a cancel leaves other questions open", () => {
    const schema = { type: "object", properties: { deep: { type: "object" } } };
    const answering = play()
      .events(elicitation("e", { requested_schema: schema }), execAsk("a", "ls"))
      .press("y");
    expect(answering.submitted()).toEqual([]);
    expect(asked(answering.press("escape"))).toEqual({ type: "elicitation_answer", call_id: "e", action: "cancel" });
    expect(answering.state.approvals.map(({ callId }) => callId)).toEqual(["a"]);
  });

  test("a question ends with the last call of its server", () => {
    const answering = play().events(mcpBegin("c"), mcpBegin("d"), form, execAsk("a", "ls"), mcpEnd("c"));
    expect(answering.state.approvals.map(({ callId }) => callId)).toEqual(["e", "a"]);
    expect(answering.events(mcpEnd("d")).state.approvals.map(({ callId }) => callId)).toEqual(["a"]);
    expect(answering.state.answer.values).toEqual([]);
  });
});

test("w shows what would change the decision, and hides it again", () => {
  const answering = play()
    .events(execAsk("a", "git push", { decision: BY_RULE }))
    .press("w");
  expect(answering.state.answer.explained).toBe(true);
  expect(answering.press("w").state.answer.explained).toBe(false);
});
