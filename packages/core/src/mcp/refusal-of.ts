import { isUnrestricted } from "@codex/linux-sandbox";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import { decideMcpCall, type McpAnnotations } from "../safety/decide-mcp.ts";
import { explainToModel } from "../safety/decision.ts";
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
  const told = { call_id: call.callId, tool: call.name, command: [] };
  if (decision.verdict === "allow") {
    context.emit({ type: "tool_call_allowed", ...told, decision: decision.explanation });
    return undefined;
  }
  if (decision.verdict === "reject") {
    context.emit({ type: "tool_call_declined", ...told, decision: decision.explanation });
    return explainToModel(decision);
  }
  const { reason } = decision.explanation;
  const question = { call_id: call.callId, server, tool, arguments: call.args, reason, decision: decision.explanation };
  const answer = await approvals.ask({ type: "mcp_approval_request", ...question }, context.signal);
  if (answer.decision === "approved_for_session") grants.addMcpTool(server, tool);
  if (answer.decision === "approved" || answer.decision === "approved_for_session") {
    const granted = answer.decision === "approved" ? "this call" : "this tool for the session";
    context.emit({
      type: "tool_call_allowed",
      ...told,
      decision: { verdict: "allow", layer: "user", reason: `The user allowed ${granted}.` },
      review: answer.decision,
    });
    return undefined;
  }
  const said = answer.reason ?? "the user said no";
  context.emit({
    type: "tool_call_declined",
    ...told,
    decision: { verdict: "reject", layer: "user", reason: said },
    review: answer.decision,
  });
  return `The tool was not called: ${said}.`;
}
