import type { ApprovalRequest } from "@codex/core";
import type { PermissionRequest } from "./events.ts";

/** A question as data, in one form for commands and patches. */
export function permissionRequest(request: ApprovalRequest): PermissionRequest {
  const { call_id, reason = "", decision, offers = [] } = request;
  const why = { reason, ...(decision === undefined ? {} : { decision }) };
  if (request.type === "apply_patch_approval_request") {
    return { call_id, tool: "apply_patch", changes: request.changes, ...why, offers, may_leave_sandbox: false };
  }
  const { command, cwd, denial, may_leave_sandbox = false } = request;
  return { call_id, tool: "shell", command, cwd, ...why, ...(denial === undefined ? {} : { denial }), offers, may_leave_sandbox };
}
