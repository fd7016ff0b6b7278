import type { Event, EventMsg } from "@codex/core";
import { describe, expect, test } from "vitest";
import { EXEC_EVENT, execEventsSchema, type ExecEvent } from "../../src/exec/events.ts";
import { makeJsonReader } from "../../src/exec/json.ts";
import { COMMAND, commandEnd, DONE, task } from "./session-events.ts";

/** The lines for `events`, each held against the schema; `stopped` ends the stream without an end of its own. */
function linesOf(events: readonly Event[], stopped = false): ExecEvent[] {
  const lines: ExecEvent[] = [];
  const reader = makeJsonReader((line) => {
    // Parsing drops what the schema does not know, so a stray field shows here.
    expect(EXEC_EVENT.parse(line)).toEqual(line);
    lines.push(line);
  });
  for (const event of events) reader.read(event);
  if (stopped) reader.finish({ type: "failed", code: "interrupted", message: "interrupted by SIGTERM" });
  return lines;
}

/** The lines between turn.started and the terminal one. */
const itemsOf = (...messages: EventMsg[]): ExecEvent[] => linesOf(task(...messages, DONE)).slice(2, -1);

test("a turn is framed by thread.started, turn.started and one terminal line", () => {
  expect(linesOf(task({ type: "agent_message_delta", delta: "Fix" }, { type: "agent_message", message: "Fixed." }, DONE))).toEqual([
    { type: "thread.started", thread_id: "0190-thread" },
    { type: "turn.started" },
    { type: "item.completed", item: { id: "item_0", type: "agent_message", text: "Fixed." } },
    {
      type: "turn.completed",
      usage: { input_tokens: 1200, cached_input_tokens: 1000, cache_write_input_tokens: 0, output_tokens: 34, reasoning_output_tokens: 5 },
    },
  ]);
});

describe("a command", () => {
  test("is one item from start to end", () => {
    expect(
      itemsOf(
        { type: "exec_command_begin", ...COMMAND },
        { type: "exec_command_output_delta", call_id: "c1", stream: "merged", chunk: "ok" },
        commandEnd({ aggregated_output: "ok\n" }),
      ),
    ).toEqual([
      {
        type: "item.started",
        item: {
          id: "item_0",
          type: "command_execution",
          command: "bash -lc 'npm test'",
          aggregated_output: "",
          exit_code: null,
          status: "in_progress",
        },
      },
      {
        type: "item.completed",
        item: {
          id: "item_0",
          type: "command_execution",
          command: "bash -lc 'npm test'",
          aggregated_output: "ok\n",
          exit_code: 0,
          status: "completed",
        },
      },
    ]);
  });

  test.each([
    ["exits with another code than 0", { exit_code: 3 }, { exit_code: 3 }],
    ["is ended by a signal", { exit_code: null, signal: "SIGKILL" }, { exit_code: null, signal: "SIGKILL" }],
    ["times out", { exit_code: 0, timed_out: true }, { exit_code: 0, timed_out: true }],
    ["prints more than is kept", { exit_code: 1, cut_bytes: 99 }, { exit_code: 1, cut_bytes: 99 }],
  ])("that %s has failed and says how", (_name, end, shown) => {
    expect(itemsOf({ type: "exec_command_begin", ...COMMAND }, commandEnd(end)).at(-1)).toEqual({
      type: "item.completed",
      item: { id: "item_0", type: "command_execution", command: "bash -lc 'npm test'", aggregated_output: "", status: "failed", ...shown },
    });
  });
});

test("a refused call is an item that was declined, with the reason", () => {
  const decision = { verdict: "reject", layer: "sandbox_policy", reason: "nothing may be written" } as const;
  const declined = (tool: string, command: string[]): EventMsg => ({ type: "tool_call_declined", call_id: "c", tool, command, decision });
  expect(itemsOf(declined("shell", ["rm", "a b"]), declined("apply_patch", []), declined("deploy", []))).toEqual([
    {
      type: "item.completed",
      item: {
        id: "item_0",
        type: "command_execution",
        command: "rm 'a b'",
        aggregated_output: "",
        exit_code: null,
        status: "declined",
        reason: "nothing may be written",
      },
    },
    {
      type: "item.completed",
      item: { id: "item_1", type: "file_change", changes: [], status: "declined", reason: "nothing may be written" },
    },
    {
      type: "item.completed",
      item: {
        id: "item_2",
        type: "tool_call",
        tool: "deploy",
        arguments: null,
        output: null,
        status: "declined",
        reason: "nothing may be written",
      },
    },
  ]);
});

test("a patch lists every file with what happens to it", () => {
  const changes = {
    "/repo/a": { add: { content: "x\n" } },
    "/repo/b": "delete" as const,
    "/repo/c": { update: { unified_diff: "@@", move_path: null } },
    "/repo/d": { update: { unified_diff: "@@", move_path: "/repo/e" } },
  };
  const shown = [
    { path: "/repo/a", kind: "add" },
    { path: "/repo/b", kind: "delete" },
    { path: "/repo/c", kind: "update" },
    { path: "/repo/d", kind: "update", move_path: "/repo/e" },
  ];
  const end = { type: "patch_apply_end", call_id: "p", stdout: "", changes } as const;
  expect(itemsOf({ type: "patch_apply_begin", call_id: "p", auto_approved: true, changes }, { ...end, success: true, stderr: "" })).toEqual(
    [
      { type: "item.started", item: { id: "item_0", type: "file_change", changes: shown, status: "in_progress" } },
      { type: "item.completed", item: { id: "item_0", type: "file_change", changes: shown, status: "completed" } },
    ],
  );
  expect(itemsOf({ ...end, success: false, stderr: "disk full" })).toEqual([
    { type: "item.completed", item: { id: "item_0", type: "file_change", changes: shown, status: "failed", reason: "disk full" } },
  ]);
});

test("a plan is one item that is updated and completed with the turn", () => {
  const plan = (status: "pending" | "completed"): EventMsg => ({ type: "plan_update", plan: [{ step: "look", status }] });
  const item = (completed: boolean) => ({ id: "item_0", type: "todo_list", items: [{ text: "look", completed }] });
  expect(itemsOf(plan("pending"), plan("completed"))).toEqual([
    { type: "item.started", item: item(false) },
    { type: "item.updated", item: item(true) },
    { type: "item.completed", item: item(true) },
  ]);
});

test("a tool of the host keeps its arguments", () => {
  const call = { call_id: "t", tool: "deploy" };
  expect(
    itemsOf({ type: "tool_call_begin", ...call, arguments: { to: "x" } }, { type: "tool_call_end", ...call, success: false, output: "no" }),
  ).toEqual([
    {
      type: "item.started",
      item: { id: "item_0", type: "tool_call", tool: "deploy", arguments: { to: "x" }, output: null, status: "in_progress" },
    },
    {
      type: "item.completed",
      item: { id: "item_0", type: "tool_call", tool: "deploy", arguments: { to: "x" }, output: "no", status: "failed" },
    },
  ]);
});

test("retries and warnings are notices among the items, never terminal", () => {
  expect(
    itemsOf({ type: "stream_error", message: "cut", attempt: 1, max: 5, delay_ms: 210 }, { type: "warning", message: "old key" }),
  ).toEqual([
    { type: "item.completed", item: { id: "item_0", type: "error", message: "Trying again (1 of 5) in 210ms: cut" } },
    { type: "item.completed", item: { id: "item_1", type: "error", message: "old key" } },
  ]);
});

describe("the terminal line", () => {
  const failed = (code: string, message: string, hint?: string): unknown => ({
    type: "turn.failed",
    error: { code, message, ...(hint === undefined ? {} : { hint }) },
  });

  test("of a failed turn has its code, message and hint", () => {
    expect(linesOf(task({ type: "error", code: "unauthorized", message: "401", hint: "Set a key." })).at(-1)).toEqual(
      failed("unauthorized", "401", "Set a key."),
    );
  });

  test("of an aborted turn is interrupted", () => {
    expect(linesOf(task({ type: "turn_aborted", reason: "interrupted" })).at(-1)).toEqual(
      failed("interrupted", "the turn was interrupted"),
    );
  });

  test("comes also when the session never ends, after what was open was closed", () => {
    expect(linesOf(task({ type: "exec_command_begin", ...COMMAND }), true).slice(-2)).toEqual([
      {
        type: "item.completed",
        item: {
          id: "item_0",
          type: "command_execution",
          command: "bash -lc 'npm test'",
          aggregated_output: "",
          exit_code: null,
          status: "failed",
        },
      },
      failed("interrupted", "interrupted by SIGTERM"),
    ]);
  });

  test("comes once, and nothing after it", () => {
    const lines = linesOf(
      [
        ...task({ type: "turn_aborted", reason: "interrupted" }),
        { id: "1", msg: DONE },
        { id: "1", msg: { type: "agent_message", message: "late" } },
      ],
      true,
    );
    expect(lines.map(({ type }) => type)).toEqual(["thread.started", "turn.started", "turn.failed"]);
  });
});

test("the shipped JSON Schema is the one the code generates", async () => {
  await expect(`${JSON.stringify(execEventsSchema(), null, 2)}\n`, "pnpm --filter codex generate").toMatchFileSnapshot(
    "../../schema/exec-events.schema.json",
  );
});

test("a provider that is silent is a notice", () => {
  const message = "The model has sent nothing for 15 s; still waiting.";
  expect(itemsOf({ type: "background_event", message })).toEqual([
    { type: "item.completed", item: { id: "item_0", type: "error", message } },
  ]);
});

test("two commands of one call id are two items, each started and completed", () => {
  const begin: EventMsg = { type: "exec_command_begin", call_id: "c", command: ["ls"], cwd: "/" };
  const lines = itemsOf(begin, begin, commandEnd({ call_id: "c" }));
  expect(lines.map((line) => ("item" in line ? `${line.type} ${line.item.id}` : ""))).toEqual([
    "item.started item_0",
    "item.started item_1",
    "item.completed item_0",
    "item.completed item_1",
  ]);
});
