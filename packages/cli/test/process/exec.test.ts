import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, cut, refuse, say, stall, times } from "@codex/core";
import { describe, expect, test } from "vitest";
import { eventsOf, openPlace } from "./codex-process.ts";

const BYPASS = "--dangerously-bypass-approvals-and-sandbox";

/** The texts of the user messages of the last request. */
function userTexts(body: unknown): string[] {
  const { input } = body as { input: { role?: string; content?: { type: string; text?: string }[] }[] };
  return input
    .filter(({ role }) => role === "user")
    .flatMap(({ content }) => (content ?? []).flatMap(({ text }) => (text === undefined ? [] : [text])));
}

describe("a turn", () => {
  test("leaves the final message on stdout and the rest on stderr", async () => {
    await using place = await openPlace([call("shell", { command: ["echo", "hello there"] }), say("It said hello.")]);
    const { code, stdout, stderr } = await place.run(["exec", BYPASS, "greet"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "It said hello.\n" });
    expect(stderr).toContain(`workdir: ${place.cwd}\n`);
    expect(stderr).toContain(`echo 'hello there' in ${place.cwd}\n`);
    expect(stderr).toContain("hello there\n");
    expect(stderr).not.toContain("It said hello.");
  });

  test("is unattended and read-only unless something says otherwise", async () => {
    await using place = await openPlace([call("shell", { command: ["touch", "x"] }), say("No.")]);
    const finished = await place.run(["exec", "--json", "write"]);
    const refused = eventsOf(finished).findLast((event) => "item" in event && event.item.type === "command_execution");
    // Confined where there is a sandbox, declined elsewhere.
    expect(refused).toMatchObject({ type: "item.completed", item: { command: "touch x" } });
    expect(existsSync(join(place.cwd, "x"))).toBe(false);
    const human = await place.run(["exec", "again"]);
    expect(human.stderr).toContain("approval: never\nsandbox: read-only\n");
  });

  test("is a JSON line for each event with --json and its old name", async () => {
    await using place = await openPlace(times(2, say("Done.")));
    for (const flag of ["--json", "--experimental-json"]) {
      const finished = await place.run(["e", flag, "go"]);
      expect(finished.code).toBe(0);
      expect(eventsOf(finished).map(({ type }) => type)).toEqual(["thread.started", "turn.started", "item.completed", "turn.completed"]);
    }
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, RegExp]>([
    ["of a tool that does not exist", "delete_everything", { now: true }, /^There is no tool called delete_everything\. The tools are: /u],
    ["of no command", "shell", { command: [] }, /^The command is empty\./u],
    ["whose arguments have the wrong shape", "update_plan", { plan: "x" }, /^The arguments of update_plan have the wrong shape\./u],
    ["of a patch that is none", "apply_patch", { input: "hello" }, /^Exit code: 1\nOutput:\nThe patch is malformed/u],
    ["in a folder that is not there", "shell", { command: ["apply_patch", "x"], workdir: "no" }, /^There is no folder /u],
  ])("tells of a call %s as of one that failed", async (_name, tool, args, output) => {
    await using place = await openPlace([call(tool, args), say("Sorry.")]);
    const finished = await place.run(["exec", "--json", "go"]);
    const item = { id: "item_0", type: "tool_call", tool, arguments: args };
    expect(eventsOf(finished).flatMap((event) => ("item" in event && event.item.type === "tool_call" ? [event] : []))).toEqual([
      { type: "item.started", item: { ...item, output: null, status: "in_progress" } },
      { type: "item.completed", item: { ...item, output: expect.stringMatching(output), status: "failed" } },
    ]);
  });

  test("that fails exits 1 with one terminal line and its code", async () => {
    await using place = await openPlace([refuse(401, "bad key")]);
    const finished = await place.run(["exec", "--json", "go"]);
    expect(finished.code).toBe(1);
    expect(eventsOf(finished).at(-1)).toMatchObject({
      type: "turn.failed",
      error: { code: "unauthorized", message: expect.stringContaining("bad key") },
    });
    expect(place.server.requests).toHaveLength(1);
  });

  test("tells a person why it failed, without a stack trace", async () => {
    await using place = await openPlace([refuse(400, "no such thing")]);
    const { code, stdout, stderr } = await place.run(["exec", "go"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/\nerror\n.*no such thing.*\(bad_request\)\n/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("shows each retry as a notice and goes on", async () => {
    await using place = await openPlace([cut("Hal"), say("Hello.")]);
    const finished = await place.run(["exec", "--json", "go"]);
    const messages = eventsOf(finished).flatMap((event) => (event.type === "item.completed" ? [event.item.type] : []));
    expect(messages).toEqual(["error", "agent_message"]);
    expect(finished.code).toBe(0);
  });
});

describe("the prompt", () => {
  test.each([
    ["is stdin when there is no argument", [], "from stdin\n", "from stdin\n"],
    ["is stdin for a dash", ["-"], "from stdin", "from stdin"],
    ["is followed by what is piped in", ["do it"], "data", "do it\n\n<stdin>\ndata\n</stdin>"],
    ["stands alone when nothing is piped in", ["do it"], "", "do it"],
    ["may begin with a dash behind --", ["--", "-x"], "", "-x"],
    ["loses a byte order mark", [], "\ufeffhi", "hi"],
  ])("%s", async (_name, args, stdin, text) => {
    await using place = await openPlace([say("ok")]);
    const { code } = await place.run(["exec", ...args], { stdin });
    expect(code).toBe(0);
    expect(userTexts(place.server.requests[0]?.body).at(-1)).toBe(text);
  });

  test.each([
    ["nothing on stdin", [], " \n", "error: no prompt was given, and stdin is empty\n"],
    ["a blank argument", [" "], "", "error: the prompt is blank\n"],
    ["stdin that is not UTF-8", [], Buffer.from("grün\xff", "latin1"), "error: stdin is not UTF-8: byte 2 fits no character\n"],
  ])("missing is an error: %s", async (_name, args, stdin, message) => {
    await using place = await openPlace([]);
    const { code, stdout, stderr } = await place.run(["exec", "--json", ...args], { stdin });
    expect({ code, stdout, stderr: stderr.split("\n")[0] + "\n" }).toEqual({ code: 2, stdout: "", stderr: message });
  });

  test("is waited for with a word about it, and a signal ends the wait", async () => {
    await using place = await openPlace([]);
    const codex = place.start(["exec", "hi"], { stdin: null });
    await codex.shows("reading additional input from stdin…");
    codex.child.kill("SIGINT");
    expect(await codex.finished).toMatchObject({ code: null, signal: "SIGINT" });
  });
});

describe("what cannot be used is named before anything is sent", () => {
  test.each([
    ["a folder outside git", ["-C", ".."], /^error: .* is not inside a git repository\n.*--skip-git-repo-check/],
    ["a folder that is not there", ["-C", "nowhere"], /^error: .*nowhere does not exist\n/],
    ["an image that is not there", ["-i", "no.png"], /^error: There is no image at .*no\.png/],
    ["an image that is none", ["-i", "text.png"], /^error: .*text\.png is not a PNG/],
    ["an output schema that is not there", ["--output-schema", "no.json"], /^error: --output-schema .*no\.json: does not exist\n/],
    ["an output schema that is no object", ["--output-schema", "list.json"], /^error: --output-schema .*list\.json: must be a JSON object/],
    ["an output file in no folder", ["-o", "no/such/file"], /^error: --output-last-message .*: the folder .* does not exist/],
    ["an override of a wrong type", ["-c", "model=3"], /^error: -c model: /],
    ["a profile that is not there", ["-p", "nope"], /^error: .*nope/],
    ["a cassette that is not there", ["--replay", "no.jsonl"], /^error: .*no\.jsonl/],
    ["an unknown option", ["--jsn"], /^error: there is no option --jsn; did you mean `--json`/],
  ])("%s", async (_name, args, message) => {
    await using place = await openPlace([]);
    writeFileSync(join(place.cwd, "text.png"), "text");
    writeFileSync(join(place.cwd, "list.json"), "[]");
    const { code, stdout, stderr } = await place.run(["exec", "--json", ...args, "go"]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout, requests: place.server.requests.length }).toEqual({ code: 2, stdout: "", requests: 0 });
  });

  test("a malformed config.toml, with its place", async () => {
    await using place = await openPlace([]);
    writeFileSync(join(place.home, "config.toml"), 'model = "a"\nmodel_provider = = 1\n');
    const { code, stderr } = await place.run(["exec", "go"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(place.home, "config.toml")}:2:`);
  });
});

test("a missing key names its variable", async () => {
  await using place = await openPlace([]);
  const finished = await place.run(["exec", "--json", "go"], { env: { OPENAI_API_KEY: undefined } });
  expect(finished.code).toBe(1);
  expect(JSON.stringify(eventsOf(finished).at(-1))).toContain("OPENAI_API_KEY");
});

test("images travel in the same message, before the prompt", async () => {
  await using place = await openPlace([say("Seen.")]);
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  for (const name of ["a.png", "b.png", "c,d.png"]) writeFileSync(join(place.cwd, name), png);
  const { code } = await place.run(["exec", "-i", "a.png,b.png", "-i", "c,d.png", "look"]);
  expect(code).toBe(0);
  const [request] = place.server.requests as unknown as [{ body: { input: { content: { type: string; text?: string }[] }[] } }];
  const { content } = request.body.input.at(-1) ?? { content: [] };
  expect(content.filter(({ type }) => type === "input_image")).toHaveLength(3);
  expect(content.at(-1)).toEqual({ type: "input_text", text: "look" });
});

test("a session is logged and recorded in the Codex home, unless it is ephemeral", async () => {
  await using place = await openPlace(times(2, say("Done.")));
  await place.run(["exec", "--ephemeral", "go"]);
  expect(existsSync(join(place.home, "sessions"))).toBe(false);
  await place.run(["exec", "go"]);
  expect(existsSync(join(place.home, "sessions"))).toBe(true);
  expect(readFileSync(join(place.home, "log", "codex.log"), "utf8")).toContain("session opened");
});

test("the final message goes to the file of -o as it is, and follows the output schema", async () => {
  await using place = await openPlace([say('{"ok":true}')]);
  const schema = { type: "object", properties: { ok: { type: "boolean" } } };
  writeFileSync(join(place.cwd, "schema.json"), JSON.stringify(schema));
  const { code } = await place.run(["exec", "--output-schema", "schema.json", "-o", "out.json", "go"]);
  expect(code).toBe(0);
  expect(readFileSync(join(place.cwd, "out.json"), "utf8")).toBe('{"ok":true}');
  expect(place.server.requests[0]?.body).toMatchObject({ text: { format: { type: "json_schema", schema } } });
});

describe("a signal", () => {
  const loop = ["node", "-e", "require('fs').writeFileSync('pid', String(process.pid)); console.log('up'); setInterval(() => {}, 1000)"];

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends the running command, then the turn, then the process with %d", async (signal, code) => {
    await using place = await openPlace([call("shell", { command: loop })]);
    const codex = place.start(["exec", "--json", BYPASS, "go"]);
    await codex.shows('"item.started"');
    while (!existsSync(join(place.cwd, "pid")) || readFileSync(join(place.cwd, "pid"), "utf8") === "")
      await new Promise((resolve) => setImmediate(resolve));
    codex.child.kill(signal);
    const finished = await codex.finished;
    expect(finished.code).toBe(code);
    const events = eventsOf(finished);
    expect(events.at(-1)).toEqual({ type: "turn.failed", error: { code: "interrupted", message: `interrupted by ${signal}` } });
    expect(events.at(-2)).toMatchObject({
      type: "item.completed",
      item: { type: "command_execution", status: "failed", signal: "SIGTERM" },
    });
    expect(() => process.kill(Number(readFileSync(join(place.cwd, "pid"), "utf8")), 0)).toThrow("ESRCH");
  });

  test("ends a wait for a silent provider", async () => {
    await using place = await openPlace([stall()]);
    const codex = place.start(["exec", "--json", "go"]);
    await codex.shows('"turn.started"');
    codex.child.kill("SIGINT");
    const finished = await codex.finished;
    expect(finished.code).toBe(130);
    expect(eventsOf(finished).at(-1)).toMatchObject({ error: { code: "interrupted" } });
  });
});

test("a reader of stdout that goes away ends the turn quietly", async () => {
  await using place = await openPlace([...times(200, call("shell", { command: ["echo", "x"] })), say("Done.")]);
  const codex = place.start(["exec", "--json", BYPASS, "go"]);
  await codex.shows("thread.started");
  codex.child.stdout.destroy();
  expect(await codex.finished).toMatchObject({ code: 141, stderr: "" });
  expect(place.server.requests.length).toBeLessThan(200);
});

test("a recorded session replays without a provider", async () => {
  await using place = await openPlace([call("shell", { command: ["echo", "recorded"] }), say("Done.")]);
  expect(await place.run(["exec", BYPASS, "--record", "tape.jsonl", "go"])).toMatchObject({ code: 0, stdout: "Done.\n" });
  await place.server.close();
  const replayed = await place.run(["exec", BYPASS, "--replay", "tape.jsonl", "go"]);
  expect(replayed).toMatchObject({ code: 0, stdout: "Done.\n" });
  const other = await place.run(["exec", BYPASS, "--json", "--replay", "tape.jsonl", "go elsewhere"]);
  expect(other.code).toBe(1);
  expect(eventsOf(other).at(-1)).toMatchObject({ error: { code: "replay_mismatch" } });
});

test("a failed turn does not replace a good recording, and the user is told where it is", async () => {
  await using place = await openPlace([say("Done."), refuse(400, "no such model")]);
  expect(await place.run(["exec", BYPASS, "--record", "tape.jsonl", "go"])).toMatchObject({ code: 0 });
  const tape = join(place.cwd, "tape.jsonl");
  const good = readFileSync(tape, "utf8");
  const failed = await place.run(["exec", BYPASS, "--record", "tape.jsonl", "go"]);
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stderr).toContain("tape.jsonl was kept as it was, because the turn failed; this recording is in ");
  expect(readFileSync(tape, "utf8")).toBe(good);
  expect(readFileSync(`${tape}.failed`, "utf8")).toContain("no such model");
});
