import { quoteCommand, type EventMsg } from "@codex/core";

/** A few words on an event that is a step forward; undefined for those that are none. */
export function describeEvent(msg: EventMsg): string | undefined {
  switch (msg.type) {
    case "session_configured":
      return `thread open, model ${msg.model}`;
    case "task_started":
      return "thinking";
    case "exec_command_begin":
      return `running ${shortened(quoteCommand(msg.command))}`;
    case "exec_command_end":
      return `command ended: ${msg.exit_code === null ? (msg.signal ?? "not started") : `exit code ${String(msg.exit_code)}`}`;
    case "patch_apply_begin":
      return `changing ${countOf(Object.keys(msg.changes).length, "file")}`;
    case "patch_apply_end":
      return msg.success ? "files changed" : "the change failed";
    case "mcp_tool_call_begin":
      return `calling ${msg.server}.${msg.tool}`;
    case "mcp_tool_call_progress":
      return `${msg.total === undefined ? String(msg.progress) : `${String(msg.progress)} of ${String(msg.total)}`}${msg.message === undefined ? "" : `: ${shortened(msg.message)}`}`;
    case "mcp_tool_call_end":
      return `${msg.server}.${msg.tool} ${msg.success ? "done" : "failed"}`;
    case "tool_call_begin":
      return `calling ${msg.tool}`;
    case "tool_call_end":
      return `${msg.tool} ${msg.success ? "done" : "failed"}`;
    case "tool_call_declined":
      return `declined: ${shortened(msg.decision.reason)}`;
    case "exec_approval_request":
    case "apply_patch_approval_request":
    case "mcp_approval_request":
      return "waiting for approval";
    case "elicitation_request":
      return `waiting for an answer to ${msg.server}`;
    case "agent_message":
      return shortened(msg.message);
    case "agent_reasoning":
      return shortened(msg.text);
    case "stream_error":
    case "background_event":
      return shortened(msg.message);
    case "plan_update":
      return shortened(msg.plan.find(({ status }) => status === "in_progress")?.step ?? "plan made");
    default:
      return undefined;
  }
}

const LENGTH = 120;

function shortened(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > LENGTH ? `${line.slice(0, LENGTH)}…` : line;
}

function countOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
