import { call, customCall, say, type ScriptedTurn } from "@codex/core";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkElicitRequestFormParams } from "@codex/mcp-types";
import { describe, expect, test } from "vitest";
import { approvalOf } from "../src/approver.ts";
import { answers, isEvent, metaOf, openServer, textOf, type Message, type ServerProcess } from "./support/server-process.ts";

const ASKS = { sandbox: "danger-full-access", "approval-policy": "unless-allow-listed" };
const TOUCH = call("shell", { command: ["touch", "made here"] }, "call-1");
const PATCH = customCall("apply_patch", "*** Begin Patch\n*** Add File: note.md\n+hello\n*** End Patch\n", "call-2");
const FORM = { elicitation: {} };

const isQuestion = ({ method }: Message): boolean => method === "elicitation/create";

async function ask(turn: ScriptedTurn, options: { readonly args?: readonly string[]; readonly capabilities?: object } = {}) {
  const server = await openServer([turn, say("done")], { capabilities: FORM, ...options });
  return { server, called: server.callTool("codex", { prompt: "x", ...ASKS }) };
}

function answer(server: ServerProcess, { id }: Message, result: object): void {
  server.send({ id, result });
}

describe("a command that needs a yes", () => {
  test("is a question with all a host needs, asked after its event; the protocol's own answer lets it run", async () => {
    const { server, called } = await ask(TOUCH);
    const question = await server.shows(isQuestion);
    const event = await server.shows(isEvent("exec_approval_request"));
    const { threadId } = metaOf(event);
    expect(server.messages.indexOf(event)).toBeLessThan(server.messages.indexOf(question));
    expect(question).toEqual({
      jsonrpc: "2.0",
      id: 0,
      method: "elicitation/create",
      params: {
        message: expect.stringMatching(/^Codex wants to run this command in .*work:\n {2}touch 'made here'/),
        requestedSchema: {
          type: "object",
          properties: {
            decision: {
              type: "string",
              title: "Decision",
              description: expect.any(String),
              enum: ["approved", "approved_for_session", "denied", "abort"],
              enumNames: [expect.any(String), expect.any(String), expect.any(String), expect.any(String)],
              default: "approved",
            },
            reason: { type: "string", title: "Reason", description: expect.any(String) },
          },
        },
        threadId,
        codex_elicitation: "exec-approval",
        codex_mcp_tool_call_id: String(called.id),
        codex_event_id: event.params?.["id"],
        codex_call_id: "call-1",
        codex_command: ["touch", "made here"],
        codex_cwd: server.cwd,
        codex_parsed_cmd: [{ type: "unknown", cmd: "touch 'made here'" }],
        codex_reason: expect.any(String),
      },
    });
    expect(checkElicitRequestFormParams(question.params)).toBeUndefined();
    answer(server, question, { action: "accept", content: {} });
    expect(textOf(await called.answer)).toBe("done");
    expect(existsSync(join(server.cwd, "made here"))).toBe(true);
  });

  test.each([
    [{ action: "accept" }],
    [{ action: "accept", content: null }],
    [{ action: "accept", content: { decision: "approved" } }],
    [{ decision: "approved" }],
    [{ decision: "approved_for_session" }],
  ])("runs after %j", async (result) => {
    const { server, called } = await ask(TOUCH);
    answer(server, await server.shows(isQuestion), result);
    await called.answer;
    expect(existsSync(join(server.cwd, "made here"))).toBe(true);
  });

  test.each([
    [{ action: "decline" }],
    [{ action: "cancel" }],
    [{ action: "accept", content: { decision: "denied", reason: "use mkdir" } }],
    [{ action: "accept", content: { decision: "perhaps" } }],
    [{ action: "maybe" }],
    [{ decision: "denied" }],
    [{}],
  ])("does not run after %j; the call goes on", async (result) => {
    const { server, called } = await ask(TOUCH);
    answer(server, await server.shows(isQuestion), result);
    expect(textOf(await called.answer)).toBe("done");
    expect(existsSync(join(server.cwd, "made here"))).toBe(false);
    expect(server.messages.flat().some(isEvent("tool_call_declined"))).toBe(true);
    if (JSON.stringify(result).includes("mkdir")) expect(server.provider.requests[1]?.rawBody).toContain("use mkdir");
  });

  test("stops the turn after abort", async () => {
    const { server, called } = await ask(TOUCH);
    answer(server, await server.shows(isQuestion), { decision: "abort" });
    expect((await called.answer).result).toMatchObject({ isError: true, content: [{ text: "The turn was stopped." }] });
    expect(existsSync(join(server.cwd, "made here"))).toBe(false);
  });

  test("an error in place of an answer is a no that names it", async () => {
    const { server, called } = await ask(TOUCH);
    server.send({ id: (await server.shows(isQuestion)).id, error: { code: -32603, message: "no window" } });
    expect(textOf(await called.answer)).toBe("done");
    expect(server.provider.requests[1]?.rawBody).toContain("no window");
  });

  test("no answer in time is a no, and the question is withdrawn; a late answer changes nothing", async () => {
    const { server, called } = await ask(TOUCH, { args: ["--approval-timeout", "1"] });
    const question = await server.shows(isQuestion);
    expect(textOf(await called.answer)).toBe("done");
    expect(server.provider.requests[1]?.rawBody).toContain("nobody answered within 1 s");
    expect(await server.shows(({ method }) => method === "notifications/cancelled")).toMatchObject({ params: { requestId: question.id } });
    answer(server, question, { action: "accept", content: {} });
    expect(await server.ask("ping")).toMatchObject({ result: {} });
    expect(existsSync(join(server.cwd, "made here"))).toBe(false);
  });

  test("a cancelled call withdraws its question", async () => {
    const { server, called } = await ask(TOUCH);
    const question = await server.shows(isQuestion);
    server.send({ method: "notifications/cancelled", params: { requestId: called.id } });
    expect(await server.shows(({ method }) => method === "notifications/cancelled")).toMatchObject({ params: { requestId: question.id } });
    await server.shows(isEvent("turn_aborted"));
  });

  test.each([[{}], [{ elicitation: { url: {} } }]])(
    "is declined at once by a host with the capabilities %j, which says why, and the call goes on",
    async (capabilities) => {
      const { server, called } = await ask(TOUCH, { capabilities });
      expect(textOf(await called.answer)).toBe("done");
      const declined = await server.shows(isEvent("tool_call_declined"));
      expect(declined.params).toMatchObject({ msg: { decision: { reason: expect.stringContaining("does not support elicitation") } } });
      expect(server.messages.flat().some(isQuestion)).toBe(false);
    },
  );

  test.each([[{ elicitation: {} }], [{ elicitation: { form: {} } }], [{ elicitation: { form: {}, url: {} } }]])(
    "is asked of a host with the capabilities %j",
    async (capabilities) => {
      const { server, called } = await ask(TOUCH, { capabilities });
      answer(server, await server.shows(isQuestion), { action: "decline" });
      await called.answer;
    },
  );
});

test("a patch that needs a yes is a question with its changes", async () => {
  const { server, called } = await ask(PATCH);
  const question = await server.shows(isQuestion);
  const path = join(server.cwd, "note.md");
  expect(question.params).toMatchObject({
    message: expect.stringContaining(`Codex wants to change these files:\n  add ${path}`),
    codex_elicitation: "patch-approval",
    codex_call_id: "call-2",
    codex_changes: { [path]: { add: { content: "hello\n" } } },
  });
  expect(checkElicitRequestFormParams(question.params)).toBeUndefined();
  answer(server, question, { action: "accept", content: { decision: "approved" } });
  await called.answer;
  expect(readFileSync(path, "utf8")).toBe("hello\n");
});

test("of a patch, a host may accept some hunks by their ids; the model is told which were left out", async () => {
  const patch = "*** Begin Patch\n*** Add File: one.md\n+1\n*** Add File: two.md\n+2\n*** End Patch\n";
  const { server, called } = await ask(customCall("apply_patch", patch, "call-2"));
  const question = await server.shows(isQuestion);
  const hunks = question.params?.["codex_hunks"] as unknown as readonly { readonly id: string; readonly path: string }[];
  expect(hunks.map(({ path }) => path)).toEqual([join(server.cwd, "one.md"), join(server.cwd, "two.md")]);
  answer(server, question, { action: "accept", content: { approved_hunks: [hunks[1]?.id], reason: "one is enough" } });
  await called.answer;
  expect([existsSync(join(server.cwd, "one.md")), existsSync(join(server.cwd, "two.md"))]).toEqual([false, true]);
  expect(server.provider.requests[1]?.rawBody).toContain("one is enough");
});

describe("an MCP server of the configuration, in a thread", () => {
  const FIXTURE = fileURLToPath(new URL("../../core/test/mcp/fixtures/server.mjs", import.meta.url));
  const CONFIG = `[mcp_servers.a]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(FIXTURE)}]\nrequired = true\n`;
  const open = (turn: ScriptedTurn, capabilities: object = FORM) => openServer([turn, say("done")], { capabilities, config: CONFIG });

  test("has its call asked about with all a host needs; a yes lets it run, and its events go out", async () => {
    const server = await open(call("mcp__a__write", { path: "x" }, "call-3"));
    const called = server.callTool("codex", { prompt: "x", "approval-policy": "unless-allow-listed" });
    const question = await server.shows(isQuestion);
    const event = await server.shows(isEvent("mcp_approval_request"));
    expect(question.params).toEqual({
      message: expect.stringMatching(/^Codex wants to call write of the MCP server a with:\n {2}\{"path":"x"\}/),
      requestedSchema: { type: "object", properties: { decision: expect.any(Object), reason: expect.any(Object) } },
      threadId: metaOf(event).threadId,
      codex_elicitation: "mcp-approval",
      codex_mcp_tool_call_id: String(called.id),
      codex_event_id: event.params?.["id"],
      codex_call_id: "call-3",
      codex_server: "a",
      codex_tool: "write",
      codex_arguments: { path: "x" },
      codex_reason: expect.any(String),
    });
    expect(checkElicitRequestFormParams(question.params)).toBeUndefined();
    answer(server, question, { action: "accept", content: {} });
    expect(textOf(await called.answer)).toBe("done");
    expect((await server.shows(isEvent("mcp_tool_call_end"))).params).toMatchObject({ msg: { success: true } });
    expect(server.provider.requests[1]?.rawBody).toContain("written");
  });

  test.each([
    [FORM, { action: "decline" }, "the user said no"],
    [{}, undefined, "does not support elicitation"],
  ])("does not run what a host with %j does not allow", async (capabilities, said, told) => {
    const server = await open(call("mcp__a__write", {}, "call-3"), capabilities);
    const called = server.callTool("codex", { prompt: "x", "approval-policy": "unless-allow-listed" });
    if (said !== undefined) answer(server, await server.shows(isQuestion), said);
    expect(textOf(await called.answer)).toBe("done");
    expect(server.messages.flat().some(isEvent("mcp_tool_call_begin"))).toBe(false);
    expect(server.provider.requests[1]?.rawBody).toContain(told);
  });

  test.each([
    [FORM, { action: "accept", content: { name: "Ada" } }, { action: "accept", content: { name: "Ada" } }],
    [FORM, { action: "decline" }, { action: "decline" }],
    [{}, undefined, { action: "decline" }],
  ])("asks the user through a host with %j, which says %j", async (capabilities, said, heard) => {
    const server = await open(call("mcp__a__ask", {}, "call-4"), capabilities);
    const called = server.callTool("codex", { prompt: "x" });
    if (said !== undefined) {
      const question = await server.shows(isQuestion);
      expect(question.params).toEqual({
        message: "The MCP server a asks:\nYour name?",
        requestedSchema: { type: "object", properties: { name: { type: "string" } } },
        threadId: expect.any(String),
        codex_elicitation: "mcp-elicitation",
        codex_mcp_tool_call_id: String(called.id),
        codex_event_id: expect.any(String),
        codex_call_id: "elicitation-1",
        codex_server: "a",
      });
      expect(checkElicitRequestFormParams(question.params)).toBeUndefined();
      answer(server, question, said);
    }
    expect(textOf(await called.answer)).toBe("done");
    const input = JSON.parse(server.provider.requests[1]?.rawBody ?? "{}") as { readonly input: readonly { readonly output?: string }[] };
    const output = input.input.find((item) => item.output !== undefined)?.output ?? "{}";
    expect(JSON.parse(output)).toEqual({ jsonrpc: "2.0", result: heard });
  });

  test("is told when the user dismisses its question, and the call goes on", async () => {
    const server = await open(call("mcp__a__ask", {}, "call-4"));
    const called = server.callTool("codex", { prompt: "x" });
    answer(server, await server.shows(isQuestion), { action: "cancel" });
    expect(textOf(await called.answer)).toBe("done");
    expect(server.provider.requests[1]?.rawBody).toContain('\\"action\\":\\"cancel\\"');
  });
});

test("several threads may ask at once; each answer finds its question", async () => {
  const server = await openServer([TOUCH, TOUCH, say("x"), say("x")], { capabilities: FORM });
  const [inner, outer] = [
    server.callTool("codex", { prompt: "x", cwd: "inner", ...ASKS }),
    server.callTool("codex", { prompt: "x", ...ASKS }),
  ];
  const both = await Promise.all(
    [inner, outer].map(({ id }) => server.shows((one) => isQuestion(one) && String(one.params?.["codex_mcp_tool_call_id"]) === String(id))),
  );
  answer(server, both[1] as Message, { action: "decline" });
  answer(server, both[0] as Message, { action: "accept", content: {} });
  await Promise.all([inner.answer, outer.answer]);
  expect([existsSync(join(server.cwd, "inner/made here")), existsSync(join(server.cwd, "made here"))]).toEqual([true, false]);
  expect(server.messages.flat().filter(answers(inner.id))).toHaveLength(1);
});

describe("what an answer means", () => {
  test.each([
    [
      { action: "accept", content: { unconfined: true } },
      { decision: "approved", unconfined: true },
    ],
    [{ action: "accept", content: { decision: "approved", unconfined: "true" } }, { decision: "approved" }],
    [
      { action: "accept", content: { approved_hunks: ["1.1"] } },
      { decision: "approved", approved_hunks: ["1.1"] },
    ],
    [
      { decision: "approved", approved_hunks: [] },
      { decision: "approved", approved_hunks: [] },
    ],
    [
      { action: "accept", content: { approved_hunks: "1.1" } },
      { decision: "denied", reason: expect.stringContaining("approved_hunks") },
    ],
    // A contradiction is no clear yes.
    [{ action: "accept", decision: "denied" }, { decision: "denied" }],
    [{ action: "decline", decision: "approved", content: { decision: "approved" } }, { decision: "denied" }],
    [{ decision: { approved_execpolicy_amendment: {} } }, { decision: "denied", reason: expect.any(String) }],
  ])("%j", (result, expected) => {
    expect(approvalOf({ type: "answered", result }, 1000)).toEqual(expected);
  });
});
