import { describe, expect, test } from "vitest";
import {
  fullAutoPolicy,
  hasFullDiskReadAccess,
  hasFullDiskWriteAccess,
  hasFullNetworkAccess,
  isSandboxMode,
  isUnrestricted,
  parseSandboxPermission,
  PERMISSION_NAMES,
  sandboxPolicyForMode,
  writableRoots,
  type SandboxPermission,
  type SandboxPolicy,
} from "../src/index.ts";

describe("parseSandboxPermission", () => {
  test.each(PERMISSION_NAMES)("takes %s by its name", (name) => {
    expect(parseSandboxPermission(name, "/base")).toEqual({ ok: true, value: name });
  });

  test.each([
    ["disk-write-folder=/srv/data", "/srv/data"],
    ["disk-write-folder=/srv/./data/../out/", "/srv/out"],
    ["disk-write-folder=build/out", "/base/build/out"],
    ["disk-write-folder=..", "/"],
    ["disk-write-folder=.", "/base"],
    ["disk-write-folder=~/x", "/base/~/x"],
    ["disk-write-folder=a=b", "/base/a=b"],
    ["disk-write-folder= ", "/base/ "],
  ])("makes the folder of %j absolute from the base", (text, folder) => {
    expect(parseSandboxPermission(text, "/base")).toEqual({ ok: true, value: { "disk-write-folder": { folder } } });
  });

  test.each([
    ["disk-write-folder=", "disk-write-folder needs a folder, as in disk-write-folder=build/out."],
    ["disk-write-folder", "disk-write-folder needs a folder, as in disk-write-folder=build/out."],
    ["disk-write-folder=a\0b", "The folder of disk-write-folder holds a NUL character."],
    ["disk-full-read", "`disk-full-read` is not a permission. Did you mean `disk-full-read-access`?"],
    ["disk-full-reed-access", "`disk-full-reed-access` is not a permission. Did you mean `disk-full-read-access`?"],
    ["Disk_Write_Cwd", "`Disk_Write_Cwd` is not a permission. Did you mean `disk-write-cwd`?"],
    ["disk-write-foldr=/x", "`disk-write-foldr=/x` is not a permission. Did you mean `disk-write-folder=PATH`?"],
    [
      "disk-write-platform-userl-temp-folder",
      "`disk-write-platform-userl-temp-folder` is not a permission. Did you mean `disk-write-platform-user-temp-folder`?",
    ],
    ["read-only", "`read-only` is a sandbox mode and not a single permission."],
    [
      "everything",
      "`everything` is not a permission. Accepted are disk-full-read-access, disk-write-cwd, disk-write-platform-user-temp-folder, " +
        "disk-write-platform-global-temp-folder, disk-full-write-access, network-full-access, disk-write-folder=PATH.",
    ],
    [
      "",
      "`` is not a permission. Accepted are disk-full-read-access, disk-write-cwd, disk-write-platform-user-temp-folder, " +
        "disk-write-platform-global-temp-folder, disk-full-write-access, network-full-access, disk-write-folder=PATH.",
    ],
  ])("refuses %j", (text, message) => {
    expect(parseSandboxPermission(text, "/base")).toEqual({ ok: false, message });
  });
});

describe("modes", () => {
  test("are sets of permissions", () => {
    expect(sandboxPolicyForMode("read-only")).toEqual({ permissions: ["disk-full-read-access"] });
    expect(sandboxPolicyForMode("workspace-write")).toEqual(fullAutoPolicy());
    expect(fullAutoPolicy()).toEqual({
      permissions: [
        "disk-full-read-access",
        "disk-write-platform-user-temp-folder",
        "disk-write-platform-global-temp-folder",
        "disk-write-cwd",
      ],
    });
    expect(sandboxPolicyForMode("danger-full-access")).toEqual({
      permissions: ["disk-full-read-access", "disk-full-write-access", "network-full-access"],
    });
  });

  test("workspace-write is widened and narrowed by its options, which the other modes ignore", () => {
    const options = { writableRoots: ["/a", "/b/"], networkAccess: true, excludeTmpdir: true, excludeSlashTmp: true };
    expect(sandboxPolicyForMode("workspace-write", options)).toEqual({
      permissions: [
        "disk-full-read-access",
        "disk-write-cwd",
        { "disk-write-folder": { folder: "/a" } },
        { "disk-write-folder": { folder: "/b" } },
        "network-full-access",
      ],
    });
    expect(sandboxPolicyForMode("read-only", options)).toEqual(sandboxPolicyForMode("read-only"));
  });

  test("are told from other words", () => {
    expect(["read-only", "workspace-write", "danger-full-access", "disk-write-cwd", "", "Read-Only"].map(isSandboxMode)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a policy", () => {
  test("grants in full only what it names", () => {
    const asked = (...permissions: SandboxPermission[]): boolean[] =>
      [hasFullDiskReadAccess, hasFullDiskWriteAccess, hasFullNetworkAccess, isUnrestricted].map((has) => has({ permissions }));

    expect(asked()).toEqual([false, false, false, false]);
    expect(asked("disk-full-read-access")).toEqual([true, false, false, false]);
    expect(asked("disk-full-write-access")).toEqual([false, true, false, false]);
    expect(asked("network-full-access")).toEqual([false, false, true, false]);
    expect(asked("disk-full-read-access", "disk-full-write-access")).toEqual([true, true, false, false]);
    expect(asked("disk-full-read-access", "disk-full-write-access", "network-full-access")).toEqual([true, true, true, true]);
    expect(asked("disk-full-read-access", { "disk-write-folder": { folder: "/" } }, "network-full-access")).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test.each([
    ["linux", ["/tmp", "/w"]],
    ["darwin", ["/var/folders/x/T", "/tmp", "/w"]],
  ] as const)("has the writable folders of %s", (platform, roots) => {
    expect(writableRoots(fullAutoPolicy(), { cwd: "/w", platform, temporaryDirectory: "/var/folders/x/T/" })).toEqual(roots);
  });

  test("names each folder once, in order, and none for full write access", () => {
    const context = { cwd: "/w", platform: "linux", temporaryDirectory: "/tmp" } as const;
    const folder = (path: string): SandboxPermission => ({ "disk-write-folder": { folder: path } });
    expect(writableRoots({ permissions: [folder("/b"), "disk-write-cwd", folder("/a"), folder("/w"), folder("/b")] }, context)).toEqual([
      "/b",
      "/w",
      "/a",
    ]);
    expect(writableRoots(sandboxPolicyForMode("danger-full-access"), context)).toEqual([]);
    expect(writableRoots(sandboxPolicyForMode("read-only"), context)).toEqual([]);
  });

  test("ignores a temporary folder that is not absolute", () => {
    const policy: SandboxPolicy = { permissions: ["disk-write-platform-user-temp-folder"] };
    expect(writableRoots(policy, { cwd: "/w", platform: "darwin", temporaryDirectory: "tmp" })).toEqual([]);
  });

  test("is its own JSON", () => {
    const policy: SandboxPolicy = { permissions: ["disk-full-read-access", { "disk-write-folder": { folder: "/x" } }] };
    expect(JSON.stringify(policy)).toBe('{"permissions":["disk-full-read-access",{"disk-write-folder":{"folder":"/x"}}]}');
  });
});
