import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, say, startFakeResponsesServer, type ScriptedTurn } from "@codex/core";
import { connectHttp } from "@codex/mcp-client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { CODEX, JUDGES, newerNode } from "../support/judges.ts";

const TOKEN = "a-token-of-some-length";
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const node = newerNode();
if (node === undefined) console.log("skipped: the conformance suite needs Node 22, which is installed beside it on Linux x64 only");

/** `codex mcp-server --listen`; its address. */
async function serve(turns: readonly ScriptedTurn[]): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "codex-interop-"));
  mkdirSync(join(root, "home"));
  const provider = await startFakeResponsesServer(turns);
  const keys = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: provider.url, CODEX_MCP_SERVER_TOKEN: TOKEN };
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: join(root, "home"), ...keys };
  const child = spawn(process.execPath, [CODEX, "mcp-server", "--listen", "127.0.0.1:0"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    await provider.close();
    rmSync(root, { recursive: true, force: true });
  });
  return new Promise((resolve) => child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim())));
}

test("the reference SDK's client calls over HTTP, hears events and progress, and answers questions", async () => {
  const url = await serve([call("shell", { command: ["touch", "x"] }), say("done")]);
  const client = new Client({ name: "interop", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: {} }));
  const events: unknown[] = [];
  client.fallbackNotificationHandler = ({ params }) => {
    events.push((params as { msg?: { type?: string } } | undefined)?.msg?.type);
    return Promise.resolve();
  };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: HEADERS } });
  // The SDK's own types do not meet under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  await client.listTools();
  const progress: number[] = [];
  const args = { prompt: "x", sandbox: "danger-full-access", "approval-policy": "unless-allow-listed" };
  const result = await client.callTool({ name: "codex", arguments: args }, undefined, {
    onprogress: (step) => progress.push(step.progress),
  });
  expect(result.structuredContent).toMatchObject({ content: "done" });
  expect(events).toEqual(expect.arrayContaining(["session_configured", "exec_approval_request", "exec_command_end", "task_complete"]));
  expect(progress.length).toBeGreaterThan(2);
  await transport.terminateSession();
  await client.close();
});

test("our own client does, too", async () => {
  const url = await serve([say("Hello.")]);
  const warnings: string[] = [];
  await using client = await connectHttp({ url, bearerToken: () => TOKEN }, { onWarning: (text) => warnings.push(text) });
  await client.initialize();
  const { structuredContent } = await client.callTool("codex", { prompt: "x" });
  expect([structuredContent, warnings]).toMatchObject([{ content: "Hello." }, []]);
});

describe("a connection that breaks in the middle of a call costs no event and no answer", () => {
  const wanted = ["session_configured", "task_started", "exec_command_begin", "exec_command_end", "task_complete"];
  const turns = [call("shell", { command: ["sleep", "0.2"] }), say("done")];
  const args = { prompt: "x", sandbox: "danger-full-access", "approval-policy": "never" };

  test("to the reference SDK's client", async () => {
    const client = new Client({ name: "interop", version: "1" });
    const events: unknown[] = [];
    client.fallbackNotificationHandler = ({ params }) => {
      events.push((params as { msg?: { type?: string } } | undefined)?.msg?.type);
      return Promise.resolve();
    };
    const transport = new StreamableHTTPClientTransport(new URL(await withToken(await serve(turns), { breaks: true })), {
      reconnectionOptions: { initialReconnectionDelay: 10, maxReconnectionDelay: 10, reconnectionDelayGrowFactor: 1, maxRetries: 5 },
    });
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    const { structuredContent } = await client.callTool({ name: "codex", arguments: args });
    expect(structuredContent).toMatchObject({ content: "done" });
    expect(events.filter((type) => wanted.includes(String(type)))).toEqual(wanted);
    await client.close();
  });

  test("to our own", async () => {
    const url = await withToken(await serve(turns), { breaks: true });
    const warnings: string[] = [];
    await using client = await connectHttp({ url }, { onWarning: (text) => warnings.push(text) });
    await client.initialize();
    const events: unknown[] = [];
    client.on("codex/event", (params) => events.push((params as { msg?: { type?: string } } | undefined)?.msg?.type));
    const { structuredContent } = await client.callTool("codex", args);
    expect(structuredContent).toMatchObject({ content: "done" });
    expect(events.filter((type) => wanted.includes(String(type)))).toEqual(wanted);
    expect(warnings).toEqual([expect.stringContaining("broke off a stream")]);
  });
});

describe.skipIf(node === undefined)("the conformance suite, whose client sends no tokens, passes the server", () => {
  test.each(["server-initialize", "ping", "tools-list", "dns-rebinding-protection"])("in %s", async (scenario) => {
    const url = await withToken(await serve([]));
    const args = [JUDGES.conformance, "server", "--url", url, "--scenario", scenario];
    const { code, output } = await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      execFile(node ?? "", args, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
    expect(output).toMatch(/Passed: \d\/\d, 0 failed, 0 warnings/);
    expect(code).toBe(0);
  });
});

/** An address that passes everything on, with the token. With `breaks` the first stream that answers a call breaks off at its third event. */
async function withToken(target: string, { breaks = false } = {}): Promise<string> {
  let whole = !breaks;
  const proxy = createServer((request, response) => {
    const headers = { ...request.headers, ...HEADERS };
    const onward = httpRequest(target, { method: request.method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (whole || request.method !== "POST" || answer.headers["content-type"] !== "text/event-stream") return answer.pipe(response);
      let seen = "";
      return answer.on("data", (chunk: Buffer) => {
        seen += chunk.toString();
        const isEnough = seen.split("\n\n").length > 3;
        whole ||= isEnough;
        // What was passed on arrives before the end.
        response.write(chunk, () => isEnough && (onward.destroy(), response.destroy()));
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://localhost:${String((proxy.address() as AddressInfo).port)}/mcp`;
}
