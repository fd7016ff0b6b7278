import { diffWordsWithSpace } from "diff";
import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import { beforeAll, describe, expect, test } from "vitest";
import type { TextTools } from "../../src/cells/render-context.ts";
import { diffLines } from "../../src/text/diff-lines.ts";
import { parseUnifiedDiff } from "../../src/text/diff-rows.ts";
import { highlightLater } from "../../src/text/highlight-later.ts";
import { languageOf, openHighlighter, type Highlighter } from "../../src/text/highlight.ts";
import { plainText, type Line } from "../../src/text/line.ts";
import { hunksAsk, patchAsk, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";
import { VirtualClock } from "../virtual-clock.ts";

const DIFF = `@@ -1,4 +1,5 @@
 function total() {
-  return 1; // old
+  // new
+  return "one";
 }
`;

let highlighter: Highlighter;
beforeAll(async () => {
  hljs.registerLanguage("typescript", typescript);
  await new Promise<void>((resolve) => {
    highlighter = openHighlighter(resolve);
    highlighter.highlight("x", "ts");
  });
});

const highlight = (code: string, language: string): readonly Line[] | undefined => highlighter.highlight(code, language);

describe("syntax colours in a diff", () => {
  const lines = (diff: string): Line[] =>
    diffLines(parseUnifiedDiff(diff), { width: 60, diffWords: diffWordsWithSpace, highlight, language: "typescript" });

  test("both sides have them, each on its own ground", () => {
    const [context, removed, added, last] = lines(DIFF);
    const colored = (line: Line | undefined) =>
      (line ?? []).flatMap(({ text, style }) =>
        typeof style?.fg === "string" && style.fg.startsWith("syntax") ? [[text, style.fg, style.bg]] : [],
      );
    expect(colored(context)).toContainEqual(["function", "syntaxKeyword", undefined]);
    expect(colored(removed)).toEqual([
      ["return", "syntaxKeyword", "removedBackground"],
      ["1", "syntaxNumber", "removedBackground"],
    ]);
    // The grey of comments would be hard to read there.
    expect(added?.find(({ text }) => text === "// new")?.style).toEqual({ italic: true, bg: "addedBackground" });
    expect(colored(last)).toEqual([
      ["return", "syntaxKeyword", "addedBackground"],
      ['"one"', "syntaxString", "addedBackground"],
    ]);
  });

  test("a word that changed has the colour of text, on the ground of a change", () => {
    const [removed, added] = lines(
      "@@ -1 +1 @@\n-const sum = total(1); // the first one here\n+const sum = total(22); // the second one here\n",
    );
    const marked = (line: Line | undefined) =>
      (line ?? []).filter(({ style }) => typeof style?.bg === "string" && style.bg.endsWith("Word"));
    expect(marked(removed)).toEqual([
      { text: "1", style: { bg: "removedWord", bold: true } },
      { text: "first", style: { bg: "removedWord", bold: true } },
    ]);
    expect(marked(added).map(({ text }) => text)).toEqual(["22", "second"]);
  });

  test("the text is the same with and without them, whatever stands in it", () => {
    const odd = "@@ -1,3 +1,3 @@\n-\tif (a < b && '日本') {\u001b[31m\n+\tif (a <= b && '👍🏽') {\n <x>&amp;</x>\n-\n+ \n";
    const plain = diffLines(parseUnifiedDiff(odd), { width: 24, diffWords: diffWordsWithSpace });
    const colored = diffLines(parseUnifiedDiff(odd), { width: 24, diffWords: diffWordsWithSpace, highlight, language: "typescript" });
    expect(colored.map(plainText)).toEqual(plain.map(plainText));
  });

  test("the language comes from the file's name", () => {
    const names = ["src/a.ts", "b.PY", "Makefile", "docker/Dockerfile", ".bashrc", "Gemfile", "notes.txt", "LICENSE", "constructor"];
    expect(names.map(languageOf)).toEqual(["typescript", "python", "makefile", "dockerfile", "bash", "ruby", "", "", ""]);
  });
});

test("colours are made between frames, in slices, and kept", async () => {
  const clock = new VirtualClock();
  const asked: string[] = [];
  let ready = 0;
  const slow = (code: string): readonly Line[] => {
    asked.push(code);
    return [[{ text: code }]];
  };
  const later = highlightLater({ highlight: slow, clock, onReady: () => (ready += 1) });
  expect([later("a", "ts"), later("b", "ts"), later("a", "ts")]).toEqual([undefined, undefined, undefined]);
  expect(asked).toEqual([]);
  await clock.advance(1);
  expect([later("a", "ts"), later("b", "ts"), ready, asked]).toEqual([[[{ text: "a" }]], [[{ text: "b" }]], 1, ["a", "b"]]);
  expect(clock.pending).toBe(0);
});

test("a view that holds more than is kept is not worked on for ever", async () => {
  const clock = new VirtualClock();
  const codes = Array.from({ length: 12 }, (_, index) => String(index).repeat(50_000).slice(0, 50_000));
  let made = 0;
  let passes = 0;
  const draw = (): void => {
    passes += 1;
    for (const code of codes) later(code, "ts");
  };
  const highlightCounted = (code: string): readonly Line[] => {
    made += 1;
    return [[{ text: code }]];
  };
  const later = highlightLater({ highlight: highlightCounted, clock, onReady: draw });
  draw();
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(passes).toBeLessThan(12);
  expect(made).toBeLessThan(36);
});

test("a slice ends when its time is over, and the next goes on", async () => {
  const clock = new VirtualClock();
  let work = 0;
  const time = { timer: (ms: number, callback: () => void) => clock.timer(ms, callback), monotonic: () => clock.monotonic() + work };
  const done: string[] = [];
  const highlightSlowly = (code: string): readonly Line[] => {
    work += 3;
    done.push(code);
    return [[{ text: code }]];
  };
  const later = highlightLater({ highlight: highlightSlowly, clock: time, onReady: () => done.push("ready") });
  for (const code of ["a", "b", "c"]) later(code, "ts");
  await clock.advance(0);
  expect(done).toEqual(["a", "b"]);
  await clock.advance(10);
  expect(done).toEqual(["a", "b", "c", "ready"]);
});

describe.each([
  [120, 40],
  [80, 24],
  [40, 12],
] as const)("at %i × %i", (columns, rows) => {
  const play = (): Play => {
    const made = new Play(columns, rows).ready().events(STARTED);
    made.tools = { ...made.tools, highlightDiff: highlight } satisfies TextTools;
    return made;
  };
  test("a patch in its language's colours", async () => expect(play().events(patchAsk("p")).paint("true").bytes).toMatchSnapshot());
  test("hunks with 256 colours", async () => expect(play().events(hunksAsk("p")).paint("256").bytes).toMatchSnapshot());
  test("a patch without colours", async () => expect(play().events(patchAsk("p")).paint("none").bytes).toMatchSnapshot());
  test("/diff", async () => {
    const text = `diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n${DIFF}`;
    expect(play().type("/diff").press("enter").send({ type: "diff_made", text }).paint("true").bytes).toMatchSnapshot();
  });
});
