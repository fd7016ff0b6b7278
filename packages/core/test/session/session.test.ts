import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Host } from "../../src/host/host.ts";
import { answer, call, customCall, cut, fail, refuse, say, stall, think, times } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture } from "../support/session-fixture.ts";

const shell = (script: string, id?: string) => call("shell", { command: ["sh", "-c", script] }, id);

test("a task shows its events in order and ends with exactly one terminal event that carries the last message and the usage", async () => {
  const fixture = await openFixture([
    answer([think("look around"), say("I list the files."), shell("echo found", "c1")], { usage: { input: 100, output: 10, cached: 40 } }),
    answer([say("Done.")], { usage: { input: 200, output: 5, reasoning: 2 } }),
  ]);
  const end = await fixture.ask("what is here?");
  expect(end).toEqual({
    type: "task_complete",
    last_agent_message: "Done.",
    usage: { input_tokens: 300, cached_input_tokens: 40, output_tokens: 15, reasoning_output_tokens: 2, total_tokens: 315 },
  });
  const kinds = fixture.events.map((event) => event.msg.type).filter((type) => !type.endsWith("_delta"));
  expect(kinds).toEqual([
    "session_configured",
    "task_started",
    "agent_reasoning",
    "agent_message",
    "token_count",
    "tool_call_allowed",
    "exec_command_begin",
    "exec_command_end",
    "agent_message",
    "token_count",
    "task_complete",
  ]);
  expect(
    fixture
      .ofType("agent_message_delta")
      .map((msg) => msg.delta)
      .join(""),
  ).toBe("I list the files.Done.");
  expect(fixture.ofType("exec_command_output_delta")).toEqual([
    { type: "exec_command_output_delta", call_id: "c1", stream: "merged", chunk: "found\n" },
  ]);
});

test("calls of one answer run side by side and their outputs are reported in call order", async () => {
  const fixture = await openFixture([
    answer([shell("while [ ! -e go ]; do sleep 0.01; done; echo first", "a"), shell("touch go; echo second", "b")]),
    say("ok"),
  ]);
  await fixture.ask("go");
  const outputs = inputOf(fixture, 1).filter((item) => item["type"] === "function_call_output");
  expect(outputs.map((item) => [item["call_id"], /Output:\n(.*)/.exec(String(item["output"]))?.[1]])).toEqual([
    ["a", "first"],
    ["b", "second"],
  ]);
});

test("a patch waits for the calls before it and holds those after it", async () => {
  const patch = "*** Begin Patch\n*** Add File: made.txt\n+one\n*** End Patch\n";
  const fixture = await openFixture([answer([shell("ls", "a"), customCall("apply_patch", patch, "b"), shell("ls", "c")]), say("ok")]);
  await fixture.ask("go");
  const [before, patched, after] = inputOf(fixture, 1).filter((item) => String(item["type"]).endsWith("_output"));
  expect(String(before?.["output"])).not.toContain("made.txt");
  expect(patched).toMatchObject({ type: "custom_tool_call_output", call_id: "b" });
  expect(String(patched?.["output"])).toContain("A made.txt");
  expect(String(after?.["output"])).toContain("made.txt");
});

test("a patch given to the shell is applied as a patch, and the turn's diff is told", async () => {
  const fixture = await openFixture(
    [
      call("shell", {
        command: ["bash", "-lc", "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a.txt\n@@\n-old\n+new\n*** End Patch\nEOF\n"],
      }),
      say("ok"),
    ],
    { prepare: ({ cwd }) => writeFile(join(cwd, "a.txt"), "old\n") },
  );
  await fixture.ask("go");
  expect(await readFile(join(fixture.cwd, "a.txt"), "utf8")).toBe("new\n");
  expect(fixture.ofType("exec_command_begin")).toEqual([]);
  expect(fixture.ofType("patch_apply_end").map((msg) => msg.success)).toEqual([true]);
  expect(fixture.ofType("turn_diff").at(-1)?.unified_diff).toContain("-old\n+new\n");
});

test("a failed task is over: the next input starts a new one", async () => {
  const fixture = await openFixture([refuse(400, "no such thing"), say("hello")]);
  expect(await fixture.ask("first")).toMatchObject({ type: "error", code: "bad_request" });
  expect(await fixture.ask("second")).toMatchObject({ type: "task_complete", last_agent_message: "hello" });
});

test("input that comes while a task runs joins it before its next request, and no second task starts", async () => {
  const fixture = await openFixture([shell("touch started; while [ ! -e go ]; do sleep 0.01; done"), say("ok")]);
  const end = fixture.ask("first");
  await fixture.next("exec_command_begin");
  fixture.session.submit({ type: "user_input", items: [{ type: "text", text: "and this" }] });
  await writeFile(join(fixture.cwd, "go"), "");
  expect((await end).type).toBe("task_complete");
  expect(inputOf(fixture, 1).at(-1)).toEqual({ type: "message", role: "user", content: [{ type: "input_text", text: "and this" }] });
  expect(fixture.ofType("task_started")).toHaveLength(1);
});

test("an interrupt ends the children, answers every call, and the next task is told", async () => {
  const fixture = await openFixture(
    [answer([shell("echo $$ > pid; exec sleep 1000", "a"), call("apply_patch", { input: "" }, "b")]), say("hello again")],
    {
      flags: { model: "gpt-4o", disableResponseStorage: true },
    },
  );
  const end = fixture.ask("first");
  await fixture.next("exec_command_begin");
  await expect.poll(() => readFile(join(fixture.cwd, "pid"), "utf8").catch(() => "")).toMatch(/\d+\n/);
  const pid = Number(await readFile(join(fixture.cwd, "pid"), "utf8"));
  fixture.session.submit({ type: "interrupt" });
  expect(await end).toEqual({ type: "turn_aborted", reason: "interrupted" });
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(fixture.ofType("exec_command_end")).toHaveLength(1);

  await fixture.ask("second");
  const tail = inputOf(fixture, 1).slice(-6);
  expect(tail.map((item) => item["type"])).toEqual([
    "function_call",
    "function_call",
    "function_call_output",
    "function_call_output",
    "message",
    "message",
  ]);
  expect(tail[3]).toMatchObject({ call_id: "b", output: "aborted by the user" });
  expect(JSON.stringify(tail[4])).toContain("<turn_aborted>");
});

test("an interrupt while the model is silent ends the task at once", async () => {
  const fixture = await openFixture([stall({ headers: true })]);
  const end = fixture.ask("first");
  await expect.poll(() => fixture.model.requests.length).toBe(1);
  fixture.session.submit({ type: "interrupt" });
  expect(await end).toEqual({ type: "turn_aborted", reason: "interrupted" });
});

test("an attempt that was cut shows its message once", async () => {
  const fixture = await openFixture([cut("half an ans"), say("the whole answer")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete", last_agent_message: "the whole answer" });
  expect(fixture.ofType("stream_error")).toHaveLength(1);
  expect(fixture.ofType("agent_message")).toEqual([{ type: "agent_message", message: "the whole answer" }]);
  expect(inputOf(fixture, 1)).toEqual(inputOf(fixture, 0));
});

test("full instructions go with every request, and a transcript that is resent keeps its prefix byte for byte", async () => {
  const fixture = await openFixture([...times(3, shell("true")), say("ok")], { flags: { disableResponseStorage: true } });
  await fixture.ask("go");
  const bodies = fixture.model.requests.map((request) => request.rawBody);
  expect(new Set(fixture.model.requests.map((request) => request.body["instructions"])).size).toBe(1);
  for (const [index, body] of bodies.slice(1).entries()) {
    const before = bodies[index] ?? "";
    expect(body.startsWith(before.slice(0, before.lastIndexOf("]")))).toBe(true);
  }
});

test("what is asked of an unknown tool, or with wrong arguments, is told to the model as text and the turn goes on", async () => {
  const fixture = await openFixture([
    answer([
      call("delete_everything", {}, "a"),
      { type: "function_call", name: "shell", arguments: "{oops", callId: "b" },
      call("shell", { command: 5 }, "c"),
      call("shell", { command: [] }, "d"),
      call("update_plan", { plan: [{ step: "x", status: "maybe" }] }, "e"),
      call("view_image", { path: "none.png" }, "f"),
    ]),
    say("ok"),
  ]);
  expect((await fixture.ask("go")).type).toBe("task_complete");
  const outputs = inputOf(fixture, 1)
    .filter((item) => item["type"] === "function_call_output")
    .map((item) => String(item["output"]));
  expect(outputs[0]).toContain("There is no tool called delete_everything");
  expect(outputs[1]).toContain("are not JSON");
  expect(outputs[2]).toContain("command");
  expect(outputs[3]).toContain("The command is empty");
  expect(outputs[4]).toContain("plan.0.status");
  expect(outputs[5]).toContain("There is no image at");
});

test("a command that is refused is declined in one event and told to the model", async () => {
  const fixture = await openFixture([shell("rm -rf x", "a"), say("ok")], { flags: { sandboxMode: "read-only" }, sandbox: false });
  await fixture.ask("go");
  expect(fixture.ofType("tool_call_declined")).toMatchObject([{ call_id: "a", tool: "shell", decision: { verdict: "reject" } }]);
  expect(fixture.ofType("exec_command_begin")).toEqual([]);
});

test("an approval asked of the host's handler lets the command run, and one for the session is not asked again", async () => {
  const asked: string[] = [];
  const fixture = await openFixture([shell("echo 1 > made", "a"), shell("echo 1 > made", "b"), say("ok")], {
    flags: { sandboxMode: "read-only", approvalPolicy: "on-request" },
    sandbox: false,
    host: {
      approve: async (request) => {
        asked.push(request.call_id);
        return { decision: "approved_for_session" };
      },
    },
  });
  await fixture.ask("go");
  expect(asked).toEqual(["a"]);
  expect(fixture.ofType("exec_command_end").map((msg) => msg.exit_code)).toEqual([0, 0]);
});

test("a denial with a reason reaches the model", async () => {
  const fixture = await openFixture([shell("make", "a"), say("ok")], {
    flags: { sandboxMode: "read-only", approvalPolicy: "on-request" },
    sandbox: false,
    host: { approve: async () => ({ decision: "denied", reason: "use the script instead" }) },
  });
  await fixture.ask("go");
  expect(inputOf(fixture, 1).at(-1)).toMatchObject({ output: "The command was not run: use the script instead." });
});

test("a tool of the host runs, and what it throws becomes text", async () => {
  const fixture = await openFixture([answer([call("weather", { city: "Oslo" }, "a"), call("weather", {}, "b")]), say("ok")], {
    host: {
      tools: [
        {
          name: "weather",
          description: "Tells the weather.",
          parameters: { type: "object" },
          run: ({ city }) => {
            if (typeof city !== "string") throw new Error("which city?");
            return `sun in ${city}`;
          },
        },
      ],
    },
  });
  await fixture.ask("go");
  expect(fixture.ofType("tool_call_end").map((msg) => [msg.success, msg.output])).toEqual([
    [true, "sun in Oslo"],
    [false, "weather failed: which city?"],
  ]);
});

test("the rollout holds meta, context, items and events in order, readable by the owner only", async () => {
  const fixture = await openFixture([shell("echo hi", "a"), say("ok")]);
  await fixture.ask("go");
  await fixture.session.close();
  const path = fixture.session.rolloutPath ?? "";
  const lines = (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { ordinal: number; type: string; payload: { type?: string } });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(lines.map((line) => line.ordinal)).toEqual(lines.map((_, index) => index));
  expect(lines[0]?.type).toBe("session_meta");
  expect(lines.filter((line) => line.type === "response_item").map((line) => line.payload.type)).toEqual([
    "message",
    "message",
    "function_call",
    "function_call_output",
    "message",
  ]);
  expect(lines.at(-1)?.payload).toEqual({ type: "shutdown_complete" });
  expect(lines.filter((line) => line.payload.type?.endsWith("_delta"))).toEqual([]);
});

test("an ephemeral session writes nothing", async () => {
  const fixture = await openFixture([say("ok")], { flags: { ephemeral: true } });
  await fixture.ask("go");
  expect(fixture.session.rolloutPath).toBeNull();
  await expect(stat(join(fixture.config.codexHome, "sessions"))).rejects.toThrow("ENOENT");
});

test("notify is started with the turn's input and last message", async () => {
  const fixture = await openFixture([say("the end")], {
    overrides: [`notify=["sh", "-c", "printf '%s' \\"$1\\" > said.tmp && mv said.tmp said", "notifier"]`],
  });
  await fixture.ask("the start");
  const said = join(fixture.cwd, "said");
  await expect.poll(() => readFile(said, "utf8").catch(() => "")).not.toBe("");
  expect(JSON.parse(await readFile(said, "utf8"))).toEqual({
    type: "agent-turn-complete",
    "thread-id": fixture.session.sessionId,
    "turn-id": "1",
    cwd: fixture.config.cwd,
    "input-messages": ["the start"],
    "last-assistant-message": "the end",
  });
});

test("a notify program that cannot be started is in the log by the time the session is closed", async () => {
  const logged: string[] = [];
  const log: Host["log"] = { write: (_level, message) => void logged.push(message), flush: async () => undefined };
  const fixture = await openFixture([say("the end")], { overrides: ['notify=["/no/such/program"]'], host: { log } });
  await fixture.ask("the start");
  await fixture.session.close();
  expect(logged).toContain("the notify program cannot be started");
});

test("closing stops the running task and ends the events; nothing can be submitted afterwards", async () => {
  const fixture = await openFixture([shell("sleep 1000")]);
  const end = fixture.ask("go");
  await fixture.next("exec_command_begin");
  await fixture.session.close();
  expect(await end).toEqual({ type: "turn_aborted", reason: "shutdown" });
  expect(fixture.events.at(-1)?.msg).toEqual({ type: "shutdown_complete" });
  expect(() => fixture.session.submit({ type: "interrupt" })).toThrow("the session is closed");
});

test("an answer of the model that fails for good ends the task with the server's own message, once", async () => {
  const fixture = await openFixture([fail("context_length_exceeded", "too long")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "error", code: "context_overflow" });
  expect(fixture.model.requests).toHaveLength(1);
  expect(fixture.ofType("error")).toHaveLength(1);
});

test("a notify program is told of a turn whose texts are longer than an argument may be, cut short", async () => {
  const fixture = await openFixture([say("ä".repeat(200_000))], {
    overrides: [`notify=["sh", "-c", "printf '%s' \\"$1\\" > said.tmp && mv said.tmp said", "notifier"]`],
  });
  await fixture.ask("x".repeat(200_000));
  const said = join(fixture.cwd, "said");
  await expect.poll(() => readFile(said, "utf8").catch(() => "")).not.toBe("");
  expect(JSON.parse(await readFile(said, "utf8"))).toMatchObject({
    "input-messages": [`${"x".repeat(8192)}…`],
    "last-assistant-message": `${"ä".repeat(4096)}…`,
  });
});

test.each(Array.from({ length: 9 }, (_, ticks) => ticks))(
  "input that comes %i steps after a task has looked for the last time is answered all the same",
  async (ticks) => {
    const fixture = await openFixture(times(3, say("ok")));
    let late = Promise.resolve();
    fixture.session.subscribe(({ id, msg }) => {
      if (id !== "1" || msg.type !== "token_count" || fixture.model.requests.length > 1) return;
      for (let tick = 0; tick < ticks; tick++) late = late.then(() => undefined);
      late = late.then(() => void fixture.session.submit({ type: "user_input", items: [{ type: "text", text: "late" }] }));
    });
    await fixture.ask("first");
    await late;
    await fixture.session.idle();
    expect(JSON.stringify(inputOf(fixture, fixture.model.requests.length - 1))).toContain('"late"');
    expect(fixture.ofType("task_started").length).toBe(fixture.ofType("task_complete").length);
  },
);

test("what a host's tool gives back is text for the model, and no longer than the limit", async () => {
  const tools = [
    { name: "object", description: "", parameters: { type: "object" }, run: () => ({ a: 1 }) as unknown as string },
    { name: "long", description: "", parameters: { type: "object" }, run: () => "line\n".repeat(10_000) },
  ];
  const fixture = await openFixture([answer([call("object", {}), call("long", {})]), say("ok")], {
    host: { tools },
    overrides: ["tool_output_token_limit=100"],
  });
  await fixture.ask("go");
  const [object, long] = inputOf(fixture, 1).filter((item) => item["type"] === "function_call_output");
  expect(object).toMatchObject({ output: '{"a":1}' });
  expect(String(long?.["output"]).length).toBeLessThan(500);
  expect(long?.["output"]).toContain("bytes left out");
});

test("each token count names the context window, the configured one before the known one", async () => {
  const known = await openFixture([say("ok")]);
  const configured = await openFixture([say("ok")], { overrides: ["model_context_window=1234", "model=mystery"] });
  const unknown = await openFixture([say("ok")], { overrides: ["model=mystery"] });
  for (const fixture of [known, configured, unknown]) await fixture.ask("go");
  const windows = [known, configured, unknown].map((fixture) => fixture.ofType("token_count")[0]?.context_window);
  expect(windows).toEqual([272_000, 1234, undefined]);
});
