import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ApprovalAnswer, ApprovalRequest } from "../../src/host/approval.ts";
import type { EventOf } from "../../src/protocol/event.ts";
import { createNodeHost } from "../../src/node/node-host.ts";
import type { Grant } from "../../src/protocol/grant.ts";
import { call, customCall, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type FixtureOptions } from "../support/session-fixture.ts";

type Question = Exclude<ApprovalRequest, EventOf<"elicitation_request">>;

const shell = (script: string, id: string) => call("shell", { command: ["bash", "-c", script] }, id);

const host = createNodeHost();
const found = await host.processes.sandbox?.({ policy: { permissions: ["disk-full-read-access"] }, cwd: "/", require: [] });
await host.processes.close();
const confines = found?.type === "available";
if (!confines) console.log("skipped: grants to confined commands (there is no sandbox)");

async function asked(scripts: readonly string[], answers: readonly ApprovalAnswer[], options: FixtureOptions = {}) {
  const requests: Question[] = [];
  const left = [...answers];
  const fixture = await openFixture([...scripts.map((script, index) => shell(script, `c${index}`)), say("ok")], {
    ...options,
    flags: { sandboxMode: "read-only", approvalPolicy: "unless-allow-listed", ...options.flags },
    host: {
      approve: async (request) => {
        if (request.type !== "elicitation_request") requests.push(request);
        return left.shift() ?? { decision: "denied" };
      },
    },
  });
  await fixture.ask("go");
  return { fixture, requests, codes: fixture.ofType("exec_command_end").map((end) => end.exit_code) };
}

describe.skipIf(!confines)("a grant to a confined command", () => {
  const write = (root: string): Grant => ({ type: "permission", permission: `disk-write-folder=${root}`, scope: "call" });

  test("adds a permission for the call, and the command stays confined", async () => {
    const scripts = ["echo 1 > made", "echo 2 > again"];
    const outside = await mkdtempOutside();
    const answers: ApprovalAnswer[] = [{ decision: "approved", grants: [write(outside)] }, { decision: "approved" }];
    const { fixture, codes } = await asked([`echo 1 > ${outside}/a; echo 1 > ../b`, ...scripts.slice(0, 1)], answers);
    expect([existsSync(join(outside, "a")), existsSync(join(fixture.cwd, "../b")), existsSync(join(fixture.cwd, "made"))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(codes).toEqual([1, 1]);
    expect(fixture.ofType("tool_call_allowed")[0]).toMatchObject({ decision: { layer: "user" }, grants: [{ type: "permission" }] });
  });

  test("opens a folder for the rest of the session, for commands and patches alike", async () => {
    const outside = await mkdtempOutside();
    const { fixture, codes } = await asked(
      [`echo 1 > ${outside}/a`, `echo 2 > ${outside}/b`],
      [{ decision: "approved", grants: [{ type: "root", root: outside }] }, { decision: "approved" }],
    );
    expect([existsSync(join(outside, "a")), existsSync(join(outside, "b"))]).toEqual([true, true]);
    expect(codes).toEqual([0, 0]);
    expect(fixture.ofType("warning")).toEqual([]);
  });

  test("after a denial is offered, and what the answer names is what the command runs with", async () => {
    const outside = await mkdtempOutside();
    const { requests, codes } = await asked(
      [`echo 1 > ${outside}/a`, `echo 2 > ${outside}/b`],
      [{ decision: "approved", grants: [{ type: "permission", permission: `disk-write-folder=${outside}`, scope: "session" }] }],
      { flags: { approvalPolicy: "on-failure" } },
    );
    const permission = `disk-write-folder=${outside}`;
    expect(requests.map((request) => request.offers)).toEqual([
      [
        { type: "permission", permission, scope: "call" },
        { type: "permission", permission, scope: "session" },
      ],
    ]);
    expect(requests[0]?.decision).toMatchObject({ layer: "sandbox_policy", change: [`Grant \`-s ${permission}\`.`] });
    expect(codes).toEqual([1, 0, 0]);
  });

  test("is not asked for after an ordinary failure", async () => {
    const { requests, codes } = await asked(["exit 3", "cat nothing-here", "false"], [], { flags: { approvalPolicy: "on-failure" } });
    expect({ requests, codes }).toEqual({ requests: [], codes: [3, 1, 1] });
  });
});

test.each<[Grant, RegExp]>([
  [{ type: "permission", permission: "disk-write-evrything", scope: "session" }, /^The permission was not granted: /u],
  [{ type: "root", root: "/" }, /^The folder \/ was not opened/u],
  [{ type: "root", root: "here" }, /^The folder here was not opened/u],
])("%j is not granted, with the reason, and the call runs", async (grant, message) => {
  const { fixture, codes } = await asked(["touch x"], [{ decision: "approved", grants: [grant] }], {
    flags: { sandboxMode: "danger-full-access" },
  });
  expect(codes).toEqual([0]);
  expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual([expect.stringMatching(message)]);
});

test("an answer given as an op grants the same", async () => {
  const fixture = await openFixture([shell("touch a", "a"), shell("touch b", "b"), say("ok")], {
    flags: { approvalPolicy: "unless-allow-listed" },
  });
  const end = fixture.ask("go");
  const request = await fixture.next("exec_approval_request");
  const grants: Grant[] = [{ type: "prefix", prefix: ["touch"], scope: "session" }];
  fixture.session.submit({ type: "exec_approval", call_id: request.call_id, decision: "approved", grants });
  expect((await end).type).toBe("task_complete");
  expect(fixture.ofType("exec_approval_request")).toHaveLength(1);
  expect(fixture.ofType("tool_call_allowed").map(({ decision }) => decision.layer)).toEqual(["user", "session_grant"]);
});

test("a patch outside the folders is asked about with the folder to open, which an answer may grant", async () => {
  const outside = await mkdtempOutside();
  const patch = (name: string) => `*** Begin Patch\n*** Add File: ${outside}/${name}\n+one\n*** End Patch\n`;
  const requests: Question[] = [];
  const fixture = await openFixture([customCall("apply_patch", patch("a"), "a"), customCall("apply_patch", patch("b"), "b"), say("ok")], {
    flags: { approvalPolicy: "on-request", sandboxMode: "workspace-write" },
    overrides: ["sandbox_workspace_write.exclude_slash_tmp=true", "sandbox_workspace_write.exclude_tmpdir_env_var=true"],
    host: {
      approve: async (request) => {
        if (request.type !== "elicitation_request") requests.push(request);
        return { decision: "approved", grants: [{ type: "root", root: outside }] };
      },
    },
  });
  await fixture.ask("go");
  expect(requests.map((request) => request.offers)).toEqual([[{ type: "root", root: outside }]]);
  expect([existsSync(join(outside, "a")), existsSync(join(outside, "b"))]).toEqual([true, true]);
  expect(String(inputOf(fixture, 2).at(-1)?.["output"])).toContain("Success.");
});

let serial = 0;

/** An empty folder beside the session's, real path; removed with the test. */
async function mkdtempOutside(): Promise<string> {
  const { temporaryFolder } = await import("../safety/temporary-folder.ts");
  const folder = join(await temporaryFolder(), `o${serial++}`);
  await mkdir(folder);
  return folder;
}
