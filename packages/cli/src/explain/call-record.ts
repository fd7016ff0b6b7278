import type { DecisionExplanation, EventMsg, EventOf, RolloutLine } from "@codex/core";

/** One thing that happened to a call, in order. */
export type CallStep = { readonly at: string } & (
  | { readonly type: "asked"; readonly decision: DecisionExplanation; readonly denial?: EventOf<"exec_command_end">["denial"] }
  | (Pick<EventOf<"tool_call_allowed">, "review" | "grants" | "decision"> & { readonly type: "allowed" })
  | (Pick<EventOf<"tool_call_declined">, "review" | "decision"> & { readonly type: "declined" })
  | { readonly type: "ran"; readonly exit_code: number | null; readonly denial?: EventOf<"exec_command_end">["denial"] }
  | { readonly type: "applied"; readonly success: boolean }
);

/** What a session's record says of one call. */
export interface CallRecord {
  readonly call_id: string;
  readonly tool: string;
  /** Left out for a call that is no command. */
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly steps: readonly CallStep[];
}

/** The calls of a session in the order they were made. Lines that cannot be read are passed over: a session that was killed leaves half of one. */
export function callRecords(text: string): readonly CallRecord[] {
  const calls = new Map<string, CallRecord>();
  for (const line of text.split("\n")) {
    const parsed = parseLine(line);
    if (parsed === undefined) continue;
    const { timestamp, type, payload } = parsed;
    if (typeof payload !== "object" || payload === null || !("call_id" in payload) || typeof payload.call_id !== "string") continue;
    const before = calls.get(payload.call_id) ?? { call_id: payload.call_id, tool: "", steps: [] };
    if (type === "event_msg") calls.set(payload.call_id, withEvent(before, payload as EventMsg, timestamp));
    else if (type === "response_item" && "name" in payload && typeof payload.name === "string") {
      calls.set(payload.call_id, { ...before, tool: payload.name });
    }
  }
  return [...calls.values()].filter(({ tool }) => tool !== "");
}

function parseLine(line: string): RolloutLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as RolloutLine) : undefined;
  } catch {
    return undefined;
  }
}

const UNEXPLAINED: DecisionExplanation = { verdict: "ask", layer: "unknown", reason: "The record does not say why." };

function withEvent(call: CallRecord, msg: EventMsg, at: string): CallRecord {
  const add = (step: CallStep, more: Partial<CallRecord> = {}): CallRecord => ({ ...call, ...more, steps: [...call.steps, step] });
  switch (msg.type) {
    case "exec_approval_request": {
      const { decision = UNEXPLAINED, denial, command, cwd } = msg;
      return add({ at, type: "asked", decision, ...(denial === undefined ? {} : { denial }) }, { command, cwd });
    }
    case "apply_patch_approval_request":
    case "mcp_approval_request":
      return add({ at, type: "asked", decision: msg.decision ?? UNEXPLAINED });
    case "tool_call_allowed": {
      const { decision, review, grants, tool, command } = msg;
      const answer = { ...(review === undefined ? {} : { review }), ...(grants === undefined ? {} : { grants }) };
      return add({ at, type: "allowed", decision, ...answer }, { tool, ...(command.length === 0 ? {} : { command }) });
    }
    case "tool_call_declined": {
      const { decision, review, tool, command } = msg;
      const answer = review === undefined ? {} : { review };
      return add({ at, type: "declined", decision, ...answer }, { tool, ...(command.length === 0 ? {} : { command }) });
    }
    case "exec_command_begin":
      return { ...call, command: msg.command, cwd: msg.cwd };
    case "exec_command_end":
      return add({ at, type: "ran", exit_code: msg.exit_code, ...(msg.denial === undefined ? {} : { denial: msg.denial }) });
    case "patch_apply_end":
      return add({ at, type: "applied", success: msg.success });
    default:
      return call;
  }
}
