import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { lexer } from "marked";
import { expect, test } from "vitest";
import type { RenderContext } from "../../src/cells/render-context.ts";
import { createVirtualHistory } from "../../src/screen/virtual-history.ts";
import type { Cell } from "../../src/state/cell.ts";
import { HistoryPane } from "../../src/views/history-pane.ts";

const TOOLS = { lexer, highlight: undefined, diffWords: undefined, highlightDiff: undefined };
const CONTEXT: RenderContext = { width: 80, now: 0, tick: 0, cwd: "/w", home: "/h", full: false, tools: TOOLS };
const MEGABYTE = 2 ** 20;

test("of an answer that streamed in and was never drawn whole nothing is kept but its text", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const pane = new HistoryPane({ makeHistory: createVirtualHistory });
  const finished: Cell[] = [];
  const text = Array.from({ length: 190 }, (_, line) => `- line ${String(line)} of \`a/history\`: it is **long**`).join("\n");
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let id = 0; id < 100; id++) {
    const cell = { kind: "agent", id, text, streaming: true } as const;
    pane.sync([...finished], [cell], CONTEXT);
    pane.sync([...finished], [{ ...cell, text: `${text}\n- and more` }], CONTEXT);
    finished.push({ ...cell, streaming: false });
  }
  collect();
  expect((process.memoryUsage().heapUsed - before) / MEGABYTE).toBeLessThan(8);
});
