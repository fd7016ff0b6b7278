import type { Guarantee, SandboxPolicy } from "@codex/linux-sandbox";
import type { McpServerConfig } from "./mcp-servers.ts";

/** What a session is started with: every question answered, nothing read from the world any more. Frozen. */
export interface Config {
  readonly model: string;
  readonly provider: ModelProvider;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** Guarantees without which no command is run confined; a refusal then takes the place of a notice. */
  readonly sandboxRequire: readonly Guarantee[];
  /** Absolute; exists. Relative paths of tool calls and images start here. */
  readonly cwd: string;
  /** Absolute; holds config.toml, sessions/, log/. May not exist yet. */
  readonly codexHome: string;
  /** Folders, absolute, whose projects may bring rules of their own. */
  readonly trustedProjects: readonly string[];
  /** Zero data retention: nothing may be stored by the provider. */
  readonly disableResponseStorage: boolean;
  /** Program and arguments run after each completed turn; empty = none. */
  readonly notify: readonly string[];
  /** Replaces the built-in instructions when set. */
  readonly baseInstructions: string | undefined;
  /** Appended for the model as a developer message when set. */
  readonly developerInstructions: string | undefined;
  readonly projectDoc: {
    /** Bytes taken of each AGENTS.md; 0 turns them off. */
    readonly maxBytes: number;
    readonly fallbackFilenames: readonly string[];
    /** Names whose presence marks the project's root. */
    readonly rootMarkers: readonly string[];
  };
  readonly reasoning: {
    readonly effort: ReasoningEffort | undefined;
    readonly summary: ReasoningSummary;
    /** Reasoning text is left out of what is shown. */
    readonly hide: boolean;
  };
  readonly verbosity: "low" | "medium" | "high" | undefined;
  readonly shellEnvironment: ShellEnvironmentPolicy;
  /** Tokens of one tool output that go to the model; the middle is cut beyond it. */
  readonly toolOutputTokenLimit: number;
  /** Tokens the model can take in all; undefined = the catalogue's figure. */
  readonly contextWindow: number | undefined;
  /** Disabled ones among them, by name in the order of code points. */
  readonly mcpServers: readonly McpServerConfig[];
  /** No rollout is written. */
  readonly ephemeral: boolean;
  /** Absolute. */
  readonly logDirectory: string;
  /** For the terminal interface. */
  readonly tui: TuiConfig;
  /** JSON Schema of the last message. */
  readonly outputSchema: Readonly<Record<string, unknown>> | undefined;
  /** The profile that was applied. */
  readonly profile: string | undefined;
  /** Things worth telling the user once, e.g. unknown keys with their place. */
  readonly warnings: readonly string[];
}

export interface TuiConfig {
  readonly theme: "auto" | "dark" | "light" | "high-contrast" | "ansi";
  readonly mouse: "wheel" | "off";
  readonly notifications: boolean;
  readonly reducedMotion: boolean;
  readonly screenReader: boolean;
  readonly vim: boolean;
  /** Action → its keys. */
  readonly keymap: Readonly<Record<string, string | readonly string[]>>;
}

export type ApprovalPolicy = "unless-allow-listed" | "auto-edit" | "on-failure" | "on-request" | "never";
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh";
export type ReasoningSummary = "auto" | "concise" | "detailed" | "none";
export type WireApi = "responses" | "chat";

export interface ModelProvider {
  /** Its key in `model_providers`. */
  readonly id: string;
  readonly name: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Variable that holds the key; undefined = the provider needs none. */
  readonly envKey: string | undefined;
  /** Where a user gets a key; shown when it is missing. */
  readonly envKeyInstructions: string | undefined;
  readonly wireApi: WireApi;
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** Header name → variable that holds its value; left out when the variable is unset or blank. */
  readonly envHttpHeaders: Readonly<Record<string, string>>;
  readonly queryParams: Readonly<Record<string, string>>;
  /** Retries of one step are min(5, …) in all; see model/retry. */
  readonly requestMaxRetries: number;
  readonly streamMaxRetries: number;
  readonly streamIdleTimeoutMs: number;
  /** `store: true` with `previous_response_id` works. */
  readonly supportsResponseStorage: boolean;
}

export interface ShellEnvironmentPolicy {
  readonly inherit: "core" | "all" | "none";
  /** Skips the built-in exclusion of names that hold secrets. */
  readonly ignoreDefaultExcludes: boolean;
  /** Case-insensitive patterns with `*` and `?`. */
  readonly exclude: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** When not empty, only these survive (patterns). */
  readonly includeOnly: readonly string[];
}
