import { describe, expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import { decideMcpCall, type McpAnnotations, type McpCase } from "../../src/safety/decide-mcp.ts";

const POLICIES = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const satisfies readonly ApprovalPolicy[];
const READS: McpAnnotations = { readOnlyHint: true };
const ANNOTATIONS: readonly (McpAnnotations | undefined)[] = [
  undefined,
  {},
  READS,
  { readOnlyHint: true, openWorldHint: true },
  { readOnlyHint: true, destructiveHint: true },
  { readOnlyHint: false },
  { destructiveHint: true },
  { destructiveHint: false },
];

/** What decides → approval policy → verdict and layer, confined and with full access. */
const TABLE = `
approve | unless-allow-listed | allow mcp_policy      | allow mcp_policy
approve | auto-edit           | allow mcp_policy      | allow mcp_policy
approve | on-failure          | allow mcp_policy      | allow mcp_policy
approve | on-request          | allow mcp_policy      | allow mcp_policy
approve | never               | allow mcp_policy      | allow mcp_policy
prompt  | unless-allow-listed | ask mcp_policy        | ask mcp_policy
prompt  | auto-edit           | ask mcp_policy        | ask mcp_policy
prompt  | on-failure          | ask mcp_policy        | ask mcp_policy
prompt  | on-request          | ask mcp_policy        | ask mcp_policy
prompt  | never               | reject mcp_policy     | reject mcp_policy
reads   | unless-allow-listed | allow mcp_annotations | allow mcp_annotations
reads   | auto-edit           | allow mcp_annotations | allow mcp_annotations
reads   | on-failure          | allow mcp_annotations | allow mcp_annotations
reads   | on-request          | allow mcp_annotations | allow mcp_annotations
reads   | never               | allow mcp_annotations | allow mcp_annotations
granted | unless-allow-listed | allow session_grant   | allow session_grant
granted | auto-edit           | allow session_grant   | allow session_grant
granted | on-failure          | allow session_grant   | allow session_grant
granted | on-request          | allow session_grant   | allow session_grant
granted | never               | allow session_grant   | allow session_grant
else    | unless-allow-listed | ask approval_policy   | ask approval_policy
else    | auto-edit           | ask approval_policy   | ask approval_policy
else    | on-failure          | ask sandbox_policy    | allow sandbox_policy
else    | on-request          | ask sandbox_policy    | allow sandbox_policy
else    | never               | reject sandbox_policy | allow sandbox_policy
`;

const CELLS = new Map(
  TABLE.trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([what = "", policy = "", ...cells]) => [`${what} ${policy}`, cells]),
);

const CASES: readonly McpCase[] = POLICIES.flatMap((approvalPolicy) =>
  (["auto", "prompt", "approve"] as const).flatMap((mode) =>
    ANNOTATIONS.flatMap((annotations) =>
      [true, false].flatMap((fullAccess) =>
        [true, false].flatMap((sessionGrant) =>
          [true, false].map((canAsk) => ({
            server: "tickets",
            tool: "close",
            approvalPolicy,
            mode,
            annotations,
            fullAccess,
            sessionGrant,
            canAsk,
          })),
        ),
      ),
    ),
  ),
);

describe("decideMcpCall", () => {
  test("has a verdict of its table for every combination", () => {
    expect(CASES).toHaveLength(5 * 3 * 8 * 2 * 2 * 2);
    const wrong = CASES.flatMap((input) => {
      const { explanation } = decideMcpCall(input);
      const got = `${explanation.verdict} ${explanation.layer}`;
      const wanted = expected(input);
      return got === wanted ? [] : [{ input, got, wanted }];
    });
    expect(wrong).toEqual([]);
  });

  test("says what would change a no, and never claims to be confined", () => {
    for (const input of CASES) {
      const decision = decideMcpCall(input);
      if (decision.verdict === "allow") expect(decision.confined).toBe(false);
      else expect(decision.explanation.change?.[0]).toContain("[mcp_servers.tickets.tools.close]");
    }
  });

  test("a change that is named really changes the verdict", () => {
    const allowed = CASES.map((input) => decideMcpCall({ ...input, mode: "approve" }).verdict);
    expect(new Set(allowed)).toEqual(new Set(["allow"]));
  });
});

function expected({ approvalPolicy, mode, annotations, fullAccess, sessionGrant, canAsk }: McpCase): string {
  const reads = annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
  const what = mode !== "auto" ? mode : reads ? "reads" : sessionGrant ? "granted" : "else";
  const cell = CELLS.get(`${what} ${approvalPolicy}`)?.[fullAccess ? 1 : 0] ?? "missing";
  return cell.startsWith("ask") && !canAsk ? "reject no_answerer" : cell;
}
