import type { SandboxPolicy } from "@codex/linux-sandbox";
import type { ApprovalPolicy } from "./config.ts";

/** Where a configuration comes from, beside the files in the Codex home. Precedence: flags, overrides, profile, config.toml, defaults. */
export interface ConfigSources {
  /** Absolute; where relative paths of flags and overrides start, and the session's cwd by default. */
  readonly processCwd: string;
  /** `dotted.key=value` strings, later ones winning. */
  readonly overrides?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  /** Unknown keys are errors instead of warnings. */
  readonly strict?: boolean | undefined;
  /** config.toml is not read. */
  readonly ignoreUserConfig?: boolean | undefined;
  readonly flags?: ConfigFlags | undefined;
  /** Used where nothing else says anything; `codex exec` asks nobody by default. */
  readonly defaultApprovalPolicy?: ApprovalPolicy | undefined;
}

/** What the command line or the embedding program settles itself. Words are checked here. */
export interface ConfigFlags {
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  /** The provider `ollama`. */
  readonly oss?: boolean | undefined;
  readonly approvalPolicy?: string | undefined;
  /** A whole policy; beats the other sandbox flags. */
  readonly sandboxPolicy?: SandboxPolicy | undefined;
  /** Permissions, or a mode, or a mode and permissions to add to it. */
  readonly sandbox?: readonly string[] | undefined;
  readonly sandboxMode?: string | undefined;
  /** Approval `on-failure` unless another is given, sandbox `workspace-write` in any case. */
  readonly fullAuto?: boolean | undefined;
  readonly cwd?: string | undefined;
  readonly disableResponseStorage?: boolean | undefined;
  readonly ephemeral?: boolean | undefined;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
}
