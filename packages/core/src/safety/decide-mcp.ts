import type { ApprovalPolicy } from "../config/config.ts";
import type { McpApprovalMode } from "../config/mcp-servers.ts";
import type { DecisionExplanation } from "../protocol/event.ts";
import type { Decision, DecisionLayer } from "./decide.ts";

export interface McpCase {
  readonly server: string;
  readonly tool: string;
  readonly approvalPolicy: ApprovalPolicy;
  /** The sandbox policy grants everything. Otherwise a call counts as leaving the sandbox, since servers run outside of it. */
  readonly fullAccess: boolean;
  /** What the user's settings say of the tool. */
  readonly mode: McpApprovalMode;
  /** What the server says of the tool. */
  readonly annotations: McpAnnotations | undefined;
  /** The user allowed this tool for the session. Outranks no `prompt`. */
  readonly sessionGrant: boolean;
  readonly canAsk: boolean;
}

export interface McpAnnotations {
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

/**
 * Decides whether a server's tool is called. Pure.
 *
 * | approval policy                | mode approve | mode prompt | auto, only reads or granted | auto, else: full access | confined |
 * | ------------------------------ | ------------ | ----------- | --------------------------- | ----------------------- | -------- |
 * | unless-allow-listed, auto-edit | call         | ask         | call                        | ask                     | ask      |
 * | on-failure, on-request         | call         | ask         | call                        | call                    | ask      |
 * | never                          | call         | reject      | call                        | call                    | reject   |
 */
export function decideMcpCall(input: McpCase): Decision {
  const { approvalPolicy, mode, annotations } = input;
  if (mode === "approve") return allow("mcp_policy", "The settings of the server approve the tool.");
  if (mode === "prompt") return ask("mcp_policy", "The settings of the server want a question before this tool is called.", input);
  if (annotations?.readOnlyHint === true && annotations.destructiveHint !== true)
    return allow("mcp_annotations", "The server says that the tool only reads.");
  if (input.sessionGrant) return allow("session_grant", "The user allowed this tool for the session.");
  if (approvalPolicy === "unless-allow-listed" || approvalPolicy === "auto-edit")
    return ask("approval_policy", `The approval policy \`${approvalPolicy}\` asks before a tool that may do more than read.`, input);
  if (input.fullAccess) return allow("sandbox_policy", "The sandbox policy grants everything.");
  return ask("sandbox_policy", "The tool may do more than read, and it runs outside the sandbox.", input);
}

const WAY_OUT = 'Setting `approval_mode = "approve"` for the tool in `mcp_servers` lets it run unasked.';

function allow(layer: DecisionLayer, reason: string): Decision {
  return { verdict: "allow", confined: false, explanation: explain("allow", layer, reason) };
}

function ask(layer: DecisionLayer, fact: string, { approvalPolicy, canAsk }: McpCase): Decision {
  if (approvalPolicy === "never") return reject("approval_policy", `${fact} The approval policy \`never\` forbids questions.`);
  if (!canAsk) return reject("no_answerer", `${fact} Nobody can be asked in this session.`);
  return { verdict: "ask", explanation: explain("ask", layer, fact) };
}

function reject(layer: DecisionLayer, fact: string): Decision {
  return { verdict: "reject", explanation: explain("reject", layer, `${fact} ${WAY_OUT}`), fact };
}

function explain(verdict: DecisionExplanation["verdict"], layer: DecisionLayer, reason: string): DecisionExplanation {
  return { verdict, layer, reason };
}
