import type { EventMsg } from "@codex/core";
import { describe, expect, test } from "vitest";
import { COMPLETE, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

const ROLLED_BACK = (turns: number) => ({ type: "thread_rolled_back", num_turns: turns, items_kept: 4 }) as const;

/** A turn as the session tells of it. */
function turn(play: Play, text: string, answer: string): Play {
  return play.type(text).press("enter").events(STARTED, { type: "agent_message", message: answer }, COMPLETE);
}

function told(play: Play): string[] {
  return [...play.state.history, ...play.state.live].flatMap((cell) =>
    cell.kind === "user" || cell.kind === "agent" ? [`${cell.kind}: ${cell.text}`] : [],
  );
}

describe("back to an earlier message", () => {
  test("esc twice in an empty composer lists the messages, the latest first; enter takes the marked one back", () => {
    const play = turn(turn(new Play().ready(), "first", "one"), "second", "two").press("escape");
    expect(play.state.toast).toBe("esc again to go back to an earlier message");
    play.press("escape");
    expect(play.state.popup).toMatchObject({ selected: 0, choice: { options: [{ label: "second" }, { label: "first" }] } });
    play.press("down", "enter");
    expect(play.submitted().at(-1)).toBe('{"type":"thread_rollback","num_turns":2}');
    // Nothing changes before the session has said so.
    expect(told(play)).toEqual(["user: first", "agent: one", "user: second", "agent: two"]);
    play.events(ROLLED_BACK(2));
    expect(told(play)).toEqual([]);
    expect(play.state.editor.text).toBe("first");
    const [card, notice] = play.state.history;
    expect([card?.kind, notice]).toEqual([
      "session",
      {
        id: notice?.id,
        kind: "notice",
        level: "event",
        text: "went back by 2 messages; files on disk were not changed back",
        hint: "",
      },
    ]);
  });

  test("pasted text and images come back as the tokens they were", () => {
    const long = "line\n".repeat(20);
    const play = new Play().ready().type("see ").input({ kind: "paste", text: long }).type(" and");
    play.send({ type: "attached", path: "/tmp/a.png" }).press("enter").events(STARTED, COMPLETE);
    const [sent] = play.submitted();
    play.type("/rewind").press("enter", "enter").events(ROLLED_BACK(1));
    expect(play.state.editor.text).toBe("see [Pasted text #1, 21 lines] and [Image #2]");
    play.press("enter");
    expect(play.submitted().at(-1)).toBe(sent);
  });

  test("what the user's own commands printed is told again with the next message", () => {
    const play = new Play().ready().type("!ls").press("enter");
    play.send(
      { type: "shell_output", callId: "user-2", chunk: "a.txt\n" },
      { type: "shell_ended", callId: "user-2", exitCode: 0, signal: null },
    );
    turn(play, "what is there?", "a.txt").press("escape", "escape", "enter").events(ROLLED_BACK(1));
    expect(play.state.shellNotes).toHaveLength(1);
    expect(play.state.history.at(-2)?.kind).toBe("exec");
  });

  test("the plan is the one that held then", () => {
    const plan = (step: string): EventMsg => ({ type: "plan_update", plan: [{ step, status: "pending" }] });
    const play = new Play().ready().type("one").press("enter").events(STARTED, plan("a"), COMPLETE);
    play.type("two").press("enter").events(STARTED, plan("b"), COMPLETE, ROLLED_BACK(1));
    expect(play.state.plan).toEqual([{ step: "a", status: "pending" }]);
  });

  test("a message that waited keeps its pasted text as a token when it is taken back", () => {
    const play = new Play()
      .ready()
      .events(STARTED)
      .input({ kind: "paste", text: "x".repeat(2000) })
      .press("enter", "escape");
    expect(play.state.editor.text).toBe("[Pasted text #1, 2000 characters]");
    expect(play.state.editor.tokens).toHaveLength(1);
  });

  test("esc with something written, a key in between, or too late lists nothing", () => {
    const play = turn(new Play().ready(), "first", "one").type("x").press("escape", "escape");
    expect(play.state.popup).toBeUndefined();
    play.press("backspace", "escape", "left", "escape");
    expect(play.state.popup).toBeUndefined();
    play.after(3000).press("escape");
    expect(play.state.popup).toBeUndefined();
    expect(new Play().ready().press("escape", "escape").state.popup).toBeUndefined();
  });

  test("what came in place of as many cells as were taken back is what is shown", async () => {
    const play = new Play(40, 12).ready().type("first").press("enter");
    await play.frame();
    const frame = await play.events(ROLLED_BACK(1)).frame();
    expect([frame.includes("▌ first"), frame.includes("changed back")]).toEqual([false, true]);
  });

  test("while a command of the user's runs nothing is listed", () => {
    const play = turn(new Play().ready(), "first", "one").type("!sleep 9").press("enter").type("/rewind").press("enter");
    expect(play.state.toast).toBe("a command still runs; ctrl-c stops it");
  });

  test("when nothing was taken back everything stays, and the reason stands there", () => {
    const play = turn(new Play().ready(), "first", "one").press("escape", "escape", "enter");
    play.events({ type: "warning", message: "Nothing was taken back: a task runs; interrupt it first." });
    expect(told(play)).toEqual(["user: first", "agent: one"]);
  });
});

describe.each([
  [120, 40],
  [80, 24],
  [40, 12],
] as const)("at %i × %i", (columns, rows) => {
  const play = (): Play => turn(turn(new Play(columns, rows).ready(), "first of all", "one"), "second\nof two lines", "two");

  test("the list of messages", async () => expect(await play().press("escape", "escape").frame()).toMatchSnapshot());
  test("after going back", async () => {
    const back = play();
    // What stood there was painted before.
    await back.frame();
    expect(await back.press("escape", "escape", "enter").events(ROLLED_BACK(1)).frame()).toMatchSnapshot();
  });
  test("the list without colours", async () => expect(play().press("escape", "escape").paint("none").bytes).toMatchSnapshot());
});
