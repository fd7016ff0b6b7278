import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, stall } from "@codex/core";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { answers, isEvent, isRunning, openServer, startServer, until, type ServerProcess } from "./support/server-process.ts";

const skip = process.platform === "win32";
beforeAll(() => {
  if (skip) console.log("skipped: Windows has no signals and no process groups");
});

const FREE = { sandbox: "danger-full-access", "approval-policy": "never" };
/** Ignores TERM, and so does what it starts. */
const STUBBORN = "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo pids $$ $!; while :; do sleep 1; done";

async function atWork(): Promise<{ readonly server: ServerProcess; readonly pids: readonly number[]; readonly callId: number }> {
  const server = await openServer([call("shell", { command: ["bash", "-c", STUBBORN] }), stall()]);
  const { id } = server.callTool("codex", { prompt: "x", ...FREE });
  const delta = await server.shows((message) => isEvent("exec_command_output_delta")(message) && JSON.stringify(message).includes("pids"));
  const pids = (JSON.stringify(delta).match(/pids (\d+) (\d+)/) ?? []).slice(1).map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  return { server, pids, callId: id };
}

describe.skipIf(skip)("a server with a turn that waits for a stubborn command", () => {
  test.each([
    ["the end of its input", (server: ServerProcess) => void server.child.stdin.end()],
    ["SIGTERM", (server: ServerProcess) => void server.child.kill("SIGTERM")],
    ["SIGINT", (server: ServerProcess) => void server.child.kill("SIGINT")],
    ["SIGHUP", (server: ServerProcess) => void server.child.kill("SIGHUP")],
    [
      "a host that closes its end of the output",
      (server: ServerProcess) => {
        server.child.stdout.destroy();
        server.send({ id: 99, method: "ping" });
      },
    ],
  ])("ends after %s, in time, and leaves nothing", async (_, end) => {
    const { server, pids } = await atWork();
    end(server);
    expect((await server.exited).code).toBe(0);
    await until(() => !pids.some(isRunning));
  });
});

describe.skipIf(skip)("an MCP server of a thread that ignores the end of its input and TERM, and has children that do too", () => {
  const FIXTURE = fileURLToPath(new URL("../../core/test/mcp/fixtures/server.mjs", import.meta.url));
  const FAMILY = ["grandchild", ...(process.platform === "linux" ? ["stray"] : [])];

  async function inCall(): Promise<{ readonly server: ServerProcess; readonly pids: readonly number[] }> {
    const folder = mkdtempSync(join(tmpdir(), "codex-mcp-"));
    const starts = join(folder, "starts");
    const args = JSON.stringify([FIXTURE, `starts=${starts}`, "ignore-eof", "ignore-term", ...FAMILY]);
    const config = `[mcp_servers.a]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${args}\nrequired = true\n`;
    const server = await openServer([call("mcp__a__hang", {}, "c1")], { config });
    server.callTool("codex", { prompt: "x" });
    await server.shows(isEvent("mcp_tool_call_begin"));
    const pids = readFileSync(starts, "utf8").trim().split("\n").map(Number);
    onTestFinished(() => {
      for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
      rmSync(folder, { recursive: true });
    });
    expect(pids.map(isRunning)).toEqual([true, ...FAMILY.map(() => true)]);
    return { server, pids };
  }

  test.each([
    ["the end of the input", (server: ServerProcess) => void server.child.stdin.end()],
    ["SIGTERM", (server: ServerProcess) => void server.child.kill("SIGTERM")],
    ["SIGKILL", (server: ServerProcess) => void server.child.kill("SIGKILL")],
  ])("is gone after %s", async (_, end) => {
    const { server, pids } = await inCall();
    end(server);
    await server.exited;
    await until(() => !pids.some(isRunning));
  });
});

test("at the end of the input an open call is still answered", async () => {
  const server = await openServer([stall()]);
  const { id } = server.callTool("codex", { prompt: "x" });
  await server.provider.received(1);
  server.child.stdin.end();
  expect((await server.shows(answers(id))).result).toMatchObject({
    isError: true,
    content: [{ text: "The thread was closed before the turn had ended." }],
  });
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test("after a cancelled call the end of the input still ends the server", async () => {
  const server = await openServer([stall()]);
  const { id } = server.callTool("codex", { prompt: "x" });
  await server.provider.received(1);
  server.send({ method: "notifications/cancelled", params: { requestId: id } });
  await server.shows(isEvent("turn_aborted"));
  server.child.stdin.end();
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test("a server that was never used ends with its input", async () => {
  const server = await startServer();
  server.child.stdin.end();
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect([server.messages, server.stderr]).toEqual([[], ""]);
});
