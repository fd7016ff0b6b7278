export { agentSettings } from "./agent-folder.ts";
export { parseLauncherArguments, type LauncherArguments, type ParsedArguments } from "./launcher-arguments.ts";
export { probeSandbox, type SandboxGap, type SandboxReport, type SandboxTrial } from "./battery.ts";
export { GUARANTEES, type Guarantee } from "./guarantee.ts";
export type { BwrapSupport, ProbeOptions, Support } from "./probe.ts";
export { PLACEHOLDER_TIME } from "./placeholder-time.ts";
export {
  PERMISSION_NAMES,
  SANDBOX_MODES,
  fullAutoPolicy,
  hasFullDiskReadAccess,
  hasFullDiskWriteAccess,
  hasFullNetworkAccess,
  isSandboxMode,
  isUnrestricted,
  parseSandboxPermission,
  sandboxPolicyForMode,
  writableRoots,
  type ModeOptions,
  type ParsedPermission,
  type SandboxMode,
  type SandboxPermission,
  type SandboxPolicy,
  type WritableRootsContext,
} from "./policy.ts";
