import { isUnrestricted } from "@codex/linux-sandbox";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import { decideMcpCall, type McpAnnotations } from "../safety/decide-mcp.ts";
import { explainToModel } from "../safety/decide.ts";
import type { ToolContext } from "../tools/tool.ts";

export interface AskedCall {
  readonly server: string;
  /** Undefined for a server that only a recording knows. */
  readonly config: McpServerConfig | undefined;
  /** As settings and grants name it. */
  readonly tool: string;
  readonly annotations: McpAnnotations | undefined;
  /** As the model calls it. */
  readonly name: string;
  readonly callId: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Decides on a call and asks if it must. What the model is told when the call may not be made; undefined when it may. */
export async function refusalOf(call: AskedCall, context: ToolContext): Promise<string | undefined> {
  const { server, config, tool, annotations } = call;
  const { approvals, grants } = context.session;
  const own = config !== undefined && Object.hasOwn(config.approvalModes, tool) ? config.approvalModes[tool] : undefined;
  const decision = decideMcpCall({
    server,
    tool,
    approvalPolicy: context.config.approvalPolicy,
    fullAccess: isUnrestricted(context.config.sandboxPolicy),
    mode: own ?? config?.defaultApprovalMode ?? "auto",
    annotations,
    sessionGrant: grants.hasMcpTool(server, tool),
    canAsk: approvals.canAsk,
  });
  if (decision.verdict === "allow") return undefined;
  if (decision.verdict === "reject") {
    context.emit({ type: "tool_call_declined", call_id: call.callId, tool: call.name, command: [], decision: decision.explanation });
    return explainToModel(decision);
  }
  const { reason } = decision.explanation;
  const answer = await approvals.ask(
    { type: "mcp_approval_request", call_id: call.callId, server, tool, arguments: call.args, reason },
    context.signal,
  );
  if (answer.decision === "approved_for_session") grants.addMcpTool(server, tool);
  if (answer.decision === "approved" || answer.decision === "approved_for_session") return undefined;
  const said = answer.reason ?? "the user said no";
  context.emit({
    type: "tool_call_declined",
    call_id: call.callId,
    tool: call.name,
    command: [],
    decision: { verdict: "reject", layer: "user", reason: said },
    review: answer.decision,
  });
  return `The tool was not called: ${said}.`;
}
