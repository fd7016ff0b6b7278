import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ApprovalAnswer, ApprovalRequest } from "../../src/host/approval.ts";
import { createNodeHost } from "../../src/node/node-host.ts";
import { call, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type FixtureOptions, type SessionFixture } from "../support/session-fixture.ts";

const shell = (script: string, id?: string) => call("shell", { command: ["sh", "-c", script] }, id);

const status = await probe();
if (status !== "available") console.log(`skipped: the tests of confined sessions (${status})`);

async function probe(): Promise<string> {
  const host = createNodeHost();
  const found = await host.processes.sandbox?.({ policy: { permissions: ["disk-full-read-access"] }, cwd: "/", require: [] });
  await host.processes.close();
  return found?.type === "available" ? "available" : (found?.reason ?? "none");
}

describe.skipIf(status !== "available")("a confined session", () => {
  test("reads, and is refused writing, with the permission that is missing", async () => {
    const fixture = await openFixture([shell("cat ../home/seen; echo no > made", "a"), say("ok")], {
      flags: { sandboxMode: "read-only" },
      prepare: ({ home }) => writeFile(join(home, "seen"), "seen\n"),
    });
    await fixture.ask("go");
    const [end] = fixture.ofType("exec_command_end");
    expect(end?.aggregated_output).toContain("seen\n");
    expect(end?.denial).toEqual({
      denied: true,
      what: "write",
      path: join(fixture.cwd, "made"),
      permission: `disk-write-folder=${fixture.cwd}`,
    });
    expect(existsSync(join(fixture.cwd, "made"))).toBe(false);
    expect(inputOf(fixture, 1).at(-1)?.["output"]).toContain(`Sandbox: it was refused writing ${join(fixture.cwd, "made")}.`);
  });

  test("says once how it is confined, before the first command", async () => {
    const fixture = await openFixture([shell("true"), shell("true"), say("ok")], { flags: { sandboxMode: "read-only" } });
    await fixture.ask("go");
    expect(fixture.ofType("sandbox_status")).toHaveLength(1);
    const types = fixture.events.map(({ msg }) => msg.type);
    expect(types.indexOf("sandbox_status")).toBeLessThan(types.indexOf("exec_command_begin"));
  });

  test("writes below its folder, keeps .git closed and tells the command about its confinement", async (context) => {
    const fixture = await openFixture(
      [shell("echo yes > made; env | grep ^CODEX_SANDBOX | sort; echo evil > .git/hooks/x", "a"), say("ok")],
      {
        flags: { fullAuto: true, sandboxMode: undefined },
        prepare: ({ cwd }) => mkdir(join(cwd, ".git", "hooks"), { recursive: true }).then(() => undefined),
      },
    );
    await fixture.ask("go");
    const [end] = fixture.ofType("exec_command_end");
    expect(existsSync(join(fixture.cwd, "made"))).toBe(true);
    expect(end?.aggregated_output).toMatch(/CODEX_SANDBOX=(?:bwrap|landlock|seatbelt)\nCODEX_SANDBOX_NETWORK_DISABLED=1\n/);
    const [told] = fixture.ofType("sandbox_status");
    if (told?.missing.includes("carveout")) context.skip("nothing keeps .git closed here");
    expect(existsSync(join(fixture.cwd, ".git", "hooks", "x"))).toBe(false);
    expect(end?.denial).toMatchObject({ denied: true, what: "write", path: join(fixture.cwd, ".git/hooks/x") });
  });

  test("is not told that an ordinary failure was a denial", async () => {
    const fixture = await openFixture([shell("echo 'it does not compile' >&2; exit 3", "a"), say("ok")], {
      flags: { sandboxMode: "read-only" },
    });
    await fixture.ask("go");
    expect(fixture.ofType("exec_command_end")).toMatchObject([{ exit_code: 3, denial: { denied: false } }]);
    expect(inputOf(fixture, 1).at(-1)?.["output"]).not.toContain("Sandbox:");
  });

  test("cannot have what the configuration requires: what is not known to be safe is declined with the reason", async () => {
    const fixture = await openFixture([shell("touch x", "a"), say("ok")], {
      flags: { sandboxMode: "read-only" },
      overrides: ['sandbox.require=["denied_reads"]', "sandbox_workspace_write.writable_roots=[]"],
    });
    await fixture.ask("go");
    // Nothing is denied to readers under this policy, so nothing is needed and nothing is missing.
    expect(fixture.ofType("exec_command_end")).toHaveLength(1);
  });
});

describe.skipIf(status !== "available")("after a denial under on-failure", () => {
  async function denied(answer: ApprovalAnswer, scripts = ["echo yes > ../outside"]) {
    const asked: ApprovalRequest[] = [];
    const fixture = await openFixture([...scripts.map((script, index) => shell(script, `c${index}`)), say("ok")], {
      flags: { sandboxMode: "read-only", approvalPolicy: "on-failure" },
      host: {
        approve: async (request) => {
          asked.push(request);
          return answer;
        },
      },
    });
    await fixture.ask("go");
    const calls = fixture.events
      .map(({ msg }) => msg.type)
      .filter((type) => type.startsWith("exec_command_b") || type.startsWith("exec_command_e"));
    return { fixture, asked, calls, codes: fixture.ofType("exec_command_end").map((end) => end.exit_code) };
  }

  test("the user is asked once, and the command runs again with the permission it lacked, events in pairs", async () => {
    const { fixture, asked, calls, codes } = await denied({ decision: "approved" }, [
      "echo 1 > ../outside; mkdir x",
      "echo 2 > ../outside",
    ]);
    expect(asked[0]).toMatchObject({ type: "exec_approval_request", may_leave_sandbox: true, denial: { denied: true, what: "write" } });
    expect(asked.map((request) => request.call_id)).toEqual(["c0", "c1"]);
    expect(calls).toEqual(Array.from({ length: 4 }, () => ["exec_command_begin", "exec_command_end"]).flat());
    expect(codes).toEqual([1, 0, 2, 0]);
    expect(fixture.ofType("task_complete")).toHaveLength(1);
  });

  test("a grant for the session is not asked for again", async () => {
    const { asked, codes, fixture } = await denied({ decision: "approved_for_session" }, ["echo 1 > ../outside", "echo 2 > ../outside"]);
    expect(asked).toHaveLength(1);
    expect(codes).toEqual([2, 0, 0]);
    expect(existsSync(join(fixture.cwd, "../outside"))).toBe(true);
  });

  test("the command may leave the sandbox when the answer says so", async () => {
    const { codes, fixture } = await denied({ decision: "approved", unconfined: true });
    expect(codes).toEqual([2, 0]);
    expect(existsSync(join(fixture.cwd, "../outside"))).toBe(true);
  });

  test("a command that lacks several permissions gets all of them", async () => {
    const folders = ["a", "b"].map(() => mkdtempSync(join(tmpdir(), "sandbox-test-")));
    onTestFinished(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
    const { asked, codes } = await denied({ decision: "approved" }, [
      `result=0; for folder in ${folders.join(" ")}; do echo x > $folder/x || result=1; done; exit $result`,
    ]);
    expect({ asked: asked.length, codes, made: folders.map((folder) => existsSync(join(folder, "x"))) }).toEqual({
      asked: 1,
      codes: [1, 0],
      made: [true, true],
    });
  });

  test("a no is told to the model with what the command said", async () => {
    const { codes, fixture } = await denied({ decision: "denied", reason: "not there" });
    expect(codes).toEqual([2]);
    const output = String(inputOf(fixture, 1).at(-1)?.["output"]);
    expect(output).toContain("Permission denied");
    expect(output).toContain("said no: not there.");
  });
});

describe.skipIf(status !== "available")("a model that asks to leave the sandbox", () => {
  const leaving = (more: object = {}) =>
    call("shell", { command: ["sh", "-c", "echo yes > ../outside"], with_escalated_permissions: true, ...more });
  const offered = (fixture: SessionFixture): boolean =>
    JSON.stringify(fixture.model.requests[0]?.body).includes('with_escalated_permissions":{');

  async function asking(answer: ApprovalAnswer | undefined, flags: FixtureOptions["flags"] = {}) {
    const asked: ApprovalRequest[] = [];
    const approve = async (request: ApprovalRequest): Promise<ApprovalAnswer> => {
      asked.push(request);
      return answer ?? { decision: "denied" };
    };
    const fixture = await openFixture([leaving({ justification: "it lies\u001b[31m outside,\nsorry" }), say("ok")], {
      flags: { sandboxMode: "read-only", approvalPolicy: "on-request", ...flags },
      ...(answer === undefined ? { session: { approvals: "nobody" } } : { host: { approve } }),
    });
    await fixture.ask("go");
    return { fixture, asked, written: existsSync(join(fixture.cwd, "../outside")) };
  }

  test("is asked about with the model's reason, and leaves it when the answer says so", async () => {
    const { fixture, asked, written } = await asking({ decision: "approved", unconfined: true });
    expect(offered(fixture)).toBe(true);
    expect(asked).toMatchObject([
      { reason: "The call asks to run outside the sandbox.", may_leave_sandbox: true, justification: "it lies [31m outside, sorry" },
    ]);
    expect(written).toBe(true);
  });

  test("stays inside when the answer only says yes; what the sandbox then refuses is asked about, and granted", async () => {
    const { fixture, asked, written } = await asking({ decision: "approved" });
    expect(asked).toMatchObject([{ may_leave_sandbox: true }, { may_leave_sandbox: true, denial: { denied: true, what: "write" } }]);
    expect(fixture.ofType("exec_command_end").map((end) => end.exit_code)).toEqual([2, 0]);
    expect(written).toBe(true);
  });

  test("does not run when the answer says no", async () => {
    const { fixture, written } = await asking({ decision: "denied", reason: "not today" });
    expect(written).toBe(false);
    expect(fixture.ofType("exec_command_begin")).toEqual([]);
    expect(inputOf(fixture, 1).at(-1)?.["output"]).toContain("not today");
  });

  test.each([
    ["nobody answers", undefined, {}],
    ["the approval policy is never", { decision: "approved", unconfined: true }, { approvalPolicy: "never" }],
  ] as const)("is not offered it and not let out when %s", async (_, answer, flags) => {
    const { fixture, asked, written } = await asking(answer, flags);
    expect([offered(fixture), asked, written]).toEqual([false, [], false]);
    expect(fixture.ofType("tool_call_declined")).toHaveLength(1);
  });

  test("needs no question where nothing is confined", async () => {
    const { fixture, asked, written } = await asking({ decision: "denied" }, { sandboxMode: "danger-full-access" });
    expect([offered(fixture), asked, written]).toEqual([false, [], true]);
  });
});
