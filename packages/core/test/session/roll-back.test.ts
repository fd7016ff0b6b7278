import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { call, say, stall } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type SessionFixture } from "../support/session-fixture.ts";

/** What the model was told by the user in a request, without what the session says of itself. */
function told(fixture: SessionFixture, request: number): string[] {
  return inputOf(fixture, request)
    .map((item) => JSON.stringify(item))
    .flatMap((item) => ["first", "second", "third", "answer one", "answer two", "touch"].filter((text) => item.includes(text)));
}

test("thread_rollback takes the last turns out of what the model is told, and says so", async () => {
  const turns = [say("answer one"), call("shell", { command: ["touch", "made"] }, "c1"), say("answer two"), say("answer three")];
  // Without storage each request carries the whole.
  const fixture = await openFixture(turns, { overrides: ["disable_response_storage=true"] });
  await fixture.ask("first");
  await fixture.ask("second");
  const id = fixture.session.submit({ type: "thread_rollback", num_turns: 1 });
  expect(fixture.events.at(-1)).toEqual({
    id,
    msg: { type: "thread_rolled_back", num_turns: 1, items_kept: inputOf(fixture, 0).length + 1 },
  });
  await fixture.ask("third");
  expect(told(fixture, 2)).toEqual(["first", "answer one", "second", "touch"]);
  expect(told(fixture, 3)).toEqual(["first", "answer one", "third"]);
  await expect(readFile(`${fixture.cwd}/made`, "utf8")).resolves.toBe("");
});

test("an interrupted turn and what was said of its end go together", async () => {
  const fixture = await openFixture([stall({ text: "hm" }), say("answer two"), say("answer three")]);
  const ended = fixture.ask("first");
  await fixture.next("agent_message_delta");
  fixture.session.submit({ type: "interrupt" });
  await ended;
  await fixture.ask("second");
  fixture.session.submit({ type: "thread_rollback", num_turns: 2 });
  await fixture.ask("third");
  expect(told(fixture, 2)).toEqual(["third"]);
  expect(JSON.stringify(inputOf(fixture, 2))).not.toContain("turn_aborted");
});

test("a change of settings stays told, as it stays in force", async () => {
  const fixture = await openFixture([say("answer one"), say("answer two"), say("answer three")], {
    overrides: ["disable_response_storage=true"],
  });
  await fixture.ask("first");
  fixture.session.submit({ type: "override_turn_context", approval_policy: "on-request" });
  await fixture.ask("second");
  fixture.session.submit({ type: "thread_rollback", num_turns: 1 });
  await fixture.ask("third");
  expect(inputOf(fixture, 2).slice(0, -1)).toEqual(inputOf(fixture, 1).slice(0, -1));
});

test("nothing is taken back while a task runs, or when there are not so many turns; a warning says why", async () => {
  const fixture = await openFixture([stall({ text: "hm" })]);
  fixture.session.submit({ type: "thread_rollback", num_turns: 1 });
  const ended = fixture.ask("first");
  await fixture.next("agent_message_delta");
  const id = fixture.session.submit({ type: "thread_rollback", num_turns: 1 });
  expect(fixture.events.at(-1)?.id).toBe(id);
  fixture.session.submit({ type: "interrupt" });
  await ended;
  fixture.session.submit({ type: "thread_rollback", num_turns: 2 });
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    "Nothing was taken back: nothing was sent yet.",
    "Nothing was taken back: a task runs; interrupt it first.",
    "Nothing was taken back: there is only one turn.",
  ]);
  expect(fixture.ofType("thread_rolled_back")).toEqual([]);
});

test("the rollout keeps what was taken back, and that it was", async () => {
  const fixture = await openFixture([say("answer one")]);
  await fixture.ask("first");
  fixture.session.submit({ type: "thread_rollback", num_turns: 1 });
  await fixture.session.close();
  const lines = (await readFile(fixture.session.rolloutPath ?? "", "utf8")).trim().split("\n");
  const kept = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly payload: unknown });
  const items = kept.filter(({ type }) => type === "response_item");
  // Only what stood before the question is left of them.
  const left = items.findIndex(({ payload }) => JSON.stringify(payload).includes("first"));
  expect(kept.at(-2)).toMatchObject({ type: "event_msg", payload: { type: "thread_rolled_back", num_turns: 1, items_kept: left } });
  expect(JSON.stringify(items.at(-1))).toContain("answer one");
});
