import type { EventOf } from "@codex/core";

interface Surroundings {
  readonly version: string;
  readonly replay?: string | undefined;
}

/** What a session runs with, for the eye. */
export function bannerLines(msg: EventOf<"session_configured">, { version, replay }: Surroundings): string[] {
  return [
    `Codex ${version}`,
    "--------",
    `workdir: ${msg.cwd}`,
    `model: ${msg.model}`,
    `provider: ${msg.provider}`,
    `approval: ${msg.approval_policy}`,
    `sandbox: ${describeSandbox(msg.sandbox_policy.permissions)}`,
    `session id: ${msg.session_id}`,
    ...(replay === undefined ? [] : [`replay: ${replay}`]),
    "--------",
  ];
}

/** What `--sandbox workspace-write` grants. */
const WORKSPACE_WRITE = [
  "disk-full-read-access",
  "disk-write-cwd",
  "disk-write-platform-user-temp-folder",
  "disk-write-platform-global-temp-folder",
];

/** The mode in force, and what is granted beside it; the permissions themselves when they make up no mode. */
function describeSandbox(permissions: readonly unknown[]): string {
  const names = permissions.map((permission) => {
    if (typeof permission === "string") return permission;
    const folder = (permission as { "disk-write-folder"?: { folder?: unknown } })["disk-write-folder"]?.folder;
    return typeof folder === "string" ? `disk-write-folder=${folder}` : JSON.stringify(permission);
  });
  if (names.length === 0) return "nothing granted";
  if (names.length === 1 && names[0] === "disk-full-read-access") return "read-only";
  if (names.includes("disk-full-write-access") && names.includes("network-full-access")) return "danger-full-access";
  if (!WORKSPACE_WRITE.every((name) => names.includes(name))) return names.join(", ");
  return ["workspace-write", ...names.filter((name) => !WORKSPACE_WRITE.includes(name))].join(", ");
}
