/**
 * What commands may touch. Permissions add up over nothing: a policy without any grants neither reads, writes nor network.
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
