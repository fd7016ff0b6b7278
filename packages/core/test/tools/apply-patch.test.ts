import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ApprovalPolicy, Config } from "../../src/config/config.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../src/host/approval.ts";
import type { FileSystem, Host } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { systemRandom } from "../../src/node/random.ts";
import { createTurnDiff } from "../../src/patch/turn-diff.ts";
import type { EventMsg } from "../../src/protocol/event.ts";
import type { OutputPayload } from "../../src/protocol/item.ts";
import { applyPatchTool } from "../../src/tools/apply-patch.ts";
import { runApplyPatch } from "../../src/tools/run-apply-patch.ts";
import type { ToolContext } from "../../src/tools/tool.ts";
import { openWorkspace, patchOf, type Workspace } from "../patch/workspace.ts";

const PATCH = patchOf("*** Update File: f", "@@", "-a", "+b", "*** Add File: new", "+x");

interface Trial {
  readonly context: ToolContext;
  readonly events: EventMsg[];
  readonly asked: ApprovalRequest[];
  readonly roots: string[];
}

interface TrialOptions {
  readonly approvalPolicy?: ApprovalPolicy;
  readonly permissions?: Config["sandboxPolicy"]["permissions"];
  readonly answer?: ApprovalAnswer;
  readonly fs?: FileSystem;
  readonly signal?: AbortSignal;
  readonly onAsk?: () => Promise<void>;
}

describe("apply_patch", () => {
  it("applies a patch inside the writable roots and reports it", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace);
    expect(await call(trial, PATCH)).toBe("Exit code: 0\nOutput:\nSuccess. Updated the following files:\nA new\nM f\n");
    const changes = {
      [join(workspace.root, "f")]: { update: { unified_diff: "@@ -1 +1 @@\n-a\n+b\n", move_path: null } },
      [join(workspace.root, "new")]: { add: { content: "x\n" } },
    };
    expect(trial.events).toEqual([
      {
        type: "tool_call_allowed",
        call_id: "call",
        tool: "apply_patch",
        command: [],
        decision: { verdict: "allow", layer: "sandbox_policy", reason: "Every path is inside a folder that may be written." },
      },
      { type: "patch_apply_begin", call_id: "call", auto_approved: true, changes },
      {
        type: "patch_apply_end",
        call_id: "call",
        success: true,
        stdout: "Success. Updated the following files:\nA new\nM f\n",
        stderr: "",
        changes,
      },
      {
        type: "turn_diff",
        unified_diff:
          "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n",
      },
    ]);
    expect(await workspace.read("f")).toBe("b\n");
  });

  it("takes the patch as free text too", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const output = await applyPatchTool("freeform").run(
      { type: "custom_tool_call", call_id: "call", name: "apply_patch", input: PATCH },
      trialIn(workspace).context,
    );
    expect(output).toMatch(/^Exit code: 0/);
  });

  it.each([
    ["not json", /^The arguments of apply_patch are not JSON: .* Expected \{"input": PATCH\}/s],
    ['{"patch": 1}', /^The arguments of apply_patch have the wrong shape\. input: .* Expected \{"input": PATCH\}/s],
  ])("names what it expected instead of %s", async (args, message) => {
    await using workspace = await openWorkspace();
    const trial = trialIn(workspace);
    expect(await callWith(trial, args)).toMatch(message);
    expect(trial.events).toEqual([]);
  });

  it.each([
    [
      "a malformed patch",
      "*** Begin Patch\noops\n*** End Patch",
      /^Exit code: 1\nOutput:\nThe patch is malformed at line 2: .*\nNothing was written\.$/s,
    ],
    [
      "a hunk that does not fit",
      patchOf("*** Add File: new", "+x", "*** Update File: f", "@@", "-z", "+y"),
      /^Exit code: 1\nOutput:\nHunk 1 of .*\nNothing was written\.$/s,
    ],
  ])("answers %s with text alone", async (_name, patch, output) => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace);
    expect(await call(trial, patch)).toMatch(output);
    expect(trial.events).toEqual([]);
    expect(await workspace.list()).toEqual(["f"]);
  });

  it("declines what the policy rejects, without a trace on disk", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace, { approvalPolicy: "never", permissions: ["disk-full-read-access"] });
    expect(await call(trial, PATCH)).toMatch(/^Declined, nothing was run or written\./);
    expect(trial.events).toMatchObject([
      { type: "tool_call_declined", call_id: "call", tool: "apply_patch", command: [], decision: { verdict: "reject" } },
    ]);
    expect([await workspace.list(), await workspace.read("f")]).toEqual([["f"], "a\n"]);
  });

  it("asks for paths outside, and remembers the root that was granted", async () => {
    await using outside = await openWorkspace({ g: "a\n" });
    await using workspace = await openWorkspace();
    const trial = trialIn(workspace, { approvalPolicy: "on-request", answer: { decision: "approved_for_session" } });
    const patch = patchOf(`*** Update File: ${outside.root}/g`, "@@", "-a", "+b");
    expect(await call(trial, patch)).toMatch(/^Exit code: 0/);
    expect(trial.asked).toMatchObject([
      { type: "apply_patch_approval_request", call_id: "call", grant_root: outside.root, changes: { [`${outside.root}/g`]: {} } },
    ]);
    expect(trial.roots).toEqual([outside.root]);
    expect(trial.events.slice(0, 2)).toMatchObject([
      { type: "tool_call_allowed", decision: { layer: "user" }, review: "approved_for_session" },
      { type: "patch_apply_begin", auto_approved: false },
    ]);
    expect(await call(trial, patch.replace("-a\n+b", "-b\n+c"))).toMatch(/^Exit code: 0/);
    expect(trial.asked).toHaveLength(1);
  });

  it.each(["denied", "abort"] as const)("writes nothing after the answer %s, and passes the reason on", async (decision) => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace, { approvalPolicy: "unless-allow-listed", answer: { decision, reason: "use the other file" } });
    expect(await call(trial, PATCH)).toBe("The patch was not applied, nothing was written: use the other file.");
    expect(trial.events).toEqual([
      {
        type: "tool_call_declined",
        call_id: "call",
        tool: "apply_patch",
        command: [],
        decision: { verdict: "reject", layer: "user", reason: "use the other file" },
        review: decision,
      },
    ]);
    expect(await workspace.list()).toEqual(["f"]);
  });

  it("does not overwrite an edit made while the question was open", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace, {
      approvalPolicy: "unless-allow-listed",
      answer: { decision: "approved" },
      onAsk: () => workspace.write("f", "mine\n"),
    });
    expect(await call(trial, PATCH)).toMatch(/was changed by something else since the patch was checked/);
    expect(trial.events.map((event) => event.type)).toEqual(["tool_call_allowed", "patch_apply_begin", "patch_apply_end"]);
    expect([await workspace.list(), await workspace.read("f")]).toEqual([["f"], "mine\n"]);
  });

  describe("with an answer that approves some hunks", () => {
    const FILES = { f: "a\nx\nx\nb\n", old: "o\n" };
    const HUNKS = patchOf(
      ...["*** Add File: new", "+n", "*** Update File: f", "@@", "-a", "+A", "@@", "-x", "+1", "@@", "-x", "+2", "@@", "-b", "+B"],
      ...["*** Update File: old", "*** Move to: moved", "@@", "-o", "+O", "*** Delete File: old2"],
    );
    const trialWith = (workspace: Workspace, answer: ApprovalAnswer): Trial =>
      trialIn(workspace, { approvalPolicy: "unless-allow-listed", answer });

    it("asks with every hunk and its id, applies the chosen ones where they were, and names both kinds", async () => {
      await using workspace = await openWorkspace({ ...FILES, old2: "" });
      const trial = trialWith(workspace, { decision: "approved", approved_hunks: ["2.3", "2.4", "3.1", "1"], reason: "the rest is wrong" });
      const told = await call(trial, HUNKS);
      const at = (path: string): string => join(workspace.root, path);
      expect(trial.asked).toMatchObject([
        {
          hunks: [
            { id: "1", kind: "add", path: at("new"), line: 2 },
            { id: "2.1", kind: "update", path: at("f"), line: 5, unified_diff: "@@ -1,4 +1,4 @@\n-a\n+A\n x\n x\n b\n" },
            { id: "2.2", kind: "update", path: at("f"), line: 8, unified_diff: "@@ -1,4 +1,4 @@\n a\n-x\n+1\n x\n b\n" },
            { id: "2.3", kind: "update", path: at("f"), line: 11, unified_diff: "@@ -1,4 +1,4 @@\n a\n x\n-x\n+2\n b\n" },
            { id: "2.4", kind: "update", path: at("f"), line: 14 },
            { id: "3.move", kind: "move", path: at("old"), move_path: at("moved"), line: 17 },
            { id: "3.1", kind: "update", path: at("old"), line: 19 },
            { id: "4", kind: "delete", path: at("old2"), line: 22 },
          ],
        },
      ]);
      expect(told).toBe(
        [
          "Exit code: 0",
          "Output:",
          "Success. Updated the following files:",
          "A new",
          "M f",
          "M old",
          "Only a part of the patch was approved.",
          `Applied: hunk 1 (the add of ${at("new")}, line 2 of the patch); hunk 2.3 (the update of ${at("f")}, line 11 of the patch); ` +
            `hunk 2.4 (the update of ${at("f")}, line 14 of the patch); hunk 3.1 (the update of ${at("old")}, line 19 of the patch).`,
          `Declined, and not written: hunk 2.1 (the update of ${at("f")}, line 5 of the patch); hunk 2.2 (the update of ${at("f")}, line 8 of the patch); ` +
            `hunk 3.move (the move of ${at("old")} to ${at("moved")}, line 17 of the patch); hunk 4 (the delete of ${at("old2")}, line 22 of the patch).`,
          "The user says: the rest is wrong",
          "",
        ].join("\n"),
      );
      expect([await workspace.read("f"), await workspace.read("old")]).toEqual(["a\nx\n2\nB\n", "O\n"]);
      expect(await workspace.list()).toEqual(["f", "new", "old", "old2"]);
      expect(trial.events[1]).toMatchObject({ type: "patch_apply_begin", changes: { [at("f")]: {}, [at("new")]: {}, [at("old")]: {} } });
    });

    it.each([
      [[], "the user approved none of its hunks"],
      [["2.9", "1"], "the answer approves hunks that the patch does not have: 2.9"],
    ])("writes nothing for %j", async (approved, reason) => {
      await using workspace = await openWorkspace({ ...FILES, old2: "" });
      const trial = trialWith(workspace, { decision: "approved_for_session", approved_hunks: approved });
      expect(await call(trial, HUNKS)).toBe(`The patch was not applied, nothing was written: ${reason}.`);
      expect([await workspace.read("f"), trial.roots, trial.events.map(({ type }) => type)]).toEqual([FILES.f, [], ["tool_call_declined"]]);
    });

    it("writes nothing when what was approved does not stand alone", async () => {
      await using workspace = await openWorkspace();
      const trial = trialWith(workspace, { decision: "approved", approved_hunks: ["2.1"] });
      const told = await call(trial, patchOf("*** Add File: new", "+a", "*** Update File: new", "@@", "-a", "+b"));
      expect(told).toMatch(
        /^Exit code: 1\nOutput:\nThe approved hunks cannot be applied without the declined ones\. .*no such file.*Nothing was written\.$/s,
      );
      expect([await workspace.list(), trial.events]).toMatchObject([[], [{ type: "tool_call_declined", review: "denied" }]]);
    });

    it("does not apply hunks to a file that was edited while the question was open", async () => {
      await using workspace = await openWorkspace({ ...FILES, old2: "" });
      const trial = trialIn(workspace, {
        approvalPolicy: "unless-allow-listed",
        answer: { decision: "approved", approved_hunks: ["2.1"] },
        onAsk: () => workspace.write("f", `${FILES.f}mine\n`),
      });
      expect(await call(trial, HUNKS)).toMatch(/f was changed by something else since the patch was checked/);
      expect([await workspace.read("f"), trial.events.map(({ type }) => type)]).toEqual([`${FILES.f}mine\n`, ["tool_call_declined"]]);
    });
  });

  it("writes nothing once the turn was stopped", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const trial = trialIn(workspace, { signal: AbortSignal.abort() });
    expect(await call(trial, PATCH)).toBe("The turn was stopped before the patch was applied; nothing was written.");
    expect([trial.events.map(({ type }) => type), await workspace.read("f")]).toEqual([[], "a\n"]);
  });

  it("tells a failure to write as a failure", async () => {
    await using workspace = await openWorkspace({ f: "a\n" });
    const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    const trial = trialIn(workspace, {
      fs: {
        ...nodeFileSystem,
        writeFile: (path, ...rest) => (path.includes(".codex-patch-") ? Promise.reject(full) : nodeFileSystem.writeFile(path, ...rest)),
      },
    });
    const message = `${workspace.root}/f cannot be written: the disk is full (ENOSPC). The patch was not applied. Everything is as it was.`;
    expect(await call(trial, PATCH)).toBe(`Exit code: 1\nOutput:\n${message}`);
    expect(trial.events.at(-1)).toMatchObject({ type: "patch_apply_end", success: false, stdout: "", stderr: message });
  });

  it("starts relative paths at the call's base directory", async () => {
    await using workspace = await openWorkspace({ "sub/f": "a\n" });
    const { context } = trialIn(workspace);
    await runApplyPatch({ input: PATCH, baseDirectory: join(workspace.root, "sub"), callId: "call" }, context);
    expect(await readFile(join(workspace.root, "sub/new"), "utf8")).toBe("x\n");
  });

  it("is declared in the form the model takes", () => {
    expect([applyPatchTool("function").spec, applyPatchTool("freeform").spec]).toMatchObject([
      { type: "function", name: "apply_patch", parameters: { required: ["input"] } },
      { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark" } },
    ]);
  });
});

function call(trial: Trial, input: string): Promise<OutputPayload> {
  return callWith(trial, JSON.stringify({ input }));
}

function callWith(trial: Trial, args: string): Promise<OutputPayload> {
  return applyPatchTool("function").run({ type: "function_call", call_id: "call", name: "apply_patch", arguments: args }, trial.context);
}

function trialIn(workspace: Workspace, options: TrialOptions = {}): Trial {
  const events: EventMsg[] = [];
  const asked: ApprovalRequest[] = [];
  const roots: string[] = [];
  const config: Pick<Config, "cwd" | "codexHome" | "approvalPolicy" | "sandboxPolicy"> = {
    cwd: workspace.root,
    codexHome: workspace.journals,
    approvalPolicy: options.approvalPolicy ?? "on-request",
    sandboxPolicy: { permissions: options.permissions ?? ["disk-full-read-access", "disk-write-cwd"] },
  };
  const fs = options.fs ?? nodeFileSystem;
  const host: Pick<Host, "fs" | "platform" | "random"> = {
    fs,
    random: systemRandom,
    platform: { os: "linux", arch: "x64", temporaryDirectory: "/nowhere" },
  };
  const { answer } = options;
  const turnDiff = createTurnDiff(fs, workspace.root);
  const context: ToolContext = {
    config: config as Config,
    host: host as Host,
    signal: options.signal ?? new AbortController().signal,
    emit: (msg) => void events.push(msg),
    session: {
      sessionId: "0198-abcd",
      approvals: {
        canAsk: answer !== undefined,
        async ask(request) {
          asked.push(request);
          await options.onAsk?.();
          return answer ?? { decision: "denied" };
        },
      },
      grants: {
        hasMcpTool: () => false,
        addMcpTool: () => undefined,
        hasCommand: () => false,
        addCommand: () => undefined,
        roots,
        addRoot: (root) => void roots.push(root),
        permissions: [],
        addPermission: () => undefined,
      },
      rules: () => Promise.reject(new Error("a patch has no rules")),
      turnDiff: async () => turnDiff,
      loginShells: () => Promise.reject(new Error("a patch starts no shell")),
      sandbox: () => Promise.reject(new Error("a patch is not confined")),
      oneAtATime: (work) => work(),
    },
  };
  return { context, events, asked, roots };
}
