import type { Host } from "../host/host.ts";
import type { TokenUsage } from "../protocol/event.ts";
import { NO_USAGE } from "../protocol/usage.ts";
import type { ResponseItem, ToolCallItem } from "../protocol/item.ts";
import { countOf, isJsonObject, parseJson, textOf, type JsonObject } from "./json.ts";
import type { ModelStep, ModelStepSink } from "./model-client.ts";
import { providerError } from "./provider-error.ts";
import type { AnswerDecoder, AnswerEnd } from "./wire-format.ts";

/**
 * Decodes the chunks of one Chat Completions stream into the same items the Responses API gives. The answer is complete at
 * `[DONE]`, or at a clean end after a finish reason.
 */
export function openChatDecoder(step: ModelStep, sink: ModelStepSink, host: Host): AnswerDecoder {
  const calls = openCallCollector(step, host);
  let text = "";
  let reasoning = "";
  let responseId = "";
  let usage = NO_USAGE;
  let finishReason: string | undefined;

  function take(data: string): AnswerEnd | undefined {
    if (data.trim() === "[DONE]") return end();
    const chunk = parseJson(data);
    if (!isJsonObject(chunk)) {
      host.log.write("warn", "an event of the model's stream is not a JSON object", { start: data.slice(0, 80) });
      return undefined;
    }
    if (chunk["error"] !== undefined && chunk["error"] !== null) return { type: "failed", error: providerError(chunk) };
    if (responseId === "") responseId = textOf(chunk["id"]) ?? "";
    if (isJsonObject(chunk["usage"])) usage = readUsage(chunk["usage"]);
    const choice: unknown = Array.isArray(chunk["choices"]) ? chunk["choices"][0] : undefined;
    if (!isJsonObject(choice)) return undefined;
    // Servers that do not split the answer put it whole into `message`.
    takeDelta(choice["delta"] ?? choice["message"]);
    finishReason = textOf(choice["finish_reason"]) ?? finishReason;
    return undefined;
  }

  function takeDelta(delta: unknown): void {
    if (!isJsonObject(delta)) return;
    const said = textOf(delta["content"]) ?? textOf(delta["refusal"]);
    if (said !== undefined) {
      text += said;
      sink.messageDelta(said);
    }
    const thought = textOf(delta["reasoning_content"]) ?? textOf(delta["reasoning"]);
    if (thought !== undefined) {
      reasoning += thought;
      sink.reasoningDelta(thought);
    }
    if (Array.isArray(delta["tool_calls"])) delta["tool_calls"].forEach(calls.add);
  }

  function end(): AnswerEnd {
    if (finishReason === "length") return { type: "incomplete", reason: "max_output_tokens" };
    if (finishReason === "content_filter") return { type: "incomplete", reason: "content_filter" };
    const items: ResponseItem[] = [];
    if (reasoning !== "") items.push({ type: "reasoning", summary: [{ type: "summary_text", text: reasoning }] });
    if (text !== "") items.push({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
    items.push(...calls.items());
    return { type: "completed", responseId, items, usage };
  }

  return { take, finish: () => (finishReason === undefined ? undefined : end()) };
}

interface CallCollector {
  readonly add: (part: unknown) => void;
  items(): readonly ToolCallItem[];
}

interface PartialCall {
  readonly index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
}

/** Puts calls together from their parts. Servers differ in what they repeat, so a part may lack its index, its id, or both. */
function openCallCollector(step: ModelStep, host: Host): CallCollector {
  const calls: PartialCall[] = [];

  const add = (value: unknown): void => {
    if (!isJsonObject(value)) return;
    const body: JsonObject = isJsonObject(value["function"]) ? value["function"] : {};
    const id = textOf(value["id"]);
    const name = textOf(body["name"]);
    const index = typeof value["index"] === "number" ? value["index"] : undefined;
    let call = find({ index, id, name });
    if (call === undefined) {
      call = { index, id, name: "", arguments: "" };
      calls.push(call);
    }
    call.id ??= id;
    if (name !== undefined && call.name !== name) call.name += name;
    const given = body["arguments"];
    call.arguments += typeof given === "string" ? given : isJsonObject(given) ? JSON.stringify(given) : "";
  };

  function find({
    index,
    id,
    name,
  }: {
    readonly index: number | undefined;
    readonly id: string | undefined;
    readonly name: string | undefined;
  }): PartialCall | undefined {
    const last = calls.at(-1);
    if (index !== undefined) {
      const found = calls.findLast((call) => call.index === index);
      // Whole calls that all say index 0 are told apart by their ids.
      return found !== undefined && id !== undefined && found.id !== undefined && found.id !== id ? undefined : found;
    }
    if (id !== undefined) return calls.findLast((call) => call.id === id);
    return name === undefined ? last : undefined;
  }

  /** Ids that are missing or taken are replaced: every call of a session needs its own. */
  function items(): readonly ToolCallItem[] {
    const taken = new Set(
      step.items.flatMap((item) => (item.type === "function_call" || item.type === "custom_tool_call" ? [item.call_id] : [])),
    );
    const custom = new Set(step.tools.flatMap((tool) => (tool.type === "custom" ? [tool.name] : [])));
    return calls.flatMap((call): ToolCallItem[] => {
      if (call.name === "") {
        host.log.write("warn", "a call of the model's answer has no name", {});
        return [];
      }
      const callId = call.id === undefined || taken.has(call.id) ? freshCallId(host) : call.id;
      taken.add(callId);
      const text = call.arguments.trim() === "" ? "{}" : call.arguments;
      if (!custom.has(call.name)) return [{ type: "function_call", call_id: callId, name: call.name, arguments: text }];
      return [{ type: "custom_tool_call", call_id: callId, name: call.name, input: customInput(text) }];
    });
  }

  return { add, items };
}

/** The one string argument; text that is no such object is taken as the input itself. */
function customInput(text: string): string {
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) return typeof parsed === "string" ? parsed : text;
  if (typeof parsed["input"] === "string") return parsed["input"];
  const values = Object.values(parsed);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : text;
}

function freshCallId(host: Host): string {
  return `call_${Buffer.from(host.random.bytes(12)).toString("hex")}`;
}

function readUsage(usage: JsonObject): TokenUsage {
  const prompt = isJsonObject(usage["prompt_tokens_details"]) ? usage["prompt_tokens_details"] : {};
  const completion = isJsonObject(usage["completion_tokens_details"]) ? usage["completion_tokens_details"] : {};
  const input = countOf(usage["prompt_tokens"]);
  const output = countOf(usage["completion_tokens"]);
  return {
    input_tokens: input,
    cached_input_tokens: countOf(prompt["cached_tokens"]),
    output_tokens: output,
    reasoning_output_tokens: countOf(completion["reasoning_tokens"]),
    total_tokens: countOf(usage["total_tokens"]) || input + output,
  };
}
