import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions/completions";
import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { modelInfo } from "./catalog.ts";
import { openChatDecoder } from "./chat-decoder.ts";
import { openMessageWriter } from "./chat-messages.ts";
import { jsonText } from "./json-text.ts";
import type { ModelStep } from "./model-client.ts";
import type { ToolSpec } from "./tool-spec.ts";
import type { EncodedStep, WireFormat } from "./wire-format.ts";

/** The Chat Completions API: `POST {baseUrl}/chat/completions`. Always the whole transcript; nothing is stored. */
export function openChatWire(config: Config, host: Host): WireFormat {
  const writeMessages = openMessageWriter();
  const info = modelInfo(config.model);

  function encode(step: ModelStep): EncodedStep {
    const head = jsonText(requestHead(config, step)).slice(0, -1);
    return { body: `${head},"messages":[${writeMessages(step)}]}`, continues: undefined };
  }

  function requestHead({ model, outputSchema, reasoning, verbosity }: Config, { tools }: ModelStep): RequestHead {
    const takesEffort = reasoning.effort !== undefined && (info.reasoning || !info.known);
    const takesVerbosity = verbosity !== undefined && (info.verbosity || !info.known);
    return {
      model,
      ...(tools.length === 0
        ? {}
        : { tools: tools.map(chatTool), tool_choice: "auto" as const, ...(info.parallelToolCalls ? { parallel_tool_calls: true } : {}) }),
      ...(takesEffort ? { reasoning_effort: reasoning.effort } : {}),
      ...(takesVerbosity ? { verbosity } : {}),
      ...(outputSchema === undefined
        ? {}
        : {
            response_format: {
              type: "json_schema" as const,
              json_schema: { name: "codex_output_schema", strict: true, schema: { ...outputSchema } },
            },
          }),
      stream: true,
      stream_options: { include_usage: true },
    };
  }

  return {
    path: "/chat/completions",
    encode,
    decoder: (step, sink) => openChatDecoder(step, sink, host),
    completed: () => undefined,
    forget: () => undefined,
  };
}

type RequestHead = Omit<ChatCompletionCreateParamsStreaming, "messages" | "tools" | "reasoning_effort"> & {
  readonly tools?: readonly unknown[];
  readonly reasoning_effort?: unknown;
};

/** Free-text tools do not exist here: they become functions with one string argument, `input`. */
function chatTool(tool: ToolSpec): object {
  if (tool.type === "function") {
    const { name, description, strict, parameters } = tool;
    return { type: "function", function: { name, description, parameters, ...(strict ? { strict } : {}) } };
  }
  const description = `${tool.description}\n\nThe input follows this ${tool.format.syntax} grammar:\n${tool.format.definition}`;
  const parameters = { type: "object", properties: { input: { type: "string" } }, required: ["input"], additionalProperties: false };
  return { type: "function", function: { name: tool.name, description, parameters } };
}
