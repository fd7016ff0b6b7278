import type { EventMsg, EventOf, TokenUsage } from "@codex/core";

export const STARTED: EventMsg = { type: "task_started" };

export const USAGE: TokenUsage = {
  input_tokens: 12_000,
  cached_input_tokens: 8_000,
  output_tokens: 900,
  reasoning_output_tokens: 0,
  total_tokens: 12_900,
};

export const COMPLETE: EventMsg = { type: "task_complete", last_agent_message: "Done.", usage: USAGE };

export function execBegin(callId: string, script: string): EventMsg {
  return { type: "exec_command_begin", call_id: callId, command: ["bash", "-lc", script], cwd: "/home/me/shop" };
}

export function execOutput(callId: string, chunk: string): EventMsg {
  return { type: "exec_command_output_delta", call_id: callId, stream: "merged", chunk };
}

export function execEnd(callId: string, output: string, more: Partial<EventOf<"exec_command_end">> = {}): EventMsg {
  return {
    type: "exec_command_end",
    call_id: callId,
    aggregated_output: output,
    cut_bytes: 0,
    exit_code: 0,
    signal: null,
    timed_out: false,
    duration_ms: 1234,
    ...more,
  };
}

export function execAsk(callId: string, script: string, more: Partial<EventOf<"exec_approval_request">> = {}): EventMsg {
  return { type: "exec_approval_request", call_id: callId, command: ["bash", "-lc", script], cwd: "/home/me/shop", ...more };
}

const HUNK = `@@ -1,4 +1,4 @@
 export function total(prices: string[]) {
-  return prices.reduce((a, b) => a + b);
+  return prices.reduce((a, b) => a + Number(b), 0);
 }
 
`;

const CHANGES = {
  "/home/me/shop/src/total.ts": { update: { unified_diff: HUNK, move_path: null } },
  "/home/me/shop/notes.txt": { add: { content: "one\ntwo\n" } },
} as const;

export function patchAsk(callId: string): EventMsg {
  return {
    type: "apply_patch_approval_request",
    call_id: callId,
    changes: CHANGES,
    reason: "every patch is asked about under unless-allow-listed",
  };
}
