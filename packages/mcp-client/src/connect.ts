import { McpClient, type ClientOptions } from "./client.ts";
import type { HttpOptions, HttpServerSpec } from "./http-transport.ts";
import type { StdioOptions, StdioServerSpec } from "./stdio-transport.ts";

/** Starts a server program in the safe environment with `env` over it. The caller calls `initialize` next, and `close` at the end. */
export function newStdioClient(
  command: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<McpClient> {
  return connectStdio({ command, args, env });
}

export async function connectStdio(spec: StdioServerSpec, options: ClientOptions & StdioOptions = {}): Promise<McpClient> {
  const { openStdioTransport } = await import("./stdio-transport.ts");
  return new McpClient(await openStdioTransport(spec, options), options);
}

/** A client of a server on the network. Nothing is sent before `initialize`. */
export async function connectHttp(spec: HttpServerSpec, options: ClientOptions & HttpOptions = {}): Promise<McpClient> {
  const { openHttpTransport } = await import("./http-transport.ts");
  return new McpClient(openHttpTransport(spec, options), options);
}

/** Ends the servers that a killed process left, as noted in its state folder; each stdio connection with that folder does it first, too. */
export async function sweepServers(stateDir: string): Promise<number> {
  const { sweepOrphans } = await import("./process/orphans.ts");
  return sweepOrphans(stateDir);
}
