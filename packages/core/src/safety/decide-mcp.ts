import { isUnrestricted, type SandboxPolicy } from "@codex/linux-sandbox";
import type { ApprovalPolicy } from "../config/config.ts";
import type { McpApprovalMode } from "../config/mcp-servers.ts";
import type { DecisionExplanation } from "../protocol/event.ts";
import type { Decision, DecisionLayer } from "./decide.ts";

export interface McpCase {
  readonly approval: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** What the user's settings say of the tool. */
  readonly mode: McpApprovalMode;
  /** What the server says of the tool. */
  readonly annotations: McpAnnotations | undefined;
  /** The user allowed this tool for the session. */
  readonly grants: boolean;
  readonly canAsk: boolean;
}

export interface McpAnnotations {
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

/**
 * Decides whether a server's tool is called. Pure. A server runs outside the sandbox, so what it says of its tools counts: a tool is
 * harmless when it only reads, or neither destroys nor reaches beyond its own domain. Unsaid, the protocol's defaults hold: it may do both.
 *
 * | mode      | approval policy                | only reads | harmless | other                             |
 * | --------- | ------------------------------ | ---------- | -------- | --------------------------------- |
 * | `approve` | any                            | run        | run      | run                               |
 * | `prompt`  | any but `never`                | ask        | ask      | ask                               |
 * | `prompt`  | `never`                        | reject     | reject   | reject                            |
 * | `auto`    | unless-allow-listed, auto-edit | run        | ask      | ask                               |
 * | `auto`    | on-failure, on-request         | run        | run      | ask; run under full access        |
 * | `auto`    | `never`                        | run        | run      | reject; run under full access     |
 *
 * What the user allowed for the session runs, whatever would be asked.
 */
export function decideMcpCall(input: McpCase): Decision {
  const { approval, mode, annotations } = input;
  if (mode === "approve") return allow("mcp_settings", "The settings of the server approve the tool.");
  if (input.grants) return allow("session_grant", "The user allowed this tool for the session.");
  if (mode === "prompt") return ask("mcp_settings", "The settings of the server want a question before this tool is called.", input);
  const destroys = annotations?.destructiveHint;
  if (annotations?.readOnlyHint === true && destroys !== true) return allow("mcp_annotations", "The server says that the tool only reads.");
  if (approval === "unless-allow-listed" || approval === "auto-edit")
    return ask("approval_policy", `The approval policy \`${approval}\` asks before a tool that may do more than read.`, input);
  if (destroys === false && annotations?.openWorldHint === false)
    return allow("mcp_annotations", "The server says that the tool destroys nothing and reaches nothing else.");
  if (isUnrestricted(input.sandboxPolicy)) return allow("sandbox_policy", "The sandbox policy grants everything.");
  return ask("mcp_annotations", UNSAID, input);
}

const UNSAID = "The server does not say that the tool is harmless, and it runs outside the sandbox.";
const WAY_OUT = 'Setting `approval_mode = "approve"` for the tool in `mcp_servers` lets it run unasked.';

function allow(layer: DecisionLayer, reason: string): Decision {
  return { verdict: "allow", confined: false, explanation: explain("allow", layer, reason) };
}

function ask(layer: DecisionLayer, fact: string, { approval, canAsk }: McpCase): Decision {
  if (approval === "never") return reject("approval_policy", `${fact} The approval policy \`never\` forbids questions.`);
  if (!canAsk) return reject("no_answerer", `${fact} Nobody can be asked in this session.`);
  return { verdict: "ask", explanation: explain("ask", layer, fact) };
}

function reject(layer: DecisionLayer, fact: string): Decision {
  return { verdict: "reject", explanation: explain("reject", layer, `${fact} ${WAY_OUT}`), fact };
}

function explain(verdict: DecisionExplanation["verdict"], layer: DecisionLayer, reason: string): DecisionExplanation {
  return { verdict, layer, reason };
}
