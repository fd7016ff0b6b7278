import { isAbsolute, resolve } from "node:path";

/**
 * What commands and patches may touch. Permissions add up over nothing: a policy without any grants neither reads, writes nor
 * network. The JSON of a policy is the wire form; no other serialisation exists.
 */

export type SandboxPermission =
  | "disk-full-read-access"
  | "disk-write-cwd"
  | "disk-write-platform-user-temp-folder"
  | "disk-write-platform-global-temp-folder"
  | "disk-full-write-access"
  | "network-full-access"
  /** `folder` is absolute and lexically normal. */
  | { readonly "disk-write-folder": { readonly folder: string } };

export interface SandboxPolicy {
  readonly permissions: readonly SandboxPermission[];
}

/** A named set of permissions, see {@link sandboxPolicyForMode}. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

export const SANDBOX_MODES: readonly SandboxMode[] = ["read-only", "workspace-write", "danger-full-access"];

export const PERMISSION_NAMES = [
  "disk-full-read-access",
  "disk-write-cwd",
  "disk-write-platform-user-temp-folder",
  "disk-write-platform-global-temp-folder",
  "disk-full-write-access",
  "network-full-access",
] as const satisfies readonly SandboxPermission[];

const WRITE_FOLDER = "disk-write-folder";

export type ParsedPermission =
  | { readonly ok: true; readonly value: SandboxPermission }
  /** One or two sentences for a person; names the value and the nearest accepted ones. */
  | { readonly ok: false; readonly message: string };

/**
 * Reads one permission as people write it: a name, or `disk-write-folder=PATH`. A relative PATH starts at `base` (absolute) and
 * is made absolute lexically: links are not followed and `~` is not expanded.
 */
export function parseSandboxPermission(text: string, base: string): ParsedPermission {
  const name = PERMISSION_NAMES.find((known) => known === text);
  if (name !== undefined) return { ok: true, value: name };
  if (text === WRITE_FOLDER || text === `${WRITE_FOLDER}=`) {
    return { ok: false, message: `${WRITE_FOLDER} needs a folder, as in ${WRITE_FOLDER}=build/out.` };
  }
  if (text.startsWith(`${WRITE_FOLDER}=`)) return parseFolder(text.slice(WRITE_FOLDER.length + 1), base);
  return { ok: false, message: unknownPermission(text) };
}

export function isSandboxMode(text: string): text is SandboxMode {
  return SANDBOX_MODES.some((mode) => mode === text);
}

export interface ModeOptions {
  /** Absolute folders that are writable besides the working directory. */
  readonly writableRoots?: readonly string[];
  /** Default false. */
  readonly networkAccess?: boolean;
  /** Leaves out the user's own temporary folder. Default false. */
  readonly excludeTmpdir?: boolean;
  /** Leaves out /tmp. Default false. */
  readonly excludeSlashTmp?: boolean;
}

/** The permissions a mode stands for. The options widen or narrow `workspace-write` only; the other modes ignore them. */
export function sandboxPolicyForMode(mode: SandboxMode, options: ModeOptions = {}): SandboxPolicy {
  switch (mode) {
    case "read-only":
      return { permissions: ["disk-full-read-access"] };
    case "workspace-write":
      return { permissions: workspaceWrite(options) };
    case "danger-full-access":
      return { permissions: ["disk-full-read-access", "disk-full-write-access", "network-full-access"] };
  }
}

/** Read everything, write the working directory and the temporary folders, no network. What `--full-auto` asks for. */
export function fullAutoPolicy(): SandboxPolicy {
  return sandboxPolicyForMode("workspace-write");
}

export function hasFullDiskReadAccess(policy: SandboxPolicy): boolean {
  return policy.permissions.includes("disk-full-read-access");
}

/** True for `disk-full-write-access` itself only: a writable folder `/` is still a confined folder. */
export function hasFullDiskWriteAccess(policy: SandboxPolicy): boolean {
  return policy.permissions.includes("disk-full-write-access");
}

export function hasFullNetworkAccess(policy: SandboxPolicy): boolean {
  return policy.permissions.includes("network-full-access");
}

/** True when there is nothing left to confine: reads, writes and network are all granted in full. */
export function isUnrestricted(policy: SandboxPolicy): boolean {
  return hasFullDiskReadAccess(policy) && hasFullDiskWriteAccess(policy) && hasFullNetworkAccess(policy);
}

export interface WritableRootsContext {
  /** Absolute. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** The user's temporary folder as the system names it (os.tmpdir()). Used on macOS and Windows only; ignored when relative. */
  readonly temporaryDirectory: string;
}

/**
 * The folders below which the policy lets files be written, absolute, in the order of the permissions, each once. Links are not
 * resolved: who compares real paths with them resolves them first. Full write access adds nothing, so ask
 * {@link hasFullDiskWriteAccess} before. The user's temporary folder is one of its own on macOS and Windows; on Linux there is
 * none and the permission adds nothing, while /tmp is the global one on every Unix.
 */
export function writableRoots(policy: SandboxPolicy, context: WritableRootsContext): string[] {
  return [...new Set(policy.permissions.flatMap((permission) => rootsOf(permission, context)))];
}

function rootsOf(permission: SandboxPermission, { cwd, platform, temporaryDirectory }: WritableRootsContext): string[] {
  if (typeof permission === "object") return [permission[WRITE_FOLDER].folder];
  switch (permission) {
    case "disk-write-cwd":
      return [cwd];
    case "disk-write-platform-user-temp-folder":
      return (platform === "darwin" || platform === "win32") && isAbsolute(temporaryDirectory) ? [resolve(temporaryDirectory)] : [];
    case "disk-write-platform-global-temp-folder":
      return platform === "win32" ? [] : ["/tmp"];
    case "disk-full-read-access":
    case "disk-full-write-access":
    case "network-full-access":
      return [];
  }
}

function workspaceWrite(options: ModeOptions): SandboxPermission[] {
  const permissions: SandboxPermission[] = ["disk-full-read-access"];
  if (options.excludeTmpdir !== true) permissions.push("disk-write-platform-user-temp-folder");
  if (options.excludeSlashTmp !== true) permissions.push("disk-write-platform-global-temp-folder");
  permissions.push("disk-write-cwd");
  for (const folder of options.writableRoots ?? []) permissions.push({ [WRITE_FOLDER]: { folder: resolve(folder) } });
  if (options.networkAccess === true) permissions.push("network-full-access");
  return permissions;
}

function parseFolder(path: string, base: string): ParsedPermission {
  if (path.includes("\0")) return { ok: false, message: `The folder of ${WRITE_FOLDER} holds a NUL character.` };
  return { ok: true, value: { [WRITE_FOLDER]: { folder: resolve(base, path) } } };
}

function unknownPermission(text: string): string {
  if (isSandboxMode(text)) return `\`${text}\` is a sandbox mode and not a single permission.`;
  const near = nearMisses(text);
  const accepted =
    near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Accepted are ${[...PERMISSION_NAMES, `${WRITE_FOLDER}=PATH`].join(", ")}.`;
  return `\`${text}\` is not a permission. ${accepted}`;
}

function nearMisses(text: string): string[] {
  const wanted = text.toLowerCase().replaceAll("_", "-").trim();
  const head = wanted.split("=", 1)[0] ?? "";
  const candidates: [string, string][] = PERMISSION_NAMES.map((name) => [name, name]);
  candidates.push([WRITE_FOLDER, `${WRITE_FOLDER}=PATH`]);
  const measured = candidates.map(([name, shown]) => ({ shown, distance: editDistance(head, name), limit: Math.floor(name.length / 3) }));
  const best = Math.min(...measured.map(({ distance }) => distance));
  return measured.filter(({ distance, limit }) => distance <= limit && distance <= best + 1).map(({ shown }) => `\`${shown}\``);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
