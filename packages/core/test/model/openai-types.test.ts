import type { ChatCompletionChunk, ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions/completions";
import type { FunctionTool, CustomTool, ResponseInputItem } from "openai/resources/responses/responses";
import { expect, expectTypeOf, test } from "vitest";
import type { CustomToolCallItem, CustomToolCallOutputItem, FunctionCallItem, FunctionCallOutputItem } from "../../src/protocol/item.ts";
import type { CustomToolSpec, FunctionToolSpec } from "../../src/model/tool-spec.ts";

/** What cannot be changed in place can be sent where the package's types ask for arrays and records that could be. */
type Mutable<Value> = Value extends object ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> } : Value;

test("our wire types fit those of the openai package (checked by the compiler)", () => {
  expectTypeOf<Mutable<FunctionToolSpec>>().toExtend<FunctionTool>();
  expectTypeOf<Mutable<CustomToolSpec>>().toExtend<CustomTool>();
  expectTypeOf<Mutable<FunctionCallItem>>().toExtend<ResponseInputItem>();
  expectTypeOf<Mutable<CustomToolCallItem>>().toExtend<ResponseInputItem>();
  expectTypeOf<Mutable<Omit<FunctionCallOutputItem, "output"> & { output: string }>>().toExtend<ResponseInputItem>();
  expectTypeOf<Mutable<Omit<CustomToolCallOutputItem, "output"> & { output: string }>>().toExtend<ResponseInputItem>();
  expectTypeOf<{
    role: "assistant";
    content: null;
    tool_calls: { id: string; type: "function"; function: { name: string; arguments: string } }[];
  }>().toExtend<ChatCompletionMessageParam>();
  expectTypeOf<{ role: "tool"; tool_call_id: string; content: string }>().toExtend<ChatCompletionMessageParam>();
  expectTypeOf<{
    type: "function";
    function: { name: string; description: string; parameters: Record<string, unknown> };
  }>().toExtend<ChatCompletionTool>();
  expectTypeOf<ChatCompletionChunk.Choice["finish_reason"]>().toExtend<string | null>();
  expect(true).toBe(true);
});
