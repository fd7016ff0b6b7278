import type { Event, EventMsg } from "@codex/core";
import { expect, test } from "vitest";
import { makeHumanReader } from "../../src/exec/human.ts";
import { makePaint } from "../../src/terminal/paint.ts";
import { COMMAND, commandEnd, DONE, task } from "./session-events.ts";

function shown(
  events: readonly Event[],
  options: { readonly answerIsTerminal?: boolean; readonly color?: boolean; readonly replay?: string } = {},
): { out: string; err: string } {
  let [out, err] = ["", ""];
  const reader = makeHumanReader({
    version: "1.2.3",
    prompt: "fix it",
    images: 0,
    paint: makePaint(options.color ?? false),
    note: (text) => void (err += text),
    answer: (text) => void (out += text),
    answerIsTerminal: options.answerIsTerminal ?? true,
    replay: options.replay,
  });
  for (const event of events) reader.read(event);
  return { out, err };
}

/** What stands on stderr below the banner and the prompt. */
const below = (...messages: EventMsg[]): string => shown(task(...messages)).err.split("user\nfix it\n")[1] ?? "";

test("a whole turn: the final message on stdout, everything else on stderr", () => {
  const patch = {
    call_id: "p",
    changes: {
      "/repo/a.js": { update: { unified_diff: "@@ -1 +1 @@\n-bad\n+good\n", move_path: null } },
      "/repo/b": { add: { content: "new\n" } },
    },
  };
  const turn = task(
    { type: "agent_reasoning", text: "Let me look." },
    { type: "agent_message", message: "I will run the tests." },
    { type: "exec_command_begin", ...COMMAND },
    commandEnd({ exit_code: 1, aggregated_output: "1 failing\n" }),
    {
      type: "plan_update",
      plan: [
        { step: "look", status: "completed" },
        { step: "fix", status: "in_progress" },
        { step: "test", status: "pending" },
      ],
    },
    { type: "patch_apply_begin", auto_approved: true, ...patch },
    { type: "patch_apply_end", success: true, stdout: "", stderr: "", ...patch },
    { type: "agent_message", message: "Fixed." },
    { type: "turn_diff", unified_diff: "…" },
    DONE,
  );
  const { out, err } = shown(turn);
  expect(out).toBe("Fixed.\n");
  expect(err).toMatchInlineSnapshot(`
    "Codex 1.2.3
    --------
    workdir: /repo
    model: gpt-x
    provider: openai
    approval: never
    sandbox: read-only
    session id: 0190-thread
    --------
    user
    fix it
    thinking
    Let me look.
    codex
    I will run the tests.
    exec
    bash -lc 'npm test' in /repo
    bash -lc 'npm test' exited 1 after 1.23s:
    1 failing
    plan
    [x] look
    [>] fix
    [ ] test
    patch
    applying
    M /repo/a.js
    @@ -1 +1 @@
    -bad
    +good
    A /repo/b
    +new
    patch applied
    tokens used
    1,234 (1,200 in, 1,000 of them cached; 34 out)
    codex
    "
  `);
});

test("a final message that goes into a file or a pipe has no heading on stderr", () => {
  expect(shown(task({ type: "agent_message", message: "Fixed." }, DONE), { answerIsTerminal: false }).err).not.toContain("codex\n");
});

test("the end lists what was declined, and each piece of advice once", () => {
  const refused = (fact: string): EventMsg => ({
    type: "tool_call_declined",
    call_id: `call_${fact}`,
    tool: "shell",
    command: ["rm", fact],
    decision: {
      verdict: "reject",
      layer: "sandbox_policy",
      reason: `${fact} is not known.`,
      change: ["`--all` runs everything.", `Allow ${fact}.`],
    },
  });
  expect(below(refused("a"), refused("b"), DONE)).toMatchInlineSnapshot(`
    "declined
    rm a
    a is not known.
    declined
    rm b
    b is not known.
    declined calls
    2 calls did not run:
    - rm a (codex explain call_a)
    - rm b (codex explain call_b)
    What would change that:
    - \`--all\` runs everything.
    - Allow a.
    - Allow b.
    tokens used
    1,234 (1,200 in, 1,000 of them cached; 34 out)
    codex
    "
  `);
});

test("a replay is named in the banner", () => {
  expect(shown(task(), { replay: "run.jsonl (nothing is run)" }).err).toContain("\nreplay: run.jsonl (nothing is run)\n--------\n");
});

test("long output is cut after 20 lines with a count of the rest", () => {
  const output = Array.from({ length: 23 }, (_, i) => `line ${String(i + 1)}`).join("\n");
  const lines = below({ type: "exec_command_begin", ...COMMAND }, commandEnd({ aggregated_output: output, duration_ms: 12 })).split("\n");
  expect(lines.slice(0, 4)).toEqual(["exec", "bash -lc 'npm test' in /repo", "bash -lc 'npm test' succeeded in 12ms:", "line 1"]);
  expect(lines.slice(-3)).toEqual(["line 20", "… 3 more lines", ""]);
});

test.each([
  [{ exit_code: 2 }, "bash -lc 'npm test' exited 2 after 1.23s"],
  [{ exit_code: null, signal: "SIGKILL" }, "bash -lc 'npm test' ended by SIGKILL after 1.23s"],
  [{ exit_code: null }, "bash -lc 'npm test' did not start after 1.23s"],
  [{ exit_code: null, timed_out: true, duration_ms: 65_000 }, "bash -lc 'npm test' timed out after 1m05s"],
])("a command's end %j is told", (end, line) => {
  expect(below({ type: "exec_command_begin", ...COMMAND }, commandEnd(end))).toContain(`\n${line}\n`);
});

test("a refused call, notices and a failed patch are told in a line each", () => {
  const decision = { verdict: "reject", layer: "approval_policy", reason: "nobody can be asked" } as const;
  expect(
    below(
      { type: "tool_call_declined", call_id: "c", tool: "shell", command: ["rm", "x"], decision },
      { type: "stream_error", message: "cut", attempt: 2, max: 5, delay_ms: 400 },
      { type: "warning", message: "odd key" },
      { type: "patch_apply_end", call_id: "p", success: false, stdout: "", stderr: "disk full", changes: {} },
      { type: "tool_call_begin", call_id: "t", tool: "deploy", arguments: { to: "x" } },
      { type: "tool_call_end", call_id: "t", tool: "deploy", success: true, output: "ok" },
    ),
  ).toMatchInlineSnapshot(`
    "declined
    rm x
    nobody can be asked
    Trying again (2 of 5) in 400ms: cut
    warning: odd key
    patch failed: disk full
    tool
    deploy {"to":"x"}
    deploy succeeded:
    ok
    "
  `);
});

test("a failed turn shows its last message, why it failed and what to do, and leaves stdout empty", () => {
  const { out, err } = shown(
    task(
      { type: "agent_message", message: "Hm." },
      { type: "error", code: "unauthorized", message: "no key", hint: "Set OPENAI_API_KEY." },
    ),
  );
  expect(out).toBe("");
  expect(err.endsWith("codex\nHm.\nerror\nno key (unauthorized)\nSet OPENAI_API_KEY.\n")).toBe(true);
});

test("escape sequences of commands and models reach no terminal, and no file loses a byte", () => {
  const evil = "\u001b]0;owned\u0007ok";
  const done: EventMsg = { ...DONE, last_agent_message: evil } as EventMsg;
  const turn = task(
    { type: "exec_command_begin", ...COMMAND, command: ["echo", evil] },
    commandEnd({ aggregated_output: evil }),
    { type: "warning", message: evil },
    { type: "agent_message", message: evil },
    done,
  );
  expect(shown(turn).err).not.toContain("\u001b");
  expect(shown(turn).out).toBe("ok\n");
  expect(shown(turn, { answerIsTerminal: false }).out).toBe(`${evil}\n`);
});

test("with colours the only sequences are our own", () => {
  const { err } = shown(task({ type: "exec_command_begin", ...COMMAND }, commandEnd({ aggregated_output: "\u001b[5mx" }), DONE), {
    color: true,
  });
  expect(err).toContain("\u001b[35mexec\u001b[39m\n");
  expect(err).not.toContain("\u001b[5m");
});
