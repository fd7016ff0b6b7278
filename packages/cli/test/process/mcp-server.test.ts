import { say } from "@codex/core";
import { expect, test } from "vitest";
import { openPlace } from "./codex-process.ts";

const line = (message: object): string => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const INITIALIZE = line({
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

test.each([
  ["mcp-server", "-c", "model=special"],
  ["mcp", "-c", "model=special"],
])("codex %s serves the agent's tools until its input ends, with the options it was given", async (...args) => {
  await using place = await openPlace([say("Hello.")]);
  const codex = place.start(args, { stdin: null });
  codex.child.stdin.write(INITIALIZE);
  codex.child.stdin.write(line({ id: 2, method: "tools/call", params: { name: "codex", arguments: { prompt: "Greet me." } } }));
  await codex.shows('"structuredContent"');
  codex.child.stdin.end();
  const { code, stdout, stderr } = await codex.finished;
  const messages = stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as { id?: number; result?: unknown });
  expect(messages.at(0)).toMatchObject({ id: 1, result: { serverInfo: { name: "codex-mcp-server" } } });
  expect(messages.find(({ id }) => id === 2)).toMatchObject({ result: { structuredContent: { content: "Hello." } } });
  expect(place.server.requests[0]?.body["model"]).toBe("special");
  expect([code, stderr]).toEqual([0, ""]);
});

test.each(["mcp-server", "mcp"])("codex %s ends with 0 after SIGTERM", async (command) => {
  await using place = await openPlace([]);
  const codex = place.start([command], { stdin: null });
  codex.child.stdin.write(INITIALIZE);
  await codex.shows("serverInfo");
  codex.child.kill("SIGTERM");
  expect(await codex.finished).toMatchObject({ code: 0, signal: null, stderr: "" });
});

test("a number that makes no sense is a usage error before anything is served", async () => {
  await using place = await openPlace([]);
  expect(await place.run(["mcp-server", "--max-threads", "none"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining('--max-threads takes a whole number from 1 to 1000, not "none"'),
  });
});

test("codex mcp with a subcommand behind options serves nothing", async () => {
  await using place = await openPlace([]);
  expect(await place.run(["mcp", "-c", "model=special", "list"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining('codex mcp takes "list" before its options'),
  });
});
