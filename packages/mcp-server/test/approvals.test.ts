import { call, customCall, say, type ScriptedTurn } from "@codex/core";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
    // A contradiction is no clear yes.
    [{ action: "accept", decision: "denied" }, { decision: "denied" }],
    [{ action: "decline", decision: "approved", content: { decision: "approved" } }, { decision: "denied" }],
    [{ decision: { approved_execpolicy_amendment: {} } }, { decision: "denied", reason: expect.any(String) }],
  ])("%j", (result, expected) => {
    expect(approvalOf({ type: "answered", result }, 1000)).toEqual(expected);
  });
});
