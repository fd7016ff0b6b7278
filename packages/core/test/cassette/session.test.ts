import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCassette } from "../../src/cassette/format.ts";
import { recordingHost } from "../../src/cassette/record.ts";
import { replayClock, type ReplayClock } from "../../src/cassette/replay-clock.ts";
import { replayHost } from "../../src/cassette/replay.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import type { ConfigFlags } from "../../src/config/config-sources.ts";
import type { Host } from "../../src/host/host.ts";
import { systemClock } from "../../src/node/clock.ts";
import { openHttpTransport } from "../../src/node/http-transport.ts";
import { createProcesses } from "../../src/node/processes.ts";
import type { Event, EventMsg } from "../../src/protocol/event.ts";
import { Session } from "../../src/session/session.ts";
import { startFakeResponsesServer } from "../../src/testing/fake-responses-server.ts";
import { answer, call, customCall, cut, fail, refuse, say, stall, think, type ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { testHost } from "./test-host.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "codex-replay-")));
  file = join(folder, "run.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const UNSAFE: ConfigFlags = { approvalPolicy: "never", sandboxMode: "danger-full-access" };
const IDLE_MS = 300_000;
const STALLED = "Alm";
const PROMPT = "Say hello in hello.txt";

type Wire = "responses" | "chat";

async function project(
  name: string,
  baseUrl: string,
  { flags = UNSAFE, wire = "responses" }: { flags?: ConfigFlags; wire?: Wire } = {},
): Promise<Config> {
  const cwd = join(folder, name);
  await mkdir(join(cwd, ".git"), { recursive: true });
  await writeFile(join(cwd, "hello.txt"), "hi\n");
  const env = { CODEX_HOME: join(folder, `${name}-home`), HOME: folder };
  await mkdir(env.CODEX_HOME, { recursive: true });
  const provider = `model_providers.fake={name="Fake",base_url="${baseUrl}",wire_api="${wire}",env_key="FAKE_KEY",stream_idle_timeout_ms=${String(IDLE_MS)},supports_response_storage=true}`;
  return loadConfig(
    { processCwd: cwd, overrides: [provider, "model_provider=fake"], flags: { ...flags, ephemeral: true } },
    testHost({ env }),
  );
}

function realHost(parts: Partial<Host> = {}): Host {
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, FAKE_KEY: "sk-0123456789abcdef0123" };
  return testHost({
    env,
    model: openHttpTransport({ env }),
    parts: { processes: createProcesses({ clock: systemClock, temporaryDirectory: folder }), ...parts },
  });
}

async function runSession(config: Config, host: Host, prompt = PROMPT): Promise<EventMsg[]> {
  const session = await Session.open(config, host, { approvals: "nobody" });
  const events: Event[] = [];
  session.subscribe((event) => {
    events.push(event);
    if ("advanceTo" in host.clock) passTime(host.clock as ReplayClock, event.msg);
  });
  session.submit({ type: "user_input", items: [{ type: "text", text: prompt }] });
  await session.idle();
  await session.close();
  return events.map((event) => event.msg);
}

/** What a person would have to wait for in a recording: the wait before a retry, and the silence of a stalled answer. */
function passTime(clock: ReplayClock, msg: EventMsg): void {
  const wait = msg.type === "stream_error" ? msg.delay_ms : msg.type === "agent_message_delta" && msg.delta === STALLED ? IDLE_MS : 0;
  if (wait > 0) setImmediate(() => clock.advanceTo(clock.monotonic() + wait));
}

/** Records a run of `turns` in the folder "here" through a real socket. */
async function record(
  turns: readonly ScriptedTurn[],
  parts: Partial<Host> = {},
  options: Parameters<typeof project>[2] = {},
): Promise<EventMsg[]> {
  const server = await startFakeResponsesServer(turns);
  const host = realHost(parts);
  try {
    const config = await project("here", server.url, options);
    const recording = await recordingHost(host, { file, config });
    const events = await runSession(config, recording.host);
    await recording.finish();
    return events;
  } finally {
    await Promise.all([host.processes.close(), host.model.close()]);
    await server.close();
  }
}

const SHOW = "process.stdout.write(require('node:fs').readFileSync(process.argv[1]))";
const WRITE = "require('node:fs').writeFileSync(process.argv[1], 'new')";
const PATCH = "*** Begin Patch\n*** Update File: hello.txt\n@@\n-hi\n+hello\n*** End Patch\n";

function work(wire: Wire): ScriptedTurn[] {
  return [
    answer([
      ...(wire === "chat" ? [] : [think("**Looking**")]),
      say("I look first."),
      call("update_plan", { plan: [{ step: "greet", status: "in_progress" }] }),
      call("shell", { command: ["node", "-e", SHOW, join(folder, "here/hello.txt")] }),
    ]),
    refuse(429, "slow down", { headers: { "retry-after": "60" } }),
    wire === "chat" ? call("apply_patch", { input: PATCH }) : customCall("apply_patch", PATCH),
    cut("Almost"),
    fail("server_error", "oops"),
    stall({ text: STALLED }),
    say(`Done in ${join(folder, "here")}.`, { deltas: ["Done in ", join(folder, "here"), "."] }),
  ];
}

function moved(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(join(folder, "here"), join(folder, "there"))) as unknown;
}

/** The events without what is random: the session's id and the jitter of retries. */
function steady(events: readonly EventMsg[]): unknown[] {
  return events.map((event) =>
    "delay_ms" in event ? { ...event, delay_ms: 0 } : "session_id" in event ? { ...event, session_id: "" } : event,
  );
}

test.each<Wire>(["responses", "chat"])(
  "a session recorded through a socket (%s) replays in another folder with the same events, opening no socket and starting no process",
  async (wire) => {
    const recorded = await record(work(wire), { clock: replayClock(systemClock) }, { wire });
    expect(recorded.at(-2)).toMatchObject({ type: "task_complete", last_agent_message: `Done in ${join(folder, "here")}.` });
    expect(recorded.filter((event) => event.type === "stream_error")).toHaveLength(4);

    const config = await project("there", "http://192.0.2.1/v1", { wire });
    const host = testHost({ env: { HOME: folder } });
    const replay = await replayHost(host, await readCassette(host.fs, file), { config, liveTools: false });
    const replayed = await runSession(config, replay.host);
    expect(steady(replayed)).toEqual(steady(moved(recorded) as EventMsg[]));
    expect(replay.finish).not.toThrow();
    expect(await readFile(join(config.cwd, "hello.txt"), "utf8")).toBe("hi\n");
  },
);

test.each<Wire>(["responses", "chat"])(
  "with live tools the recorded model (%s) works on the real files of another folder",
  async (wire) => {
    await record(work(wire), { clock: replayClock(systemClock) }, { wire });
    const config = await project("there", "http://192.0.2.1/v1", { wire });
    await writeFile(join(config.cwd, "hello.txt"), "hi\nand more\n");
    const host = realHost({ model: testHost().model });
    const replay = await replayHost(host, await readCassette(host.fs, file), { config, liveTools: true });
    const events = await runSession(config, replay.host);
    await host.processes.close();
    expect(events.find((event) => event.type === "exec_command_end")).toMatchObject({ aggregated_output: "hi\nand more\n", exit_code: 0 });
    expect(events.at(-2)).toMatchObject({ type: "task_complete", last_agent_message: `Done in ${config.cwd}.` });
    expect(replay.finish).not.toThrow();
    expect(await readFile(join(config.cwd, "hello.txt"), "utf8")).toBe("hello\nand more\n");
  },
);

test.each([false, true])("another prompt stops the turn with replay_mismatch and a pointer to it (live tools: %s)", async (liveTools) => {
  await record([say("hello")]);
  const config = await project("there", "http://192.0.2.1/v1");
  const host = testHost({ env: { HOME: folder } });
  const replay = await replayHost(host, await readCassette(host.fs, file), { config, liveTools });
  const events = await runSession(config, replay.host, "Say goodbye in hello.txt");
  expect(events.at(-2)).toEqual({
    type: "error",
    code: "replay_mismatch",
    message: `request 1 differs from ${file} at /input/1/content/0/text: recorded "Say hello in hello.txt", now "Say goodbye in hello.txt"`,
    hint: "Replay it with the prompt and the settings it was recorded with, or record it again.",
  });
});

test("recorded approvals are answered again with live tools", async () => {
  const flags: ConfigFlags = { approvalPolicy: "unless-allow-listed", sandboxMode: "danger-full-access" };
  const turns = [
    call("shell", { command: ["node", "-e", WRITE, "one.txt"] }, "c1"),
    call("shell", { command: ["node", "-e", WRITE, "two.txt"] }, "c2"),
    say("Done."),
  ];
  await record(
    turns,
    { approve: async ({ call_id }) => (call_id === "c1" ? { decision: "approved" } : { decision: "denied", reason: "one is enough" }) },
    { flags },
  );

  const config = await project("there", "http://192.0.2.1/v1", { flags });
  const host = realHost({ model: testHost().model });
  const replay = await replayHost(host, await readCassette(host.fs, file), { config, liveTools: true });
  const events = await runSession(config, replay.host);
  await host.processes.close();
  expect(events.at(-2)).toEqual(expect.objectContaining({ type: "task_complete", last_agent_message: "Done." }));
  expect(await readFile(join(config.cwd, "one.txt"), "utf8")).toBe("new");
  await expect(readFile(join(config.cwd, "two.txt"), "utf8")).rejects.toThrow("ENOENT");
});
