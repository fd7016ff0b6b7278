import { expect, test } from "vitest";
import { COMPLETE, execBegin, execEnd, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

const DIFF = `diff --git a/src/total.ts b/src/total.ts
--- a/src/total.ts
+++ b/src/total.ts
@@ -3 +3,2 @@
-const a = 1;
+const a = 2;
+const b = 3;
diff --git a/test/total.test.ts b/test/total.test.ts
new file mode 100644
--- /dev/null
+++ b/test/total.test.ts
@@ -0,0 +1,2 @@
+one
+new file mode is only a text here
diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-rename from here
diff --git a/a.txt b/b.txt
rename from a.txt
rename to b.txt
`;

/** A turn of three commands, one of which fails, beside one of the user's, and patches. */
function worked(columns = 80): Play {
  const play = new Play(columns).ready().type("make it right").press("enter").events(STARTED);
  play.type("!ls").press("enter").send({ type: "shell_ended", callId: "user-3", exitCode: 1, signal: null });
  play.events(execBegin("a", "ls"), execEnd("a", ""), execBegin("b", "false"), execEnd("b", "", { exit_code: 1 }));
  return play.events(execBegin("c", "sleep 9"), execEnd("c", "", { timed_out: true }), { type: "turn_diff", unified_diff: DIFF });
}

const FILES = [
  { letter: "M", name: "src/total.ts", added: 2, removed: 1 },
  { letter: "A", name: "test/total.test.ts", added: 2, removed: 0 },
  { letter: "D", name: "old.txt", added: 0, removed: 1 },
  { letter: "R", name: "a.txt → b.txt", added: 0, removed: 0 },
];

test("a turn ends with what was run and what was changed", async () => {
  const play = worked().after(4000).events(COMPLETE);
  expect(play.state.history.at(-1)).toMatchObject({ kind: "turn_end", elapsedMs: 4000, commands: 3, failed: 2, files: FILES });
  expect((await play.frame()).replaceAll(/ +$/gm, "")).toContain(
    [
      " ── 4s · 4 files changed +4 −2 · 3 commands, 2 failed · 13k tokens ───────────",
      "    M src/total.ts +2 −1",
      "    A test/total.test.ts +2",
      "    D old.txt −1",
      "    R a.txt → b.txt",
    ].join("\n"),
  );
});

test("on few columns the time and the files stay", async () => {
  expect(await worked(40).after(4000).events(COMPLETE).frame()).toContain(" ── 4s · 4 files changed +4 −2 ───────");
});

test("the next turn does not count what the last one did", () => {
  const play = worked().events(COMPLETE).type("thanks").press("enter").events(STARTED, COMPLETE);
  expect(play.state.history.at(-1)).toMatchObject({ kind: "turn_end", commands: 0, failed: 0, files: [] });
});

test("a turn that is stopped or fails says what it changed, and nothing when it changed nothing", () => {
  const stopped = worked().events({ type: "turn_aborted", reason: "interrupted" });
  expect(stopped.state.history.slice(-2)).toMatchObject([{ kind: "turn_end", files: FILES }, { kind: "notice" }]);
  const failed = worked().events({ type: "error", code: "internal", message: "it broke" });
  expect(failed.state.history.slice(-2)).toMatchObject([
    { kind: "turn_end", files: FILES },
    { kind: "notice", text: "it broke" },
  ]);
  const early = new Play().ready().type("a").press("enter").events(STARTED, { type: "turn_aborted", reason: "interrupted" });
  expect(early.state.history.map(({ kind }) => kind)).toEqual(["session", "user", "notice"]);
});

test("of many files the first are listed, with how many there are beside them", async () => {
  const many = Array.from({ length: 9 }, (_, index) => `diff --git a/f${String(index)} b/f${String(index)}\nnew file mode 100644\n`).join(
    "",
  );
  const play = new Play().ready().type("a").press("enter").events(STARTED, { type: "turn_diff", unified_diff: many }, COMPLETE);
  const frame = await play.frame();
  expect(frame.match(/^ +A f\d/gm)).toHaveLength(6);
  expect(frame).toContain("… 3 more files · /diff");
});
