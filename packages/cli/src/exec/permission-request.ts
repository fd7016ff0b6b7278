import type { ApprovalRequest } from "@codex/core";
import type { PermissionRequest } from "./events.ts";

/** A question as data, in one form for commands, patches, tools of MCP servers and what such servers ask. */
export function permissionRequest(request: ApprovalRequest): PermissionRequest {
  const { call_id } = request;
  if (request.type === "elicitation_request") {
    const { server, message, requested_schema, url } = request;
    const asked = url === undefined ? { requested_schema } : { url };
    return { call_id, tool: "elicitation", server, ...asked, reason: message, offers: [], may_leave_sandbox: false };
  }
  const { reason = "", decision, offers = [] } = request;
  const why = { reason, ...(decision === undefined ? {} : { decision }) };
  switch (request.type) {
    case "apply_patch_approval_request": {
      const { changes, hunks = [] } = request;
      return { call_id, tool: "apply_patch", changes, hunks, ...why, offers, may_leave_sandbox: false };
    }
    case "mcp_approval_request": {
      const { server, tool, arguments: args } = request;
      return { call_id, tool: "mcp", server, name: tool, arguments: args, ...why, offers, may_leave_sandbox: false };
    }
    case "exec_approval_request": {
      const { command, cwd, denial, may_leave_sandbox = false, justification } = request;
      const more = { ...(denial === undefined ? {} : { denial }), ...(justification === undefined ? {} : { justification }) };
      return { call_id, tool: "shell", command, cwd, ...why, ...more, offers, may_leave_sandbox };
    }
  }
}
