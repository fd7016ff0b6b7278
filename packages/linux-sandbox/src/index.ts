export type { SandboxPermission, SandboxPolicy } from "./policy.ts";
