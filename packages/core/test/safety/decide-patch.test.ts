import { fullAutoPolicy, sandboxPolicyForMode } from "@codex/linux-sandbox";
import { describe, expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import { decidePatch, type PatchCase } from "../../src/safety/decide.ts";
import { explainToModel, type Decision } from "../../src/safety/decision.ts";

const BYPASS = "`--dangerously-bypass-approvals-and-sandbox` runs everything without questions or confinement.";
const ANSWERER = "`codex exec --approvals stdio` or `--approvals command:PROGRAM` lets somebody answer.";
const POLICIES = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const satisfies readonly ApprovalPolicy[];

const INSIDE = "Every path is inside a folder that may be written.";
const OUTSIDE = "/other/a/f is outside the folders that may be written.";
const GRANTED = "The user made every folder it touches writable for the session.";
const LISTED = "The approval policy `unless-allow-listed` asks before every patch.";

/** What is touched → approval policy → the whole decision, when somebody can be asked. */
const TABLE: Record<string, Record<ApprovalPolicy, Decision>> = {
  inside: {
    "unless-allow-listed": ask("approval_policy", LISTED),
    "auto-edit": allow("sandbox_policy", INSIDE),
    "on-failure": allow("sandbox_policy", INSIDE),
    "on-request": allow("sandbox_policy", INSIDE),
    never: allow("sandbox_policy", INSIDE),
  },
  granted: {
    "unless-allow-listed": ask("approval_policy", LISTED),
    "auto-edit": allow("session_grant", GRANTED),
    "on-failure": allow("session_grant", GRANTED),
    "on-request": allow("session_grant", GRANTED),
    never: allow("session_grant", GRANTED),
  },
  outside: {
    "unless-allow-listed": ask("approval_policy", LISTED, "/other/a"),
    "auto-edit": ask("sandbox_policy", OUTSIDE, "/other/a"),
    "on-failure": ask("sandbox_policy", OUTSIDE, "/other/a"),
    "on-request": ask("sandbox_policy", OUTSIDE, "/other/a"),
    never: reject("sandbox_policy", OUTSIDE, [grant("/other/a"), BYPASS]),
  },
  empty: {
    "unless-allow-listed": reject("patch", "The patch changes nothing."),
    "auto-edit": reject("patch", "The patch changes nothing."),
    "on-failure": reject("patch", "The patch changes nothing."),
    "on-request": reject("patch", "The patch changes nothing."),
    never: reject("patch", "The patch changes nothing."),
  },
};

const CASES: Record<keyof typeof TABLE, Partial<PatchCase>> = {
  inside: { paths: paths("/w/a", "/w/b/c") },
  granted: { paths: paths("/w/a", "/other/a/f"), grantedRoots: ["/other/a"] },
  outside: { paths: paths("/w/a", "/other/a/f") },
  empty: { paths: [] },
};

describe("decidePatch", () => {
  test.each(Object.keys(TABLE).flatMap((what) => POLICIES.flatMap((policy) => [true, false].map((canAsk) => ({ what, policy, canAsk })))))(
    "$what under $policy, somebody to ask: $canAsk",
    ({ what, policy, canAsk }) => {
      const asked = TABLE[what]?.[policy];
      const wanted =
        asked?.verdict === "ask" && !canAsk
          ? reject("no_answerer", `${asked.explanation.reason} Nobody can be asked in this session.`, [
              ...(asked.explanation.change ?? []),
              ANSWERER,
            ])
          : asked;
      expect(decide({ ...CASES[what], approvalPolicy: policy, canAsk })).toEqual(wanted);
    },
  );

  test.each([
    ["a folder that only starts with the root's name", "/work-two/f"],
    ["git's own files", "/w/.git/hooks/post-checkout"],
    ["git's own files of a nested repository", "/w/vendor/lib/.git/config"],
    ["the protected names in another case", "/w/.GIT/config"],
    ["the agent's settings", "/w/.codex/config.toml"],
    ["a link of a worktree to its repository", "/w/.git"],
  ])("counts %s as outside", (_, path) => {
    expect(decide({ paths: paths(path), writableRoots: ["/w", "/work"], approvalPolicy: "never" }).verdict).toBe("reject");
    expect(decide({ paths: paths(path), writableRoots: ["/w", "/work"], approvalPolicy: "on-request" }).verdict).toBe("ask");
  });

  test.each(["/w/.gitignore", "/w/.github/workflows/ci.yml", "/w/a..b", "/w/..a/b"])("counts %s as inside", (path) => {
    expect(decide({ paths: paths(path) }).verdict).toBe("allow");
  });

  test("wants every place that a change can reach to be inside", () => {
    expect(decide({ paths: [{ path: "/w/link", locations: ["/w/link", "/etc/passwd"] }] })).toEqual(
      ask("sandbox_policy", "/w/link is outside the folders that may be written."),
    );
    expect(decide({ paths: [{ path: "/w/dangling", locations: [] }] })).toEqual(
      ask("sandbox_policy", "/w/dangling is outside the folders that may be written."),
    );
  });

  test("offers no root where granting one would not settle it, or would give the whole disk", () => {
    expect(decide({ paths: paths("/file") })).toEqual(ask("sandbox_policy", "/file is outside the folders that may be written."));
    expect(decide({ paths: paths("/w/.git") })).toEqual(ask("sandbox_policy", "/w/.git is outside the folders that may be written."));
    expect(decide({ paths: paths("/w/.git/config") })).toEqual(
      ask("sandbox_policy", "/w/.git/config is outside the folders that may be written.", "/w/.git"),
    );
    expect(decide({ paths: paths("/w/.git/config"), grantedRoots: ["/w/.git"] }).verdict).toBe("allow");
  });

  test("leaves nothing outside under full write access", () => {
    const sandboxPolicy = sandboxPolicyForMode("danger-full-access");
    expect(decide({ sandboxPolicy, writableRoots: [], paths: paths("/etc/passwd", "/w/.git/config"), approvalPolicy: "never" })).toEqual(
      allow("sandbox_policy", INSIDE),
    );
  });

  test("has no inside under a read-only policy and names the missing permission", () => {
    const decision = decide({
      sandboxPolicy: sandboxPolicyForMode("read-only"),
      writableRoots: [],
      paths: paths("/w/a"),
      approvalPolicy: "never",
    });
    expect(decision).toEqual(
      reject("sandbox_policy", "/w/a is outside the folders that may be written.", [
        grant("/w"),
        "`--sandbox workspace-write` opens the working directory.",
        BYPASS,
      ]),
    );
    expect(explainToModel(decision)).not.toContain("--dangerously");
  });
});

function decide(input: Partial<PatchCase>): Decision {
  return decidePatch({
    approvalPolicy: "on-request",
    sandboxPolicy: fullAutoPolicy(),
    paths: [],
    writableRoots: ["/w", "/tmp"],
    grantedRoots: [],
    canAsk: true,
    ...input,
  });
}

function paths(...list: string[]): PatchCase["paths"] {
  return list.map((path) => ({ path, locations: [path] }));
}

function allow(layer: string, reason: string): Decision {
  return { verdict: "allow", confined: false, explanation: { verdict: "allow", layer, reason } };
}

function ask(layer: string, reason: string, grantRoot?: string): Decision {
  const change = layer === "approval_policy" ? [BYPASS] : [...(grantRoot === undefined ? [] : [grant(grantRoot)]), BYPASS];
  const explanation = { verdict: "ask" as const, layer, reason, change };
  return { verdict: "ask", explanation, ...(grantRoot === undefined ? {} : { grantRoot }) };
}

function grant(root: string): string {
  return `Grant \`-s disk-write-folder=${root}\`.`;
}

function reject(layer: string, reason: string, change: string[] = []): Decision {
  return { verdict: "reject", explanation: { verdict: "reject", layer, reason, ...(change.length === 0 ? {} : { change }) } };
}
