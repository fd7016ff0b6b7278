import type { ApprovalPolicy } from "../config/config.ts";
import type { McpApprovalMode } from "../config/mcp-servers.ts";
import { allow, ask, reject, type Decision } from "./decision.ts";

/** What a server says of its tool. Hints: they make a call stricter at once, and milder only under `auto`. */
export interface McpAnnotations {
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

export interface McpCase {
  readonly server: string;
  readonly tool: string;
  readonly approvalPolicy: ApprovalPolicy;
  /** The sandbox policy grants everything. Otherwise a call counts as leaving the sandbox, since servers run outside of it. */
  readonly fullAccess: boolean;
  readonly mode: McpApprovalMode;
  readonly annotations: McpAnnotations | undefined;
  /** The user allowed this tool, whatever its arguments, for the session. Outranks no `prompt`. */
  readonly sessionGrant: boolean;
  readonly canAsk: boolean;
}

/**
 * Decides whether a tool of an MCP server is called. Pure. What the user said of the tool comes first, then what the server says of
 * it, then the same table that commands have which leave the sandbox:
 *
 * | approval policy                | mode approve | mode prompt | auto, only reads | auto, granted | auto, else: full access | confined |
 * | ------------------------------ | ------------ | ----------- | ---------------- | ------------- | ----------------------- | -------- |
 * | unless-allow-listed, auto-edit | call         | ask         | call             | call          | ask                     | ask      |
 * | on-failure, on-request         | call         | ask         | call             | call          | call                    | ask      |
 * | never                          | call         | reject      | call             | call          | call                    | reject   |
 */
export function decideMcpCall(input: McpCase): Decision {
  const { approvalPolicy, mode, fullAccess } = input;
  const name = `\`${input.tool}\` of the MCP server \`${input.server}\``;
  const change = [`\`approval_mode = "approve"\` under \`[mcp_servers.${input.server}.tools.${input.tool}]\` allows it.`];
  const askOrReject = (layer: "mcp_policy" | "approval_policy" | "sandbox_policy", reason: string): Decision =>
    approvalPolicy === "never"
      ? reject({ layer, reason: `${reason} The approval policy \`never\` forbids questions.`, change })
      : ask({ layer, reason, change }, input);
  if (mode === "approve") return allow(false, { layer: "mcp_policy", reason: `The configuration allows ${name}.` });
  if (mode === "prompt") return askOrReject("mcp_policy", `The configuration wants a question before ${name}.`);
  if (onlyReads(input.annotations)) return allow(false, { layer: "mcp_annotations", reason: `The server says that ${name} only reads.` });
  if (input.sessionGrant) return allow(false, { layer: "session_grant", reason: `The user allowed ${name} for the session.` });
  if (approvalPolicy === "unless-allow-listed" || approvalPolicy === "auto-edit") {
    return askOrReject(
      "approval_policy",
      `The approval policy \`${approvalPolicy}\` asks before a tool that may do more than read: ${name}.`,
    );
  }
  if (fullAccess) return allow(false, { layer: "sandbox_policy", reason: "The sandbox policy grants everything." });
  return askOrReject("sandbox_policy", `${name} may do more than read, and runs outside the sandbox.`);
}

/** A tool that is destructive as well contradicts itself, and counts as destructive. */
function onlyReads(annotations: McpAnnotations | undefined): boolean {
  return annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
}
