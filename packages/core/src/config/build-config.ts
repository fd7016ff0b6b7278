import {
  isSandboxMode,
  parseSandboxPermission,
  type SandboxPermission,
  type SandboxPolicy,
  sandboxPolicyForMode,
} from "@codex/linux-sandbox";
import { CodexError } from "../protocol/error-code.ts";
import { APPROVAL_POLICIES, BASE_URL_PATTERN, SANDBOX_MODES } from "./choices.ts";
import type { ApprovalPolicy, Config, ModelProvider, TuiConfig } from "./config.ts";
import type { ConfigFlags } from "./config-sources.ts";
import { DEFAULTS } from "./defaults.ts";
import type { MergedLayers } from "./layer.ts";
import { resolveMcpServers } from "./mcp-servers.ts";
import { didYouMean } from "./near-miss.ts";
import { logDirectory } from "./paths.ts";
import { resolveProvider } from "./providers.ts";
import type { ConfigToml, ModelProviderToml } from "./schema.ts";

export interface BuildInput {
  readonly merged: MergedLayers;
  readonly flags: ConfigFlags;
  /** Replaces the built-in default. */
  readonly defaultApprovalPolicy: ApprovalPolicy | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of flags start. */
  readonly processCwd: string;
  readonly cwd: string;
  readonly codexHome: string;
  readonly baseInstructions: string | undefined;
  readonly profile: string | undefined;
  readonly warnings: readonly string[];
}

/** Answers every question: flags over settings over defaults. Throws CodexError `config_invalid`. The result is not frozen yet. */
export function buildConfig(input: BuildInput): Config {
  const { flags } = input;
  const { values } = input.merged;
  const provider = chooseProvider(input);
  return {
    model: chooseModel(input, provider),
    provider,
    approvalPolicy: chooseApprovalPolicy(input),
    sandboxPolicy: chooseSandboxPolicy(input),
    sandboxRequire: [...new Set(values.sandbox?.require ?? [])],
    cwd: input.cwd,
    codexHome: input.codexHome,
    trustedProjects: trustedProjects(values),
    disableResponseStorage: flags.disableResponseStorage ?? values.disable_response_storage ?? false,
    notify: values.notify ?? [],
    baseInstructions: input.baseInstructions,
    developerInstructions: values.developer_instructions,
    projectDoc: projectDoc(values),
    reasoning: reasoning(values),
    verbosity: values.model_verbosity,
    shellEnvironment: shellEnvironment(values),
    toolOutputTokenLimit: values.tool_output_token_limit ?? DEFAULTS.toolOutputTokenLimit,
    contextWindow: values.model_context_window,
    mcpServers: resolveMcpServers(input.merged),
    ephemeral: flags.ephemeral ?? false,
    logDirectory: values.log_dir ?? logDirectory(input.codexHome),
    tui: tuiConfig(values),
    outputSchema: flags.outputSchema === undefined ? undefined : structuredClone(flags.outputSchema),
    profile: input.profile,
    warnings: input.warnings,
  };
}

function tuiConfig({ tui }: ConfigToml): TuiConfig {
  return {
    theme: tui?.theme ?? "auto",
    mouse: tui?.mouse ?? "wheel",
    notifications: tui?.notifications ?? true,
    reducedMotion: tui?.reduced_motion ?? false,
    screenReader: tui?.screen_reader ?? false,
    vim: tui?.vim ?? false,
    keymap: tui?.keymap ?? {},
  };
}

function chooseModel({ merged, flags }: BuildInput, provider: ModelProvider): string {
  return nonBlank(flags.model, "--model") ?? merged.values.model ?? (provider.id === "ollama" ? DEFAULTS.localModel : DEFAULTS.model);
}

function chooseProvider({ merged, flags, env }: BuildInput): ModelProvider {
  const flag = nonBlank(flags.provider, "the provider");
  if (flags.oss === true && flag !== undefined && flag !== "ollama") {
    throw new CodexError("config_invalid", `--oss means the provider \`ollama\`, but \`${flag}\` was asked for`);
  }
  const id = flag ?? (flags.oss === true ? "ollama" : (merged.values.model_provider ?? DEFAULTS.modelProvider));
  const resolved = resolveProvider(id, providerEntries(merged.values, env, id));
  if (resolved.ok) return resolved.provider;
  const fromFlag = flag !== undefined || flags.oss === true;
  const path = resolved.unknown ? ["model_provider"] : ["model_providers", id];
  const message = resolved.unknown && fromFlag ? resolved.message : merged.describe(path, resolved.message);
  throw new CodexError("config_invalid", message, { hint: resolved.hint });
}

/** The configured providers, with the short forms that give `openai` another base URL. */
function providerEntries(values: ConfigToml, env: BuildInput["env"], id: string): Readonly<Record<string, ModelProviderToml>> {
  const entries = values.model_providers ?? {};
  if (id !== "openai") return entries;
  const openai = entries["openai"] ?? {};
  const configured = openai.base_url ?? values.openai_base_url;
  const variable = env["OPENAI_BASE_URL"]?.trim();
  if (configured === undefined && variable !== undefined && variable !== "" && !BASE_URL_PATTERN.test(variable)) {
    throw new CodexError("config_invalid", "the variable OPENAI_BASE_URL is not an http:// or https:// URL without query or fragment");
  }
  const baseUrl = configured ?? (variable === "" ? undefined : variable);
  return baseUrl === undefined ? entries : { ...entries, openai: { ...openai, base_url: baseUrl } };
}

function chooseApprovalPolicy({ merged, flags, defaultApprovalPolicy }: BuildInput): ApprovalPolicy {
  const flag = flags.approvalPolicy ?? (flags.fullAuto === true ? "on-failure" : undefined);
  const chosen = flag ?? merged.values.approval_policy ?? defaultApprovalPolicy ?? DEFAULTS.approvalPolicy;
  const policy = APPROVAL_POLICIES.find((name) => name === chosen);
  if (policy === undefined) throw badFlag("--ask-for-approval", chosen, APPROVAL_POLICIES);
  return policy === "untrusted" ? "unless-allow-listed" : policy;
}

/** `--full-auto` over the sandbox flags over the settings. */
function chooseSandboxPolicy({ merged, flags, processCwd }: BuildInput): SandboxPolicy {
  const { values } = merged;
  if (flags.sandboxPolicy !== undefined) return structuredClone(flags.sandboxPolicy) as SandboxPolicy;
  if (flags.fullAuto === true) return policyForMode("workspace-write", values);
  const words = flags.sandbox ?? [];
  const mode = chooseMode(flags.sandboxMode, words);
  const permissions = words.filter((word) => !isSandboxMode(word)).map((word) => parseFlagPermission(word, processCwd));
  if (mode !== undefined) return { permissions: [...policyForMode(mode, values).permissions, ...permissions] };
  if (permissions.length > 0) return { permissions };
  if (values.sandbox_permissions !== undefined)
    return { permissions: values.sandbox_permissions.map((word) => parseFlagPermission(word, processCwd)) };
  return policyForMode(values.sandbox_mode ?? DEFAULTS.sandboxMode, values);
}

function chooseMode(sandboxMode: string | undefined, words: readonly string[]): (typeof SANDBOX_MODES)[number] | undefined {
  if (sandboxMode !== undefined && !isSandboxMode(sandboxMode)) throw badFlag("--sandbox", sandboxMode, SANDBOX_MODES);
  const modes = new Set([...(sandboxMode === undefined ? [] : [sandboxMode]), ...words.filter(isSandboxMode)]);
  if (modes.size > 1) throw new CodexError("config_invalid", `more than one sandbox mode was asked for: ${[...modes].join(", ")}`);
  return [...modes][0];
}

function parseFlagPermission(word: string, base: string): SandboxPermission {
  const parsed = parseSandboxPermission(word, base);
  if (parsed.ok) return parsed.value;
  throw new CodexError("config_invalid", `--sandbox-permission: ${parsed.message}`, {
    hint: `A mode can be given too: ${SANDBOX_MODES.join(", ")}.`,
  });
}

function policyForMode(mode: (typeof SANDBOX_MODES)[number], { sandbox_workspace_write: settings }: ConfigToml): SandboxPolicy {
  return sandboxPolicyForMode(mode, {
    writableRoots: settings?.writable_roots ?? [],
    networkAccess: settings?.network_access ?? false,
    excludeTmpdir: settings?.exclude_tmpdir_env_var ?? false,
    excludeSlashTmp: settings?.exclude_slash_tmp ?? false,
  });
}

function trustedProjects({ projects = {} }: ConfigToml): string[] {
  return Object.entries(projects).flatMap(([folder, { trust_level }]) => (trust_level === "trusted" ? [folder] : []));
}

function projectDoc(values: ConfigToml): Config["projectDoc"] {
  return {
    maxBytes: values.project_doc_max_bytes ?? DEFAULTS.projectDocMaxBytes,
    fallbackFilenames: values.project_doc_fallback_filenames ?? [],
    rootMarkers: values.project_root_markers ?? DEFAULTS.projectRootMarkers,
  };
}

function reasoning(values: ConfigToml): Config["reasoning"] {
  return {
    effort: values.model_reasoning_effort,
    summary: values.model_reasoning_summary ?? DEFAULTS.reasoningSummary,
    hide: values.hide_agent_reasoning ?? false,
  };
}

function shellEnvironment({ shell_environment_policy: policy }: ConfigToml): Config["shellEnvironment"] {
  return {
    inherit: policy?.inherit ?? DEFAULTS.shellEnvironmentInherit,
    ignoreDefaultExcludes: policy?.ignore_default_excludes ?? false,
    exclude: policy?.exclude ?? [],
    set: policy?.set ?? {},
    includeOnly: policy?.include_only ?? [],
  };
}

function nonBlank(value: string | undefined, name: string): string | undefined {
  if (value !== undefined && value.trim() === "") throw new CodexError("config_invalid", `${name} must not be empty`);
  return value;
}

function badFlag(flag: string, value: string, choices: readonly string[]): CodexError {
  return new CodexError(
    "config_invalid",
    `${flag}: expected one of ${choices.join(", ")}, found \`${value}\`${didYouMean(value, choices)}`,
  );
}
