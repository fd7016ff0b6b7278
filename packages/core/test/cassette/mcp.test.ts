import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCassette } from "../../src/cassette/format.ts";
import { recordingHost } from "../../src/cassette/record.ts";
import { replayHost } from "../../src/cassette/replay.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Host } from "../../src/host/host.ts";
import { createNodeHost } from "../../src/node/node-host.ts";
import type { EventMsg } from "../../src/protocol/event.ts";
import { Session } from "../../src/session/session.ts";
import { script } from "../../src/testing/script.ts";
import { call, say, type ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { server } from "../mcp/mcp-fixture.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "codex-replay-")));
  file = join(folder, "run.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

async function run(host: Host, overrides: readonly string[], prompts: readonly string[]): Promise<EventMsg[]> {
  const config = await loadConfig(
    { processCwd: folder, overrides, flags: { approvalPolicy: "never", sandboxMode: "danger-full-access", ephemeral: true } },
    host,
  );
  const session = await Session.open(config, host);
  const events: EventMsg[] = [];
  session.subscribe(({ msg }) => void events.push(msg));
  if (host.mcp !== undefined && overrides.length > 0)
    while (!events.some(({ type }) => type === "mcp_startup_complete")) await new Promise(setImmediate);
  for (const text of prompts) {
    session.submit({ type: "user_input", items: [{ type: "text", text }] });
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await session.idle();
  }
  await session.close();
  return events;
}

function machine(turns: readonly ScriptedTurn[]): Host {
  const env = { PATH: process.env["PATH"], HOME: folder, CODEX_HOME: folder, API_TOKEN: "a-token-of-this-machine" };
  return { ...createNodeHost({ env }), model: script(turns) };
}

const TURNS = [call("mcp__a__grow", {}, "c1"), call("mcp__a__env", {}, "c2"), say("one"), call("mcp__a__grown", {}, "c3"), say("two")];
const SETTINGS = [server("a", [], 'env = { API_TOKEN = "a-token-of-this-server" }')];

async function record(): Promise<EventMsg[]> {
  const host = machine(TURNS);
  const config = await loadConfig({ processCwd: folder, overrides: SETTINGS }, host);
  const recording = await recordingHost(host, { file, config });
  const events = await run(recording.host, SETTINGS, ["first", "second"]);
  await recording.finish();
  return events;
}

test("a session with servers is replayed without any: the tools of each turn, the results and the events come from the cassette", async () => {
  const recorded = await record();
  const host: Host = {
    ...machine([]),
    mcp: {
      connect: () => {
        throw new Error("a replay started a server");
      },
    },
  };
  const cassette = await readCassette(host.fs, file);
  const offered = cassette.mcpOffers.map(({ servers }) => (servers as { tools: unknown[] }[]).map(({ tools }) => tools.length));
  const [before = 0] = offered[0] ?? [];
  // One tool of it makes another.
  expect(offered).toEqual([[before], [before + 1]]);
  const config = await loadConfig({ processCwd: folder, overrides: SETTINGS }, host);
  const replay = await replayHost(host, cassette, { config, liveTools: false });
  const replayed = await run(replay.host, SETTINGS, ["first", "second"]);
  replay.finish();

  const kinds = (events: readonly EventMsg[]): readonly string[] =>
    events
      .map(({ type }) => type)
      .filter((type) => !type.endsWith("_delta"))
      .sort();
  expect(kinds(replayed)).toEqual(kinds(recorded));
  expect(replayed.filter(({ type }) => type === "mcp_tool_call_end")).toMatchObject([
    { tool: "grow" },
    { tool: "env" },
    { tool: "grown", success: true },
  ]);
});

test("a server's secrets do not get into the cassette", async () => {
  await record();
  expect(await readFile(file, "utf8")).not.toMatch(/a-token-of-this/);
});

test("a session that was recorded without servers is replayed without any, whatever the settings are by now", async () => {
  const host = machine([say("one")]);
  const recording = await recordingHost(host, { file, config: await loadConfig({ processCwd: folder }, host) });
  await run(recording.host, [], ["first"]);
  await recording.finish();
  expect(await readFile(file, "utf8")).not.toContain("mcp");

  const config = await loadConfig({ processCwd: folder, overrides: SETTINGS }, host);
  const replay = await replayHost(machine([]), await readCassette(host.fs, file), { config, liveTools: false });
  const events = await run(replay.host, SETTINGS, ["first"]);
  replay.finish();
  expect(events.at(-2)).toMatchObject({ type: "task_complete" });
});
