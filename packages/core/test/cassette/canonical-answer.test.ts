import { expect, test } from "vitest";
import { canonicalAnswer } from "../../src/cassette/canonical-answer.ts";
import { canonicalFor } from "../../src/cassette/canonical.ts";
import type { StreamBlock } from "../../src/cassette/split-events.ts";
import { testConfig, testHost } from "./test-host.ts";

async function answerOf(blocks: StreamBlock[]): Promise<{ hidden: unknown; restored: unknown }> {
  const canonical = await canonicalFor(testHost(), testConfig({ cwd: "/srv/here" }));
  const hidden = canonicalAnswer(blocks, canonical);
  const there = await canonicalFor(testHost(), testConfig({ cwd: "/elsewhere/there" }));
  return { hidden, restored: there.restore(hidden) };
}

const delta = (text: string, item = "a"): StreamBlock => ({
  event: "d",
  data: { type: "response.output_text.delta", item_id: item, delta: text },
});

test("a path that is torn between deltas, also by those of another text, is found and comes back as another", async () => {
  const { hidden, restored } = await answerOf([
    delta("in /s"),
    delta("x", "b"),
    delta("rv/he"),
    delta("re/file"),
    delta(" now"),
    { text: ": hi" },
  ]);
  expect(hidden).toEqual([delta("in {{cwd}}"), delta("x", "b"), delta("/file"), delta(" now"), delta(""), { text: ": hi" }]);
  expect(restored).toEqual([delta("in /elsewhere/there"), delta("x", "b"), delta("/file"), delta(" now"), delta(""), { text: ": hi" }]);
});

test("a key that is torn between deltas is redacted", async () => {
  const { hidden } = await answerOf([delta("key sk-proj-a1B2a1B2"), delta("a1B2a1B2a1B2 end")]);
  expect(hidden).toEqual([delta("key {{redacted}} end"), delta("")]);
});

test("in the chat format each call's arguments are one text", async () => {
  const chunk = (args: string, index: number, content: string | null = null): StreamBlock => ({
    data: { choices: [{ index: 0, delta: { content, tool_calls: [{ index, function: { arguments: args } }] } }] },
  });
  const { hidden, restored } = await answerOf([
    chunk('{"a":"/srv', 0, "at /sr"),
    chunk('{"b":"', 1, "v/here"),
    chunk('/here/x"}', 0),
    chunk("/srv/here", 1),
    chunk('"}', 1),
  ]);
  expect(hidden).toEqual([
    chunk('{"a":"{{cwd}}', 0, "at {{cwd}}"),
    chunk('{"b":"', 1, ""),
    chunk('/x"}', 0),
    chunk("{{cwd}}", 1),
    chunk('"}', 1),
  ]);
  expect(restored).toEqual([
    chunk('{"a":"/elsewhere/there', 0, "at /elsewhere/there"),
    chunk('{"b":"', 1, ""),
    chunk('/x"}', 0),
    chunk("/elsewhere/there", 1),
    chunk('"}', 1),
  ]);
});

test("an answer in which nothing is hidden keeps its pieces", async () => {
  const blocks = [delta("a"), delta("bc"), delta(""), delta("def")];
  expect((await answerOf(blocks)).hidden).toEqual(blocks);
});
