import type { McpServerConfig } from "../config/mcp-servers.ts";
import type { Tool } from "../tools/tool.ts";
import type { McpServers } from "./mcp-servers.ts";
import type { OfferedServer } from "./offer.ts";
import { resourceTools } from "./resource-tools.ts";
import { runMcpCall } from "./run-mcp-call.ts";
import { qualifyToolName } from "./tool-name.ts";

/**
 * The offered tools as the model may call them, in an order that depends on their names alone, so that the request's prefix stays the
 * same bytes. `servers` is undefined in a replay, where no tool is really run.
 */
export function mcpTools(
  offer: readonly OfferedServer[],
  servers: McpServers | undefined,
  configs: readonly McpServerConfig[],
): readonly Tool[] {
  const tools = offer.flatMap((offered) => {
    const config = configs.find(({ name }) => name === offered.name);
    return offered.tools.map((tool): Tool => ({
      spec: {
        type: "function",
        name: qualifyToolName(offered.name, tool.name),
        description: tool.description,
        strict: false,
        parameters: tool.parameters,
      },
      parallel: config?.supportsParallelToolCalls ?? false,
      run: (call, context) => runMcpCall({ server: offered.name, tool, config, servers }, call, context),
    }));
  });
  tools.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  return [...tools, ...resourceTools(offer, servers, configs)];
}
