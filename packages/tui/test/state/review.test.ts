import { expect, test } from "vitest";
import { reviewPrompt } from "../../src/state/review-prompt.ts";
import { Play } from "../support/play.ts";

/** What is reviewed: the prompt without what holds for every review. */
function subject(argument: string): string {
  return reviewPrompt(argument).split("\n\n")[0] ?? "";
}

test("the message shows the command, and the model gets the whole request", () => {
  const play = new Play().ready().type("/review").press("enter");
  expect(play.state.history.at(-1)).toMatchObject({ kind: "user", text: "/review" });
  expect(play.submitted()).toEqual([JSON.stringify({ type: "user_input", items: [{ type: "text", text: reviewPrompt("") }] })]);
});

test("without an argument the working tree is reviewed, with one what it names", () => {
  expect(subject("")).toContain("not committed yet");
  expect(subject("base main")).toContain("git merge-base HEAD main");
  expect(subject("commit 1a2b3c4")).toBe("Review the changes that the commit `1a2b3c4` makes.");
  expect(subject("feature/x")).toContain("A branch: Review what the current branch changes since it left `feature/x`");
  expect(subject("only the SQL, please")).toContain("as the user asks: only the SQL, please");
});

test("a review waits until the task is done", () => {
  const play = new Play().ready().events({ type: "task_started" }).type("/review main").press("enter");
  expect(play.state.toast).toBe("/review has to wait until the task is done");
});
