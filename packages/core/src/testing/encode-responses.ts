import { deltasOf, piecesOf, type EventPlan, type TurnContext } from "./event-plan.ts";
import type { ScriptedItem } from "./scripted-turn.ts";

/** The events of one answer as the Responses API streams them, each with its blank line. */
export function encodeResponsesEvents(plan: EventPlan, { number, model }: TurnContext): readonly string[] {
  const events: string[] = [];
  const output: unknown[] = [];
  const emit = (type: string, fields: object): void => {
    events.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: events.length })}\n\n`);
  };
  const response = { id: `resp_${number}`, object: "response", created_at: 0, model, parallel_tool_calls: true, tools: [] };
  emit("response.created", { response: { ...response, status: "in_progress", output: [] } });
  plan.items.forEach((item, index) => {
    output.push(emitItem(item, { emit, place: { output_index: index }, suffix: `${number}_${index}` }));
  });
  if (plan.unfinishedText !== undefined) {
    const place = { output_index: plan.items.length, item_id: `msg_${number}_${plan.items.length}`, content_index: 0 };
    for (const delta of piecesOf(plan.unfinishedText)) emit("response.output_text.delta", { ...place, delta });
  }
  const { ending } = plan;
  if (ending.type === "failed") {
    emit("response.failed", { response: { ...response, status: "failed", output, error: { code: ending.code, message: ending.message } } });
  } else if (ending.type === "incomplete") {
    emit("response.incomplete", {
      response: { ...response, status: "incomplete", output, incomplete_details: { reason: ending.reason }, usage: usageOf(plan) },
    });
  } else if (ending.type === "completed") {
    emit("response.completed", { response: { ...response, status: "completed", output, usage: usageOf(plan) } });
  }
  return events;
}

interface Emission {
  readonly emit: (type: string, fields: object) => void;
  readonly place: { readonly output_index: number };
  readonly suffix: string;
}

/** Emits the events of one item and returns the finished item. */
function emitItem(item: ScriptedItem, emission: Emission): unknown {
  const { emit, place } = emission;
  const done = itemEvents(item, emission);
  emit("response.output_item.done", { ...place, item: done });
  return done;
}

function itemEvents(item: ScriptedItem, { emit, place, suffix }: Emission): unknown {
  switch (item.type) {
    case "text": {
      const id = `msg_${suffix}`;
      emit("response.output_item.added", {
        ...place,
        item: { id, type: "message", status: "in_progress", role: "assistant", content: [] },
      });
      for (const delta of deltasOf(item)) emit("response.output_text.delta", { ...place, item_id: id, content_index: 0, delta });
      return {
        id,
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: item.text, annotations: [] }],
      };
    }
    case "reasoning": {
      const id = `rs_${suffix}`;
      emit("response.output_item.added", { ...place, item: { id, type: "reasoning", summary: [] } });
      item.parts.forEach((part, summary_index) => {
        emit("response.reasoning_summary_part.added", { ...place, item_id: id, summary_index, part: { type: "summary_text", text: "" } });
        for (const delta of piecesOf(part)) emit("response.reasoning_summary_text.delta", { ...place, item_id: id, summary_index, delta });
      });
      const summary = item.parts.map((text) => ({ type: "summary_text", text }));
      return { id, type: "reasoning", summary, encrypted_content: item.encrypted ?? `encrypted_${suffix}` };
    }
    case "function_call": {
      const head = { id: `fc_${suffix}`, type: "function_call", call_id: item.callId ?? `call_${suffix}`, name: item.name };
      emit("response.output_item.added", { ...place, item: { ...head, status: "in_progress", arguments: "" } });
      for (const delta of piecesOf(item.arguments)) emit("response.function_call_arguments.delta", { ...place, item_id: head.id, delta });
      return { ...head, status: "completed", arguments: item.arguments };
    }
    case "custom_tool_call": {
      const head = { id: `ctc_${suffix}`, type: "custom_tool_call", call_id: item.callId ?? `call_${suffix}`, name: item.name };
      emit("response.output_item.added", { ...place, item: { ...head, status: "in_progress", input: "" } });
      for (const delta of piecesOf(item.input)) emit("response.custom_tool_call_input.delta", { ...place, item_id: head.id, delta });
      return { ...head, status: "completed", input: item.input };
    }
    case "raw_item":
      return item.item;
  }
}

function usageOf({ usage }: EventPlan): object {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.input + usage.output,
  };
}
