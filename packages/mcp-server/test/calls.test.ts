import { call, answer, refuse, say, stall } from "@codex/core";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answers, isEvent, metaOf, openServer, textOf, threadIdOf, type Message, type ServerProcess } from "./support/server-process.ts";

const FREE = { sandbox: "danger-full-access", "approval-policy": "never" };

describe("codex", () => {
  test("answers with the last message, as text and structured, and tells the events before it", async () => {
    const server = await openServer([say("Hello there.")]);
    const { id, answer: answered } = server.callTool("codex", { prompt: "Greet me." });
    const message = await answered;
    const threadId = threadIdOf(message);
    expect(message).toEqual({
      jsonrpc: "2.0",
      id,
      result: { content: [{ type: "text", text: "Hello there." }], structuredContent: { threadId, content: "Hello there." } },
    });
    const events = server.messages.slice(1, -1) as readonly Message[];
    expect(events.map(({ method, params }) => [method, params?.["_meta"]])).toEqual(
      events.map(() => ["codex/event", { requestId: id, threadId }]),
    );
    const types = events.map(typeOf).filter((type) => type !== "agent_message_delta");
    expect(types).toEqual(["session_configured", "task_started", "agent_message", "token_count", "task_complete"]);
    expect(events[0]?.params).toMatchObject({ id: "0", msg: { session_id: threadId } });
    expect(server.provider.requests[0]?.rawBody).toContain("Greet me.");
  });

  test("works in the folder it is given; a relative one starts at the server's own", async () => {
    const server = await openServer([call("shell", { command: ["pwd"] }), say("done")]);
    await server.callTool("codex", { prompt: "x", cwd: "inner", ...FREE }).answer;
    const end = await server.shows(isEvent("exec_command_end"));
    expect(end.params).toMatchObject({ msg: { exit_code: 0, aggregated_output: `${join(realpathSync(server.cwd), "inner")}\n` } });
  });

  test("passes its settings on: model, config, sandbox, policy, instructions", async () => {
    const server = await openServer([say("ok")]);
    await server.callTool("codex", {
      prompt: "x",
      model: "some-model",
      "approval-policy": "on-failure",
      "sandbox-permissions": ["disk-full-read-access", "network-full-access"],
      "base-instructions": 'You are "brief".\n\u007f',
      config: { model_reasoning_effort: "low", "shell_environment_policy.set": { "A-B": "c" }, project_root_markers: [] },
    }).answer;
    const configured = await server.shows(isEvent("session_configured"));
    expect(configured.params?.["msg"]).toMatchObject({
      model: "some-model",
      approval_policy: "on-failure",
      sandbox_policy: { permissions: ["disk-full-read-access", "network-full-access"] },
    });
    expect(server.provider.requests[0]?.body).toMatchObject({
      model: "some-model",
      instructions: 'You are "brief".\n\u007f',
      reasoning: { effort: "low" },
    });
  });

  test("an empty list of permissions grants nothing, whatever is configured", async () => {
    const server = await openServer([say("ok")], { config: 'sandbox_mode = "danger-full-access"\n' });
    await server.callTool("codex", { prompt: "x", "sandbox-permissions": [] }).answer;
    const configured = await server.shows(isEvent("session_configured"));
    expect(configured.params).toMatchObject({ msg: { sandbox_policy: { permissions: [] } } });
  });

  test("the options of the server hold unless a call says otherwise", async () => {
    const server = await openServer([say("a"), say("b")], {
      args: ["-c", "model=from-option", "-p", "work"],
      config: '[profiles.work]\nmodel_reasoning_effort = "high"\n[profiles.play]\nmodel_reasoning_effort = "low"\n',
    });
    await server.callTool("codex", { prompt: "x" }).answer;
    await server.callTool("codex", { prompt: "x", profile: "play", config: { model: "from-call" } }).answer;
    expect(server.provider.requests.map(({ body }) => [body["model"], (body["reasoning"] as { effort: string }).effort])).toEqual([
      ["from-option", "high"],
      ["from-call", "low"],
    ]);
  });

  test.each([
    [{ prompt: "x", cwd: "nowhere" }, /nowhere/],
    [{ prompt: "x", config: { model_reasoning_effort: "hi" } }, /^config: model_reasoning_effort: expected one of .*did you mean `high`/],
    [{ prompt: "x", config: { "": 1 } }, /expected dotted\.key=value/],
    [{ prompt: "x", config: { "model=other": 1 } }, /"model=other" is no key/],
    [{ prompt: "x", config: { modle: "y" }, profile: "none" }, /unknown profile/],
    [{ prompt: "x", config: { model: null } }, /model is null/],
    [{ prompt: "x", profile: "none" }, /unknown profile `none`/],
    [{ prompt: "x", model: " " }, /must not be empty/],
    [{}, /`prompt` is missing/],
  ])("%j is a result with an error, and no session", async (given, message) => {
    const server = await openServer();
    const { result } = await server.callTool("codex", given).answer;
    expect(result).toEqual({ content: [{ type: "text", text: expect.stringMatching(message) }], isError: true });
    expect(server.messages).toHaveLength(2);
  });

  test("a turn that fails is a result with an error, and the thread goes on", async () => {
    const server = await openServer([refuse(401, "bad key"), say("better")]);
    const failed = await server.callTool("codex", { prompt: "x" }).answer;
    const threadId = threadIdOf(failed);
    expect(failed.result).toMatchObject({
      isError: true,
      structuredContent: { threadId, content: expect.stringContaining("(unauthorized)") },
    });
    expect(textOf(await server.callTool("codex-reply", { threadId, prompt: "again" }).answer)).toBe("better");
  });
});

describe("codex-reply", () => {
  test("goes on with the thread under its own request id", async () => {
    const server = await openServer([say("one"), say("two")]);
    const threadId = threadIdOf(await server.callTool("codex", { prompt: "first" }).answer);
    const { id, answer: answered } = server.callTool("codex-reply", { threadId, prompt: "second" });
    expect((await answered).result).toEqual({ content: [{ type: "text", text: "two" }], structuredContent: { threadId, content: "two" } });
    expect(server.provider.requests[1]?.rawBody).toContain("first");
    const told = (server.messages as readonly Message[]).filter(isEvent("task_complete")).map(({ params }) => params?.["_meta"]);
    expect(told).toEqual([
      { requestId: 2, threadId },
      { requestId: id, threadId },
    ]);
  });

  test("calls that come while the thread is at work are done after it, each with its own answer", async () => {
    const server = await openServer([answer([say("one")], { delayMs: 50 }), say("two"), say("three")]);
    const first = server.callTool("codex", { prompt: "a" });
    const configured = await server.shows(isEvent("session_configured"));
    const { threadId } = metaOf(configured);
    const second = server.callTool("codex-reply", { threadId, prompt: "b" });
    const third = server.callTool("codex-reply", { threadId, prompt: "c" });
    expect([textOf(await first.answer), textOf(await second.answer), textOf(await third.answer)]).toEqual(["one", "two", "three"]);
  });

  test("to a thread that is not there is an error that says so", async () => {
    const server = await openServer();
    expect((await server.callTool("codex-reply", { threadId: "none", prompt: "x" }).answer).result).toEqual({
      content: [{ type: "text", text: "There is no thread none. Start one with codex." }],
      structuredContent: { threadId: "none", content: "There is no thread none. Start one with codex." },
      isError: true,
    });
  });
});

describe("codex-close", () => {
  test("ends the thread; a later reply is told why it is gone", async () => {
    const server = await openServer([say("one")]);
    const threadId = threadIdOf(await server.callTool("codex", { prompt: "x" }).answer);
    const closed = await server.callTool("codex-close", { threadId }).answer;
    expect(closed.result).toEqual({
      content: [{ type: "text", text: "The thread is closed." }],
      structuredContent: { threadId, content: "The thread is closed." },
    });
    const reply = await server.callTool("codex-reply", { threadId, prompt: "x" }).answer;
    expect(textOf(reply)).toBe(`The thread ${threadId} is gone: it was closed. Start one with codex.`);
  });

  test("answers the call that still runs in it", async () => {
    const server = await openServer([stall()]);
    const running = server.callTool("codex", { prompt: "x" });
    await server.provider.received(1);
    const configured = await server.shows(isEvent("session_configured"));
    const { threadId } = metaOf(configured);
    await server.callTool("codex-close", { threadId }).answer;
    expect((await running.answer).result).toMatchObject({
      isError: true,
      structuredContent: { threadId, content: "The thread was closed before the turn had ended." },
    });
  });
});

describe("several threads", () => {
  test("run side by side; events say which is whose", async () => {
    const server = await openServer([stall(), say("fast")]);
    const slow = server.callTool("codex", { prompt: "slow" });
    await server.provider.received(1);
    const fast = await server.callTool("codex", { prompt: "fast" }).answer;
    expect(textOf(fast)).toBe("fast");
    const ofFast = (server.messages as readonly Message[]).filter(({ method }) => method === "codex/event").map(metaOf);
    expect(new Set(ofFast.filter(({ requestId }) => requestId === fast.id).map(({ threadId }) => threadId))).toEqual(
      new Set([threadIdOf(fast)]),
    );
    server.send({ method: "notifications/cancelled", params: { requestId: slow.id } });
  });

  test("beyond the limit the one that was idle longest makes room, and a busy one never does", async () => {
    const server = await openServer([say("a"), say("b"), stall(), stall()], { args: ["--max-threads", "2"] });
    const a = threadIdOf(await server.callTool("codex", { prompt: "a" }).answer);
    const b = threadIdOf(await server.callTool("codex", { prompt: "b" }).answer);
    server.callTool("codex-reply", { threadId: a, prompt: "busy" });
    server.callTool("codex", { prompt: "c" });
    await server.provider.received(4);
    expect(textOf(await server.callTool("codex-reply", { threadId: b, prompt: "x" }).answer)).toContain("closed to make room");
    const { result } = await server.callTool("codex", { prompt: "d" }).answer;
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("2 threads are at work") }] });
  });

  test("an idle one is closed after its time", async () => {
    const server = await openServer([say("a")], { args: ["--idle-timeout", "1"] });
    const threadId = threadIdOf(await server.callTool("codex", { prompt: "a" }).answer);
    await server.shows(isEvent("shutdown_complete"));
    expect(textOf(await server.callTool("codex-reply", { threadId, prompt: "x" }).answer)).toContain("without a call");
  });
});

describe("progress", () => {
  test("grows with every step when a token was given, and ends before the answer", async () => {
    const server = await openServer([call("shell", { command: ["echo", "hi"] }), say("done")]);
    const { id, answer: answered } = server.callTool("codex", { prompt: "x", ...FREE }, { progressToken: "p" });
    await answered;
    const progress = progressOf(server);
    expect(progress.map(({ progressToken, progress: count }) => [progressToken, count])).toEqual(
      progress.map((_, index) => ["p", index + 1]),
    );
    expect(progress.map(({ message }) => message)).toEqual([
      expect.stringContaining("thread open, model"),
      "thinking",
      "running echo hi",
      "command ended: exit code 0",
      "done",
    ]);
    expect(answers(id)(server.messages.at(-1) as Message)).toBe(true);
  });

  test("is not sent without a token", async () => {
    const server = await openServer([say("done")]);
    await server.callTool("codex", { prompt: "x" }).answer;
    expect(progressOf(server)).toEqual([]);
  });
});

describe("a cancelled call", () => {
  test("has its turn stopped and its command ended, gets no answer, and leaves the thread usable", async () => {
    const server = await openServer([call("shell", { command: ["sleep", "600"] }), say("again")]);
    const { id } = server.callTool("codex", { prompt: "x", ...FREE });
    const begin = await server.shows(isEvent("exec_command_begin"));
    const { threadId } = metaOf(begin);
    server.send({ method: "notifications/cancelled", params: { requestId: id, reason: "changed my mind" } });
    await server.shows(isEvent("turn_aborted"));
    // The id is free again.
    server.send({ id, method: "tools/call", params: { name: "codex-reply", arguments: { threadId, prompt: "go on" } } });
    expect(await server.shows(answers(id))).toMatchObject({ result: { structuredContent: { threadId, content: "again" } } });
    expect((server.messages as readonly Message[]).filter(answers(id))).toHaveLength(1);
  });

  test("that waits for its turn never begins", async () => {
    const server = await openServer([stall(), say("third")]);
    const first = server.callTool("codex", { prompt: "a" });
    const configured = await server.shows(isEvent("session_configured"));
    const { threadId } = metaOf(configured);
    await server.provider.received(1);
    const second = server.callTool("codex-reply", { threadId, prompt: "never said" });
    const third = server.callTool("codex-reply", { threadId, prompt: "c" });
    server.send({ method: "notifications/cancelled", params: { requestId: second.id } });
    server.send({ method: "notifications/cancelled", params: { requestId: first.id } });
    expect(textOf(await third.answer)).toBe("third");
    expect(server.provider.requests[1]?.rawBody).not.toContain("never said");
    expect((server.messages as readonly Message[]).filter(({ id }) => id === first.id || id === second.id)).toEqual([]);
  });

  test("a second request under the id of a running one is refused, and the first still gets its answer", async () => {
    const server = await openServer([answer([say("one")], { delayMs: 100 })]);
    const { id, answer: answered } = server.callTool("codex", { prompt: "x" });
    server.send({ id, method: "ping" });
    expect(await answered).toMatchObject({ error: { code: -32600 } });
    expect(await server.shows(({ id: at, result }) => at === id && result !== undefined)).toMatchObject({
      result: { content: [{ text: "one" }] },
    });
  });
});

function typeOf({ params }: Message): string {
  return (params as unknown as { msg: { type: string } }).msg.type;
}

function progressOf({ messages }: ServerProcess): { progressToken: string; progress: number; message: string }[] {
  return (messages as readonly Message[]).flatMap(({ method, params }) => (method === "notifications/progress" ? [params as never] : []));
}
