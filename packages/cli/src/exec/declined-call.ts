import { quoteCommand, type EventOf } from "@codex/core";
import type { DeclinedCall } from "./events.ts";

/** A call that was declined, as the end of a run lists it. */
export function declinedCall({ call_id, tool, command, decision }: EventOf<"tool_call_declined">): DeclinedCall {
  const { layer, reason, change } = decision;
  const line = command.length === 0 ? {} : { command: quoteCommand(command) };
  return { call_id, tool, ...line, layer, reason, ...(change === undefined ? {} : { change }) };
}
