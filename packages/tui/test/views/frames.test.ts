import type { Grant } from "@codex/core";
import { describe, expect, test } from "vitest";
import type { McpServerFacts } from "../../src/state/facts.ts";
import {
  BY_RULE,
  COMPLETE,
  elicitation,
  execAsk,
  execBegin,
  execEnd,
  execOutput,
  hunksAsk,
  mcpAsk,
  mcpBegin,
  mcpEnd,
  patchAsk,
  STARTED,
  TICKET_SCHEMA,
  USAGE,
} from "../support/events.ts";
import { Play } from "../support/play.ts";

const SIZES = [
  [120, 40],
  [80, 24],
  [40, 12],
] as const;

/** One conversation with a cell of every kind. */
function conversation(play: Play): Play {
  play.ready().type("make the total right and explain it").press("enter").events(STARTED);
  play.events({ type: "agent_reasoning", text: "**Looking around**\n\nI read the code before I change it." });
  play.events(execBegin("a", "cat src/total.ts | head -40"), execEnd("a", "export function total() {}\n"));
  play.events(
    execBegin("b", "pnpm test"),
    execEnd("b", lines(30), {
      exit_code: 1,
      denial: { denied: true, what: "network", address: "registry", permission: "network-full-access" },
    }),
  );
  play.events({ type: "tool_call_begin", call_id: "t", tool: "docs.search", arguments: { query: "reduce" } });
  play.events({
    type: "tool_call_end",
    call_id: "t",
    tool: "docs.search",
    success: true,
    output: "Array.prototype.reduce\nfolds an array",
  });
  play.events({
    type: "tool_call_declined",
    call_id: "d",
    tool: "shell",
    command: ["rm", "-rf", "/"],
    decision: { verdict: "reject", layer: "approval_policy", reason: "never asks, and the sandbox cannot hold this command" },
  });
  play.events({
    type: "plan_update",
    explanation: "Three small steps",
    plan: [
      { step: "Find the fault", status: "completed" },
      { step: "Mend the total", status: "in_progress" },
      { step: "Run the tests", status: "pending" },
    ],
  });
  play.events(patchAsk("p"));
  return play;
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${String(index + 1)}`).join("\n");
}

const MARKDOWN = `The fault is in \`total()\`: it **adds** strings.

1. turn them into numbers
2. begin with 0
   - for an empty list

| file | lines |
|---|---:|
| total.ts | 3 |

\`\`\`ts
const sum = 0;
\`\`\`
> 日本語 and 👍 in [a link](https://example.com).
`;

describe.each(SIZES)("at %i × %i", (columns, rows) => {
  const play = (): Play => new Play(columns, rows);

  test("before there is a session", async () => expect(await play().frame()).toMatchSnapshot());
  test("a new session", async () => expect(await play().ready().frame()).toMatchSnapshot());
  test("a patch is asked about", async () => expect(await conversation(play()).frame()).toMatchSnapshot());

  test("the patch is applied and the turn is over", async () => {
    const done = conversation(play()).press("y");
    done.events({ type: "patch_apply_begin", call_id: "p", auto_approved: false, changes: {} });
    done.events({ type: "patch_apply_end", call_id: "p", success: true, stdout: "", stderr: "", changes: {} });
    done.events(
      { type: "agent_message", message: MARKDOWN },
      { type: "token_count", usage: USAGE, total: USAGE, context_window: 272_000 },
      COMPLETE,
    );
    expect(await done.frame()).toMatchSnapshot();
  });

  test("the middle of the history", async () => {
    const done = conversation(play())
      .press("n")
      .send({ type: "input", event: { kind: "scroll", lines: -14, x: 0, y: 0 } });
    await done.frame();
    expect(await done.press("pageup").frame()).toMatchSnapshot();
  });

  test("a command runs and messages wait", async () => {
    const running = play()
      .ready()
      .events(STARTED, execBegin("a", "make all"), execOutput("a", lines(12)))
      .after(65_000);
    running.type("then tidy up").press("enter").type("and write it down").press("enter").type("half");
    expect(await running.frame()).toMatchSnapshot();
  });

  test("a command is asked about after a denial", async () => {
    const denial = { denied: true, what: "write", path: "/etc/hosts", permission: "disk-write-folder=/etc" } as const;
    expect(
      await play()
        .ready()
        .events(STARTED, execAsk("a", "echo 1 >> /etc/hosts", { denial, reason: "It failed in the sandbox." }))
        .frame(),
    ).toMatchSnapshot();
  });

  test("a command is asked about by a rule, with offers and the model's words", async () => {
    const offers = (["session", "user", "project"] as const).map((scope): Grant => ({ type: "prefix", prefix: ["git", "push"], scope }));
    const more = { decision: BY_RULE, reason: BY_RULE.reason, may_leave_sandbox: true, justification: "It needs the network.\u001b[2J" };
    const asked = play()
      .ready()
      .events(STARTED, execAsk("a", "git push", { ...more, offers: [{ type: "command" }, ...offers] }));
    expect(await asked.frame()).toMatchSnapshot("as it is asked");
    expect(await asked.press("w", "down", "down").frame()).toMatchSnapshot("explained");
  });

  test("some hunks of a patch are left out", async () => {
    const asked = play().ready().events(STARTED, hunksAsk("p"));
    await asked.frame();
    expect(await asked.press("j", "space").frame()).toMatchSnapshot();
  });

  test("a call of an MCP server is asked about", async () => {
    expect(await play().ready().events(STARTED, mcpAsk("a")).frame()).toMatchSnapshot();
  });

  test("an MCP server asks for values", async () => {
    const asked = play()
      .ready()
      .events(STARTED, elicitation("e", { requested_schema: TICKET_SCHEMA }))
      .type("Too")
      .press("down");
    expect(await asked.frame()).toMatchSnapshot("a number");
    expect(await asked.press("up", "up", "up", "y").frame()).toMatchSnapshot("something is missing");
  });

  test("an MCP server names an address", async () => {
    const url = "https://login.example/device?code=ABCD-EFGH";
    expect(await play().ready().events(STARTED, elicitation("e", { url })).frame()).toMatchSnapshot();
  });

  test("calls of an MCP server, running and done", async () => {
    const calls = play().ready().events(STARTED, mcpBegin("a"), mcpEnd("a"), mcpBegin("b"));
    calls.events({ type: "mcp_tool_call_progress", call_id: "b", progress: 2, total: 8, message: "asking around" });
    expect(await calls.frame()).toMatchSnapshot();
  });

  test("a rule forbids a command", async () => {
    const declined = play()
      .ready()
      .events(STARTED, {
        type: "tool_call_declined",
        call_id: "d",
        tool: "shell",
        command: ["git", "push", "-f"],
        decision: { ...BY_RULE, verdict: "reject", reason: "A rule forbids this command. It says: use --force-with-lease." },
      });
    expect(await declined.frame()).toMatchSnapshot();
  });

  test("the MCP servers", async () => {
    const mcpServers: McpServerFacts[] = [
      {
        name: "files",
        transport: "npx",
        enabled: true,
        required: true,
        settings: [{ tool: "write_file", says: "approval_mode prompt" }],
      },
      { name: "notes", transport: "notes-server", enabled: true, required: false, settings: [] },
      { name: "wiki", transport: "https://wiki.example/mcp", enabled: false, required: false, settings: [] },
    ];
    const known = play().ready().send({ type: "facts", facts: { mcpServers } });
    known.events(
      { type: "mcp_startup_update", server: "files", status: { state: "ready" }, tools: ["read_file", "write_file"] },
      { type: "mcp_startup_update", server: "notes", status: { state: "failed", error: "notes-server was not found" } },
    );
    expect(await known.type("/mcp").press("enter").frame()).toMatchSnapshot();
  });

  test("feedback is written", async () => {
    expect(await play().ready().events(STARTED, execAsk("a", "npm i")).press("e").type("use pnpm").frame()).toMatchSnapshot();
  });

  test("the list of commands", async () => expect(await play().ready().type("/").frame()).toMatchSnapshot());
  test("the list of sandboxes", async () => expect(await play().ready().type("/sandbox").press("enter").frame()).toMatchSnapshot());

  test("the list of files", async () => {
    const files = ["src/total.ts", "test/total.test.ts", "docs/totals.md"];
    expect(
      await play().ready().type("see @tot").send({ type: "files_found", query: "tot", files, searching: false }).frame(),
    ).toMatchSnapshot();
  });

  test("earlier messages", async () => {
    const found = play()
      .ready()
      .send({ type: "prompts_loaded", entries: ["fix the tests", "write docs\nwith examples"] })
      .press("ctrl-r")
      .type("t");
    expect(await found.frame()).toMatchSnapshot();
  });

  test("the keys", async () => expect(await play().ready().press("?").frame()).toMatchSnapshot());
  test("the names of the keys", async () => expect(await play().ready().type("/keymap").press("enter").frame()).toMatchSnapshot());
  test("the status", async () => expect(await play().ready().type("/status").press("enter").frame()).toMatchSnapshot());
  test("the transcript", async () => expect(await conversation(play()).press("n").press("ctrl-t").frame()).toMatchSnapshot());

  test("the changes", async () => {
    const text =
      "diff --git a/a.ts b/a.ts\nindex 1..2 100644\n--- a/a.ts\n+++ b/a.ts\n@@ -10,2 +10,2 @@\n same\n-const a = 1;\n+const a = 2;\n";
    expect(await play().ready().type("/diff").press("enter").send({ type: "diff_made", text }).frame()).toMatchSnapshot();
  });

  test("the git warning", async () => expect(await play().send({ type: "no_repository" }).frame()).toMatchSnapshot());

  test("an error at the start", async () => {
    expect(
      await play().send({ type: "session_failed", message: "the session cannot be recorded", hint: "/new tries again." }).frame(),
    ).toMatchSnapshot();
  });

  test("the history has the focus", async () => expect(await conversation(play()).press("n", "tab").frame()).toMatchSnapshot());
});

test("without colours the same text is sent, and no colour", async () => {
  const play = conversation(new Play(80, 24));
  expect(await play.frame("none")).toBe(await play.frame("true"));
  // Weight and slant are no colours.
  expect(play.paint("none").bytes).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9\d|10\d)(?:;[\d;]*)?m/);
});

test("text that streams in looks at every moment as it will when it is whole", async () => {
  const whole = new Play(60, 30).ready().events(STARTED, { type: "agent_message", message: MARKDOWN });
  const streamed = new Play(60, 30).ready().events(STARTED);
  for (const delta of MARKDOWN.match(/[^]{1,7}/g) ?? []) await streamed.events({ type: "agent_message_delta", delta }).frame();
  expect(await streamed.frame()).toBe(await whole.frame());
});

test("names and texts of others break no row and reach no terminal", async () => {
  const hostile = "a\nb\u001b]0;owned\u0007\r\u202ec";
  const decision = { ...BY_RULE, layer: hostile, reason: hostile, change: [hostile] };
  const properties = { [hostile]: { type: "string", title: hostile, description: hostile, default: hostile, enum: [hostile] } };
  const asking = [
    execAsk("a", hostile, { justification: hostile, decision, offers: [{ type: "prefix", prefix: [hostile], scope: "user" }] }),
    mcpAsk("b", { server: hostile, tool: hostile, arguments: { [hostile]: hostile }, decision }),
    elicitation("c", { server: hostile, message: hostile, url: hostile, requested_schema: { type: "object", properties } }),
    hunksAsk("d", { changes: { [`/${hostile}`]: "delete" }, reason: hostile }),
  ];
  for (const msg of asking) {
    const play = new Play(80, 24).ready().events(STARTED, msg);
    const frame = await play.frame();
    // Every row of the frame is closed at its right.
    expect(frame.split("\n").filter((row) => /^[│╭╰]/.test(row) && !/[│╮╯]$/.test(row))).toEqual([]);
    expect(play.paint("true").bytes).not.toMatch(/\u001b\]0;owned|\u202e|\ufffd/);
  }
});
