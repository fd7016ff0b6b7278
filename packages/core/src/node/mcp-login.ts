import type { HttpExchange } from "@codex/mcp-client";
import type { OAuthSession } from "@codex/mcp-client/oauth";
import { mcpTokenFile } from "../config/paths.ts";
import type { McpHttpTransport } from "../host/mcp.ts";

export interface McpLoginOptions {
  /** Absolute; logins are kept there. */
  readonly codexHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of those of the settings. */
  readonly scopes?: readonly string[] | undefined;
  /** Gets the address to visit to the user. Without it nobody is asked to log in; tokens of an earlier login are renewed. */
  readonly show?: ((url: URL) => void) | undefined;
  /** Carries the requests. Default: one by the proxies of `env`. */
  readonly exchange?: HttpExchange | undefined;
}

/** The login to a server on the network. */
export async function openMcpLogin({ url, oauth }: McpHttpTransport, options: McpLoginOptions): Promise<OAuthSession> {
  const { loopbackRedirect, openOAuth } = await import("@codex/mcp-client/oauth");
  const { clientId, clientSecretEnvVar, scopes, resource } = oauth;
  const secret = clientSecretEnvVar === undefined ? undefined : options.env[clientSecretEnvVar]?.trim() || undefined;
  return openOAuth({
    serverUrl: url,
    tokenFile: mcpTokenFile(options.codexHome),
    client: clientId === undefined ? undefined : { name: "Codex", id: clientId, secret },
    scopes: options.scopes ?? scopes,
    resource,
    exchange: options.exchange ?? (await import("./mcp-exchange.ts")).openMcpExchange(options.env),
    redirect: options.show === undefined ? undefined : loopbackRedirect(options.show),
  });
}
