import type { Tool as ServerTool } from "@codex/mcp-types";
import { nearMisses } from "../config/near-miss.ts";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import type { McpAnnotations } from "../safety/decide-mcp.ts";
import { modelSchema } from "./tool-schema.ts";

/** What one server offers to the model. Plain JSON, so that a recording can hold it. */
export interface OfferedServer {
  readonly name: string;
  /** It has resources that can be listed and read. */
  readonly resources: boolean;
  readonly tools: readonly OfferedTool[];
  /** What the server says about its use, cut; left out when it says nothing. */
  readonly instructions?: string;
}

export interface OfferedTool {
  /** The server's own name for it. */
  readonly name: string;
  readonly description: string;
  /** As the model gets it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly annotations?: McpAnnotations | undefined;
}

/** More of one server cost every request more than a model can overlook, and providers refuse a request that has too many. */
const MAX_TOOLS = 512;

/** Longer descriptions cost every request more than they tell. Characters. */
const MAX_DESCRIPTION = 4096;

/** Every request carries them. Characters. */
const MAX_INSTRUCTIONS = 2048;

/** A server's instructions as the model is told them. */
export function offeredInstructions(text: string | undefined): { readonly instructions?: string } {
  const said = text?.trim() ?? "";
  if (said === "") return {};
  return { instructions: said.length > MAX_INSTRUCTIONS ? `${said.slice(0, MAX_INSTRUCTIONS)}…` : said };
}

/** The tools that the settings leave of those that the server has. `warn` is told of what is odd. */
export function offeredTools(tools: readonly ServerTool[], config: McpServerConfig, warn: (text: string) => void): readonly OfferedTool[] {
  const byName = new Map<string, ServerTool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) warn(`has two tools called ${tool.name}; the first is taken`);
    else byName.set(tool.name, tool);
  }
  for (const name of [...(config.enabledTools ?? []), ...config.disabledTools, ...Object.keys(config.approvalModes)])
    if (!byName.has(name)) warn(`has no tool called ${name}, which its settings name${meant(name, [...byName.keys()])}`);
  const offered = [...byName.values()].filter(({ name }) => isOffered(name, config));
  if (offered.length > MAX_TOOLS)
    warn(
      `has ${String(offered.length)} tools, of which the first ${String(MAX_TOOLS)} are offered; enabled_tools in [mcp_servers.${config.name}] chooses`,
    );
  return offered.slice(0, MAX_TOOLS).map(offeredTool);
}

function isOffered(name: string, { enabledTools, disabledTools }: McpServerConfig): boolean {
  return (enabledTools === undefined || enabledTools.includes(name)) && !disabledTools.includes(name);
}

function offeredTool({ name, title, description, inputSchema, annotations }: ServerTool): OfferedTool {
  const text = description ?? title ?? annotations?.title ?? "";
  const { readOnlyHint, destructiveHint, openWorldHint } = annotations ?? {};
  return {
    name,
    description: text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text,
    parameters: modelSchema(inputSchema),
    ...(annotations === undefined ? {} : { annotations: { readOnlyHint, destructiveHint, openWorldHint } }),
  };
}

function meant(name: string, names: readonly string[]): string {
  const near = nearMisses(name, names);
  return near.length === 0 ? "" : `; is ${near.join(" or ")} meant?`;
}
