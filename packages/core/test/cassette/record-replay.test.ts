import { mkdtemp, readFile, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCassette } from "../../src/cassette/format.ts";
import { recordingHost } from "../../src/cassette/record.ts";
import { replayHost, type Replay, type ReplayOptions } from "../../src/cassette/replay.ts";
import type { ApprovalHandler, ApprovalRequest } from "../../src/host/approval.ts";
import type { Clock, Host, ToolTape } from "../../src/host/host.ts";
import { answering, send, testConfig, testHost, type Answer, type Received } from "./test-host.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "codex-cassette-")));
  file = join(folder, "run.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;
const HERE = "/srv/here";
const THERE = "/home/ada/there";

async function record(answers: readonly Answer[], session: (host: Host) => Promise<void>, parts: Partial<Host> = {}): Promise<void> {
  const host = testHost({ env: { TEST_KEY: "tk-abcdef" }, model: answering(...answers), parts });
  const recording = await recordingHost(host, { file, config: testConfig({ cwd: HERE }) });
  await session(recording.host);
  await recording.finish();
}

async function replay(options: Partial<ReplayOptions> = {}, parts: Partial<Host> = {}): Promise<Replay> {
  const host = testHost({ env: { TEST_KEY: "tk-abcdef" }, parts });
  return replayHost(host, await readCassette(host.fs, file), { config: testConfig({ cwd: THERE }), liveTools: false, ...options });
}

function sse(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
}

const PROMPT = { model: "m", input: [{ role: "user", text: `look at ${HERE}/a` }] };

test("a recording holds canonical lines in order, in a private file without headers, cookies, keys or the server's name", async () => {
  await record(
    [{ headers: { "retry-after": "3", "x-request-id": "r1" }, chunks: [sse({ type: "a", path: `${HERE}/b` }, { key: "tk-abcdef" })] }],
    async (host) => {
      await send(host.model, PROMPT);
      host.toolTape?.record("c1", { output: `in ${HERE}: tk-abcdef`, events: [{ type: "exec_command_begin", cwd: HERE }] });
    },
  );
  const lines = (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) for (const key of ["at_ms", "started_at"]) delete line[key];
  expect(lines).toEqual([
    { type: "cassette", version: 1 },
    {
      type: "request",
      n: 1,
      method: "POST",
      path: "/v1/responses?api-version",
      body: { model: "m", input: [{ role: "user", text: "look at {{cwd}}/a" }] },
    },
    { type: "response_head", n: 1, status: 200, headers: { "content-type": "text/event-stream", "retry-after": "3" } },
    { type: "response_event", n: 1, data: { type: "a", path: "{{cwd}}/b" } },
    { type: "response_event", n: 1, data: { key: "{{redacted}}" } },
    { type: "response_end", n: 1, end: { type: "ended" } },
    { type: "tool_result", call_id: "c1", output: "in {{cwd}}: {{redacted}}", events: [{ type: "exec_command_begin", cwd: "{{cwd}}" }] },
    { type: "end", outcome: "complete" },
  ]);
  if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("an answer that is still ending when the next request goes out, or the recording is finished, is recorded as given up", async () => {
  const settle: (() => void)[] = [];
  const slow: Host["model"] = {
    send: (_request, sink) =>
      new Promise((resolve) => {
        sink.head(200, { "content-type": "text/event-stream" });
        sink.data(new TextEncoder().encode(sse({ first: true })));
        settle.push(() => {
          sink.data(new TextEncoder().encode(sse({ late: true })));
          resolve({ type: "aborted" });
        });
      }),
    close: async () => undefined,
  };
  const sending: Promise<unknown>[] = [];
  await record(
    [],
    async (host) => {
      sending.push(send(host.model, PROMPT));
      sending.push(send(host.model, PROMPT));
      settle.shift()?.();
    },
    { model: slow },
  );
  settle.shift()?.();
  await Promise.all(sending);
  const { exchanges } = await readCassette(testHost().fs, file);
  expect(exchanges.map(({ chunks, end }) => [chunks.map((chunk) => "data" in chunk && chunk.data), end.end])).toEqual([
    [[{ first: true }], { type: "aborted" }],
    [[{ first: true }], { type: "aborted" }],
  ]);
});

test("a replay gives the recorded answer in another folder, as bytes of the same shape", async () => {
  const answers: Answer[] = [
    {
      chunks: [": hi\n\n", sse({ path: `${HERE}/b` }), 'data: {"torn":'],
      end: { type: "failed", kind: "cut", code: "ECONNRESET", message: `lost ${HERE}` },
    },
    { status: 429, headers: { "content-type": "application/json", "retry-after": "7" }, chunks: ['{"error":', '{"message":"slow"}}'] },
    { status: 502, headers: { "content-type": "text/html" }, chunks: ["<p>bad</p>"] },
    { status: 0, end: { type: "failed", kind: "unreachable", code: "ECONNREFUSED", message: "refused" } },
  ];
  const original: Received[] = [];
  await record(answers, async (host) => {
    for (const _ of answers) original.push(await send(host.model, PROMPT));
  });
  const { host, finish } = await replay();
  const played: Received[] = [];
  for (const _ of answers)
    played.push(
      await send(
        host.model,
        { ...PROMPT, input: [{ role: "user", text: `look at ${THERE}/a` }] },
        { url: "https://other.example/v1/responses?api-version=x" },
      ),
    );
  const moved = JSON.parse(JSON.stringify(original).replaceAll(HERE, THERE)) as Received[];
  expect(played).toEqual(moved.map(({ headers, ...rest }) => ({ ...rest, headers: withoutCookie(headers) })));
  expect(finish).not.toThrow();
});

function withoutCookie({ "set-cookie": _, ...headers }: Received["headers"]): Received["headers"] {
  return headers;
}

test("a request that differs ends with the failure replay_mismatch, which points to the first difference", async () => {
  await record([{}], async (host) => void (await send(host.model, { model: "m", input: [{ text: "fix the bug" }] })));
  const { host, finish } = await replay();
  const message = `request 1 differs from ${file} at /input/0/text: recorded "fix the bug", now "fix a bug"`;
  expect((await send(host.model, { model: "m", input: [{ text: "fix a bug" }] })).end).toEqual({
    type: "failed",
    kind: "replay_mismatch",
    code: "replay_mismatch",
    message,
  });
  expect(finish).toThrow(`${file}: the session ended after 0 of 1 recorded requests`);
});

test("a request to another path, and one more than was recorded, are mismatches", async () => {
  await record([{}], async (host) => void (await send(host.model, PROMPT)));
  const { host } = await replay({ config: testConfig({ cwd: HERE }) });
  const elsewhere = await send(host.model, PROMPT, { url: "http://h/v1/chat/completions" });
  expect(elsewhere.end).toMatchObject({
    message: `request 1 differs from ${file}: recorded POST /v1/responses?api-version, now POST /v1/chat/completions`,
  });
  expect((await send(host.model, PROMPT)).end).toEqual({ type: "ended" });
  expect((await send(host.model, PROMPT)).end).toMatchObject({
    kind: "replay_mismatch",
    message: `the session asks more than the 1 requests that ${file} holds`,
  });
});

test("with live tools what tools printed may differ, and nothing else", async () => {
  const body = (output: string, callId = "c1"): unknown => ({
    input: [
      { type: "function_call_output", call_id: callId, output },
      { type: "custom_tool_call_output", call_id: "c2", output: [{ output }] },
    ],
    messages: [{ role: "tool", content: output }],
  });
  await record([{}, {}], async (host) => {
    await send(host.model, body("was"));
    await send(host.model, body("was"));
  });
  const live = await replay({ liveTools: true });
  expect((await send(live.host.model, body("is"))).end).toEqual({ type: "ended" });
  expect((await send(live.host.model, body("is", "c9"))).end).toMatchObject({
    message: `request 2 differs from ${file} at /input/0/call_id: recorded "c1", now "c9"`,
  });
  const full = await replay();
  expect((await send(full.host.model, body("is"))).end).toMatchObject({
    message: `request 1 differs from ${file} at /input/0/output: recorded "was", now "is"`,
  });
});

test("a full replay gives recorded tool results and starts no process; with live tools the host's are used", async () => {
  await record([], async (host) => {
    host.toolTape?.record("c1", { output: `first ${HERE}`, events: [{ cwd: HERE }] });
    host.toolTape?.record("c1", { output: "second", events: [] });
  });
  const { host } = await replay();
  const tape = host.toolTape as ToolTape;
  expect([await tape.play("c1"), await tape.play("c1"), await tape.play("c1")]).toEqual([
    { output: `first ${THERE}`, events: [{ cwd: THERE }] },
    { output: "second", events: [] },
    { output: `${file} holds no result of this call`, events: [] },
  ]);
  const run = { argv: ["ls"], cwd: "/", env: {}, timeoutMs: 1, onOutput: () => undefined } as const;
  expect(await host.processes.run(run, signal)).toEqual({ type: "not_started", code: "EPERM", message: "a replay starts no process" });
  expect(await host.processes.start(["notify"], { cwd: "/", env: {} })).toEqual({});
  const live = (await replay({ liveTools: true })).host;
  expect(live.toolTape).toBeUndefined();
  expect(() => live.processes.run(run, signal)).toThrow("a process was run");
});

test("recorded approvals are given again; one that was not recorded is left to the host, or denied", async () => {
  const request = (call_id: string): ApprovalRequest => ({ type: "exec_approval_request", call_id, command: ["rm"], cwd: HERE });
  const answers: Record<string, Awaited<ReturnType<ApprovalHandler>>> = {
    c1: { decision: "approved", grants: [{ type: "prefix", prefix: ["rm"], scope: "user" }] },
    c2: { decision: "denied", reason: `not in ${HERE}` },
  };
  const approve: ApprovalHandler = async ({ call_id }) => answers[call_id] ?? { decision: "abort" };
  await record([], async (host) => void (await Promise.all(["c1", "c2"].map(async (id) => host.approve?.(request(id), signal)))), {
    approve,
  });

  const ask = async (host: Host): Promise<unknown> =>
    Promise.all(["c2", "c1", "c3"].map(async (id) => host.approve?.(request(id), signal)));
  // A replay leaves the user's rule files alone.
  const grants = [{ type: "prefix", prefix: ["rm"], scope: "session" }];
  const recorded = [
    { decision: "denied", reason: `not in ${THERE}` },
    { decision: "approved", grants },
  ];
  expect(await ask((await replay({ liveTools: true })).host)).toEqual([
    ...recorded,
    { decision: "denied", reason: `${file} holds no answer to this request` },
  ]);
  expect(await ask((await replay({ liveTools: true }, { approve })).host)).toEqual([...recorded, { decision: "abort" }]);
});

test("a full replay's clock starts when the recording did; with live tools it is the host's", async () => {
  await record([], async () => undefined, { clock: fixedClock(1_700_000_000_000) });
  const { host } = await replay({}, { clock: fixedClock(1_800_000_000_000) });
  expect(host.clock.now()).toBe(1_700_000_000_000);
  const live = await replay({ liveTools: true }, { clock: fixedClock(1_800_000_000_000) });
  expect(live.host.clock.now()).toBe(1_800_000_000_000);
});

/** Stands still; only timers of 0 ms ever run. */
function fixedClock(now: number): Clock {
  return {
    now: () => now,
    monotonic: () => 0,
    timer(ms, callback) {
      if (ms === 0) queueMicrotask(callback);
      return () => undefined;
    },
  };
}

test("the wait before a recorded retry passes at once, and the clock with it", async () => {
  const session = async (host: Host): Promise<void> => {
    await send(host.model, PROMPT);
    await send(host.model, PROMPT);
    await send(host.model, { ...PROMPT, more: true });
  };
  // On a running clock the answer itself may take a millisecond, which the replay repeats.
  await record([{ status: 429 }, {}, {}], session, { clock: fixedClock(0) });
  const { host } = await replay({ config: testConfig({ cwd: HERE }) }, { clock: fixedClock(0) });
  const start = host.clock.now();
  await send(host.model, PROMPT);
  await new Promise<void>((resolve) => void host.clock.timer(3_600_000, resolve));
  expect(host.clock.now() - start).toBe(3_600_000);
  await send(host.model, PROMPT);
  let fired = false;
  host.clock.timer(3_600_000, () => (fired = true));
  await Promise.resolve();
  expect(fired).toBe(false);
});

test("the wait after an answer that the client gave up passes at once too, even when it begins at once", async () => {
  await record([{ chunks: [sse({ failed: true })], end: { type: "aborted" } }, {}], async (host) => {
    await send(host.model, PROMPT);
    await send(host.model, PROMPT);
  });
  const { host } = await replay({ config: testConfig({ cwd: HERE }) }, { clock: fixedClock(0) });
  const controller = new AbortController();
  let waited: Promise<void> | undefined;
  const request = { method: "POST", url: "http://h/v1/responses?api-version", headers: {}, body: JSON.stringify(PROMPT) } as const;
  const giveUp = (): void => {
    controller.abort();
    waited = new Promise((resolve) => void host.clock.timer(3_600_000, resolve));
  };
  expect(await host.model.send(request, { head: () => undefined, data: giveUp }, controller.signal)).toEqual({ type: "aborted" });
  await waited;
});

test("a recorded idle timeout comes about again without its wait", async () => {
  const aborted: Answer = { chunks: [sse({ a: 1 })], end: { type: "aborted" } };
  await record([aborted, {}], async (host) => {
    await send(host.model, PROMPT);
    await send(host.model, PROMPT);
  });
  const text = (await readFile(file, "utf8")).replace(/"at_ms":\d+,"end":\{"type":"aborted"/, '"at_ms":300001,"end":{"type":"aborted"');
  await writeFile(file, text);
  const { host } = await replay({ config: testConfig({ cwd: HERE }) }, { clock: fixedClock(0) });
  const controller = new AbortController();
  const sending = send(host.model, PROMPT, { signal: controller.signal });
  host.clock.timer(300_000, () => controller.abort());
  expect((await sending).end).toEqual({ type: "aborted" });
});

test("a session that a person had stopped cannot be replayed beyond that point", async () => {
  await record([{ end: { type: "aborted" } }], async (host) => void (await send(host.model, PROMPT)));
  const { host } = await replay({ config: testConfig({ cwd: HERE }) });
  expect((await send(host.model, PROMPT)).end).toMatchObject({
    kind: "replay_mismatch",
    message: "the recorded session was interrupted here",
  });
});

test("with the recorded timing a replay waits on the host's clock, and an abort ends the wait", async () => {
  await record([{ chunks: [sse({ a: 1 })] }], async (host) => void (await send(host.model, PROMPT)), { clock: fixedClock(0) });
  await writeFile(file, (await readFile(file, "utf8")).replace(/"at_ms":\d+,"data"/, '"at_ms":60000,"data"'));
  const controller = new AbortController();
  const waits: number[] = [];
  const clock: Clock = { ...fixedClock(0), timer: (ms) => (waits.push(ms), queueMicrotask(() => controller.abort()), () => undefined) };
  const { host } = await replay({ config: testConfig({ cwd: HERE }), timing: "recorded" }, { clock });
  expect(await send(host.model, PROMPT, { signal: controller.signal })).toMatchObject({ status: 200, body: "", end: { type: "aborted" } });
  expect(waits).toEqual([60_000]);
});

test("a cassette that cannot be written is reported when it is opened, and when it fails later", async () => {
  const config = testConfig({ cwd: HERE });
  await expect(recordingHost(testHost(), { file: join(folder, "none/run.jsonl"), config })).rejects.toMatchObject({
    code: "cassette_invalid",
  });
  await expect(recordingHost(testHost(), { file: folder, config })).rejects.toMatchObject({
    code: "cassette_invalid",
    message: `${folder}: cannot be written: it is not a file`,
  });
  const host = testHost({ model: answering({}) });
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const recording = await recordingHost({ ...host, fs: { ...host.fs, appendFile: () => Promise.reject(full) } }, { file, config });
  expect((await send(recording.host.model, PROMPT)).end).toEqual({ type: "ended" });
  await expect(recording.finish()).rejects.toMatchObject({
    code: "cassette_invalid",
    message: `${file}.partial: cannot be written: ENOSPC: no space left on device`,
  });
});

test("an earlier cassette stays until a complete one replaces it; a failed run is kept beside it", async () => {
  const config = testConfig({ cwd: HERE });
  const run = async (text: string, outcome: string): Promise<string> => {
    const recording = await recordingHost(testHost({ model: answering({}) }), { file, config });
    await send(recording.host.model, { model: text, input: [] });
    expect(await readdir(folder)).toContain("run.jsonl.partial");
    return recording.finish(outcome);
  };
  expect(await run("the-first", "stream_error")).toBe(file);
  expect(await run("the-second", "complete")).toBe(file);
  expect(await run("the-third", "stream_error")).toBe(`${file}.failed`);
  expect(await readFile(file, "utf8")).toContain("the-second");
  expect(await readFile(`${file}.failed`, "utf8")).toContain("the-third");
  expect(await readdir(folder)).toEqual(["run.jsonl", "run.jsonl.failed"]);
});
