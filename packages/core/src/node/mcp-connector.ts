import type { McpConnector } from "../host/mcp.ts";

/** Connects to servers with the environment `env`; what that needs is loaded with the first of them. */
export function mcpConnector(env: Readonly<Record<string, string | undefined>>): McpConnector {
  return {
    connect: async (request, signal) => {
      const { connectMcpServer } = await import("./connect-mcp-server.ts");
      return connectMcpServer(request, env, signal);
    },
  };
}
