import { ERROR_CODES, GRANT, type ErrorCode } from "@codex/core";
import * as z from "zod/mini";

/**
 * The lines of `codex exec --json`: the source of their types and of schema/exec-events.schema.json. Keys that this version
 * does not have may be added later; readers ignore what they do not know.
 */

const ERROR_CODE = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

const EXEC_USAGE = z.object({
  input_tokens: z.number(),
  cached_input_tokens: z.number(),
  /** Always 0: neither wire format reports writes to the provider's cache. */
  cache_write_input_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_output_tokens: z.number(),
});

const STATUS = z.enum(["in_progress", "completed", "failed", "declined"]);

export const EXEC_ITEM = z.discriminatedUnion("type", [
  z.object({ id: z.string(), type: z.literal("agent_message"), text: z.string() }),
  z.object({ id: z.string(), type: z.literal("reasoning"), text: z.string() }),
  z.object({
    id: z.string(),
    type: z.literal("command_execution"),
    /** One line, quoted for a POSIX shell. */
    command: z.string(),
    aggregated_output: z.string(),
    /** Null while it runs, when a signal ended it, and when it never started. */
    exit_code: z.nullable(z.number()),
    /** Anything but exit code 0 is `failed`. */
    status: STATUS,
    /** The signal that ended it. */
    signal: z.optional(z.string()),
    timed_out: z.optional(z.literal(true)),
    /** Bytes left out of the middle of `aggregated_output`. */
    cut_bytes: z.optional(z.number()),
    /** Why it was declined. */
    reason: z.optional(z.string()),
  }),
  z.object({
    id: z.string(),
    type: z.literal("file_change"),
    changes: z.array(z.object({ path: z.string(), kind: z.enum(["add", "delete", "update"]), move_path: z.optional(z.string()) })),
    status: STATUS,
    /** Why it was declined or what went wrong. */
    reason: z.optional(z.string()),
  }),
  /** A tool of the embedding program, or `view_image`. */
  z.object({
    id: z.string(),
    type: z.literal("tool_call"),
    tool: z.string(),
    arguments: z.unknown(),
    /** Null while it runs and when it was declined. */
    output: z.nullable(z.string()),
    status: STATUS,
    reason: z.optional(z.string()),
  }),
  /** A tool of an MCP server. */
  z.object({
    id: z.string(),
    type: z.literal("mcp_tool_call"),
    server: z.string(),
    /** The server's own name for it. */
    tool: z.string(),
    arguments: z.unknown(),
    /** As the server gave it, with very long texts cut; null while the call runs and when it failed. */
    result: z.nullable(z.object({ content: z.array(z.unknown()), structured_content: z.optional(z.unknown()) })),
    error: z.nullable(z.object({ message: z.string() })),
    /** A result that says it is an error is `failed` too. */
    status: STATUS,
  }),
  z.object({
    id: z.string(),
    type: z.literal("todo_list"),
    items: z.array(z.object({ text: z.string(), completed: z.boolean() })),
  }),
  /** A notice: the turn goes on. Retries, a provider that is silent, and warnings. */
  z.object({ id: z.string(), type: z.literal("error"), message: z.string() }),
]);
export type ExecItem = z.infer<typeof EXEC_ITEM>;

const PERMISSION_REQUEST = z.object({
  /** What an answer names. */
  call_id: z.string(),
  /**
   * `shell` with `command` and `cwd`, `apply_patch` with `changes` and `hunks`, `mcp` with `server`, `name` and `arguments`, or `elicitation`: a
   * server asks for `requested_schema` (the answer's `content`) or wants the user at `url`.
   */
  tool: z.string(),
  command: z.optional(z.array(z.string())),
  cwd: z.optional(z.string()),
  changes: z.optional(z.record(z.string(), z.unknown())),
  /** Of a patch: an answer may name the ids of some in `approved_hunks`. */
  hunks: z.optional(z.array(z.unknown())),
  server: z.optional(z.string()),
  name: z.optional(z.string()),
  arguments: z.optional(z.unknown()),
  requested_schema: z.optional(z.unknown()),
  url: z.optional(z.string()),
  reason: z.string(),
  /** Why the model asks to leave the sandbox, in its words. */
  justification: z.optional(z.string()),
  /** The layer and the rule that want the question. */
  decision: z.optional(z.unknown()),
  /** The command ran and was denied something by the sandbox. */
  denial: z.optional(z.unknown()),
  /** What an answer may put into `grants`. */
  offers: z.array(GRANT),
  /** An answer may say `"unconfined": true`. */
  may_leave_sandbox: z.boolean(),
});
export type PermissionRequest = z.infer<typeof PERMISSION_REQUEST>;

const DECLINED_CALL = z.object({
  call_id: z.string(),
  tool: z.string(),
  /** One line, quoted for a POSIX shell; left out for a patch. */
  command: z.optional(z.string()),
  /** Who decided: `user`, or the layer of the policy. */
  layer: z.string(),
  reason: z.string(),
  /** How it could be allowed. */
  change: z.optional(z.array(z.string())),
});
export type DeclinedCall = z.infer<typeof DECLINED_CALL>;

/** Calls that were declined, in order; left out when there were none. */
const DECLINED = z.optional(z.array(DECLINED_CALL));

export const EXEC_EVENT = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thread.started"), thread_id: z.string() }),
  z.object({ type: z.literal("turn.started") }),
  z.object({ type: z.literal("item.started"), item: EXEC_ITEM }),
  z.object({ type: z.literal("item.updated"), item: EXEC_ITEM }),
  z.object({ type: z.literal("item.completed"), item: EXEC_ITEM }),
  /** A question that `--approvals` has somebody answer. */
  z.object({ type: z.literal("approval.requested"), request: PERMISSION_REQUEST }),
  /** A question that nobody wants answered any more: the server that asked it took it back. */
  z.object({ type: z.literal("approval.withdrawn"), call_id: z.string() }),
  z.object({ type: z.literal("turn.completed"), usage: EXEC_USAGE, declined: DECLINED }),
  z.object({
    type: z.literal("turn.failed"),
    error: z.object({ code: ERROR_CODE, message: z.string(), hint: z.optional(z.string()) }),
    declined: DECLINED,
  }),
]);
export type ExecEvent = z.infer<typeof EXEC_EVENT>;

/** The JSON Schema of one line, as shipped. It lets unknown fields pass, so that later versions may add some. */
export function execEventsSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(EXEC_EVENT, { target: "draft-2020-12", io: "input" }), title: "One line of codex exec --json" };
}
