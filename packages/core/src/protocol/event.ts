import * as z from "zod/mini";
import { ERROR_CODES, type ErrorCode } from "./error-code.ts";
import { GRANT } from "./grant.ts";
import { REVIEW_DECISION } from "./op.ts";

/**
 * Events: everything a session tells its readers. One task emits `task_started`, then its events, then exactly one of
 * `task_complete`, `error` or `turn_aborted`. Every `*_begin` has its `*_end`. Deltas show an attempt as it comes; after
 * `stream_error` the deltas of the attempt are void, and whole messages are emitted only once their response is complete.
 */

const ERROR_CODE = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

export const TOKEN_USAGE = z.object({
  input_tokens: z.number(),
  cached_input_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_output_tokens: z.number(),
  total_tokens: z.number(),
});
export type TokenUsage = z.infer<typeof TOKEN_USAGE>;

export const FILE_CHANGE = z.union([
  z.object({ add: z.object({ content: z.string() }) }),
  z.literal("delete"),
  z.object({ update: z.object({ unified_diff: z.string(), move_path: z.nullable(z.string()) }) }),
]);
export type FileChange = z.infer<typeof FILE_CHANGE>;
/** A part of a patch that can be approved by itself. */
export const PATCH_HUNK = z.object({
  /** The section's number, for an update followed by the hunk's: `2.1`; `2.move` is the move. The same for the same patch. */
  id: z.string(),
  kind: z.enum(["add", "delete", "update", "move"]),
  /** Absolute. */
  path: z.string(),
  move_path: z.optional(z.string()),
  /** Where it begins in the patch; 1 is its first line. */
  line: z.number(),
  /** Of an update: what it changes, as a unified diff without file headers. */
  unified_diff: z.optional(z.string()),
});
export type PatchHunk = z.infer<typeof PATCH_HUNK>;

/** Absolute path → what happens to the file. */
const CHANGES = z.record(z.string(), FILE_CHANGE);

export const PLAN_STEP = z.object({ step: z.string(), status: z.enum(["pending", "in_progress", "completed"]) });
export type PlanStep = z.infer<typeof PLAN_STEP>;

/** Which pipe a chunk came from; `merged` when both streams share one pipe, which keeps their order exact. */
export const OUTPUT_STREAM = z.enum(["stdout", "stderr", "merged"]);
export type OutputStream = z.infer<typeof OUTPUT_STREAM>;

/** A rule of the user's, and where it stands. */
export const RULE_REFERENCE = z.object({
  /** Absolute; `(session)` for a rule that holds for this session only. */
  file: z.string(),
  /** From 1. */
  line: z.number(),
  column: z.number(),
  decision: z.enum(["allow", "prompt", "forbidden"]),
  justification: z.optional(z.string()),
});
export type RuleReference = z.infer<typeof RULE_REFERENCE>;

export const DECISION_EXPLANATION = z.object({
  verdict: z.enum(["allow", "ask", "reject"]),
  /** The layer that decided: `approval_policy`, `sandbox_policy`, `execpolicy`, `known_safe`, `session_grant`, `user`, … */
  layer: z.string(),
  /** For a person; the fact alone. */
  reason: z.string(),
  /** The rule that decided. */
  rule: z.optional(RULE_REFERENCE),
  /** What the user could do to change the verdict, a sentence each, the narrowest first. */
  change: z.optional(z.array(z.string())),
});
export type DecisionExplanation = z.infer<typeof DECISION_EXPLANATION>;

/** Whether the sandbox is why a confined command failed: from what it may do and what it said, never from its exit code alone. */
export const DENIAL = z.object({
  /** `unknown`: it complains of missing permission, and neither the sandbox nor something else can be shown to be the cause. */
  denied: z.union([z.boolean(), z.literal("unknown")]),
  what: z.optional(z.enum(["write", "network", "system_call"])),
  /** What it wanted to write; absolute. */
  path: z.optional(z.string()),
  /** What it wanted to reach, as it named it. */
  address: z.optional(z.string()),
  /** The permission that would allow it, as `-s` takes it. */
  permission: z.optional(z.string()),
  /** All the permissions that it would take, `permission` among them; set when one is not enough. */
  permissions: z.optional(z.array(z.string())),
});
export type Denial = z.infer<typeof DENIAL>;

const APPROVAL_REQUEST = {
  /** Why it is asked. */
  decision: z.optional(DECISION_EXPLANATION),
  /** What an answer may put into `grants`; others that fit the call are taken as well, such as a shorter prefix. */
  offers: z.optional(z.array(GRANT)),
};

export const EVENT_MSG = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("session_configured"),
    session_id: z.string(),
    model: z.string(),
    provider: z.string(),
    cwd: z.string(),
    approval_policy: z.string(),
    sandbox_policy: z.object({ permissions: z.array(z.unknown()) }),
    /** The rollout file, absolute; null when the session is not recorded. */
    rollout_path: z.nullable(z.string()),
  }),
  /** Once, before the first command that may be confined. */
  z.object({
    type: z.literal("sandbox_status"),
    /** `none`: commands cannot be confined here. */
    backend: z.enum(["landlock", "bwrap", "seatbelt", "none"]),
    /** Guarantees that the policy asks for and that cannot be given here. */
    missing: z.array(z.string()),
    /** For a person; set when something is missing. */
    message: z.optional(z.string()),
  }),
  z.object({ type: z.literal("task_started") }),
  z.object({
    type: z.literal("task_complete"),
    last_agent_message: z.nullable(z.string()),
    /** Summed over the task's requests. */
    usage: TOKEN_USAGE,
  }),
  z.object({ type: z.literal("error"), code: ERROR_CODE, message: z.string(), hint: z.optional(z.string()) }),
  z.object({ type: z.literal("turn_aborted"), reason: z.enum(["interrupted", "shutdown"]) }),
  /** The last turns are out of what the model is told; no file was changed back. Answers `thread_rollback`. */
  z.object({
    type: z.literal("thread_rolled_back"),
    num_turns: z.number(),
    /** So many of the transcript's items are left, the oldest. */
    items_kept: z.number(),
  }),
  z.object({ type: z.literal("shutdown_complete") }),

  z.object({ type: z.literal("agent_message"), message: z.string() }),
  z.object({ type: z.literal("agent_message_delta"), delta: z.string() }),
  z.object({ type: z.literal("agent_reasoning"), text: z.string() }),
  z.object({ type: z.literal("agent_reasoning_delta"), delta: z.string() }),
  /** Usage of one request and of the task so far. */
  z.object({
    type: z.literal("token_count"),
    usage: TOKEN_USAGE,
    total: TOKEN_USAGE,
    /** Tokens the model can take in all; left out when nothing is known of it and nothing is configured. */
    context_window: z.optional(z.number()),
  }),

  z.object({ type: z.literal("exec_command_begin"), call_id: z.string(), command: z.array(z.string()), cwd: z.string() }),
  z.object({ type: z.literal("exec_command_output_delta"), call_id: z.string(), stream: OUTPUT_STREAM, chunk: z.string() }),
  z.object({
    type: z.literal("exec_command_end"),
    call_id: z.string(),
    /** Both streams in order of arrival, head and tail kept; `cut_bytes` counts what is missing from the middle. */
    aggregated_output: z.string(),
    cut_bytes: z.number(),
    /** Null when a signal ended the command, or it never started. */
    exit_code: z.nullable(z.number()),
    signal: z.nullable(z.string()),
    timed_out: z.boolean(),
    duration_ms: z.number(),
    /** Set when the command was confined and failed. */
    denial: z.optional(DENIAL),
  }),
  z.object({
    type: z.literal("exec_approval_request"),
    call_id: z.string(),
    command: z.array(z.string()),
    cwd: z.string(),
    reason: z.optional(z.string()),
    /** The command ran confined and was denied something; `approved` runs it again with this permission added. */
    denial: z.optional(DENIAL),
    /** An answer may say `unconfined: true`: the command then runs without a sandbox, this once. */
    may_leave_sandbox: z.optional(z.boolean()),
    /** The model asked for this command to run without a sandbox, and says why. Its words: for a person, not to be trusted. */
    justification: z.optional(z.string()),
    ...APPROVAL_REQUEST,
  }),
  z.object({
    type: z.literal("patch_apply_begin"),
    call_id: z.string(),
    auto_approved: z.boolean(),
    changes: CHANGES,
  }),
  z.object({
    type: z.literal("patch_apply_end"),
    call_id: z.string(),
    success: z.boolean(),
    /** The summary lines, or what went wrong. */
    stdout: z.string(),
    stderr: z.string(),
    changes: CHANGES,
  }),
  z.object({
    type: z.literal("apply_patch_approval_request"),
    call_id: z.string(),
    changes: CHANGES,
    /** What an answer may choose from with `approved_hunks`. */
    hunks: z.optional(z.array(PATCH_HUNK)),
    reason: z.optional(z.string()),
    /** A directory that would have to become writable for the session. */
    grant_root: z.optional(z.string()),
    ...APPROVAL_REQUEST,
  }),
  /** A call that may run: allowed by the policies, or by an answer. Comes before its `*_begin`; a second time when it runs again. */
  z.object({
    type: z.literal("tool_call_allowed"),
    call_id: z.string(),
    tool: z.string(),
    /** The command, for a shell call; empty otherwise. */
    command: z.array(z.string()),
    decision: DECISION_EXPLANATION,
    /** The answer that allowed it, when somebody was asked. */
    review: z.optional(REVIEW_DECISION),
    /** What the answer granted beyond the call. */
    grants: z.optional(z.array(GRANT)),
  }),
  /** A call that was refused before anything ran. `decision` says by whom and why. */
  z.object({
    type: z.literal("tool_call_declined"),
    call_id: z.string(),
    tool: z.string(),
    /** The command, for a shell call; empty otherwise. */
    command: z.array(z.string()),
    decision: DECISION_EXPLANATION,
    /** The answer that declined it, when somebody was asked. */
    review: z.optional(REVIEW_DECISION),
  }),
  /** A call of a tool that the host brought, or of `view_image`; or one that was wrong in itself, such as a patch that does not fit. */
  z.object({ type: z.literal("tool_call_begin"), call_id: z.string(), tool: z.string(), arguments: z.unknown() }),
  z.object({ type: z.literal("tool_call_end"), call_id: z.string(), tool: z.string(), success: z.boolean(), output: z.string() }),
  /** A server of `mcp_servers` began to start, is ready, or is not going to be. */
  z.object({
    type: z.literal("mcp_startup_update"),
    server: z.string(),
    status: z.object({
      state: z.enum(["starting", "ready", "failed", "cancelled"]),
      /** With `failed`. */
      error: z.optional(z.string()),
    }),
    /** With `ready`: its own names of the tools that the model is offered. */
    tools: z.optional(z.array(z.string())),
  }),
  /** Every server is ready or has failed; once. */
  z.object({
    type: z.literal("mcp_startup_complete"),
    ready: z.array(z.string()),
    failed: z.array(z.object({ server: z.string(), error: z.string() })),
    cancelled: z.array(z.string()),
  }),
  /** A server that is ready said that its tools changed, and they did. The model is offered them from the next turn on. */
  z.object({ type: z.literal("mcp_tools_changed"), server: z.string(), tools: z.array(z.string()) }),
  /** A call of a server's tool. `tool` is the server's own name for it. */
  z.object({
    type: z.literal("mcp_tool_call_begin"),
    call_id: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: z.unknown(),
  }),
  z.object({
    type: z.literal("mcp_tool_call_progress"),
    call_id: z.string(),
    progress: z.number(),
    total: z.optional(z.number()),
    message: z.optional(z.string()),
  }),
  z.object({
    type: z.literal("mcp_tool_call_end"),
    call_id: z.string(),
    server: z.string(),
    tool: z.string(),
    /** False when there is no result, or one that says it is an error. */
    success: z.boolean(),
    /** As the server gave it, with very long texts cut; null when it gave none. */
    result: z.nullable(
      z.object({
        content: z.array(z.unknown()),
        structured_content: z.optional(z.unknown()),
        is_error: z.optional(z.boolean()),
      }),
    ),
    /** Why there is no result; null when there is one. */
    error: z.nullable(z.string()),
    duration_ms: z.number(),
  }),
  z.object({
    type: z.literal("mcp_approval_request"),
    call_id: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: z.unknown(),
    reason: z.optional(z.string()),
    ...APPROVAL_REQUEST,
  }),
  /** A server asks the user something in the middle of a call. `approved` hands over `content`, `denied` declines, `abort` cancels. */
  z.object({
    type: z.literal("elicitation_request"),
    call_id: z.string(),
    server: z.string(),
    message: z.string(),
    /** JSON Schema of the content that is asked for: an object of plain values. */
    requested_schema: z.optional(z.unknown()),
    /** Where the user is to go instead. */
    url: z.optional(z.string()),
  }),
  /**
   * The question is open no more. `withdrawn`: nobody wants an answer, because the server took it back or is gone, or the task has ended.
   */
  z.object({
    type: z.literal("elicitation_end"),
    call_id: z.string(),
    server: z.string(),
    outcome: z.enum(["accept", "decline", "cancel", "withdrawn"]),
  }),
  z.object({ type: z.literal("plan_update"), explanation: z.optional(z.string()), plan: z.array(PLAN_STEP) }),
  /** Every file the task changed so far, as one unified diff. */
  z.object({ type: z.literal("turn_diff"), unified_diff: z.string() }),

  /** A notice: the attempt failed and will be made again. Deltas shown since the last request are void. */
  z.object({ type: z.literal("stream_error"), message: z.string(), attempt: z.number(), max: z.number(), delay_ms: z.number() }),
  z.object({ type: z.literal("warning"), message: z.string() }),
  z.object({ type: z.literal("background_event"), message: z.string() }),
]);
export type EventMsg = z.infer<typeof EVENT_MSG>;
export type EventOf<Type extends EventMsg["type"]> = Extract<EventMsg, { type: Type }>;

/** `id` is that of the submission that started the task; "0" for the session itself. */
export const EVENT = z.object({ id: z.string(), msg: EVENT_MSG });
export type Event = z.infer<typeof EVENT>;
