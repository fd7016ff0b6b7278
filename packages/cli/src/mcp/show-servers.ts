import { openMcpLogin, type Config, type McpServerConfig } from "@codex/core";
import { DONE } from "../exit.ts";
import { harmless } from "../terminal/harmless.ts";
import { serverJson, serverLine, serverLines, type AuthStatus } from "./describe-server.ts";
import { readConfig, serverNamed } from "./server-settings.ts";

/** `codex mcp list`. */
export async function listServers(asJson: boolean): Promise<number> {
  const config = await readConfig();
  const servers = await Promise.all(config.mcpServers.map(async (server) => ({ server, auth: await authStatus(server, config) })));
  if (asJson) return printJson(servers.map(({ server, auth }) => serverJson(server, auth)));
  if (servers.length === 0) process.stdout.write("There are no MCP servers. codex mcp add adds one.\n");
  for (const { server, auth } of servers) process.stdout.write(harmless(`${server.name}: ${serverLine(server)}${remarks(server, auth)}\n`));
  return DONE;
}

/** `codex mcp get`. */
export async function showServer(name: string, asJson: boolean): Promise<number> {
  const config = await readConfig();
  const server = serverNamed(config, name);
  const auth = await authStatus(server, config);
  if (asJson) return printJson(serverJson(server, auth));
  process.stdout.write(harmless(`${serverLines(server, auth).join("\n")}\n`));
  return DONE;
}

/** Prints a value for a program. */
export function printJson(value: unknown): number {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  return DONE;
}

async function authStatus({ transport }: McpServerConfig, { codexHome }: Config): Promise<AuthStatus> {
  if (transport.type === "stdio") return "unsupported";
  const names = [...Object.keys(transport.httpHeaders), ...Object.keys(transport.envHttpHeaders)];
  if (transport.bearerTokenEnvVar !== undefined || names.some((name) => name.toLowerCase() === "authorization")) return "bearer_token";
  const login = await openMcpLogin(transport, { codexHome, env: process.env });
  return (await login.isLoggedIn()) ? "o_auth" : "not_logged_in";
}

function remarks({ enabled, required, transport }: McpServerConfig, auth: AuthStatus): string {
  const words = [
    ...(enabled ? [] : ["disabled"]),
    ...(required ? ["required"] : []),
    ...(transport.type === "stdio" ? [] : [auth.replaceAll("_", " ").replace("o auth", "logged in")]),
  ];
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}
