import { expect, test } from "vitest";
import { bannerLines } from "../../src/exec/banner.ts";

type Permissions = Parameters<typeof bannerLines>[0]["sandbox_policy"]["permissions"];

const READ = "disk-full-read-access";
const WORKSPACE: Permissions = [READ, "disk-write-platform-user-temp-folder", "disk-write-platform-global-temp-folder", "disk-write-cwd"];
const FOLDER = { "disk-write-folder": { folder: "/data" } };

test.each<[string, Permissions]>([
  ["nothing granted", []],
  ["read-only", [READ]],
  ["disk-full-read-access, network-full-access", [READ, "network-full-access"]],
  ["workspace-write", WORKSPACE],
  ["workspace-write, disk-write-folder=/data, network-full-access", [...WORKSPACE, FOLDER, "network-full-access"]],
  ["disk-full-read-access, disk-write-cwd", [READ, "disk-write-cwd"]],
  ["danger-full-access", [READ, "disk-full-write-access", "network-full-access"]],
])("the banner calls the sandbox %s", (name, permissions) => {
  const lines = bannerLines(
    {
      type: "session_configured",
      session_id: "s",
      model: "m",
      provider: "p",
      cwd: "/w",
      approval_policy: "never",
      sandbox_policy: { permissions },
      rollout_path: null,
    },
    { version: "1.2.3" },
  );
  expect(lines).toContain(`sandbox: ${name}`);
});
