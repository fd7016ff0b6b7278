import type { McpServerConfig, McpTransport } from "@codex/core";

export type AuthStatus = "unsupported" | "not_logged_in" | "bearer_token" | "o_auth";

const COVERED = "*****";

/** A server as `--json` shows it. Values that may be secrets are covered. */
export function serverJson(server: McpServerConfig, auth: AuthStatus): Readonly<Record<string, unknown>> {
  return {
    name: server.name,
    enabled: server.enabled,
    disabled_reason: server.enabled ? null : "enabled = false",
    required: server.required,
    transport: transportJson(server.transport),
    startup_timeout_sec: server.startupTimeoutMs / 1000,
    tool_timeout_sec: server.toolTimeoutMs / 1000,
    enabled_tools: server.enabledTools ?? null,
    disabled_tools: server.disabledTools,
    default_tools_approval_mode: server.defaultApprovalMode,
    tools: Object.fromEntries(Object.entries(server.approvalModes).map(([tool, mode]) => [tool, { approval_mode: mode }])),
    auth_status: auth,
  };
}

function transportJson(transport: McpTransport): Readonly<Record<string, unknown>> {
  if (transport.type === "stdio") {
    const { command, args, env, envVars, inheritEnv, cwd } = transport;
    return {
      type: "stdio",
      command,
      args: coveredArguments(args),
      env: covered(env),
      env_vars: envVars,
      inherit_env: inheritEnv,
      cwd: cwd ?? null,
    };
  }
  const { url, bearerTokenEnvVar, httpHeaders, envHttpHeaders, oauth } = transport;
  return {
    type: "streamable_http",
    url: coveredUrl(url),
    bearer_token_env_var: bearerTokenEnvVar ?? null,
    http_headers: covered(httpHeaders),
    env_http_headers: envHttpHeaders,
    oauth_client_id: oauth.clientId ?? null,
    scopes: oauth.scopes ?? null,
    oauth_resource: oauth.resource ?? null,
  };
}

/** What starts or reaches the server, on one line. */
export function serverLine({ transport }: McpServerConfig): string {
  return transport.type === "stdio" ? [transport.command, ...coveredArguments(transport.args)].join(" ") : coveredUrl(transport.url);
}

/** A server for a person, a setting a line. */
export function serverLines(server: McpServerConfig, auth: AuthStatus): readonly string[] {
  const { transport, ...settings } = serverJson(server, auth) as { transport: Record<string, unknown> } & Record<string, unknown>;
  const shown = Object.entries({ ...transport, ...settings }).filter(([key, value]) => key !== "name" && !isEmpty(value));
  return [server.name, ...shown.map(([key, value]) => `  ${key}: ${shownValue(value)}`)];
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value as object).length === 0);
}

function shownValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, member]) => `${key}=${typeof member === "string" ? member : JSON.stringify(member)}`)
    .join(" ");
}

function covered(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, COVERED]));
}

const SECRET_OPTION = /^--?[\w-]*(?:key|token|secret|passw|auth|credential)[\w-]*/i;
const SECRET_SHAPE = /^(?:sk|gsk|xai|ghp|gho|pat|github_pat|glpat|xox[abprs])[-_][\w-]{6,}$/;

/** Covers the values of options whose names say that they are secrets, and what looks like a key. */
function coveredArguments(args: readonly string[]): readonly string[] {
  return args.map((word, index) => {
    const [option, value] = word.split(/=(.*)/s, 2);
    if (option !== undefined && value !== undefined && SECRET_OPTION.test(option)) return `${option}=${COVERED}`;
    const before = args[index - 1];
    const isValue = before !== undefined && SECRET_OPTION.test(before) && !before.includes("=") && !word.startsWith("-");
    return isValue || SECRET_SHAPE.test(word) ? COVERED : word;
  });
}

/** Covers a password and the values of the query. */
function coveredUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === "" && url.username === "" && url.search === "") return text;
  if (url.username !== "") url.username = COVERED;
  if (url.password !== "") url.password = COVERED;
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${COVERED}`).join("&");
  url.search = "";
  return query === "" ? url.href : `${url.href}?${query}`;
}
