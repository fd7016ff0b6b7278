import type { EventMsg } from "@codex/core";
import { describe, expect, test } from "vitest";
import type { InputEvent } from "../../src/input/event.ts";
import { announce } from "../../src/screen-reader/announce.ts";
import { drawInputRow } from "../../src/screen-reader/draw-input-row.ts";
import { overlayWords } from "../../src/screen-reader/overlay-words.ts";
import { standing } from "../../src/screen-reader/standing.ts";
import { spokenTime } from "../../src/screen-reader/spoken-time.ts";
import { Screen } from "../../src/screen/screen.ts";
import type { Message } from "../../src/state/message.ts";
import {
  BY_RULE,
  COMPLETE,
  elicitation,
  execAsk,
  execBegin,
  execEnd,
  hunksAsk,
  patchAsk,
  STARTED,
  TICKET_SCHEMA,
  USAGE,
} from "../support/events.ts";
import { Play } from "../support/play.ts";
import { feed, screenText, virtualTerminal } from "../screen/virtual-terminal.ts";

/** The interface as it is heard. */
class Spoken extends Play {
  readonly said: string[] = [];

  constructor(columns = 80, rows = 24) {
    super(columns, rows);
    this.state = { ...this.state, settings: { ...this.state.settings, screenReader: true, reducedMotion: true } };
  }

  override send(...messages: readonly Message[]): this {
    for (const message of messages) {
      const before = this.state;
      super.send(message);
      this.said.push(...announce(before, this.state, message.type === "input" && message.event.kind === "key"));
      const { overlay } = this.state;
      const view = overlay === undefined || overlay === before.overlay ? undefined : overlayWords(this.state, overlay);
      if (view !== undefined) {
        this.said.push(...view);
        super.send({ type: "overlay_said" });
      }
    }
    return this;
  }

  override input(event: InputEvent): this {
    return this.send({ type: "input", event });
  }

  /** What was said since the last time. */
  hear(): string[] {
    return this.said.splice(0);
  }

  /** The row that is written in, and where the cursor stands in it. */
  async row(columns: number): Promise<readonly [string, number]> {
    const screen = new Screen({ theme: "dark", colorDepth: "none", inline: true, backgroundErase: true });
    screen.start(columns, 1);
    const terminal = virtualTerminal(columns, 2);
    await feed(
      terminal,
      screen.draw((surface) => drawInputRow(surface, this.state)),
    );
    return [screenText(terminal)[0]?.trimEnd() ?? "", terminal.buffer.active.cursorX];
  }
}

const spoken = (): Spoken => new Spoken().ready();

test("a turn is told in whole sentences, in order, once", () => {
  const play = spoken();
  play.hear();
  play.type("mend it").press("enter").events(STARTED);
  play.events({ type: "agent_message_delta", delta: "First line.\nSecond" }, { type: "agent_message_delta", delta: " line.\nAnd" });
  play.events({ type: "agent_message", message: "First line.\nSecond line.\nAnd the end." });
  play.events(execBegin("a", "pnpm test"), execEnd("a", "one\ntwo\n", { exit_code: 1, duration_ms: 2300 }));
  play.events({
    type: "plan_update",
    plan: [
      { step: "Look", status: "completed" },
      { step: "Mend", status: "in_progress" },
    ],
  });
  play.events({ type: "warning", message: "the disk is nearly full" }, COMPLETE);
  expect(play.hear()).toEqual([
    "You: mend it",
    "Working.",
    "Codex: First line.",
    "Second line.",
    "And the end.",
    "Command: pnpm test",
    "The command failed with exit code 1 after 2.3 seconds. Output, 2 lines:\none\ntwo",
    "Plan, 1 of 2 done.",
    "done: Look",
    "under way: Mend",
    "Warning: the disk is nearly full",
    "Done after 0 seconds, 12900 tokens.",
    "1 command, 1 failed.",
  ]);
});

test("a command is asked about with numbers for the answers, and a number answers", () => {
  const play = spoken().events(STARTED);
  play.hear();
  play.events(execAsk("a", "git push", { decision: BY_RULE, may_leave_sandbox: true, justification: "to share it" }));
  expect(play.hear()).toEqual([
    "Question.",
    "Allow this command?",
    "$ git push",
    "The model says: “to share it”",
    "A rule wants a question for this command (`git push`). (execpolicy)",
    "rule ~/.codex/rules/mine.rules:3 (prompt)",
    "w: what would change that",
    "1: Yes, in the workspace-write sandbox (y)",
    "2: Yes, always approve this exact command for this session (a)",
    "3: Yes, without the sandbox, this once (u)",
    "4: No, and say what to do instead (e)",
    "5: No, and keep going (n)",
    "6: No, and stop for now (esc)",
  ]);
  play.press("down", "w");
  expect(play.hear()).toEqual([
    "2: Yes, always approve this exact command for this session (a)",
    "Edit the rule at ~/.codex/rules/mine.rules:3.",
    "Another way is longer.",
  ]);
  play.press("4").type("ask me first").press("enter");
  expect(play.hear()).toEqual(["What is Codex to do instead? Enter sends, Escape goes back.", "You declined git push: ask me first"]);
  expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"denied","reason":"ask me first"}']);
});

test("a patch is told line by line before it is judged, and hunk by hunk", () => {
  const play = spoken().events(STARTED);
  play.hear();
  play.events(patchAsk("p"));
  expect(play.hear().slice(0, 9)).toEqual([
    "Question.",
    "Allow these changes?",
    "Change file src/total.ts: 1 line added, 1 line removed.",
    "line 1: export function total(prices: string[]) {",
    "removed 2:   return prices.reduce((a, b) => a + b);",
    "added 2:   return prices.reduce((a, b) => a + Number(b), 0);",
    "line 3: }",
    "line 4: ",
    "New file notes.txt: 2 lines added.",
  ]);
  play.press("1").events({ type: "patch_apply_begin", call_id: "p", auto_approved: false, changes: {} }, applied("p"));
  expect(play.hear().at(0)).toBe("You approved the patch");
  play.events(hunksAsk("h"));
  play.hear();
  play.press("j", "space");
  expect(play.hear()).toEqual([
    "hunk 2 of 3, update src/total.ts, taken. 1 line added, 1 line removed.",
    "removed 20: const a = 1;",
    "added 20: const a = 2;",
    "line 21: same",
    "hunk 2 of 3, update src/total.ts, left out. 1 line added, 1 line removed.",
  ]);
});

function applied(callId: string): EventMsg {
  return { type: "patch_apply_end", call_id: callId, success: true, stdout: "", stderr: "", changes: {} };
}

test("a form is told field by field; digits are written into a field", () => {
  const play = spoken().events(STARTED, elicitation("e", { requested_schema: TICKET_SCHEMA }));
  expect(play.hear()).toContain(
    "A form of 5 fields: Title (required), count, urgent (required), team, labels. Up and down go through fields and answers.",
  );
  play.type("r2d2").press("down", "down", "space");
  expect(play.state.answer.values[0]?.text).toBe("r2d2");
  expect(play.hear()).toEqual([
    "count: 2. how many of them. A number.",
    "urgent, required: empty. Space chooses: yes, no.",
    "urgent, required: yes. Space chooses: yes, no.",
  ]);
});

test("lists have numbers", () => {
  const play = spoken();
  play.hear();
  play.type("/sandbox").press("enter");
  expect(play.hear().slice(-4)).toEqual([
    "What commands may touch. A number, or up and down with Enter; Escape leaves it.",
    "1: read-only, read every file, write none, no network",
    "2: workspace-write, write below the working and temp folders, no network, in force, marked",
    "3: danger-full-access, no sandbox at all",
  ]);
  play.press("1");
  expect(play.submitted()).toEqual(['{"type":"override_turn_context","sandbox_mode":"read-only"}']);
});

test("the list of commands is told once, and what the arrows mark", () => {
  const play = spoken();
  play.hear();
  play.type("/theme");
  expect(play.hear()).toEqual([
    "Commands: 18; up and down choose, Enter takes.",
    "/model [NAME]: choose the model, 1 of 18.",
    "/theme [NAME]: choose the colours",
  ]);
});

test("what waits, what comes back, stopping and the last word are told, the same word again as well", () => {
  const play = spoken().events(STARTED);
  play.hear();
  play.type("and then").press("enter", "escape").events({ type: "turn_aborted", reason: "interrupted" });
  expect(play.hear()).toEqual([
    "Waits until the task is done: and then",
    "Stopping.",
    "In the composer again: and then",
    "interrupted: tell Codex what to do instead",
  ]);
  play.press("ctrl-c", "ctrl-c");
  expect(play.hear()).toEqual(["Cleared; ctrl-y brings it back.", "Ctrl-c again to quit."]);
});

test("the transcript tells with a command that it was approved", () => {
  const play = spoken().events(STARTED, execAsk("a", "make")).press("y").events(execBegin("a", "make"), execEnd("a", ""));
  play.hear();
  play.press("ctrl-t");
  expect(play.hear().slice(-3)).toEqual(["Command: make", "You approved it.", "The command succeeded in 1.2 seconds. No output."]);
});

test("full-screen views are told at once and leave nothing open", () => {
  const play = spoken().events(
    execBegin("a", "ls"),
    execEnd("a", Array.from({ length: 30 }, (_, index) => `f${String(index)}`).join("\n")),
  );
  expect(play.hear().at(-1)).toContain("(15 lines left out; ctrl-t tells all)");
  play.press("ctrl-t");
  expect(play.hear().at(-1)).toContain("\nf15\n");
  play.press("?");
  expect(play.hear()).toContain("enter, send; while a task runs: queue");
  play.type("/keymap").press("enter");
  expect(play.hear()).toContain("enter, send; while a task runs: queue, submit");
  play.type("/status").press("enter");
  expect(play.hear()).toContain("model, gpt-5.5, openai");
  play
    .type("/diff")
    .press("enter")
    .send({ type: "diff_made", text: "diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-a\n+b\n" });
  expect(play.hear().slice(-3)).toEqual(["File x.ts. 1 line added, 1 line removed.", "removed 1: a", "added 1: b"]);
  expect(play.state.overlay).toBeUndefined();
});

test("going back to a message tells what stands in the composer", () => {
  const play = spoken().type("one").press("enter").events(STARTED, COMPLETE).press("escape", "escape");
  expect(play.hear().slice(-3)).toEqual([
    "Esc again to go back to an earlier message.",
    "Go back to before, files stay. A number, or up and down with Enter; Escape leaves it.",
    "1: one, marked",
  ]);
  play.press("1").events({ type: "thread_rolled_back", num_turns: 1, items_kept: 3 });
  expect(play.hear()).toEqual(["went back by one message; files on disk were not changed back", "In the composer again: one"]);
});

test("the missing repository is asked about, tab tells how things stand", () => {
  const play = spoken();
  play.hear();
  play.send({ type: "no_repository" });
  expect(play.hear()[0]).toContain("no Git repository");
  play.press("y", "tab");
  expect(play.effects.at(-1)).toEqual({ type: "tell_standing" });
  const working = play.events(STARTED, { type: "token_count", usage: USAGE, total: USAGE, context_window: 129_000 }).after(12_000);
  expect(standing(working.state)).toBe(
    "working for 12 seconds, gpt-5.5, sandbox workspace-write, approval on-request, folder ~/shop on main, 90% of the context left",
  );
});

test("nothing that is told is drawn: no frames, no signs", () => {
  const play = spoken().type("go").press("enter").events(STARTED, execBegin("a", "make"), execEnd("a", "ok"), patchAsk("p"));
  play.press("1").events(applied("p"), COMPLETE).press("?", "ctrl-t").type("/status").press("enter");
  expect(play.hear().filter((text) => /[\u2500-\u27bf\u2800-\u28ff]/.test(text))).toEqual([]);
});

describe("the row that is written in", () => {
  test("names what is written, and holds the cursor", async () => {
    const play = spoken().type("hello there").press("left", "left");
    expect(await play.row(80)).toEqual(["Message: hello there", 18]);
    expect(await spoken().type("one").press("ctrl-j").type("two").row(80)).toEqual(["Message line 2 of 2: two", 24]);
    expect(await spoken().events(STARTED, execAsk("a", "ls")).row(80)).toEqual(["Answer:", 8]);
  });

  test("what is too long moves by half of the width, at any width", async () => {
    const play = spoken().type("abcdefghijklmnopqrstuvwxyz");
    expect(await play.row(30)).toEqual(["Message: klmnopqrstuvwxyz", 25]);
    for (const columns of [2, 3, 8, 12, 20, 40]) {
      const [, cursor] = await play.row(columns);
      expect(cursor).toBeLessThanOrEqual(columns - 1);
    }
  });
});

test("the mode of the vi keys is told", () => {
  const play = spoken().type("/vim").press("enter");
  play.hear();
  play.type("one").press("escape").type("vVi").press("escape", "a");
  expect(play.hear()).toEqual(["Normal mode.", "Visual mode.", "Visual mode, whole lines.", "Normal mode.", "Insert mode."]);
});

test("durations are words", () => {
  expect([400, 1000, 2300, 12_000, 60_000, 125_000, 3_720_000].map(spokenTime)).toEqual([
    "0.4 seconds",
    "1 second",
    "2.3 seconds",
    "12 seconds",
    "1 minute",
    "2 minutes 5 seconds",
    "1 hour 2 minutes",
  ]);
});
