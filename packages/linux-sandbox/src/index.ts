export { probeSandbox, type SandboxGap, type SandboxReport, type SandboxTrial } from "./battery.ts";
export { ExecHost, startExecHost, type ExecHostOptions, type HostedCommand, type HostedExit, type HostedStart } from "./client.ts";
export { GUARANTEES, isGuarantee, type Guarantee } from "./guarantee.ts";
export type { ConfinementRequest, Preparation, SpawnRequest } from "./host-protocol.ts";
export type { Plan, PlanContext } from "./plan.ts";
export type { BwrapSupport, ProbeOptions, Support } from "./probe.ts";
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
