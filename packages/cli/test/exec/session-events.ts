import type { Event, EventMsg, TokenUsage } from "@codex/core";

const USAGE: TokenUsage = {
  input_tokens: 1200,
  cached_input_tokens: 1000,
  output_tokens: 34,
  reasoning_output_tokens: 5,
  total_tokens: 1234,
};

/** The first events of every session. */
const CONFIGURED: EventMsg = {
  type: "session_configured",
  session_id: "0190-thread",
  model: "gpt-x",
  provider: "openai",
  cwd: "/repo",
  approval_policy: "never",
  sandbox_policy: { permissions: ["disk-full-read-access"] },
  rollout_path: null,
};

/** Events of one task, in order, after those of the session. */
export function task(...messages: EventMsg[]): Event[] {
  return [{ id: "0", msg: CONFIGURED }, ...[{ type: "task_started" } as const, ...messages].map((msg) => ({ id: "1", msg }))];
}

export const COMMAND = { call_id: "c1", command: ["bash", "-lc", "npm test"], cwd: "/repo" };

export function commandEnd(fields: Partial<Extract<EventMsg, { type: "exec_command_end" }>> = {}): EventMsg {
  const none = { aggregated_output: "", cut_bytes: 0, exit_code: 0, signal: null, timed_out: false, duration_ms: 1234 };
  return { type: "exec_command_end", call_id: "c1", ...none, ...fields };
}

export const DONE: EventMsg = { type: "task_complete", last_agent_message: "Fixed.", usage: USAGE };
