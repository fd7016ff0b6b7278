import { expect, test } from "vitest";
import { outputLines } from "../../src/cells/output.ts";
import { NO_TOOLS } from "../../src/cells/render-context.ts";
import { plainText } from "../../src/text/line.ts";

const CONTEXT = { width: 60, now: 0, tick: 0, cwd: "/", home: "", full: false, tools: NO_TOOLS };

test("lines that the agent itself left out are among those that are counted", () => {
  const half = (from: number): string => Array.from({ length: 2000 }, (_, index) => `row ${String(from + index)}`).join("\n");
  const text = `${half(1)}\n[… 5000000 bytes left out: 96000 lines, about 1250000 tokens …]\n${half(98_001)}`;
  expect(outputLines(text, { head: 1, tail: 2 }, CONTEXT).map(plainText)).toEqual([
    "  │ row 1",
    "  │ … 99997 more lines · ctrl-t",
    "  │ row 99999",
    "  │ row 100000",
  ]);
});
