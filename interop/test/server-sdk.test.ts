import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, say, stall, startFakeResponsesServer, type FakeResponsesServer, type ScriptedTurn } from "@codex/core";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, type ElicitRequest, type Notification } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { CODEX } from "../support/judges.ts";

const ASKS = { sandbox: "danger-full-access", "approval-policy": "unless-allow-listed" };

interface Driven {
  readonly client: Client;
  readonly cwd: string;
  readonly provider: FakeResponsesServer;
  /** What came beside the answers. */
  readonly notifications: readonly Notification[];
  readonly pid: number;
}

/** The reference SDK's client on `codex mcp-server`; `answer` is what its user says to every question. */
async function drive(turns: readonly ScriptedTurn[], answer?: (request: ElicitRequest) => object): Promise<Driven> {
  const root = mkdtempSync(join(tmpdir(), "codex-interop-"));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(cwd);
  mkdirSync(home);
  const provider = await startFakeResponsesServer(turns);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: home, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: provider.url };
  const transport = new StdioClientTransport({ command: process.execPath, args: [CODEX, "mcp-server"], cwd, env, stderr: "pipe" });
  const client = new Client({ name: "interop", version: "1" }, { capabilities: answer === undefined ? {} : { elicitation: {} } });
  if (answer !== undefined) client.setRequestHandler(ElicitRequestSchema, (request) => answer(request) as never);
  const notifications: Notification[] = [];
  client.fallbackNotificationHandler = (notification) => {
    notifications.push(notification);
    return Promise.resolve();
  };
  onTestFinished(async () => {
    await client.close();
    await provider.close();
    rmSync(root, { recursive: true, force: true });
  });
  await client.connect(transport);
  return { client, cwd, provider, notifications, pid: transport.pid ?? 0 };
}

describe("the reference SDK's client on codex mcp-server", () => {
  test("agrees on a version and lists tools that it takes for valid", async () => {
    const { client } = await drive([]);
    expect(client.getServerVersion()).toMatchObject({ name: "codex-mcp-server", title: "Codex" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["codex", "codex-reply", "codex-close"]);
    await client.ping();
  });

  test("calls, hears events and progress, goes on with the thread; the structured result fits the schema it was told", async () => {
    const { client, notifications } = await drive([say("one"), say("two")]);
    // From here on the client holds every result against the tool's output schema.
    await client.listTools();
    const progress: number[] = [];
    const first = await client.callTool({ name: "codex", arguments: { prompt: "a" } }, undefined, {
      onprogress: (step) => progress.push(step.progress),
    });
    const { threadId } = first.structuredContent as { threadId: string };
    expect(first).toMatchObject({ content: [{ type: "text", text: "one" }], structuredContent: { content: "one" } });
    expect(progress).toEqual(progress.map((_, index) => index + 1));
    // The client drops those that come in one read with the answer.
    expect(progress.length).toBeGreaterThan(0);
    expect(notifications.map(({ method }) => method)).toEqual(notifications.map(() => "codex/event"));
    const second = await client.callTool({ name: "codex-reply", arguments: { threadId, prompt: "b" } });
    expect(second.structuredContent).toEqual({ threadId, content: "two" });
    expect(await client.callTool({ name: "codex-close", arguments: { threadId } })).toMatchObject({ structuredContent: { threadId } });
    expect(await client.callTool({ name: "codex-reply", arguments: { threadId, prompt: "c" } })).toMatchObject({ isError: true });
  });

  test.each([
    [{ action: "accept", content: {} }, 0],
    [{ action: "accept", content: { decision: "approved" } }, 0],
    [{ action: "decline" }, undefined],
    [{ action: "cancel" }, undefined],
  ])("answers a question with %j", async (answer, exitCode) => {
    const asked: string[] = [];
    const { client, notifications } = await drive([call("shell", { command: ["touch", "x"] }), say("done")], ({ params }) => {
      asked.push(params.message);
      return answer;
    });
    expect(await client.callTool({ name: "codex", arguments: { prompt: "a", ...ASKS } })).toMatchObject({ content: [{ text: "done" }] });
    expect(asked).toEqual([expect.stringContaining("touch x")]);
    const end = notifications
      .map(({ params }) => (params as { msg: { type: string; exit_code?: number } }).msg)
      .find(({ type }) => type === "exec_command_end");
    expect(end?.exit_code).toBe(exitCode);
  });
});

describe("at the edges, the reference SDK's client", () => {
  test("is refused what does not exist by the codes of the protocol", async () => {
    const { client } = await drive([]);
    await expect(client.callTool({ name: "nope" })).rejects.toMatchObject({ code: -32602 });
    expect(await client.callTool({ name: "codex", arguments: {} })).toMatchObject({ isError: true });
  });

  test("takes a call back, and the next one works", async () => {
    const { client, provider } = await drive([stall(), say("next")]);
    const controller = new AbortController();
    const running = client.callTool({ name: "codex", arguments: { prompt: "a" } }, undefined, { signal: controller.signal });
    await provider.received(1);
    controller.abort();
    await expect(running).rejects.toThrow(/abort/i);
    expect(await client.callTool({ name: "codex", arguments: { prompt: "b" } })).toMatchObject({ content: [{ text: "next" }] });
  });

  test("closes, and the server is gone", async () => {
    const { client, pid } = await drive([]);
    await client.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
