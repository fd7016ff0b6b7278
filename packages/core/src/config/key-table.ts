import { DEFAULTS } from "./defaults.ts";

/** One key of config.toml as the documentation and the JSON Schema show it. Types come from the schema. */
export interface ConfigKey {
  /** Dotted; `<id>` stands for a name of the user's. */
  readonly key: string;
  /** The value that holds without the key; undefined = none. */
  readonly default: unknown;
  /** Said instead of the value where it is not one fixed value. */
  readonly defaultText?: string;
  readonly description: string;
}

export const CONFIG_KEYS: readonly ConfigKey[] = [
  row("model", DEFAULTS.model, "The model to use. With the provider `ollama` the default is `gpt-oss:20b`."),
  row("model_provider", DEFAULTS.modelProvider, "The provider that serves the model: a built-in one or one of `model_providers`."),
  row("model_providers", {}, "Providers of your own, and changes to built-in ones, by id."),
  named("model_providers.<id>.name", "the id", "What the provider is called in messages."),
  row(
    "model_providers.<id>.base_url",
    undefined,
    "Where requests go: `<base_url>/responses` or `<base_url>/chat/completions`. Required unless the provider is built in. No query.",
  ),
  row("model_providers.<id>.env_key", undefined, "Name of the environment variable that holds the API key. Without it no key is sent."),
  row("model_providers.<id>.env_key_instructions", undefined, "Shown when that variable is missing or blank."),
  row("model_providers.<id>.wire_api", "responses", "The protocol the provider speaks: the Responses API or Chat Completions."),
  row("model_providers.<id>.http_headers", {}, "Headers sent with every request."),
  row(
    "model_providers.<id>.env_http_headers",
    {},
    "Header name → environment variable that holds its value. Left out while the variable is unset or blank.",
  ),
  row("model_providers.<id>.query_params", {}, "Query parameters added to every request."),
  row(
    "model_providers.<id>.request_max_retries",
    DEFAULTS.requestMaxRetries,
    "Retries of a request that was refused or failed before its answer began. Both retry settings draw on one budget of five per step; more than 5 counts as 5.",
  ),
  row("model_providers.<id>.stream_max_retries", DEFAULTS.streamMaxRetries, "Retries of an answer whose stream broke off."),
  row(
    "model_providers.<id>.stream_idle_timeout_ms",
    DEFAULTS.streamIdleTimeoutMs,
    "Milliseconds without a byte after which an attempt is given up.",
  ),
  named(
    "model_providers.<id>.supports_response_storage",
    "false; true for `openai`",
    "The provider keeps answers and takes `previous_response_id`, so that a step need not send the whole conversation again.",
  ),
  named(
    "openai_base_url",
    "`OPENAI_BASE_URL` if set, else `https://api.openai.com/v1`",
    "Short for `model_providers.openai.base_url`. Set one of the two.",
  ),
  row("model_reasoning_effort", undefined, "How long a reasoning model may think. Without it the provider decides."),
  row("model_reasoning_summary", DEFAULTS.reasoningSummary, "How much of the reasoning the model sums up for you."),
  row("model_verbosity", undefined, "How long answers should be, for models that take the setting."),
  named(
    "model_context_window",
    "what is known of the model",
    "Tokens the model can take in all. Clients are told, so that they can show how full it is.",
  ),
  row(
    "disable_response_storage",
    false,
    "Zero data retention: the provider is told to store nothing and gets the whole conversation with every request.",
  ),
  row("hide_agent_reasoning", false, "Leaves reasoning out of what is shown."),
  row(
    "approval_policy",
    DEFAULTS.approvalPolicy,
    "When to ask before something runs. `untrusted` is another word for `unless-allow-listed`. `codex exec` uses `never` unless told otherwise.",
  ),
  row("sandbox_mode", DEFAULTS.sandboxMode, "What commands may touch, as a named set of permissions. Set this or `sandbox_permissions`."),
  row("sandbox_workspace_write", {}, "Details of the mode `workspace-write`."),
  row("sandbox_workspace_write.writable_roots", [], "Folders that may be written besides the working directory."),
  row("sandbox_workspace_write.network_access", false, "Lets commands use the network."),
  row("sandbox_workspace_write.exclude_tmpdir_env_var", false, "Keeps the user's own temporary folder read-only."),
  row("sandbox_workspace_write.exclude_slash_tmp", false, "Keeps `/tmp` read-only."),
  named(
    "sandbox_permissions",
    "what `sandbox_mode` grants",
    "The exact permissions: `disk-full-read-access`, `disk-write-cwd`, `disk-write-platform-user-temp-folder`, `disk-write-platform-global-temp-folder`, `disk-write-folder=PATH`, `disk-full-write-access`, `network-full-access`. An empty list grants nothing.",
  ),
  row("sandbox", {}, "What the sandbox must be able to guarantee."),
  row(
    "sandbox.require",
    [],
    "Guarantees whose absence is a refusal instead of a notice: `write`, `network`, `carveout`, `metadata`, `denied_reads`, `loopback`, `abstract_sockets`, `signals`, `processes`, `ipc`.",
  ),
  row("shell_environment_policy", {}, "Which environment variables commands see."),
  row(
    "shell_environment_policy.inherit",
    "all",
    "Where to start from: every variable, the few that programs need to work at all (`core`), or none.",
  ),
  row(
    "shell_environment_policy.ignore_default_excludes",
    false,
    "Keeps variables whose names say that they hold a secret (KEY, SECRET, TOKEN, PASSWORD, PASSWD, CREDENTIAL); they are dropped otherwise.",
  ),
  row("shell_environment_policy.exclude", [], "Patterns of names to drop; `*` and `?`, case does not count."),
  row("shell_environment_policy.set", {}, "Variables to set, even excluded ones."),
  row(
    "shell_environment_policy.include_only",
    [],
    "When not empty, only variables that match one of these patterns are passed on, those of `set` among them.",
  ),
  row(
    "tool_output_token_limit",
    DEFAULTS.toolOutputTokenLimit,
    "Tokens of one tool's output that reach the model; the middle of a longer output is cut.",
  ),
  row("mcp_servers", {}, "MCP servers whose tools the model may call, by name. See [mcp.md](mcp.md)."),
  row(
    "mcp_servers.<id>.command",
    undefined,
    "The program to start: a path, or a name that is looked up on the server's `PATH`. Set this or `url`.",
  ),
  row("mcp_servers.<id>.args", [], "Its arguments."),
  row("mcp_servers.<id>.env", {}, "Variables set for it. It gets those that programs need, certificates and proxies besides; no keys."),
  row("mcp_servers.<id>.env_vars", [], "Names of further variables that it gets with the value they have here."),
  row("mcp_servers.<id>.inherit_env", false, "Gives it every variable, except the keys of the model's provider."),
  named("mcp_servers.<id>.cwd", "the session's", "The folder it is started in."),
  row("mcp_servers.<id>.url", undefined, "Where a server on the network speaks streamable HTTP."),
  row("mcp_servers.<id>.bearer_token_env_var", undefined, "Name of the environment variable that holds a token for it."),
  row("mcp_servers.<id>.http_headers", {}, "Headers sent with every request."),
  row(
    "mcp_servers.<id>.env_http_headers",
    {},
    "Header name → environment variable that holds its value. Left out while the variable is unset or blank.",
  ),
  named("mcp_servers.<id>.scopes", "what the server proposes", "What `codex mcp login` asks for."),
  row("mcp_servers.<id>.oauth", {}, "The client that logs in, for authorization servers that do not register clients by themselves."),
  row("mcp_servers.<id>.oauth.client_id", undefined, "Its id."),
  row("mcp_servers.<id>.oauth.client_secret_env_var", undefined, "Name of the environment variable that holds its secret."),
  named("mcp_servers.<id>.oauth_resource", "what the server calls itself", "What tokens are asked for."),
  row("mcp_servers.<id>.enabled", true, "False keeps the entry and starts nothing."),
  row("mcp_servers.<id>.required", false, "Turns wait until it is ready, and fail when it cannot be."),
  row("mcp_servers.<id>.startup_timeout_sec", DEFAULTS.mcpStartupTimeoutSec, "Seconds it has to be ready."),
  row("mcp_servers.<id>.startup_timeout_ms", undefined, "The same in milliseconds; set one of the two."),
  row(
    "mcp_servers.<id>.tool_timeout_sec",
    DEFAULTS.mcpToolTimeoutSec,
    "Seconds without an answer or a sign of progress after which a call is given up.",
  ),
  row("mcp_servers.<id>.supports_parallel_tool_calls", false, "Its tools may run beside each other."),
  named("mcp_servers.<id>.enabled_tools", "all", "The tools the model is offered."),
  row("mcp_servers.<id>.disabled_tools", [], "Tools the model is not offered, also when `enabled_tools` names them."),
  row(
    "mcp_servers.<id>.default_tools_approval_mode",
    "auto",
    "Whether calls are asked about: always (`prompt`), never (`approve`), or as `approval_policy` and what the server says of the tool make it (`auto`).",
  ),
  row("mcp_servers.<id>.tools", {}, "Settings of single tools, by the server's own name for them."),
  named("mcp_servers.<id>.tools.<id>.approval_mode", "`default_tools_approval_mode`", "The same for one tool."),
  row("instructions", undefined, "Replaces the built-in instructions to the model. Set this or `model_instructions_file`."),
  row("model_instructions_file", undefined, "A file whose content replaces the built-in instructions."),
  row("developer_instructions", undefined, "Told to the model besides the built-in instructions."),
  row("project_doc_max_bytes", DEFAULTS.projectDocMaxBytes, "Bytes read of each `AGENTS.md`; 0 turns them off."),
  row("project_doc_fallback_filenames", [], "Names tried in a directory that has no `AGENTS.md`."),
  row(
    "project_root_markers",
    DEFAULTS.projectRootMarkers,
    "Names whose presence marks the root of a project; `AGENTS.md` files are collected from there down.",
  ),
  row("notify", [], "Program and arguments run after each finished turn, with a JSON description as one more argument."),
  named("log_dir", "`$CODEX_HOME/log`", "Where the log is written."),
  row("tui", {}, "The terminal interface."),
  row("tui.theme", "auto", "Its colours. `auto` is dark or light, as the terminal's background is."),
  row("tui.mouse", "wheel", "`wheel` scrolls the history with the wheel; `off` leaves the mouse to the terminal."),
  row("tui.notifications", true, "Tells the terminal when a turn has ended or something is asked while its window has no focus."),
  row("tui.reduced_motion", false, "Nothing moves by itself."),
  row("tui.screen_reader", false, "Plain lines one after the other, everything said in words; as `--screen-reader` does."),
  row("tui.vim", false, "vi keys in the composer from the start; `/vim` turns them on and off."),
  row("tui.keymap", {}, "Action → key or list of keys; an empty list takes its keys away. docs/tui.md names the actions."),
  row("profile", undefined, "The profile used when `-p` names none."),
  row("profiles", {}, "Profiles by name. A profile sets any other key of this page except `profile`, `profiles` and `projects`."),
  row("projects", {}, "Projects by their root folder, absolute or from `~/`."),
  row("projects.<id>.trust_level", undefined, "`trusted` lets the project's own rules for commands count (`.codex/rules`)."),
];

function row(key: string, value: unknown, description: string): ConfigKey {
  return { key, default: value, description };
}

function named(key: string, defaultText: string, description: string): ConfigKey {
  return { key, default: undefined, defaultText, description };
}
