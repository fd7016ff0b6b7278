import { deltasOf, piecesOf, type EventPlan, type TurnContext } from "./event-plan.ts";
import type { ScriptedItem } from "./scripted-turn.ts";

/** The chunks of one answer as the Chat Completions API streams them, each with its blank line. */
export function encodeChatEvents(plan: EventPlan, { number, model }: TurnContext): readonly string[] {
  const head = { id: `chatcmpl-${number}`, object: "chat.completion.chunk", created: 0, model };
  const events: string[] = [];
  const emit = (fields: object): void => void events.push(`data: ${JSON.stringify({ ...head, ...fields })}\n\n`);
  const emitDelta = (delta: object, finish_reason: string | null = null): void => emit({ choices: [{ index: 0, delta, finish_reason }] });

  emitDelta({ role: "assistant", content: "" });
  let calls = 0;
  for (const item of plan.items) {
    const parts = deltasFor(item, { number, index: calls });
    parts.forEach((delta) => emitDelta(delta));
    if (item.type === "function_call" || item.type === "custom_tool_call") calls += 1;
  }
  for (const content of piecesOf(plan.unfinishedText ?? "")) emitDelta({ content });
  const { ending } = plan;
  if (ending.type === "failed") events.push(`data: ${JSON.stringify({ error: { message: ending.message, code: ending.code } })}\n\n`);
  if (ending.type !== "completed" && ending.type !== "incomplete") return events;
  const early = ending.type === "incomplete" && ending.reason === "max_output_tokens" ? "length" : undefined;
  emitDelta({}, early ?? (ending.type === "incomplete" ? ending.reason : calls > 0 ? "tool_calls" : "stop"));
  emit({ choices: [], usage: usageOf(plan) });
  events.push("data: [DONE]\n\n");
  return events;
}

function deltasFor(item: ScriptedItem, { number, index }: { readonly number: number; readonly index: number }): readonly object[] {
  switch (item.type) {
    case "text":
      return deltasOf(item).map((content) => ({ content }));
    case "reasoning":
      return item.parts.flatMap((part) => piecesOf(part)).map((reasoning_content) => ({ reasoning_content }));
    case "function_call":
    case "custom_tool_call": {
      const id = item.callId ?? `call_${number}_${index}`;
      const text = item.type === "function_call" ? item.arguments : JSON.stringify({ input: item.input });
      const first = { tool_calls: [{ index, id, type: "function", function: { name: item.name, arguments: "" } }] };
      return [first, ...piecesOf(text).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] }))];
    }
    case "raw_item":
      return [];
  }
}

function usageOf({ usage }: EventPlan): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}
