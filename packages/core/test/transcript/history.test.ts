import { expect, test } from "vitest";
import type { ResponseItem } from "../../src/protocol/item.ts";
import { History } from "../../src/transcript/history.ts";

const call = (id: string): ResponseItem => ({ type: "function_call", call_id: id, name: "shell", arguments: "{}" });
const custom = (id: string): ResponseItem => ({ type: "custom_tool_call", call_id: id, name: "apply_patch", input: "" });
const output = (id: string): ResponseItem => ({ type: "function_call_output", call_id: id, output: "done" });

test("calls without an output are answered, each in its own kind, and answered ones are left alone", () => {
  const seen: ResponseItem[] = [];
  const history = new History((item) => seen.push(item));
  history.add([call("a"), custom("b"), call("c"), output("a")]);
  history.closeOpenCalls("aborted");
  expect(history.items.slice(4)).toEqual([
    { type: "custom_tool_call_output", call_id: "b", output: "aborted" },
    { type: "function_call_output", call_id: "c", output: "aborted" },
  ]);
  expect(seen).toEqual(history.items);
});

test("a call whose id was used and answered before is still open", () => {
  const history = new History(() => undefined);
  history.add([call("a"), output("a"), call("a")]);
  history.closeOpenCalls("aborted");
  expect(history.items.slice(3)).toEqual([{ type: "function_call_output", call_id: "a", output: "aborted" }]);
});
