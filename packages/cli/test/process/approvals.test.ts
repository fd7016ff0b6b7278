import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, call, customCall, say } from "@codex/core";
import { describe, expect, test } from "vitest";
import type { ExecEvent } from "../../src/exec/events.ts";
import { eventsOf, isRunning, openPlace, type Finished, type Place } from "./codex-process.ts";

const shell = (script: string, id: string) => call("shell", { command: ["sh", "-c", script] }, id);
/** Everything that is not known to be safe is asked about, and nothing depends on a sandbox. */
const ASKING = ["-a", "untrusted", "--sandbox", "danger-full-access"];

/** A program that answers: `body` sees the question as `ask`. */
function approver(place: Place, body: string): string {
  const path = join(place.home, "approve.mjs");
  writeFileSync(
    path,
    `#!${process.execPath}\nlet text = "";\nfor await (const chunk of process.stdin) text += chunk;\nconst ask = JSON.parse(text);\n${body}\n`,
  );
  chmodSync(path, 0o755);
  return `command:${path}`;
}

const statuses = (events: readonly ExecEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === "item.completed" && event.item.type === "command_execution" ? [event.item.status] : []));

describe("without anybody to answer", () => {
  test("what would be asked is declined, and the end of the run lists it with what would allow it", async () => {
    await using place = await openPlace([shell("touch x", "call_1"), say("Could not.")]);
    const { code, stderr, stdout } = await place.run(["exec", ...ASKING, "go"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Could not.\n" });
    expect(stderr).toContain(
      "\ndeclined calls\n1 call did not run:\n- sh -c 'touch x' (codex explain call_1)\nWhat would change that:\n- Add `prefix_rule(",
    );
    expect(stderr).toContain("- `codex exec --approvals stdio` or `--approvals command:PROGRAM` lets somebody answer.\n");
    expect(existsSync(join(place.cwd, "x"))).toBe(false);
  });

  test("the last line of --json lists it too, and --approvals deny is the same", async () => {
    await using place = await openPlace([shell("touch x", "call_1"), say("Could not.")]);
    const finished = await place.run(["exec", "--json", "--approvals", "deny", ...ASKING, "go"]);
    expect(eventsOf(finished).at(-1)).toMatchObject({
      type: "turn.completed",
      declined: [{ call_id: "call_1", tool: "shell", command: "sh -c 'touch x'", layer: "no_answerer", change: expect.any(Array) }],
    });
  });
});

describe("a program that answers", () => {
  test("is given each question as one line of JSON, without the provider's key", async () => {
    await using place = await openPlace([shell("touch x", "call_1"), say("Done.")]);
    const log = join(place.home, "asked.json");
    const program = approver(
      place,
      `import { writeFileSync } from "node:fs";
       writeFileSync(${JSON.stringify(log)}, JSON.stringify({ ask, env: process.env, cwd: process.cwd() }));
       console.log(JSON.stringify({ decision: "approved" }));`,
    );
    const finished = await place.run(["exec", "--json", "--approvals", program, ...ASKING, "go"], { env: { SECRETS: "mine" } });
    expect(statuses(eventsOf(finished))).toEqual(["completed"]);
    const { ask, env, cwd } = JSON.parse(readFileSync(log, "utf8")) as { ask: unknown; env: Record<string, string>; cwd: string };
    expect(ask).toMatchObject({
      call_id: "call_1",
      tool: "shell",
      command: ["sh", "-c", "touch x"],
      decision: { layer: "approval_policy" },
    });
    expect({ cwd, key: env["OPENAI_API_KEY"], own: env["SECRETS"] }).toEqual({ cwd: place.cwd, key: undefined, own: "mine" });
    expect(existsSync(join(place.cwd, "x"))).toBe(true);
  });

  test("may allow more than the call, and say no with a reason that the model is told", async () => {
    await using place = await openPlace([shell("touch x", "a"), shell("touch x && touch x", "b"), shell("rm x", "c"), say("Done.")]);
    const program = approver(
      place,
      `const no = { decision: "denied", reason: "keep x" };
       const yes = { decision: "approved", grants: [{ type: "prefix", prefix: ["touch", "x"], scope: "user" }] };
       console.log(JSON.stringify(ask.command[2] === "rm x" ? no : yes));`,
    );
    const finished = await place.run(["exec", "--json", "--approvals", program, ...ASKING, "go"]);
    const events = eventsOf(finished);
    expect(statuses(events)).toEqual(["completed", "completed", "declined"]);
    expect(events.filter(({ type }) => type === "approval.requested")).toHaveLength(2);
    expect(readFileSync(join(place.home, "rules/default.rules"), "utf8")).toBe('prefix_rule(pattern=["touch", "x"], decision="allow")\n');
    expect(JSON.stringify(place.server.requests.at(-1)?.body)).toContain("The command was not run: keep x.");
  });

  test.each([
    ["exits without a word", "process.exit(3)", "the approver exited with 3 without an answer"],
    [
      "says why on stderr",
      'console.error("no display\\nat x"); process.exit(1)',
      "the approver exited with 1 without an answer: no display",
    ],
    ["is killed", 'process.kill(process.pid, "SIGKILL")', "the approver was ended by SIGKILL without an answer"],
    ["talks nonsense", 'console.log("sure!")', "the approver gave an answer that is not JSON"],
    ["misspells", 'console.log(\'{"decision":"aproved"}\')', "did you mean `approved`?"],
    ["answers with a list", "console.log('[]')", "the approver gave no decision: `decision` is missing"],
    [
      "floods",
      'for (;;) if (!process.stdout.write("x".repeat(65536))) await new Promise((r) => process.stdout.once("drain", r))',
      "and no line",
    ],
    ["never answers", "setInterval(() => {}, 1000)", "nobody answered within 1 s"],
    [
      "leaves a child behind that holds its output",
      'import { spawn } from "node:child_process"; spawn("sleep", ["600"], { stdio: "inherit" })',
      "nobody answered within 1 s",
    ],
  ])("that %s is a no, and the turn goes on", async (_, body, reason) => {
    await using place = await openPlace([shell("touch x", "call_1"), say("Went on.")]);
    const finished = await place.run([
      "exec",
      "--json",
      "--approvals",
      approver(place, body),
      "--approvals-timeout",
      reason.includes("1 s") ? "1" : "60",
      ...ASKING,
      "go",
    ]);
    const last = eventsOf(finished).at(-1);
    expect(last).toMatchObject({ type: "turn.completed", declined: [{ layer: "user", reason: expect.stringContaining(reason) }] });
    expect(existsSync(join(place.cwd, "x"))).toBe(false);
  });

  test("answers calls that run side by side each by itself", async () => {
    const calls = Array.from({ length: 5 }, (_, index) => shell(`touch x${index}`, `c${index}`));
    await using place = await openPlace([answer(calls), say("Done.")]);
    const program = approver(place, 'console.log(JSON.stringify({ decision: ask.call_id === "c3" ? "denied" : "approved" }));');
    const finished = await place.run(["exec", "--json", "--approvals", program, ...ASKING, "go"]);
    expect(
      statuses(eventsOf(finished))
        .map(String)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["completed", "completed", "completed", "completed", "declined"]);
    expect(existsSync(join(place.cwd, "x3"))).toBe(false);
  });

  test("that is not there is told before anything starts", async () => {
    await using place = await openPlace([]);
    const { code, stderr } = await place.run(["exec", "--approvals", "command:./nothing", "go"]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: --approvals: ${join(place.cwd, "nothing")} does not exist\nAfter command: stands one program, without arguments.\n`,
    );
    const bare = await place.run(["exec", "--approvals", "command:no-such-program-anywhere", "--json", ...ASKING, "go"]);
    expect(bare.code).toBe(1);
  });

  test("is ended with the run", async () => {
    await using place = await openPlace([shell("touch x", "call_1"), say("never")]);
    const pidFile = join(place.home, "pid");
    const program = approver(
      place,
      `import { writeFileSync } from "node:fs"; console.error(process.pid); writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const codex = place.start(["exec", "--approvals", program, ...ASKING, "go"]);
    await codex.shows("asking\n");
    while (!existsSync(pidFile)) await new Promise((resolve) => setImmediate(resolve));
    codex.child.kill("SIGTERM");
    expect((await codex.finished).code).toBe(143);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe("answers on stdin", () => {
  test("go to the questions on stdout, and lines that are none are told and passed over", async () => {
    await using place = await openPlace([answer([shell("touch x", "a"), shell("touch y", "b")]), say("Done.")]);
    const codex = place.start(["exec", "--json", "--approvals", "stdio", ...ASKING, "go"], { stdin: null });
    await codex.shows('"approval.requested"');
    await codex.shows('"call_id":"b"');
    codex.child.stdin.write('hello\n{"decision":"approved"}\n{"call_id":"z","decision":"approved"}\n\n');
    codex.child.stdin.write('{"call_id":"b","decision":"denied","reason":"not y"}\n{"decision":"approved"}\n');
    const finished = await codex.finished;
    expect(finished.code).toBe(0);
    expect(
      statuses(eventsOf(finished))
        .map(String)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["completed", "declined"]);
    expect([existsSync(join(place.cwd, "x")), existsSync(join(place.cwd, "y"))]).toEqual([true, false]);
    expect(finished.stderr).toMatch(
      /line 1 of stdin is no answer: it is not JSON.*\n.*line 2 of stdin is no answer: 2 questions are open: say which with call_id\n.*line 3 of stdin is no answer: no question with the call_id "z" is open\n/u,
    );
  });

  test("may approve some hunks of a patch; ids of another request and an answer that is no list are no approval", async () => {
    const patch = "*** Begin Patch\n*** Update File: f\n@@\n-a\n+A\n@@\n-b\n+B\n*** End Patch";
    await using place = await openPlace([
      call("apply_patch", { input: patch }, "p"),
      call("apply_patch", { input: patch }, "q"),
      say("Done."),
    ]);
    writeFileSync(join(place.cwd, "f"), "a\nb\n");
    const codex = place.start(["exec", "--json", "--approvals", "stdio", ...ASKING, "go"], { stdin: null });
    await codex.shows('"call_id":"p"');
    codex.child.stdin.write('{"call_id":"p","decision":"approved","approved_hunks":["7.1"]}\n');
    await codex.shows('"call_id":"q"');
    codex.child.stdin.write('{"call_id":"q","decision":"approved","approved_hunks":"1.2"}\n');
    codex.child.stdin.write('{"call_id":"q","decision":"approved","approved_hunks":["1.2"]}\n');
    const finished = await codex.finished;
    const questions = eventsOf(finished).filter(({ type }) => type === "approval.requested");
    expect(questions).toMatchObject(["p", "q"].map((id) => ({ request: { call_id: id, hunks: [{ id: "1.1" }, { id: "1.2" }] } })));
    expect(finished.stderr).toContain("line 2 of stdin is no answer: `approved_hunks`");
    expect(readFileSync(join(place.cwd, "f"), "utf8")).toBe("a\nB\n");
    const told = JSON.stringify(place.server.requests.map(({ body }) => body));
    expect(told).toContain("the answer approves hunks that the patch does not have: 7.1");
    expect(told).toMatch(/Applied: hunk 1\.2 .*Declined, and not written: hunk 1\.1 /u);
  });

  test("that do not come in time, or cannot come any more, are a no", async () => {
    await using place = await openPlace([shell("touch x", "a"), say("Went on."), shell("touch x", "b"), say("Went on.")]);
    const late = await place.run(["exec", "--json", "--approvals", "stdio", "--approvals-timeout", "0.2", ...ASKING, "go"], {
      stdin: null,
    });
    expect(eventsOf(late).at(-1)).toMatchObject({ declined: [{ reason: "nobody answered within 0.2 s" }] });
    const ended = await place.run(["exec", "--json", "--approvals", "stdio", ...ASKING, "go"]);
    expect(eventsOf(ended).at(-1)).toMatchObject({ declined: [{ reason: "stdin has ended, so nobody can answer" }] });
  });

  test.each([
    [["--approvals", "stdio", "go"], "--approvals stdio needs --json"],
    [["--json", "--approvals", "stdio"], "so the prompt has to be an argument"],
    [["--json", "--approvals", "stdoi", "go"], "did you mean `stdio`?"],
    [["--approvals", "command:", "go"], "--approvals command: names no program"],
    [["--approvals", "deny", "--approvals-timeout", "soon", "go"], "--approvals-timeout soon is no number of seconds"],
    [["--approvals-timeout", "5", "go"], "--approvals-timeout needs --approvals"],
  ])("%j is refused", async (args, message) => {
    await using place = await openPlace([]);
    const { code, stderr } = await place.run(["exec", ...args], { stdin: null });
    expect({ code, told: stderr.includes(message), stderr }).toMatchObject({ code: 2, told: true });
  });
});

describe("questions that are not about commands", () => {
  const FIXTURE = fileURLToPath(new URL("../../../core/test/mcp/fixtures/server.mjs", import.meta.url));
  const configure = (place: Place): void =>
    writeFileSync(
      join(place.home, "config.toml"),
      `[mcp_servers.a]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(FIXTURE)}]\nrequired = true\n`,
    );
  /** The questions of a run, and what the last request told the model. */
  const questionsOf = (finished: Finished) =>
    eventsOf(finished).flatMap((event) => (event.type === "approval.requested" ? [event.request] : []));
  const toldIn = (place: Place): string => JSON.stringify(place.server.requests.at(-1)?.body);

  test("a call of an MCP server is asked about with its arguments; a program's yes lets it run, its no reaches the model", async () => {
    await using place = await openPlace([call("mcp__a__write", { path: "x" }, "c1"), call("mcp__a__write", {}, "c2"), say("Done.")]);
    configure(place);
    const body = `const yes = ask.tool === "mcp" && ask.arguments.path === "x";
      console.log(JSON.stringify(yes ? { decision: "approved" } : { decision: "denied", reason: "only x" }));`;
    const finished = await place.run(["exec", "--json", "--approvals", approver(place, body), "-a", "untrusted", "go"]);
    expect(questionsOf(finished)[0]).toEqual({
      call_id: "c1",
      tool: "mcp",
      server: "a",
      name: "write",
      arguments: { path: "x" },
      reason: expect.any(String),
      decision: expect.objectContaining({ verdict: "ask" }),
      offers: [],
      may_leave_sandbox: false,
    });
    expect(eventsOf(finished).at(-1)).toMatchObject({ declined: [{ call_id: "c2", tool: "mcp__a__write", reason: "only x" }] });
    expect(toldIn(place)).toContain("The tool was not called: only x.");
  });

  test("what an MCP server asks is answered with content on stdin", async () => {
    await using place = await openPlace([call("mcp__a__ask", {}, "c1"), say("Done.")]);
    configure(place);
    const codex = place.start(["exec", "--json", "--approvals", "stdio", "go"], { stdin: null });
    await codex.shows('"approval.requested"');
    codex.child.stdin.write('{"decision":"approved","content":{"name":"Ada"}}\n');
    const finished = await codex.finished;
    expect(questionsOf(finished)).toEqual([
      {
        call_id: "elicitation-1",
        tool: "elicitation",
        server: "a",
        requested_schema: { type: "object", properties: { name: { type: "string" } } },
        reason: "Your name?",
        offers: [],
        may_leave_sandbox: false,
      },
    ]);
    expect(toldIn(place)).toContain(JSON.stringify(JSON.stringify({ action: "accept", content: { name: "Ada" } })).slice(1, -1));
  });

  test("a question that its MCP server takes back is withdrawn", async () => {
    await using place = await openPlace([call("mcp__a__withdraw", {}, "c1"), say("Done.")]);
    configure(place);
    const codex = place.start(["exec", "--json", "--approvals", "stdio", "go"], { stdin: null });
    const events = eventsOf(await codex.finished);
    const types = events.map(({ type }) => type).filter((type) => type.startsWith("approval."));
    expect(types).toEqual(["approval.requested", "approval.withdrawn"]);
    expect(events.find(({ type }) => type === "approval.withdrawn")).toEqual({ type: "approval.withdrawn", call_id: "elicitation-1" });
    expect(toldIn(place)).toContain("never mind");
  });

  test("of a patch, a program may approve some hunks by their ids", async () => {
    const patch = "*** Begin Patch\n*** Add File: one.md\n+1\n*** Add File: two.md\n+2\n*** End Patch\n";
    await using place = await openPlace([customCall("apply_patch", patch, "c1"), say("Done.")]);
    const body = `console.log(JSON.stringify({
      decision: "approved",
      approved_hunks: ask.hunks.filter(({ path }) => path.endsWith("two.md")).map(({ id }) => id),
    }));`;
    const finished = await place.run(["exec", "--json", "--approvals", approver(place, body), ...ASKING, "go"]);
    const [question] = questionsOf(finished);
    expect(question).toMatchObject({ call_id: "c1", tool: "apply_patch", changes: expect.any(Object) });
    expect([existsSync(join(place.cwd, "one.md")), existsSync(join(place.cwd, "two.md"))]).toEqual([false, true]);
    expect(toldIn(place)).toContain("Only a part of the patch was approved.");
  });
});
