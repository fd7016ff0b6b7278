import { readFileSync } from "node:fs";
import { join } from "node:path";
import { call, say } from "@codex/core";
import { describe, expect, test } from "vitest";
import { eventsOf, isRunning, openPlace, type Place } from "./codex-process.ts";

const BYPASS = "--dangerously-bypass-approvals-and-sandbox";
/** Writes its id and does not heed TERM. */
const STUBBORN = "trap '' TERM; echo $$ > pid; sleep 300 & while :; do wait; done";

const stubborn = (suffix: string) => call("shell", { command: ["bash", "-c", `${STUBBORN}${suffix}`] });

/** Fails unless the stubborn command is gone, or is about to be: it may take the kernel a moment. */
async function expectGone(place: Place): Promise<void> {
  const pid = Number(readFileSync(join(place.cwd, "pid"), "utf8"));
  await expect.poll(() => isRunning(pid)).toBe(false);
}

async function hasStarted(place: Place): Promise<void> {
  await expect
    .poll(() => {
      try {
        return readFileSync(join(place.cwd, "pid"), "utf8");
      } catch {
        return "";
      }
    })
    .toMatch(/\d\n/);
}

describe.skipIf(process.platform === "win32")("signals (POSIX)", () => {
  test("however many come, there is one terminal line and no command stays behind", async () => {
    await using place = await openPlace([stubborn("")]);
    const codex = place.start(["exec", "--json", BYPASS, "go"]);
    await hasStarted(place);
    const again = setInterval(() => codex.child.kill("SIGINT"), 5);
    const finished = await codex.finished;
    clearInterval(again);
    expect({ code: finished.code, signal: finished.signal }).toEqual({ code: 130, signal: null });
    expect(eventsOf(finished).at(-1)).toMatchObject({ type: "turn.failed", error: { code: "interrupted" } });
    await expectGone(place);
  });

  test("one that comes after the turn, while its background processes end, takes them along", async () => {
    await using place = await openPlace([
      call("shell", { command: ["bash", "-c", `(${STUBBORN}) >/dev/null 2>&1 & sleep 0.2`] }),
      say("Done."),
    ]);
    const codex = place.start(["exec", "--json", BYPASS, "go"]);
    await codex.shows("turn.completed");
    const again = setInterval(() => codex.child.kill("SIGTERM"), 2);
    const finished = await codex.finished;
    clearInterval(again);
    // 0 when it came while the session was still closing.
    expect([0, 143]).toContain(finished.code);
    expect(eventsOf(finished).at(-1)).toMatchObject({ type: "turn.completed" });
    await expectGone(place);
  });

  test("a second one ends proto at once, with the task's terminal event", async () => {
    await using place = await openPlace([stubborn("")]);
    const codex = place.start(["proto", BYPASS], { stdin: null });
    codex.child.stdin.write(`${JSON.stringify({ id: "a", op: { type: "user_input", items: [{ type: "text", text: "go" }] } })}\n`);
    await hasStarted(place);
    const again = setInterval(() => codex.child.kill("SIGTERM"), 5);
    const { code, stdout } = await codex.finished;
    clearInterval(again);
    expect(code).toBe(143);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe('{"id":"a","msg":{"type":"turn_aborted","reason":"interrupted"}}');
    await expectGone(place);
  });
});

test("a client of proto that reads slowly gets everything, and nothing is said of leaks", async () => {
  const turns = Array.from({ length: 15 }, () => call("shell", { command: ["node", "-e", "process.stdout.write('x'.repeat(250_000))"] }));
  await using place = await openPlace([...turns, say("Done.")]);
  const codex = place.start(["proto", BYPASS], { stdin: null });
  const { stdout } = codex.child;
  const slowly = setInterval(() => {
    if (stdout.isPaused()) stdout.resume();
    else stdout.pause();
  }, 3);
  codex.child.stdin.end(`${JSON.stringify({ id: "a", op: { type: "user_input", items: [{ type: "text", text: "go" }] } })}\n`);
  const finished = await codex.finished;
  clearInterval(slowly);
  expect(finished).toMatchObject({ code: 0, stderr: "" });
  expect(finished.stdout).toContain('"type":"task_complete"');
});
