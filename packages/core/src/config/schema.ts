import { GUARANTEES } from "@codex/linux-sandbox";
import * as z from "zod/mini";
import {
  APPROVAL_POLICIES,
  BASE_URL_PATTERN,
  ENVIRONMENT_INHERITANCE,
  REASONING_EFFORTS,
  REASONING_SUMMARIES,
  SANDBOX_MODES,
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

const SHELL_ENVIRONMENT_POLICY = z.strictObject({
  inherit: z.optional(z.enum(ENVIRONMENT_INHERITANCE)),
  ignore_default_excludes: z.optional(z.boolean()),
  exclude: z.optional(z.array(TEXT)),
  set: z.optional(z.record(TEXT, z.string())),
  include_only: z.optional(z.array(TEXT)),
});

const TUI = z.strictObject({
  theme: z.optional(z.enum(TUI_THEMES)),
  mouse: z.optional(z.enum(TUI_MOUSE_MODES)),
  notifications: z.optional(z.boolean()),
  reduced_motion: z.optional(z.boolean()),
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
export type ModelProviderToml = z.infer<typeof MODEL_PROVIDER>;

export const CONFIG_TOML = z.strictObject({
  ...PROFILE_KEYS,
  profile: z.optional(TEXT),
  profiles: z.optional(z.record(TEXT, PROFILE_TOML)),
});
export type ConfigToml = z.infer<typeof CONFIG_TOML>;
