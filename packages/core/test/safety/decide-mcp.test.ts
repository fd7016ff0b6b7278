import { expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import type { McpApprovalMode } from "../../src/config/mcp-servers.ts";
import { decideMcpCall, type McpAnnotations, type McpCase } from "../../src/safety/decide-mcp.ts";
import { explainToModel } from "../../src/safety/decide.ts";

const POLICIES: readonly ApprovalPolicy[] = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"];
const READS: McpAnnotations = { readOnlyHint: true };
const USUAL = { server: "a", tool: "t", fullAccess: false, sessionGrant: false, canAsk: true };

function verdicts(mode: McpApprovalMode, annotations: McpAnnotations | undefined, more: Partial<McpCase> = {}): readonly string[] {
  return POLICIES.map((approvalPolicy) => decideMcpCall({ ...USUAL, approvalPolicy, mode, annotations, ...more }).verdict);
}

test.each([
  ["approve", undefined, {}, ["allow", "allow", "allow", "allow", "allow"]],
  ["prompt", READS, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["prompt", READS, { fullAccess: true }, ["ask", "ask", "ask", "ask", "reject"]],
  ["prompt", READS, { sessionGrant: true }, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", READS, {}, ["allow", "allow", "allow", "allow", "allow"]],
  ["auto", { ...READS, destructiveHint: true }, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", { destructiveHint: false }, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", undefined, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", undefined, { fullAccess: true }, ["ask", "ask", "allow", "allow", "allow"]],
  ["auto", undefined, { sessionGrant: true }, ["allow", "allow", "allow", "allow", "allow"]],
  ["auto", undefined, { canAsk: false }, ["reject", "reject", "reject", "reject", "reject"]],
] as const)("%s, %j, %j: %j by policy", (mode, annotations, more, wanted) => {
  expect(verdicts(mode, annotations, more)).toEqual(wanted);
});

test("a rejection tells the user the way out, and the model that there is none", () => {
  const decision = decideMcpCall({ ...USUAL, approvalPolicy: "never", mode: "auto", annotations: undefined, canAsk: false });
  expect(decision.explanation.reason).toContain('approval_mode = "approve"');
  expect(explainToModel(decision)).not.toContain("approval_mode");
});
