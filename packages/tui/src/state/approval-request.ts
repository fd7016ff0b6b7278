import type { EventOf } from "@codex/core";
import { plainLine } from "../text/ansi.ts";
import { commandText } from "./command-text.ts";
import { elicitationFields } from "./elicitation-form.ts";
import type { Approval } from "./model.ts";

export type AskingEvent = EventOf<
  "exec_approval_request" | "apply_patch_approval_request" | "mcp_approval_request" | "elicitation_request"
>;

/** A question of the session's as the interface keeps it. */
export function approvalOf(msg: AskingEvent): Approval {
  if (msg.type === "elicitation_request") {
    const { server, message, requested_schema: schema, url = "" } = msg;
    const asked = { callId: msg.call_id, reason: "", decision: undefined, offers: [] };
    return { ...asked, kind: "elicitation", server, message, url, fields: elicitationFields(schema) };
  }
  const asked = { callId: msg.call_id, reason: msg.reason ?? "", decision: msg.decision, offers: msg.offers ?? [] };
  switch (msg.type) {
    case "exec_approval_request": {
      const { command, cwd, denial, may_leave_sandbox: mayLeaveSandbox = false, justification = "" } = msg;
      return { ...asked, kind: "exec", command, cwd, denial, mayLeaveSandbox, justification };
    }
    case "apply_patch_approval_request":
      return { ...asked, kind: "patch", changes: msg.changes, hunks: msg.hunks ?? [], grantRoot: msg.grant_root ?? "" };
    case "mcp_approval_request":
      return { ...asked, kind: "mcp", server: msg.server, tool: msg.tool, arguments: argumentsText(msg.arguments) };
  }
}

/** What is asked about, in a few words. */
export function approvalSubject(approval: Approval): string {
  switch (approval.kind) {
    case "exec":
      return plainLine(commandText(approval.command));
    case "patch":
      return "the patch";
    case "mcp":
      return plainLine(`${approval.server}.${approval.tool}`);
    case "elicitation":
      return plainLine(`a question of ${approval.server}`);
  }
}

/** Arguments of a call as compact JSON; empty without any. */
export function argumentsText(value: unknown): string {
  const text = value === undefined || value === null ? "" : JSON.stringify(value);
  return text === "{}" ? "" : text;
}
