import type { EventMsg } from "@codex/core";
import { describe, expect, test } from "vitest";
import { COMPLETE, execAsk, execBegin, execEnd, execOutput, hunksAsk, patchAsk, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

describe("approvals", () => {
  test("queue, oldest first, and each answer goes to its own request", () => {
    const play = new Play()
      .ready()
      .events(STARTED, execAsk("a", "rm -rf build"), execAsk("b", "make", { may_leave_sandbox: true }), patchAsk("c"));
    expect(play.state.approvals.map(({ callId }) => callId)).toEqual(["a", "b", "c"]);
    // A patch inside the writable folders leaves nothing to remember, so there a answers nothing.
    play.press("y", "u", "a", "y");
    expect(play.submitted()).toEqual([
      '{"type":"exec_approval","call_id":"a","decision":"approved"}',
      '{"type":"exec_approval","call_id":"b","decision":"approved","unconfined":true}',
      '{"type":"patch_approval","call_id":"c","decision":"approved"}',
    ]);
    expect(play.state.approvals).toEqual([]);
  });

  test("feedback reaches the model with the refusal", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "npm i left-pad")).press("e").type("use padStart?").press("enter");
    expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"denied","reason":"use padStart?"}']);
  });

  test("esc leaves the feedback, and then stops everything that is asked", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "one"), execAsk("b", "two")).press("e").type("x").press("escape");
    expect(play.state.answer.feedback).toBeUndefined();
    play.press("escape");
    expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"abort"}']);
    expect(play.state.approvals).toEqual([]);
  });

  test("arrows go around and enter gives the marked answer", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "one")).press("up", "up", "enter");
    expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"denied"}']);
  });

  test("without leave to go unconfined u answers nothing", () => {
    expect(new Play().ready().events(STARTED, execAsk("a", "one")).press("u").submitted()).toEqual([]);
  });

  test("what is being written survives a question", () => {
    const play = new Play().ready().events(STARTED).type("half a thou").events(execAsk("a", "ls")).after(1000).press("n").type("ght");
    expect(play.state.editor.text).toBe("half a thought");
  });

  test("letters of a message that is being written answer no question, and its enter queues it", () => {
    const play = new Play().ready().events(STARTED).type("please sa").events(execAsk("a", "rm -rf build"));
    for (const letter of "yan") play.after(200).type(letter);
    play.after(300).press("enter");
    expect(play.submitted()).toEqual([]);
    expect(play.state.queue.map(({ text }) => text)).toEqual(["please sayan"]);
    play.press("y");
    expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"approved"}']);
  });

  test("after a pause the same keys answer, and esc does at any time", () => {
    const asked = (): Play => new Play().ready().events(STARTED).type("half").events(execAsk("a", "ls"));
    expect(asked().after(699).press("y").submitted()).toEqual([]);
    expect(asked().after(700).press("y").submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"approved"}']);
    expect(asked().press("escape").submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"abort"}']);
  });

  test("a key that is held down answers one question, not the next as well", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "ls"), execAsk("b", "rm -rf /"), execAsk("c", "pwd")).press("y");
    for (let repeat = 0; repeat < 40; repeat++) play.after(repeat === 0 ? 500 : 30).press("y");
    expect(play.submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"approved"}']);
    play.after(600).press("y");
    expect(play.submitted()[1]).toBe('{"type":"exec_approval","call_id":"b","decision":"approved"}');
    // Another key is another press.
    play.press("n");
    expect(play.submitted()[2]).toBe('{"type":"exec_approval","call_id":"c","decision":"denied"}');
  });

  test("a paste that no answer takes goes into the message", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "ls")).input({ kind: "paste", text: "from elsewhere" });
    expect({ text: play.state.editor.text, submitted: play.submitted() }).toEqual({ text: "from elsewhere", submitted: [] });
  });

  test("the answer that stops the task gives the queue back", () => {
    const play = new Play().ready().events(STARTED).type("and then this").press("enter").events(execAsk("a", "ls")).press("escape");
    play.events({ type: "turn_aborted", reason: "interrupted" });
    expect({ text: play.state.editor.text, queue: play.state.queue }).toEqual({ text: "and then this", queue: [] });
  });

  test("a request ends with its task", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "ls"), { type: "turn_aborted", reason: "interrupted" });
    expect(play.state.approvals).toEqual([]);
  });
});

describe("queueing", () => {
  test("messages written while a task runs are sent together when it is done", () => {
    const play = new Play().ready().type("first").press("enter").events(STARTED).type("second").press("enter").type("third").press("enter");
    expect(play.state.queue.map(({ text }) => text)).toEqual(["second", "third"]);
    play.events(COMPLETE);
    expect(play.submitted()).toEqual([
      '{"type":"user_input","items":[{"type":"text","text":"first"}]}',
      '{"type":"user_input","items":[{"type":"text","text":"second\\n\\nthird"}]}',
    ]);
  });

  test("esc stops the task once and gives the queue back before what is being written", () => {
    const play = new Play().ready().events(STARTED).type("second").press("enter").type("third").press("escape");
    expect({ text: play.state.editor.text, queue: play.state.queue }).toEqual({ text: "second\nthird", queue: [] });
    expect(play.submitted()).toEqual(['{"type":"interrupt"}']);
    play.events({ type: "turn_aborted", reason: "interrupted" });
    expect(play.submitted()).toEqual(['{"type":"interrupt"}']);
  });

  test("after an error what waited is in the composer again", () => {
    const play = new Play()
      .ready()
      .events(STARTED)
      .type("second")
      .press("enter")
      .events({ type: "error", code: "unreachable", message: "no network" });
    expect({ text: play.state.editor.text, submitted: play.submitted() }).toEqual({ text: "second", submitted: [] });
  });

  test("a message written before the session is there is sent when it is", () => {
    const play = new Play().type("early bird").press("enter");
    expect(play.submitted()).toEqual([]);
    expect(play.ready().submitted()).toEqual(['{"type":"user_input","items":[{"type":"text","text":"early bird"}]}']);
  });

  test("the git warning holds messages back and loses no event", () => {
    const play = new Play().type("hello").press("enter").send({ type: "no_repository" }).ready();
    expect(play.submitted()).toEqual([]);
    expect(play.state.facts.model).toBe("gpt-5.5");
    play.press("N");
    expect(play.effects.some(({ type }) => type === "quit")).toBe(false);
    play.press("Y");
    expect(play.submitted()).toEqual(['{"type":"user_input","items":[{"type":"text","text":"hello"}]}']);
  });
});

describe("leaving", () => {
  const quits = (play: Play): boolean => play.effects.some(({ type }) => type === "quit");

  test("ctrl-c first clears the line, then asks, then quits", () => {
    const play = new Play().ready().type("text").press("ctrl-c");
    expect({ text: play.state.editor.text, killed: play.state.editor.killed, quits: quits(play) }).toEqual({
      text: "",
      killed: "text",
      quits: false,
    });
    play.press("ctrl-c");
    expect(quits(play)).toBe(false);
    play.press("ctrl-c");
    expect(quits(play)).toBe(true);
  });

  test("a second ctrl-c that comes late asks again", () => {
    const play = new Play().ready().press("ctrl-c").after(3000).press("ctrl-c");
    expect(quits(play)).toBe(false);
  });

  test("ctrl-c stops a task, and quits when the task does not end", () => {
    const play = new Play().ready().events(STARTED).press("ctrl-c");
    expect(play.submitted()).toEqual(['{"type":"interrupt"}']);
    expect(quits(play)).toBe(false);
    expect(quits(play.press("ctrl-c"))).toBe(true);
  });

  test("ctrl-d quits only when nothing is written", () => {
    expect(quits(new Play().ready().type("x").press("ctrl-d"))).toBe(false);
    expect(quits(new Play().ready().press("ctrl-d"))).toBe(true);
  });
});

describe("cells", () => {
  test("an interrupted command is finished, and everything is in the history", () => {
    const play = new Play().ready().events(STARTED, execBegin("a", "sleep 9"), execOutput("a", "zz\n")).after(500);
    play.events({ type: "turn_aborted", reason: "interrupted" });
    expect(play.state.live).toEqual([]);
    expect(play.state.history.find((cell) => cell.kind === "exec")?.end).toMatchObject({ signal: "interrupt", durationMs: 500 });
  });

  test("commands side by side keep their order, whichever ends first", () => {
    const play = new Play().ready().events(STARTED, execBegin("a", "slow"), execBegin("b", "fast"), execEnd("b", "2"), execEnd("a", "1"));
    expect(play.state.history.flatMap((cell) => (cell.kind === "exec" ? [cell.callId] : []))).toEqual(["a", "b"]);
  });

  test("a command that was approved says so itself, and what was granted with it", async () => {
    const play = new Play(80, 40).ready().events(STARTED, execAsk("a", "make"));
    play
      .press("y")
      .events(execBegin("a", "make"), execEnd("a", ""), execAsk("b", "make x"))
      .press("a")
      .events(execBegin("b", "make x"), execEnd("b", ""));
    expect(play.state.history.map(({ kind }) => kind)).toEqual(["session", "exec", "exec"]);
    const frame = await play.frame();
    expect(frame).toContain("✓ $ make  1.2s · you approved\n\n ✓ $ make x  1.2s\n   ✔ you approved for this session\n");
  });

  test("so does a patch, with the hunks that were taken", async () => {
    const play = new Play(80, 40).ready().events(STARTED, hunksAsk("p")).press("j", "space", "y");
    const changes = { "/home/me/shop/notes.txt": "delete" } as const;
    play.events({ type: "patch_apply_begin", call_id: "p", auto_approved: false, changes });
    play.events({ type: "patch_apply_end", call_id: "p", success: true, stdout: "", stderr: "", changes }, patchAsk("q"));
    play.after(1000).press("y").events({ type: "patch_apply_begin", call_id: "q", auto_approved: false, changes });
    play.events({ type: "patch_apply_end", call_id: "q", success: true, stdout: "", stderr: "", changes });
    expect(play.state.history.map(({ kind }) => kind)).toEqual(["session", "patch", "patch"]);
    const frame = await play.frame();
    expect(frame).toContain("✓ Patch applied · 1 file\n   ✔ you approved · 2 of 3 hunks\n   D notes.txt");
    expect(frame).toContain("✓ Patch applied · 1 file · you approved\n   D notes.txt");
  });

  test("an answer stands by itself when another call begins, or none", () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "make"), execBegin("b", "ls")).press("y");
    play.events(execBegin("c", "pwd"), execBegin("a", "make"));
    expect(play.state.live.map(({ kind }) => kind)).toEqual(["exec", "decision", "exec", "exec"]);
    expect(play.events(execAsk("d", "rm x")).press("n").state.live.at(-1)).toMatchObject({ kind: "decision", decision: "denied" });
  });

  test("a command that runs again after a denial gets a cell of its own", () => {
    const play = new Play()
      .ready()
      .events(STARTED, execBegin("a", "x"), execEnd("a", "", { exit_code: 1 }), execBegin("a", "x"), execEnd("a", "ok"));
    expect(play.state.history.filter((cell) => cell.kind === "exec").map(({ end }) => end?.exitCode)).toEqual([1, 0]);
  });

  test("a failed attempt's text disappears and the whole answer stands once", () => {
    const play = new Play().ready().events(STARTED, { type: "agent_message_delta", delta: "Half an ans" });
    play.events(
      { type: "stream_error", message: "cut", attempt: 1, max: 5, delay_ms: 200 },
      { type: "agent_message_delta", delta: "Whole." },
    );
    play.events({ type: "agent_message", message: "Whole." });
    expect(play.state.history.flatMap((cell) => (cell.kind === "agent" ? [cell.text] : []))).toEqual(["Whole."]);
  });

  test("what is learnt late stands on the session's card, behind warnings as well", async () => {
    const play = new Play().send({ type: "warning", text: "first" }).ready();
    expect(await play.frame()).toContain("folder    ~/shop · main");
  });

  test("the composer tells how many rows of a long message are out of sight", async () => {
    const play = new Play().ready().input({ kind: "paste", text: Array.from({ length: 10 }, (_, row) => `row ${String(row)}`).join("\n") });
    expect(await play.frame()).toMatch(/─ ↑ 2 ─╮\n│ › row 2/);
    for (let row = 0; row < 9; row++) play.press("up");
    expect(await play.frame()).toMatch(/│ +row 7 +│\n╰─+ ↓ 2 ─╯/);
  });

  test("the effort of the model stands on the session's card, in the footer and in the status", async () => {
    const play = new Play().ready().send({ type: "facts", facts: { effort: "high" } });
    const frame = await play.frame();
    expect(frame).toContain("model     gpt-5.5 · openai · high effort");
    expect(frame).toContain("  gpt-5.5 high · workspace-write · on-request");
    expect(await play.type("/status").press("enter").frame()).toContain("gpt-5.5  openai, high effort");
  });

  test("tries after one another stand in one place; another fault, or another step, has one of its own", () => {
    const failed = (message: string, attempt: number): EventMsg => ({ type: "stream_error", message, attempt, max: 5, delay_ms: 900 });
    const play = new Play()
      .ready()
      .events(STARTED, failed("no network", 1), failed("no network", 2), failed("cut", 3), failed("no network", 1));
    play.events({ type: "agent_message", message: "Well." }, failed("no network", 1));
    expect(play.state.history.flatMap((cell) => (cell.kind === "notice" ? [cell.text] : []))).toEqual([
      "no network · trying again in 1s (2 of 5)",
      "cut · trying again in 1s (3 of 5)",
      "no network · trying again in 1s (1 of 5)",
      "no network · trying again in 1s (1 of 5)",
    ]);
  });

  test("of a command of the user's more is shown than of one of the model's", async () => {
    const chunk = Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}`).join("\n");
    const play = new Play(80, 40).ready().type("!seq 20");
    expect(await play.frame()).toContain("your own command, no sandbox; the model sees it next");
    play
      .press("enter")
      .send({ type: "shell_output", callId: "user-2", chunk }, { type: "shell_ended", callId: "user-2", exitCode: 0, signal: null });
    expect((await play.frame()).match(/│ line \d+/g)).toHaveLength(20);
    play.events(STARTED, execBegin("a", "seq 20"), execEnd("a", chunk));
    expect((await play.frame()).match(/│ line \d+/g)).toHaveLength(25);
  });

  test("an error is shown with its hint and ends the task", () => {
    const play = new Play().ready().events(STARTED, { type: "error", code: "bad_request", message: "no key", hint: "Set OPENAI_API_KEY." });
    expect(play.state.task).toBeUndefined();
    expect(play.state.history.at(-1)).toMatchObject({ kind: "notice", level: "error", text: "no key", hint: "Set OPENAI_API_KEY." });
  });

  test("an event of a later version changes nothing", () => {
    const play = new Play().ready();
    const before = play.state;
    play.events({ type: "something_new" } as never);
    expect(play.state).toEqual(before);
  });
});

describe("commands of the user's", () => {
  test("! runs a command, shows it, and tells the model with the next message", () => {
    const play = new Play().ready().type("!git log -1").press("enter");
    const run = play.effects.find(({ type }) => type === "run_shell");
    expect(run).toMatchObject({ command: "git log -1" });
    const callId = run?.type === "run_shell" ? run.callId : "";
    play.send({ type: "shell_output", callId, chunk: "abc\n" }, { type: "shell_ended", callId, exitCode: 0, signal: null });
    play.type("why?").press("enter");
    expect(play.submitted()).toEqual([
      String.raw`{"type":"user_input","items":[{"type":"text","text":"<user_command>\n$ git log -1\nabc\n[exit code 0]\n</user_command>"},{"type":"text","text":"why?"}]}`,
    ]);
  });

  test("/ opens the list, letters narrow it, enter runs the best", () => {
    const play = new Play().ready().type("/sta");
    expect(play.state.popup).toMatchObject({ type: "commands" });
    play.press("enter");
    expect(play.state.overlay).toMatchObject({ type: "status" });
    expect(play.state.editor.text).toBe("");
  });

  test("a misspelt command is not sent to the model and stays to be mended", () => {
    const play = new Play().ready().type("/statsu").press("escape", "enter");
    expect(play.submitted()).toEqual([]);
    expect({ text: play.state.editor.text, toast: play.state.toast }).toEqual({
      text: "/statsu",
      toast: "there is no /statsu; did you mean /status? With a blank before it, it is text",
    });
  });

  test("a path is a message and no command", () => {
    const play = new Play().ready().type("/etc/hosts what is that?").press("enter");
    expect(play.submitted()).toHaveLength(1);
  });

  test("/model with a name and /approvals with the list change the settings of the next task", () => {
    const play = new Play().ready().type("/model o3").press("enter").type("/approvals").press("enter", "end");
    expect(play.state.popup).toMatchObject({ type: "choices", selected: 2 });
    play.press("down", "down", "enter");
    expect(play.submitted()).toEqual([
      '{"type":"override_turn_context","model":"o3"}',
      '{"type":"override_turn_context","approval_policy":"never"}',
    ]);
  });

  test("settings wait while a task runs", () => {
    const play = new Play().ready().events(STARTED).type("/model o3").press("enter");
    expect({ submitted: play.submitted(), text: play.state.editor.text }).toEqual({ submitted: [], text: "/model o3" });
  });
});

describe("pastes", () => {
  test("a short one stays text, a long one becomes a token that stands for it", () => {
    const long = Array.from({ length: 20 }, (_, i) => `line ${String(i)}`).join("\n");
    const play = new Play().ready().input({ kind: "paste", text: "a\nb" }).input({ kind: "paste", text: long });
    expect(play.state.editor.text).toBe("a\nb[Pasted text #1, 20 lines]");
    play.press("enter");
    expect(play.submitted()).toEqual([JSON.stringify({ type: "user_input", items: [{ type: "text", text: `a\nb${long}` }] })]);
  });

  test("a token goes as a whole, and ctrl-o shows what it stands for", () => {
    const long = "x\n".repeat(20);
    const play = new Play().ready().input({ kind: "paste", text: long }).press("ctrl-o");
    expect(play.state.editor.text).toBe(long);
    play.press("ctrl-_");
    expect(play.state.editor.text).toBe("[Pasted text #1, 21 lines]");
    play.press("backspace");
    expect(play.state.editor.text).toBe("");
  });

  test("the path of an image becomes an attachment", () => {
    const play = new Play().ready().input({ kind: "paste", text: "'/tmp/a b.png'" });
    expect(play.effects.at(-1)).toEqual({ type: "look_at_paste", text: "'/tmp/a b.png'", path: "/tmp/a b.png" });
    play.send({ type: "attached", path: "/tmp/a b.png" }).type("see").press("enter");
    expect(play.submitted()).toEqual([
      '{"type":"user_input","items":[{"type":"local_image","path":"/tmp/a b.png"},{"type":"text","text":"[Image #1] see"}]}',
    ]);
  });
});

describe("earlier messages", () => {
  test("up and down go through them and come back to what was being written", () => {
    const play = new Play()
      .send({ type: "prompts_loaded", entries: ["one", "two"] })
      .ready()
      .type("now")
      .press("up");
    expect(play.state.editor.text).toBe("two");
    play.press("up", "up");
    expect(play.state.editor.text).toBe("one");
    play.press("down", "down");
    expect(play.state.editor.text).toBe("now");
  });

  test("ctrl-r finds one", () => {
    const play = new Play().send({ type: "prompts_loaded", entries: ["fix the tests", "write docs"] }).ready();
    play.press("ctrl-r").type("tests").press("enter");
    expect({ text: play.state.editor.text, popup: play.state.popup }).toEqual({ text: "fix the tests", popup: undefined });
  });
});

test("@ puts in the marked file", () => {
  const play = new Play().ready().type("see @tot");
  expect(play.effects.at(-1)).toEqual({ type: "find_files", query: "tot" });
  play.send({ type: "files_found", query: "tot", files: ["src/total.ts", "test/total.test.ts"], searching: false }).press("down", "enter");
  expect(play.state.editor.text).toBe("see test/total.test.ts ");
});

describe("a command that there is not", () => {
  const said = (text: string): { toast: string; text: string; sent: readonly string[] } => {
    const play = new Play().ready().type(text).press("enter");
    return { toast: play.state.toast, text: play.state.editor.text, sent: play.submitted() };
  };

  test.each([
    ["/modle", "there is no /modle; did you mean /model? With a blank before it, it is text"],
    ["/stauts", "there is no /stauts; did you mean /status? With a blank before it, it is text"],
    ["/modle gpt-5", "there is no /modle; did you mean /model? With a blank before it, it is text"],
    ["/xyzzy", "there is no /xyzzy; /help lists commands. With a blank before it, it is text"],
    ["/resume", "no /resume yet; /new starts afresh, /status says where this one is kept"],
    ["/compact now", "no /compact yet; /new starts with an empty window, /export keeps this one"],
    ["/constructor", "there is no /constructor; /help lists commands. With a blank before it, it is text"],
  ])("%s is refused with a way out, and stays in the composer", (text, toast) => {
    expect(said(text)).toEqual({ toast, text, sent: [] });
    // It has to be read whole at 80 columns.
    expect(toast.length).toBeLessThanOrEqual(text === "/constructor" ? 90 : 78);
  });

  test.each(["/tmp is full", " /modle", "/etc/hosts is wrong", "/home has no room left"])("%j is a message", (text) => {
    expect(said(text).sent).toEqual([JSON.stringify({ type: "user_input", items: [{ type: "text", text: text.trim() }] })]);
  });

  test("with a blank before it a line is no command of the user's own either", () => {
    expect(said(" !important").sent).toEqual(['{"type":"user_input","items":[{"type":"text","text":"!important"}]}']);
  });

  test("a value that there is not opens the list, at the one that comes near", async () => {
    const play = new Play().ready().type("/approvals on-requset").press("enter");
    expect(play.submitted()).toEqual([]);
    const frame = await play.frame();
    expect(frame).toContain("there is no approval policy “on-requset”: choose one of these");
    expect(frame).toContain("▸ on-request");
    expect(play.press("enter").submitted()).toEqual(['{"type":"override_turn_context","approval_policy":"on-request"}']);
  });
});
