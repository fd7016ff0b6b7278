import type { EventMsg } from "../protocol/event.ts";
import { outputFor, type OutputPayload, type ToolCallItem, type ToolCallOutputItem } from "../protocol/item.ts";
import type { ToolRegistry } from "../tools/registry.ts";
import type { ToolContext } from "../tools/tool.ts";

/** What the model is told of a call that was never run, or was stopped, because the turn ended. */
export const ABORTED_OUTPUT = "aborted by the user";

/**
 * Runs the calls of one answer and gives their outputs in call order, exactly one for each call, also after an abort.
 * Neighbouring calls whose tools allow it run side by side; a call that does not waits for those before it and holds those after.
 */
export async function runToolCalls(
  calls: readonly ToolCallItem[],
  registry: ToolRegistry,
  context: ToolContext,
): Promise<readonly ToolCallOutputItem[]> {
  const outputs: ToolCallOutputItem[] = [];
  for (const batch of batches(calls, registry)) {
    // oxlint-disable-next-line no-await-in-loop -- batches are ordered
    const done = await Promise.allSettled(batch.map(async (call) => outputFor(call, await runOne(call, registry, context))));
    // A fault of ours ends the turn, but only once the calls beside it are over: nothing may run on after the turn's end.
    for (const result of done) {
      if (result.status === "rejected") throw result.reason;
      outputs.push(result.value);
    }
  }
  return outputs;
}

function batches(calls: readonly ToolCallItem[], registry: ToolRegistry): readonly (readonly ToolCallItem[])[] {
  const result: ToolCallItem[][] = [];
  let open = false;
  for (const call of calls) {
    const parallel = registry.find(call.name)?.parallel ?? true;
    const last = result.at(-1);
    if (parallel && open && last !== undefined) last.push(call);
    else result.push([call]);
    open = parallel;
  }
  return result;
}

async function runOne(call: ToolCallItem, registry: ToolRegistry, context: ToolContext): Promise<OutputPayload> {
  if (context.signal.aborted) return ABORTED_OUTPUT;
  const tool = registry.find(call.name);
  if (tool === undefined) {
    return reported(call, context, async () => `There is no tool called ${call.name}. The tools are: ${registry.names.join(", ")}.`);
  }
  const tape = context.host.toolTape;
  if (tape === undefined) return reported(call, context, (own) => tool.run(call, own));

  const recorded = await tape.play(call.call_id);
  if (recorded !== undefined) {
    for (const event of recorded.events) context.emit(event as EventMsg);
    return recorded.output as OutputPayload;
  }
  const events: EventMsg[] = [];
  const emit = (msg: EventMsg): void => {
    events.push(msg);
    context.emit(msg);
  };
  const output = await reported(call, { ...context, emit }, (own) => tool.run(call, own));
  tape.record(call.call_id, { output, events });
  return output;
}

/** Runs a call. One that ends with nothing done and nothing told was wrong in itself; readers get it as a call that failed. */
async function reported(
  call: ToolCallItem,
  context: ToolContext,
  run: (context: ToolContext) => Promise<OutputPayload>,
): Promise<OutputPayload> {
  let told = false;
  const emit = (msg: EventMsg): void => {
    told ||= msg.type !== "warning" && msg.type !== "tool_call_allowed";
    context.emit(msg);
  };
  const output = await run({ ...context, emit });
  if (told || context.signal.aborted || typeof output !== "string") return output;
  const { call_id, name: tool } = call;
  context.emit({ type: "tool_call_begin", call_id, tool, arguments: argumentsOf(call) });
  context.emit({ type: "tool_call_end", call_id, tool, success: false, output });
  return output;
}

/** Longer arguments are told by their beginning. */
const MOST_ARGUMENTS = 2_000;

/** As the model wrote them: an object where they are one, else their text. */
function argumentsOf(call: ToolCallItem): unknown {
  const text = call.type === "custom_tool_call" ? call.input : call.arguments;
  if (text.length > MOST_ARGUMENTS) return `${text.slice(0, MOST_ARGUMENTS)}…`;
  if (call.type === "custom_tool_call") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
