import { join } from "node:path";
import { CodexError, createNodeHost, didYouMean, findCodexHome, loadConfig, type Config, type McpServerConfig } from "@codex/core";

/** The configuration as it is here, for commands that look at its servers. */
export function readConfig(): Promise<Config> {
  return loadConfig({ processCwd: process.cwd() }, createNodeHost());
}

/** The server called `name`. Throws CodexError `usage` that names near misses when there is none. */
export function serverNamed({ mcpServers }: Config, name: string): McpServerConfig {
  const server = mcpServers.find((one) => one.name === name);
  if (server !== undefined) return server;
  const names = mcpServers.map((one) => one.name);
  const hint = names.length === 0 ? "There are none. codex mcp add adds one." : `There are: ${names.join(", ")}.`;
  throw new CodexError("usage", `there is no MCP server called ${JSON.stringify(name)}${didYouMean(name, names)}`, { hint });
}

/** Absolute; need not exist. */
export function configFile(): string {
  return join(findCodexHome(createNodeHost(), process.cwd()).path, "config.toml");
}
