import { expect, test } from "vitest";
import { renderCell } from "../../src/cells/render-cell.ts";
import { NO_TOOLS } from "../../src/cells/render-context.ts";
import type { Cell } from "../../src/state/cell.ts";
import { appendOutput, NO_OUTPUT, outputText } from "../../src/state/live-output.ts";
import { plainText } from "../../src/text/line.ts";

test("the head and the tail of any output are kept, and what is missing between them is counted", () => {
  let output = NO_OUTPUT;
  for (let line = 0; line < 100_000; line++) output = appendOutput(output, `line ${String(line)}\n`);
  const kept = outputText(output);
  expect(output.lines).toBe(100_000);
  expect(kept.startsWith("line 0\nline 1\n")).toBe(true);
  expect(kept.endsWith("line 99998\nline 99999\n")).toBe(true);
  expect(kept.length).toBeLessThan(400_000);
  const whole = Array.from({ length: 100_000 }, (_, line) => `line ${String(line)}\n`).join("");
  expect(output.head.length + output.dropped + output.tail.length).toBe(whole.length);
  expect(whole.startsWith(output.head) && whole.endsWith(output.tail)).toBe(true);
});

test("a running command's end is shown at once, however much it printed and however blank it is", () => {
  const output = appendOutput(appendOutput(NO_OUTPUT, " ".repeat(300_000)), "\nlast line");
  const cell: Cell = {
    id: 1,
    kind: "exec",
    callId: "a",
    command: ["x"],
    cwd: "/",
    by: "agent",
    startedAt: 0,
    output,
    end: undefined,
    why: undefined,
    approval: undefined,
  };
  const context = { width: 40, now: 0, tick: 0, cwd: "/", home: "", full: false, tools: NO_TOOLS };
  const started = process.cpuUsage();
  const lines = renderCell(cell, context).map(plainText);
  expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  expect(lines.at(-2)).toBe("  │ last line");
});
