import type { McpTransport } from "../host/mcp.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { MCP_APPROVAL_MODES } from "./choices.ts";
import { DEFAULTS } from "./defaults.ts";
import type { MergedLayers } from "./layer.ts";
import type { McpServerToml } from "./schema.ts";
import { dotted } from "./source.ts";

/** `auto`: as the approval policy and what the server says of the tool make it. `prompt`: always asked. `approve`: never asked. */
export type McpApprovalMode = (typeof MCP_APPROVAL_MODES)[number];

/** One entry of `mcp_servers`, every question answered. */
export interface McpServerConfig {
  /** Its key. */
  readonly name: string;
  readonly transport: McpTransport;
  readonly enabled: boolean;
  /** No turn starts without it. */
  readonly required: boolean;
  readonly startupTimeoutMs: number;
  /** How long nothing may be heard of a call. */
  readonly toolTimeoutMs: number;
  readonly supportsParallelToolCalls: boolean;
  /** Undefined = all. */
  readonly enabledTools: readonly string[] | undefined;
  /** Beats `enabledTools`. */
  readonly disabledTools: readonly string[];
  readonly defaultApprovalMode: McpApprovalMode;
  /** Tool name → its own mode. */
  readonly approvalModes: Readonly<Record<string, McpApprovalMode>>;
}

/** All entries by name. Throws CodexError `config_invalid` that lists each contradiction with its place. */
export function resolveMcpServers(merged: MergedLayers): readonly McpServerConfig[] {
  const entries = Object.entries(merged.values.mcp_servers ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const errors = entries.flatMap(([name, entry]) =>
    contradictions(name, entry).map(({ key, message }) => merged.describe(["mcp_servers", name, ...key], message)),
  );
  if (errors.length > 0) throw new CodexError("config_invalid", errors.join("\n"));
  return entries.map(([name, entry]) => serverOf(name, entry));
}

const STDIO_KEYS = ["args", "env", "env_vars", "inherit_env", "cwd"] as const;
const HTTP_KEYS = ["bearer_token_env_var", "http_headers", "env_http_headers", "scopes", "oauth", "oauth_resource"] as const;

interface Contradiction {
  readonly key: readonly string[];
  readonly message: string;
}

function contradictions(name: string, entry: McpServerToml): readonly Contradiction[] {
  const server = dotted(["mcp_servers", name]);
  const found: Contradiction[] = [];
  const { command, url } = entry;
  if (command !== undefined && url !== undefined)
    found.push({ key: ["url"], message: `\`${server}\` has a \`command\` and a \`url\`; keep one` });
  if (command === undefined && url === undefined)
    found.push({ key: [], message: `\`${server}\` has neither a \`command\` to start nor a \`url\` to connect to` });
  const strangers = url === undefined ? HTTP_KEYS : command === undefined ? STDIO_KEYS : [];
  const kind = url === undefined ? "a server that is started with `command`" : "a server with a `url`";
  if (command !== undefined || url !== undefined)
    for (const key of strangers)
      if (entry[key] !== undefined) found.push({ key: [key], message: `\`${server}.${key}\` is not for ${kind}` });
  if (entry.startup_timeout_ms !== undefined && entry.startup_timeout_sec !== undefined)
    found.push({ key: ["startup_timeout_ms"], message: `\`${server}\`: set \`startup_timeout_sec\` or \`startup_timeout_ms\`, not both` });
  return found;
}

function serverOf(name: string, entry: McpServerToml): McpServerConfig {
  const startupMs = entry.startup_timeout_ms ?? (entry.startup_timeout_sec ?? DEFAULTS.mcpStartupTimeoutSec) * 1000;
  const modes = Object.entries(entry.tools ?? {}).flatMap(([tool, { approval_mode: mode }]) =>
    mode === undefined ? [] : [[tool, mode] as const],
  );
  return {
    name,
    transport: transportOf(entry),
    enabled: entry.enabled ?? true,
    required: entry.required ?? false,
    startupTimeoutMs: startupMs,
    toolTimeoutMs: (entry.tool_timeout_sec ?? DEFAULTS.mcpToolTimeoutSec) * 1000,
    supportsParallelToolCalls: entry.supports_parallel_tool_calls ?? false,
    enabledTools: entry.enabled_tools,
    disabledTools: entry.disabled_tools ?? [],
    defaultApprovalMode: entry.default_tools_approval_mode ?? "auto",
    approvalModes: Object.fromEntries(modes),
  };
}

function transportOf(entry: McpServerToml): McpTransport {
  if (entry.url === undefined) {
    return {
      type: "stdio",
      command: entry.command ?? "",
      args: entry.args ?? [],
      env: entry.env ?? {},
      envVars: (entry.env_vars ?? []).map((variable) => (typeof variable === "string" ? variable : variable.name)),
      inheritEnv: entry.inherit_env ?? false,
      cwd: entry.cwd,
    };
  }
  return {
    type: "streamable_http",
    url: entry.url,
    httpHeaders: entry.http_headers ?? {},
    envHttpHeaders: entry.env_http_headers ?? {},
    bearerTokenEnvVar: entry.bearer_token_env_var,
    oauth: {
      clientId: entry.oauth?.client_id,
      clientSecretEnvVar: entry.oauth?.client_secret_env_var,
      scopes: entry.scopes,
      resource: entry.oauth_resource,
    },
  };
}
