import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connectHttp, connectStdio, McpError, type ClientOptions, type McpClient } from "@codex/mcp-client";
import type { McpConnection, McpConnectRequest, McpHttpTransport, McpStdioTransport } from "../host/mcp.ts";
import { openMcpLogin } from "./mcp-login.ts";
import { VERSION } from "../version.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts or reaches the server and agrees on the protocol. Rejects with an McpError, or what the settings lack. */
export async function connectMcpServer(request: McpConnectRequest, env: Environment, signal: AbortSignal): Promise<McpConnection> {
  const { transport } = request;
  signal.throwIfAborted();
  const client = transport.type === "stdio" ? await openStdio(request, transport, env) : await openHttp(request, transport, env);
  try {
    await client.initialize({ signal });
  } catch (error) {
    const isRefused = error instanceof McpError && error.kind === "auth" && error.code === 401 && transport.type === "streamable_http";
    if (!isRefused || transport.bearerTokenEnvVar !== undefined) throw error;
    const hint = `Log in with: codex mcp login ${request.name}; or name the variable that holds a token with bearer_token_env_var.`;
    throw new McpError("auth", error.message, { code: error.code, hint, cause: error });
  }
  return client;
}

function openStdio(request: McpConnectRequest, transport: McpStdioTransport, env: Environment): Promise<McpClient> {
  const named = new Set(transport.envVars);
  const base = Object.fromEntries(Object.entries(env).filter(([name]) => named.has(name) || !request.secretNames.includes(name)));
  const { command, args, envVars, inheritEnv } = transport;
  const spec = { command, args, env: transport.env, envVars, inheritEnv, cwd: transport.cwd ?? request.cwd };
  return connectStdio(spec, { ...clientOptions(request), base, stateDir: request.codexHome });
}

async function openHttp(request: McpConnectRequest, transport: McpHttpTransport, env: Environment): Promise<McpClient> {
  const { url, bearerTokenEnvVar } = transport;
  const valueOf = (name: string): string | undefined => env[name]?.trim() || undefined;
  const headers = httpHeaders(transport, valueOf);
  const { openMcpExchange } = await import("./mcp-exchange.ts");
  const options = { ...clientOptions(request), exchange: openMcpExchange(env) };
  if (bearerTokenEnvVar === undefined) {
    const authorize = await openMcpLogin(transport, { codexHome: request.codexHome, env, exchange: options.exchange });
    return connectHttp({ url, headers }, { ...options, authorize });
  }
  const token = valueOf(bearerTokenEnvVar);
  if (token === undefined) {
    throw new McpError("auth", `${bearerTokenEnvVar}, which holds the token for ${request.name}, is not set`, {
      hint: `Set ${bearerTokenEnvVar}.`,
    });
  }
  return connectHttp({ url, headers, bearerToken: () => token }, options);
}

function httpHeaders(
  { httpHeaders: fixed, envHttpHeaders }: McpHttpTransport,
  valueOf: (name: string) => string | undefined,
): Record<string, string> {
  const named = Object.entries(envHttpHeaders).flatMap(([header, name]) => {
    const value = valueOf(name);
    return value === undefined ? [] : [[header, value] as const];
  });
  return { ...fixed, ...Object.fromEntries(named) };
}

function clientOptions(request: McpConnectRequest): ClientOptions & { readonly name: string } {
  return {
    name: request.name,
    clientInfo: { name: "codex-mcp-client", title: "Codex", version: VERSION },
    roots: () => [{ uri: pathToFileURL(join(request.cwd, "/")).href }],
    elicit: request.elicit,
    initializeTimeoutMs: request.startupTimeoutMs,
    callTimeoutMs: request.toolTimeoutMs,
    onWarning: request.onWarning,
  };
}
