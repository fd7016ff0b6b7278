import type { CustomTool } from "../host/custom-tool.ts";
import { truncateText } from "../exec/truncate.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { wrongKind, type Tool, type ToolContext } from "./tool.ts";

/** Wraps a tool of the embedding program. What it throws becomes text for the model: its message, never its stack. */
export function hostTool(custom: CustomTool): Tool {
  return {
    spec: { type: "function", name: custom.name, description: custom.description, strict: false, parameters: custom.parameters },
    parallel: custom.parallel ?? false,
    run: (call, context) => runHostTool(custom, call, context),
  };
}

async function runHostTool(custom: CustomTool, call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  if (call.type !== "function_call") return wrongKind(call);
  const args = readObject(call.arguments);
  if (args === undefined) return `The arguments of ${custom.name} must be one JSON object.`;
  context.emit({ type: "tool_call_begin", call_id: call.call_id, tool: custom.name, arguments: args });
  let success = true;
  let output: string;
  try {
    const result: unknown = await untilAborted(
      Promise.resolve(custom.run(args, { callId: call.call_id, cwd: context.config.cwd, signal: context.signal })),
      context.signal,
    );
    // A program without types may return anything.
    output = typeof result === "string" ? result : (JSON.stringify(result) ?? "");
  } catch (error) {
    success = false;
    output = `${custom.name} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  context.emit({ type: "tool_call_end", call_id: call.call_id, tool: custom.name, success, output });
  return truncateText(output, context.config.toolOutputTokenLimit);
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A host's tool may ignore the signal; the turn must end all the same. */
async function untilAborted(result: Promise<string>, signal: AbortSignal): Promise<string> {
  let stop: () => void = () => {};
  const aborted = new Promise<string>((resolve) => {
    stop = () => resolve("aborted by the user");
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
