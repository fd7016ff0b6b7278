import type { ModelProvider } from "../config/config.ts";
import { secretQueryValues } from "../config/secret-variables.ts";
import type { Host } from "../host/host.ts";
import type { ErrorCode } from "../protocol/error-code.ts";
import { VERSION } from "../version.ts";

/** Where requests go and what they carry. */
export interface Endpoint {
  /** Absolute, with query. */
  readonly url: string;
  /** Scheme, host and port, for messages. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values that were sent and must never be shown. */
  readonly secrets: readonly string[];
  /** The key, when one is sent. */
  readonly key: string | undefined;
}

export type EndpointResult =
  | { readonly type: "ready"; readonly endpoint: Endpoint }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };

export interface ClientIdentity {
  /** The session's id. */
  readonly id: string;
}

export interface EndpointQuestion {
  readonly provider: ModelProvider;
  /** Appended to the base URL. */
  readonly path: string;
  readonly host: Host;
  readonly identity: ClientIdentity;
}

/** Works out address and headers from the provider's configuration and the environment, or says what is wrong with them. */
export function resolveEndpoint({ provider, path, host, identity }: EndpointQuestion): EndpointResult {
  const url = requestUrl(provider, path);
  if (url === undefined) {
    const hint = `Give the provider "${provider.id}" a base_url that starts with http:// or https://.`;
    return {
      type: "failed",
      code: "config_invalid",
      message: `The base_url of the provider "${provider.id}" is not an HTTP address`,
      hint,
    };
  }
  const key = host.model.offline === true ? { type: "none" as const } : readKey(provider, host.env);
  if (key.type === "failed") return key;

  const configured: [string, string][] = Object.entries(provider.httpHeaders);
  const fromEnvironment = environmentHeaders(provider, host);
  const wrong = [...configured, ...fromEnvironment].find(([name, value]) => !isHeaderName(name) || !isHeaderValue(value));
  if (wrong !== undefined) {
    const message = `The header ${JSON.stringify(wrong[0])} of the provider "${provider.id}" has a name or value that HTTP does not allow`;
    return { type: "failed", code: "config_invalid", message, hint: "Look for line breaks and characters outside Latin-1." };
  }
  const value = key.type === "key" ? key.value : undefined;
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "text/event-stream",
    originator: "codex_ts",
    "user-agent": `codex/${VERSION} (${host.platform.os}; ${host.platform.arch})`,
    "session-id": identity.id,
  };
  if (value !== undefined) headers["authorization"] = `Bearer ${value}`;
  for (const [name, header] of [...configured, ...fromEnvironment]) headers[name.toLowerCase()] = header;
  const secrets = [
    ...(value === undefined ? [] : [value]),
    ...configured.map(([, header]) => header),
    ...fromEnvironment.map(([, header]) => header),
    ...secretQueryValues(provider),
  ];
  return { type: "ready", endpoint: { url: url.href, origin: url.origin, headers, secrets, key: value } };
}

function requestUrl(provider: ModelProvider, path: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(provider.baseUrl);
  } catch {
    return undefined;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(provider.queryParams)) url.searchParams.set(name, value);
  return url;
}

type Key = { readonly type: "none" } | { readonly type: "key"; readonly value: string } | (EndpointResult & { readonly type: "failed" });

function readKey(provider: ModelProvider, env: Host["env"]): Key {
  if (provider.envKey === undefined) return { type: "none" };
  const raw = env[provider.envKey];
  const value = raw?.trim() ?? "";
  if (value === "") {
    const state = raw === undefined ? "is not set" : "is blank";
    const message = `No key for ${provider.name}: the environment variable ${provider.envKey} ${state} (provider "${provider.id}")`;
    return {
      type: "failed",
      code: "unauthorized",
      message,
      hint: provider.envKeyInstructions ?? `Set ${provider.envKey} to your key for ${provider.name}.`,
    };
  }
  if (!/^[\u0021-\u007e]+$/.test(value)) {
    const message = `The key in ${provider.envKey} for ${provider.name} holds spaces, line breaks or characters that are not ASCII (provider "${provider.id}")`;
    return { type: "failed", code: "unauthorized", message, hint: `Set ${provider.envKey} again, to the key alone.` };
  }
  return { type: "key", value };
}

function environmentHeaders(provider: ModelProvider, host: Host): [string, string][] {
  if (host.model.offline === true) return [];
  return Object.entries(provider.envHttpHeaders).flatMap(([name, variable]): [string, string][] => {
    const value = host.env[variable]?.trim() ?? "";
    return value === "" ? [] : [[name, value]];
  });
}

function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}

function isHeaderValue(value: string): boolean {
  return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value);
}
