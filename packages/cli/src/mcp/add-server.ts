import { checkMcpServer, CodexError, editMcpServer, type McpServerToml } from "@codex/core";
import { DONE } from "../exit.ts";
import type { ADD_OPTIONS } from "../flags/mcp-commands.ts";
import type { Values } from "../flags/option.ts";
import { changeFile } from "./config-file.ts";
import { configFile, readConfig, serverNamed } from "./server-settings.ts";
import { showServer } from "./show-servers.ts";

type AddValues = Values<typeof ADD_OPTIONS>;

/** `codex mcp add`. */
export async function addServer(name: string, program: readonly string[], values: AddValues): Promise<number> {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw new CodexError("usage", `${JSON.stringify(name)} cannot be a server's name`, { hint: "Use letters, digits, _ and -." });
  }
  const entry = entryOf(program, values);
  const faults = checkMcpServer(name, entry);
  if (faults.length > 0) throw new CodexError("usage", faults.join("\n"));
  const config = await readConfig();
  if (!values.replace && config.mcpServers.some((server) => server.name === name)) {
    throw new CodexError("usage", `there is an MCP server called ${name} already`, { hint: "--replace puts the new one in its place." });
  }
  const file = configFile();
  await changeFile(file, (text) => edited(file, text, { name, entry }));
  if (values.json) return showServer(name, true);
  const { transport } = serverNamed(await readConfig(), name);
  const next =
    transport.type === "streamable_http" && transport.bearerTokenEnvVar === undefined
      ? ` If it wants a login: codex mcp login ${name}`
      : "";
  process.stdout.write(`Added ${name} to ${file}.${next}\n`);
  return DONE;
}

/** The text after the change. Throws CodexError `config_invalid` when it cannot be made. */
export function edited(file: string, text: string, change: Parameters<typeof editMcpServer>[2]): string {
  const result = editMcpServer(file, text, change);
  if (!result.ok) throw new CodexError("config_invalid", result.message);
  return result.text;
}

function entryOf(program: readonly string[], values: AddValues): McpServerToml {
  const [command, ...args] = program;
  const { url } = values;
  if (url !== undefined && command !== undefined) throw new CodexError("usage", "a server has a --url or a command behind --, not both");
  if (url === undefined && command === undefined)
    throw new CodexError("usage", "what to start or to connect to is missing", {
      hint: "Usage: codex mcp add NAME -- COMMAND [ARGUMENT]…, or codex mcp add NAME --url URL",
    });
  if (command !== undefined) {
    const env = Object.fromEntries(values.env.map(readVariable));
    return { command, ...(args.length === 0 ? {} : { args }), ...(values.env.length === 0 ? {} : { env }) };
  }
  if (values.env.length > 0) throw new CodexError("usage", "--env is for a server that is started, not for one with a --url");
  const { "bearer-token-env-var": bearer, "oauth-client-id": clientId, "oauth-resource": resource } = values;
  return {
    url,
    ...(bearer === undefined ? {} : { bearer_token_env_var: bearer }),
    ...(values.scopes === undefined ? {} : { scopes: scopesIn(values.scopes) }),
    ...(clientId === undefined ? {} : { oauth: { client_id: clientId } }),
    ...(resource === undefined ? {} : { oauth_resource: resource }),
  };
}

/** The words of `--scopes`. */
export function scopesIn(text: string): string[] {
  return text.split(/[,\s]+/).filter((word) => word !== "");
}

function readVariable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  // What follows the name may be a secret and is not repeated.
  if (at < 1) throw new CodexError("usage", "--env takes NAME=VALUE");
  return [text.slice(0, at), text.slice(at + 1)];
}
