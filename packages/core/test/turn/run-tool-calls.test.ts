import { expect, test } from "vitest";
import type { ToolRegistry } from "../../src/tools/registry.ts";
import type { Tool, ToolContext } from "../../src/tools/tool.ts";
import { runToolCalls } from "../../src/turn/run-tool-calls.ts";

const call = (name: string) => ({ type: "function_call", call_id: name, name, arguments: "{}" }) as const;

test("a fault in one call is told once the calls beside it are over", async () => {
  const over: string[] = [];
  const tools: Readonly<Record<string, Pick<Tool, "parallel" | "run">>> = {
    broken: { parallel: true, run: () => Promise.reject(new Error("a bug")) },
    slow: {
      parallel: true,
      async run() {
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        over.push("slow");
        return "done";
      },
    },
  };
  const registry = { find: (name: string) => tools[name], names: [], specs: [], preload: () => undefined } as unknown as ToolRegistry;
  const context = { signal: new AbortController().signal, host: {}, emit: () => undefined } as unknown as ToolContext;
  await expect(runToolCalls([call("broken"), call("slow")], registry, context)).rejects.toThrow("a bug");
  expect(over).toEqual(["slow"]);
});
