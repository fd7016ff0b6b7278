import type { McpServerConfig } from "@codex/core";
import type { McpServerFacts } from "../state/facts.ts";

/** What the interface tells of a server's settings. */
export function mcpServerFacts(config: McpServerConfig): McpServerFacts {
  const { name, transport, enabled, required, enabledTools = [], disabledTools, approvalModes } = config;
  const settings = [
    ...enabledTools.map((tool) => ({ tool, says: "the settings let it in" })),
    ...disabledTools.map((tool) => ({ tool, says: "off by the settings" })),
    ...Object.entries(approvalModes).map(([tool, mode]) => ({ tool, says: `approval_mode ${mode}` })),
  ];
  return { name, transport: transportText(transport), enabled, required, settings };
}

/** A query or a password may be secret. */
function transportText(transport: McpServerConfig["transport"]): string {
  if (transport.type === "stdio") return transport.command;
  const { origin, pathname } = new URL(transport.url);
  return origin + pathname;
}
