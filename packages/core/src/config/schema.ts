import { GUARANTEES } from "@codex/linux-sandbox";
import * as z from "zod/mini";
import {
  APPROVAL_POLICIES,
  BASE_URL_PATTERN,
  ENVIRONMENT_INHERITANCE,
  MCP_APPROVAL_MODES,
  REASONING_EFFORTS,
  REASONING_SUMMARIES,
  SANDBOX_MODES,
  TRUST_LEVELS,
  TUI_MOUSE_MODES,
  TUI_THEMES,
  VERBOSITIES,
  WIRE_APIS,
} from "./choices.ts";

/**
 * What config.toml may hold. Strict, so that a misspelt key is seen. Every key is optional here; what is left out gets its
 * default when the layers are put together. Descriptions and defaults stand in {@link file://./key-table.ts}.
 */

const TEXT = z.string().check(z.minLength(1, { error: "must not be empty" }));
const COUNT = z.int().check(z.minimum(1));
const COUNT_OR_ZERO = z.int().check(z.minimum(0));
/** The longest delay a timer can hold. */
const MILLISECONDS = z.int().check(z.minimum(1), z.maximum(2_147_483_647));

const VARIABLE_NAME = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of an environment variable, never the key or value itself" }));
const HEADER_NAME = z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: "is not a valid HTTP header name" }));
const HEADER_VALUE = z.string().check(z.regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: "holds characters that an HTTP header cannot carry" }));
const BASE_URL = z
  .string()
  .check(
    z.regex(BASE_URL_PATTERN, { error: "must be an http:// or https:// URL without query or fragment; use `query_params` for a query" }),
  );

const MODEL_PROVIDER = z.strictObject({
  name: z.optional(TEXT),
  base_url: z.optional(BASE_URL),
  env_key: z.optional(VARIABLE_NAME),
  env_key_instructions: z.optional(z.string()),
  wire_api: z.optional(z.enum(WIRE_APIS)),
  http_headers: z.optional(z.record(HEADER_NAME, HEADER_VALUE)),
  env_http_headers: z.optional(z.record(HEADER_NAME, VARIABLE_NAME)),
  query_params: z.optional(z.record(z.string(), z.string())),
  request_max_retries: z.optional(COUNT_OR_ZERO),
  stream_max_retries: z.optional(COUNT_OR_ZERO),
  stream_idle_timeout_ms: z.optional(MILLISECONDS),
  supports_response_storage: z.optional(z.boolean()),
});

const SANDBOX_WORKSPACE_WRITE = z.strictObject({
  writable_roots: z.optional(z.array(TEXT)),
  network_access: z.optional(z.boolean()),
  exclude_tmpdir_env_var: z.optional(z.boolean()),
  exclude_slash_tmp: z.optional(z.boolean()),
});

const SANDBOX = z.strictObject({ require: z.optional(z.array(z.enum(GUARANTEES))) });

const PROJECT = z.strictObject({ trust_level: z.optional(z.enum(TRUST_LEVELS)) });

const SHELL_ENVIRONMENT_POLICY = z.strictObject({
  inherit: z.optional(z.enum(ENVIRONMENT_INHERITANCE)),
  ignore_default_excludes: z.optional(z.boolean()),
  exclude: z.optional(z.array(TEXT)),
  set: z.optional(z.record(TEXT, z.string())),
  include_only: z.optional(z.array(TEXT)),
});

const SECONDS = z.number().check(z.minimum(0.001), z.maximum(2_147_483));

const MCP_URL = z
  .string()
  .check(z.regex(/^https?:\/\/[^\s/?#]+[^\s#]*$/, { error: "must be an http:// or https:// URL without fragment" }));

const MCP_ENV_VAR = z.union([VARIABLE_NAME, z.strictObject({ name: VARIABLE_NAME, source: z.optional(z.literal("local")) })], {
  error: 'must be the name of an environment variable, or { name = "…", source = "local" }',
});

const MCP_SERVER = z.strictObject({
  command: z.optional(TEXT),
  args: z.optional(z.array(z.string())),
  env: z.optional(z.record(TEXT, z.string())),
  env_vars: z.optional(z.array(MCP_ENV_VAR)),
  inherit_env: z.optional(z.boolean()),
  cwd: z.optional(TEXT),
  url: z.optional(MCP_URL),
  bearer_token_env_var: z.optional(VARIABLE_NAME),
  http_headers: z.optional(z.record(HEADER_NAME, HEADER_VALUE)),
  env_http_headers: z.optional(z.record(HEADER_NAME, VARIABLE_NAME)),
  scopes: z.optional(z.array(TEXT)),
  oauth: z.optional(z.strictObject({ client_id: z.optional(TEXT), client_secret_env_var: z.optional(VARIABLE_NAME) })),
  oauth_resource: z.optional(TEXT),
  enabled: z.optional(z.boolean()),
  required: z.optional(z.boolean()),
  startup_timeout_sec: z.optional(SECONDS),
  startup_timeout_ms: z.optional(MILLISECONDS),
  tool_timeout_sec: z.optional(SECONDS),
  supports_parallel_tool_calls: z.optional(z.boolean()),
  enabled_tools: z.optional(z.array(TEXT)),
  disabled_tools: z.optional(z.array(TEXT)),
  default_tools_approval_mode: z.optional(z.enum(MCP_APPROVAL_MODES)),
  tools: z.optional(z.record(TEXT, z.strictObject({ approval_mode: z.optional(z.enum(MCP_APPROVAL_MODES)) }))),
});

const TUI = z.strictObject({
  theme: z.optional(z.enum(TUI_THEMES)),
  mouse: z.optional(z.enum(TUI_MOUSE_MODES)),
  notifications: z.optional(z.boolean()),
  reduced_motion: z.optional(z.boolean()),
  screen_reader: z.optional(z.boolean()),
  vim: z.optional(z.boolean()),
  keymap: z.optional(z.record(TEXT, z.union([TEXT, z.array(TEXT)]))),
});

/** What a profile may set: everything but which profile to use. */
const PROFILE_KEYS = {
  model: z.optional(TEXT),
  model_provider: z.optional(TEXT),
  model_providers: z.optional(z.record(TEXT, MODEL_PROVIDER)),
  openai_base_url: z.optional(BASE_URL),
  model_reasoning_effort: z.optional(z.enum(REASONING_EFFORTS)),
  model_reasoning_summary: z.optional(z.enum(REASONING_SUMMARIES)),
  model_verbosity: z.optional(z.enum(VERBOSITIES)),
  model_context_window: z.optional(COUNT),
  disable_response_storage: z.optional(z.boolean()),
  hide_agent_reasoning: z.optional(z.boolean()),
  approval_policy: z.optional(z.enum(APPROVAL_POLICIES)),
  sandbox_mode: z.optional(z.enum(SANDBOX_MODES)),
  sandbox_workspace_write: z.optional(SANDBOX_WORKSPACE_WRITE),
  sandbox_permissions: z.optional(z.array(z.string())),
  sandbox: z.optional(SANDBOX),
  shell_environment_policy: z.optional(SHELL_ENVIRONMENT_POLICY),
  tool_output_token_limit: z.optional(COUNT),
  mcp_servers: z.optional(z.record(TEXT, MCP_SERVER)),
  instructions: z.optional(TEXT),
  model_instructions_file: z.optional(TEXT),
  developer_instructions: z.optional(TEXT),
  project_doc_max_bytes: z.optional(COUNT_OR_ZERO),
  project_doc_fallback_filenames: z.optional(z.array(TEXT)),
  project_root_markers: z.optional(z.array(TEXT)),
  notify: z.optional(z.array(z.string())),
  log_dir: z.optional(TEXT),
  tui: z.optional(TUI),
};

const PROFILE_TOML = z.strictObject(PROFILE_KEYS);
export type ProfileToml = z.infer<typeof PROFILE_TOML>;
export type McpServerToml = z.infer<typeof MCP_SERVER>;
export type ModelProviderToml = z.infer<typeof MODEL_PROVIDER>;

export const CONFIG_TOML = z.strictObject({
  ...PROFILE_KEYS,
  profile: z.optional(TEXT),
  profiles: z.optional(z.record(TEXT, PROFILE_TOML)),
  projects: z.optional(z.record(TEXT, PROJECT)),
});
export type ConfigToml = z.infer<typeof CONFIG_TOML>;
