import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { AskUser } from "../mcp/elicitation.ts";
import type { McpServers } from "../mcp/mcp-servers.ts";
import type { OfferedServer } from "../mcp/offer.ts";
import type { EventMsg } from "../protocol/event.ts";
import type { Tool } from "../tools/tool.ts";

/** The MCP servers of a session, live or from a recording. */
export interface McpSession {
  /** The tools of the turn that begins. Throws CodexError `mcp_unavailable`. */
  tools(signal: AbortSignal): Promise<readonly Tool[]>;
  close(): Promise<void>;
}

interface McpSessionOptions {
  readonly config: Config;
  readonly host: Host;
  readonly emit: (msg: EventMsg) => void;
  readonly ask: AskUser;
}

/** Starts the servers of the configuration, behind the caller's back. Undefined, and nothing is loaded, where there are none. */
export function openMcpSession({ config, host, emit, ask }: McpSessionOptions): McpSession | undefined {
  const { mcp: connector, toolTape: tape } = host;
  const isLive = connector !== undefined && config.mcpServers.some((server) => server.enabled);
  if (!isLive && tape === undefined) return undefined;
  const events: EventMsg[] = [];
  const noted = (msg: EventMsg): void => {
    events.push(msg);
    emit(msg);
  };
  const starting = isLive ? startServers({ config, host, connector, emit: tape === undefined ? emit : noted, ask }) : undefined;

  async function tools(signal: AbortSignal): Promise<readonly Tool[]> {
    const played = await tape?.playMcp();
    for (const event of played?.events ?? []) emit(event as EventMsg);
    const servers = await starting;
    const offer = played === undefined ? await servers?.offer(signal) : (played.servers as readonly OfferedServer[]);
    if (offer === undefined) return [];
    if (played === undefined) tape?.recordMcp({ servers: offer, events: events.splice(0) });
    if (offer.length === 0) return [];
    const { mcpTools } = await import("../mcp/mcp-tools.ts");
    return mcpTools(offer, servers, config.mcpServers);
  }

  return { tools, close: async () => (await starting)?.close() };
}

async function startServers(options: ConstructorParameters<typeof McpServers>[0]): Promise<McpServers> {
  const { McpServers: Servers } = await import("../mcp/mcp-servers.ts");
  return new Servers(options);
}
