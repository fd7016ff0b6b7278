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
  if (tool === undefined) return `There is no tool called ${call.name}. The tools are: ${registry.names.join(", ")}.`;
  const tape = context.host.toolTape;
  if (tape === undefined) return tool.run(call, context);

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
  const output = await tool.run(call, { ...context, emit });
  tape.record(call.call_id, { output, events });
  return output;
}
