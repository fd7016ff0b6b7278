import { expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import type { McpApprovalMode } from "../../src/config/mcp-servers.ts";
import { decideMcpCall, type McpAnnotations, type McpCase } from "../../src/safety/decide-mcp.ts";
import { explainToModel } from "../../src/safety/decide.ts";

const POLICIES: readonly ApprovalPolicy[] = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"];
const READS: McpAnnotations = { readOnlyHint: true };
const HARMLESS: McpAnnotations = { destructiveHint: false, openWorldHint: false };
const CONFINED = { permissions: ["disk-full-read-access"] } as McpCase["sandboxPolicy"];
const FULL = { permissions: ["disk-full-read-access", "disk-full-write-access", "network-full-access"] } as McpCase["sandboxPolicy"];

function verdicts(mode: McpApprovalMode, annotations: McpAnnotations | undefined, more: Partial<McpCase> = {}): readonly string[] {
  return POLICIES.map(
    (approval) => decideMcpCall({ approval, mode, annotations, sandboxPolicy: CONFINED, grants: false, canAsk: true, ...more }).verdict,
  );
}

test.each([
  ["approve", undefined, {}, ["allow", "allow", "allow", "allow", "allow"]],
  ["prompt", READS, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["prompt", READS, { sandboxPolicy: FULL }, ["ask", "ask", "ask", "ask", "reject"]],
  ["prompt", READS, { grants: true }, ["allow", "allow", "allow", "allow", "allow"]],
  ["auto", READS, {}, ["allow", "allow", "allow", "allow", "allow"]],
  ["auto", { ...READS, destructiveHint: true }, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", HARMLESS, {}, ["ask", "ask", "allow", "allow", "allow"]],
  ["auto", { destructiveHint: false }, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", undefined, {}, ["ask", "ask", "ask", "ask", "reject"]],
  ["auto", undefined, { sandboxPolicy: FULL }, ["ask", "ask", "allow", "allow", "allow"]],
  ["auto", undefined, { grants: true }, ["allow", "allow", "allow", "allow", "allow"]],
  ["auto", undefined, { canAsk: false }, ["reject", "reject", "reject", "reject", "reject"]],
] as const)("%s, %j, %j: %j by policy", (mode, annotations, more, wanted) => {
  expect(verdicts(mode, annotations, more)).toEqual(wanted);
});

test("a rejection tells the user the way out, and the model that there is none", () => {
  const decision = decideMcpCall({
    approval: "never",
    mode: "auto",
    annotations: undefined,
    sandboxPolicy: CONFINED,
    grants: false,
    canAsk: false,
  });
  expect(decision.explanation).toEqual({
    verdict: "reject",
    layer: "approval_policy",
    reason:
      'The server does not say that the tool is harmless, and it runs outside the sandbox. The approval policy `never` forbids questions. Setting `approval_mode = "approve"` for the tool in `mcp_servers` lets it run unasked.',
  });
  expect(explainToModel(decision)).not.toContain("approval_mode");
});
