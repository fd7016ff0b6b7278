import type { HttpExchange } from "@codex/mcp-client";
import { openNodeExchange } from "@codex/mcp-client/http";
import { openRoutes } from "./http-routes.ts";

/** Carries what is said to MCP servers on the network and to those that log in to them, by the proxies and certificates that `env` names. */
export function openMcpExchange(env: Readonly<Record<string, string | undefined>>): HttpExchange {
  const routes = openRoutes(env);
  return openNodeExchange((url) => routes.find(url));
}
