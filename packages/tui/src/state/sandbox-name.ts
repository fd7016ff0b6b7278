const WORKSPACE_WRITE = [
  "disk-full-read-access",
  "disk-write-cwd",
  "disk-write-platform-user-temp-folder",
  "disk-write-platform-global-temp-folder",
];

/** The mode that a list of permissions is, with what is granted beside it; the permissions themselves when they make up no mode. */
export function sandboxName(permissions: readonly string[]): string {
  if (permissions.length === 0) return "nothing granted";
  if (permissions.length === 1 && permissions[0] === "disk-full-read-access") return "read-only";
  if (permissions.includes("disk-full-write-access") && permissions.includes("network-full-access")) return "danger-full-access";
  if (!WORKSPACE_WRITE.every((name) => permissions.includes(name))) return permissions.join(", ");
  return ["workspace-write", ...permissions.filter((name) => !WORKSPACE_WRITE.includes(name))].join(" + ");
}
