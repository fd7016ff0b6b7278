import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "./config-fixture.ts";

const WORKSPACE = [
  "disk-full-read-access",
  "disk-write-platform-user-temp-folder",
  "disk-write-platform-global-temp-folder",
  "disk-write-cwd",
];

test("a mode is spelt out into permissions, with its details", async () => {
  const { load, home } = await fixture({
    ".codex/config.toml":
      'sandbox_mode = "workspace-write"\n[sandbox_workspace_write]\nwritable_roots = ["/data", "rel"]\nnetwork_access = true\nexclude_tmpdir_env_var = true\nexclude_slash_tmp = true\n',
  });
  expect((await load()).sandboxPolicy.permissions).toEqual([
    "disk-full-read-access",
    "disk-write-cwd",
    { "disk-write-folder": { folder: "/data" } },
    { "disk-write-folder": { folder: join(home, "rel") } },
    "network-full-access",
  ]);
  expect((await load({ overrides: ["sandbox_mode=danger-full-access"] })).sandboxPolicy.permissions).toEqual([
    "disk-full-read-access",
    "disk-full-write-access",
    "network-full-access",
  ]);
});

test("an upper layer's mode puts a lower layer's permissions out of force, and the other way round", async () => {
  const { load } = await fixture({ ".codex/config.toml": 'sandbox_permissions = []\n[profiles.p]\nsandbox_mode = "read-only"\n' });
  const permissions = async (sources: Parameters<typeof load>[0]) => (await load(sources)).sandboxPolicy.permissions;
  expect(await permissions({})).toEqual([]);
  expect(await permissions({ profile: "p" })).toEqual(["disk-full-read-access"]);
  expect(await permissions({ profile: "p", overrides: ['sandbox_permissions=["disk-write-cwd"]'] })).toEqual(["disk-write-cwd"]);
});

test("-s takes permissions, a mode, or a mode and what to add to it", async () => {
  const { load, fail, project } = await fixture();
  const permissions = async (sandbox: string[], sandboxMode?: string) =>
    (await load({ flags: { sandbox, sandboxMode } })).sandboxPolicy.permissions;
  expect(await permissions(["disk-write-folder=out", "disk-write-cwd"])).toEqual([
    { "disk-write-folder": { folder: join(project, "out") } },
    "disk-write-cwd",
  ]);
  expect(await permissions(["workspace-write"])).toEqual(WORKSPACE);
  expect(await permissions(["network-full-access"], "read-only")).toEqual(["disk-full-read-access", "network-full-access"]);
  expect((await fail({ flags: { sandbox: ["read-only"], sandboxMode: "workspace-write" } })).message).toBe(
    "more than one sandbox mode was asked for: workspace-write, read-only",
  );
});

test("--full-auto beats the other sandbox flags, and an approval flag beats the policy it implies", async () => {
  const { load } = await fixture({ ".codex/config.toml": 'approval_policy = "never"\n' });
  const full = await load({ flags: { fullAuto: true, sandbox: ["disk-write-cwd"] } });
  expect([full.approvalPolicy, full.sandboxPolicy.permissions]).toEqual(["on-failure", WORKSPACE]);
  expect((await load({ flags: { fullAuto: true, approvalPolicy: "on-request" } })).approvalPolicy).toBe("on-request");
});

test("the command's own approval default yields to every setting", async () => {
  const { load } = await fixture({ ".codex/config.toml": '[profiles.p]\napproval_policy = "on-request"\n' });
  expect((await load({ defaultApprovalPolicy: "never" })).approvalPolicy).toBe("never");
  expect((await load({ defaultApprovalPolicy: "never", profile: "p" })).approvalPolicy).toBe("on-request");
  expect((await load({ flags: { approvalPolicy: "untrusted" } })).approvalPolicy).toBe("unless-allow-listed");
});

test("an unknown policy, mode or permission is an error that names the near ones", async () => {
  const { fail } = await fixture();
  expect((await fail({ flags: { approvalPolicy: "on_failure" } })).message).toBe(
    "--ask-for-approval: expected one of unless-allow-listed, untrusted, auto-edit, on-failure, on-request, never, found `on_failure`; did you mean `on-failure`?",
  );
  expect((await fail({ flags: { sandboxMode: "readonly" } })).message).toBe(
    "--sandbox: expected one of read-only, workspace-write, danger-full-access, found `readonly`; did you mean `read-only`?",
  );
  expect(await fail({ flags: { sandbox: ["disk-write-cdw"] } })).toEqual({
    code: "config_invalid",
    message: expect.stringMatching(/^--sandbox-permission: `disk-write-cdw` is not a permission\. Did you mean `disk-write-cwd`/),
    hint: "A mode can be given too: read-only, workspace-write, danger-full-access.",
  });
  const file = await fixture({ ".codex/config.toml": 'sandbox_permissions = [\n  "disk-write-cwd",\n  "disk-write-folder=",\n]\n' });
  expect((await file.fail()).message).toMatch(/^~\/\.codex\/config\.toml:3:3: disk-write-folder needs a folder/);
});

test("a blank model or provider is refused", async () => {
  const { fail } = await fixture();
  expect((await fail({ flags: { model: " " } })).message).toBe("--model must not be empty");
  expect((await fail({ overrides: ["model="] })).message).toBe("-c model must not be empty");
});
