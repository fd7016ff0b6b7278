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

/** A patch of three hunks, two of them in one file. */
export function hunksAsk(callId: string, more: Partial<EventOf<"apply_patch_approval_request">> = {}): EventMsg {
  const second = "@@ -20,2 +20,2 @@\n-const a = 1;\n+const a = 2;\n same\n";
  const [total, notes] = ["/home/me/shop/src/total.ts", "/home/me/shop/notes.txt"] as const;
  return {
    type: "apply_patch_approval_request",
    call_id: callId,
    changes: { [total]: { update: { unified_diff: HUNK + second, move_path: null } }, [notes]: { add: { content: "one\ntwo\n" } } },
    hunks: [
      { id: "1.1", kind: "update", path: total, line: 3, unified_diff: HUNK },
      { id: "1.2", kind: "update", path: total, line: 9, unified_diff: second },
      { id: "2", kind: "add", path: notes, line: 14 },
    ],
    ...more,
  };
}

export function mcpAsk(callId: string, more: Partial<EventOf<"mcp_approval_request">> = {}): EventMsg {
  return {
    type: "mcp_approval_request",
    call_id: callId,
    server: "files",
    tool: "write_file",
    arguments: { path: "a.txt", content: "hello" },
    reason: "The call leaves the sandbox.",
    ...more,
  };
}

export function elicitation(callId: string, more: Partial<EventOf<"elicitation_request">> = {}): EventMsg {
  return { type: "elicitation_request", call_id: callId, server: "tickets", message: "Where does the ticket belong?", ...more };
}

export const TICKET_SCHEMA = {
  type: "object",
  properties: {
    title: { type: "string", title: "Title", minLength: 3 },
    count: { type: "integer", minimum: 1, maximum: 9, default: 2, description: "how many of them" },
    urgent: { type: "boolean" },
    team: {
      type: "string",
      oneOf: [
        { const: "fe", title: "Front end" },
        { const: "be", title: "Back end" },
      ],
    },
    labels: { type: "array", items: { type: "string", enum: ["bug", "docs"] } },
  },
  required: ["title", "urgent"],
};

export function mcpBegin(callId: string): EventMsg {
  return { type: "mcp_tool_call_begin", call_id: callId, server: "tickets", tool: "create", arguments: { title: "It is slow" } };
}

export function mcpEnd(callId: string, more: Partial<EventOf<"mcp_tool_call_end">> = {}): EventMsg {
  return {
    type: "mcp_tool_call_end",
    call_id: callId,
    server: "tickets",
    tool: "create",
    success: true,
    result: {
      content: [
        { type: "text", text: "ticket 7" },
        { type: "image", data: "…", mimeType: "image/png" },
      ],
    },
    error: null,
    duration_ms: 1200,
    ...more,
  };
}

/** Why a command is asked about: a rule of the user's. */
export const BY_RULE: EventOf<"tool_call_allowed">["decision"] = {
  verdict: "ask",
  layer: "execpolicy",
  reason: "A rule wants a question for this command (`git push`).",
  rule: { file: "/home/me/.codex/rules/mine.rules", line: 3, column: 1, decision: "prompt", justification: "leaves the machine" },
  change: ["Edit the rule at ~/.codex/rules/mine.rules:3.", "Another way is longer."],
};
