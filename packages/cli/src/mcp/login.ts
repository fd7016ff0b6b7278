import { CodexError, openMcpLogin, type McpHttpTransport } from "@codex/core";
import { DONE } from "../exit.ts";
import type { LOGIN_OPTIONS } from "../flags/mcp-commands.ts";
import type { Values } from "../flags/option.ts";
import { scopesIn } from "./add-server.ts";
import { readConfig, serverNamed } from "./server-settings.ts";
import { printJson } from "./show-servers.ts";

/** How long the user may take in the browser, ms. */
const LOGIN_LIMIT_MS = 10 * 60 * 1000;

/** `codex mcp login`: prints the address to visit on stderr and waits for the browser to come back. */
export async function logIn(name: string, values: Values<typeof LOGIN_OPTIONS>): Promise<number> {
  const { codexHome, transport } = await networkServer(name);
  const show = (url: URL): void => void process.stderr.write(`Open this address in a browser to log in to ${name}:\n\n${url.href}\n\n`);
  const scopes = values.scopes === undefined ? undefined : scopesIn(values.scopes);
  const login = await openMcpLogin(transport, { codexHome, env: process.env, scopes, show });
  const limit = AbortSignal.timeout(LOGIN_LIMIT_MS);
  try {
    await login.login(limit);
  } catch (error) {
    const reason = limit.aborted ? "nobody logged in within ten minutes" : (error as Error).message;
    throw new CodexError("unauthorized", `no login to ${name}: ${reason}`, { hint: (error as { hint?: string }).hint, cause: error });
  }
  if (values.json) return printJson({ name, logged_in: true });
  process.stdout.write(`Logged in to ${name}.\n`);
  return DONE;
}

/** `codex mcp logout`. */
export async function logOut(name: string, asJson: boolean): Promise<number> {
  const { codexHome, transport } = await networkServer(name);
  const login = await openMcpLogin(transport, { codexHome, env: process.env });
  const was = await login.isLoggedIn();
  await login.logout();
  if (asJson) return printJson({ name, logged_in: false });
  process.stdout.write(was ? `Logged out of ${name}.\n` : `There was no login to ${name}.\n`);
  return DONE;
}

async function networkServer(name: string): Promise<{ readonly codexHome: string; readonly transport: McpHttpTransport }> {
  const config = await readConfig();
  const { transport } = serverNamed(config, name);
  if (transport.type === "stdio") throw new CodexError("usage", `${name} is started here; only servers with a url have logins`);
  if (transport.bearerTokenEnvVar !== undefined)
    throw new CodexError(
      "usage",
      `${name} takes its token from the variable ${transport.bearerTokenEnvVar}; there is nothing to log in to`,
    );
  return { codexHome: config.codexHome, transport };
}
