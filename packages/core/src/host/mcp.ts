import type { ClientOptions, McpClient } from "@codex/mcp-client";

/** Connects to MCP servers. */
export interface McpConnector {
  /**
   * Starts or reaches one server and agrees on the protocol with it. Rejects with an error whose message names the server, and whose
   * `hint`, if any, says what the user can do; nothing of the server is left then. The signal ends the attempt, not the connection.
   */
  connect(request: McpConnectRequest, signal: AbortSignal): Promise<McpConnection>;
}

export interface McpConnectRequest {
  /** The server's key in `mcp_servers`; how messages call it. */
  readonly name: string;
  readonly transport: McpTransport;
  /** Absolute: the session's, and the server's unless it names its own; also its root. */
  readonly cwd: string;
  /** Absolute; running servers are noted there and logins kept. */
  readonly codexHome: string;
  /** Variables that no server gets unless it names them. */
  readonly secretNames: readonly string[];
  readonly startupTimeoutMs: number;
  readonly toolTimeoutMs: number;
  /** Asks the user on the server's behalf. */
  readonly elicit: NonNullable<ClientOptions["elicit"]>;
  /** Told what the server does wrong without harm. */
  readonly onWarning: (text: string) => void;
}

/** A connection that is ready for requests. `close` leaves nothing of the server. */
export type McpConnection = Pick<McpClient, "server" | "request" | "callTool" | "listAllTools" | "on" | "closed" | "close">;

export type McpTransport = McpStdioTransport | McpHttpTransport;

/** A server that is a program. */
export interface McpStdioTransport {
  readonly type: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that the server gets beside the safe ones. */
  readonly envVars: readonly string[];
  /** It gets all variables. */
  readonly inheritEnv: boolean;
  /** Absolute; undefined = the session's. */
  readonly cwd: string | undefined;
}

/** A server on the network that speaks streamable HTTP. */
export interface McpHttpTransport {
  readonly type: "streamable_http";
  readonly url: string;
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** Header name → variable that holds its value; left out while the variable is unset or blank. */
  readonly envHttpHeaders: Readonly<Record<string, string>>;
  /** Variable that holds the token. */
  readonly bearerTokenEnvVar: string | undefined;
  readonly oauth: McpOAuthSettings;
}

export interface McpOAuthSettings {
  /** Known to the authorization server beforehand; without it the client registers itself. */
  readonly clientId: string | undefined;
  /** Variable that holds the client's secret. */
  readonly clientSecretEnvVar: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly resource: string | undefined;
}
