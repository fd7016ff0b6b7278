import type { Logger } from "../host/host.ts";
import type { TokenUsage } from "../protocol/event.ts";
import type { ContentPart, ResponseItem } from "../protocol/item.ts";
import { countOf, isJsonObject, parseJson, textOf, type JsonObject } from "./json.ts";
import type { ModelStepSink } from "./model-client.ts";
import { providerError } from "./provider-error.ts";
import type { AnswerDecoder, AnswerEnd } from "./wire-format.ts";

/**
 * Decodes the events of one Responses stream. Events of unknown types are ignored; one whose data is not JSON, and an item
 * of the wrong shape, are passed over with a warning in the log.
 */
export function openResponsesDecoder(sink: ModelStepSink, log: Logger): AnswerDecoder {
  const items: ResponseItem[] = [];
  let reasoningPart: string | undefined;

  function take(data: string): AnswerEnd | undefined {
    const event = parseJson(data);
    if (!isJsonObject(event)) {
      // Some servers close with the other interface's end mark.
      if (data !== "[DONE]") log.write("warn", "an event of the model's stream is not a JSON object", { start: data.slice(0, 80) });
      return undefined;
    }
    switch (event["type"]) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        if (typeof event["delta"] === "string") sink.messageDelta(event["delta"]);
        return undefined;
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        reasoningDelta(event);
        return undefined;
      case "response.output_item.done":
        keep(event["item"]);
        return undefined;
      case "response.completed":
        return completed(event["response"]);
      case "response.failed":
        return { type: "failed", error: providerError(isJsonObject(event["response"]) ? event["response"]["error"] : undefined) };
      case "response.incomplete":
        return { type: "incomplete", reason: incompleteReason(event["response"]) };
      case "error":
        return { type: "failed", error: streamError(event) };
      default:
        return event["type"] === undefined && event["error"] !== undefined ? { type: "failed", error: providerError(event) } : undefined;
    }
  }

  /** Parts of a summary are paragraphs; the stream marks their borders by index only. */
  function reasoningDelta(event: JsonObject): void {
    const { delta } = event;
    if (typeof delta !== "string") return;
    const part = `${String(event["item_id"])} ${String(event["summary_index"] ?? event["content_index"])}`;
    if (reasoningPart !== undefined && part !== reasoningPart) sink.reasoningDelta("\n\n");
    reasoningPart = part;
    sink.reasoningDelta(delta);
  }

  function keep(value: unknown): void {
    const item = readItem(value);
    if (item !== undefined) items.push(item);
    else
      log.write("warn", "an item of the model's answer has the wrong shape", {
        type: isJsonObject(value) ? String(value["type"]) : typeof value,
      });
  }

  function completed(value: unknown): AnswerEnd {
    const response = isJsonObject(value) ? value : {};
    // The list here repeats what came before; it counts only from servers that send nothing else.
    if (items.length === 0 && Array.isArray(response["output"])) response["output"].forEach(keep);
    return { type: "completed", responseId: textOf(response["id"]) ?? "", items, usage: readUsage(response["usage"]) };
  }

  return { take, finish: () => undefined };
}

function streamError(event: JsonObject): ReturnType<typeof providerError> {
  const { type: _type, ...rest } = event;
  return providerError(rest);
}

function incompleteReason(response: unknown): string {
  const details = isJsonObject(response) ? response["incomplete_details"] : undefined;
  return (isJsonObject(details) ? textOf(details["reason"]) : undefined) ?? "no reason given";
}

/** An item as it came, or undefined when it lacks what its kind needs. Unknown kinds are kept whole. */
function readItem(value: unknown): ResponseItem | undefined {
  if (!isJsonObject(value)) return undefined;
  switch (value["type"]) {
    case "message":
      return readMessage(value);
    case "reasoning":
      return readReasoning(value);
    case "function_call":
      return isCall(value) && typeof value["arguments"] === "string" ? (value as unknown as ResponseItem) : undefined;
    case "custom_tool_call":
      return isCall(value) && typeof value["input"] === "string" ? (value as unknown as ResponseItem) : undefined;
    default:
      return textOf(value["type"]) === undefined ? undefined : { type: "other", raw: value };
  }
}

/** Summary parts of another shape are left out; the item itself matters to the provider all the same. */
function readReasoning(value: JsonObject): ResponseItem | undefined {
  const summary: unknown = value["summary"] ?? [];
  if (!Array.isArray(summary)) return undefined;
  const parts = summary.filter((part) => isJsonObject(part) && typeof part["text"] === "string");
  return { ...value, summary: parts } as unknown as ResponseItem;
}

function isCall(value: JsonObject): boolean {
  return textOf(value["call_id"]) !== undefined && textOf(value["name"]) !== undefined;
}

function readMessage(value: JsonObject): ResponseItem | undefined {
  const { role, content } = value;
  if ((role !== "assistant" && role !== "user" && role !== "developer" && role !== "system") || !Array.isArray(content)) return undefined;
  return { ...value, type: "message", role, content: content.flatMap(readPart) };
}

/** A refusal is shown and sent back as text: it is what the model said. */
function readPart(part: unknown): ContentPart[] {
  if (!isJsonObject(part)) return [];
  if (part["type"] === "refusal" && typeof part["refusal"] === "string") return [{ type: "output_text", text: part["refusal"] }];
  if ((part["type"] === "output_text" || part["type"] === "input_text") && typeof part["text"] === "string")
    return [part as unknown as ContentPart];
  return part["type"] === "input_image" && typeof part["image_url"] === "string" ? [part as unknown as ContentPart] : [];
}

function readUsage(value: unknown): TokenUsage {
  const usage = isJsonObject(value) ? value : {};
  const input = isJsonObject(usage["input_tokens_details"]) ? usage["input_tokens_details"] : {};
  const output = isJsonObject(usage["output_tokens_details"]) ? usage["output_tokens_details"] : {};
  const inputTokens = countOf(usage["input_tokens"]);
  const outputTokens = countOf(usage["output_tokens"]);
  return {
    input_tokens: inputTokens,
    cached_input_tokens: countOf(input["cached_tokens"]),
    output_tokens: outputTokens,
    reasoning_output_tokens: countOf(output["reasoning_tokens"]),
    total_tokens: countOf(usage["total_tokens"]) || inputTokens + outputTokens,
  };
}
