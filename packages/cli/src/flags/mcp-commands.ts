import { PLAIN_OPTIONS } from "./commands.ts";
import type { Command, Option } from "./option.ts";

/** The options of `codex mcp …`. */

const JSON_OPTION = { name: "json", type: "boolean", description: "Print JSON. Secrets are covered there, too." } as const satisfies Option;

const NAME = { name: "NAME", description: "The server's name in config.toml." };

export const ADD_OPTIONS = [
  {
    name: "env",
    type: "string",
    multiple: true,
    placeholder: "NAME=VALUE",
    description: "Set a variable for the server. May be repeated.",
  },
  { name: "url", type: "string", placeholder: "URL", description: "Connect to a server on the network instead of starting one." },
  {
    name: "bearer-token-env-var",
    type: "string",
    placeholder: "VARIABLE",
    requires: "url",
    description: "Environment variable that holds a token for it.",
  },
  { name: "oauth-client-id", type: "string", placeholder: "ID", requires: "url", description: "Client that logs in." },
  { name: "oauth-resource", type: "string", placeholder: "URL", requires: "url", description: "What tokens are asked for." },
  { name: "scopes", type: "string", placeholder: "A,B", requires: "url", description: "What a login asks for." },
  { name: "replace", type: "boolean", description: "Replace a server of that name." },
  JSON_OPTION,
  ...PLAIN_OPTIONS,
] as const satisfies readonly Option[];

export const LOGIN_OPTIONS = [
  { name: "scopes", type: "string", placeholder: "A,B", description: "Ask for these instead of what the settings or the server say." },
  { name: "no-browser", type: "boolean", description: "Accepted for the sake of scripts: the address is printed, no browser is opened." },
  JSON_OPTION,
  ...PLAIN_OPTIONS,
] as const satisfies readonly Option[];

export const NAME_OPTIONS = [JSON_OPTION, ...PLAIN_OPTIONS] as const satisfies readonly Option[];

export const MCP_ADD: Command = {
  name: "mcp add",
  aliases: [],
  summary: "Add an MCP server to config.toml.",
  positional: NAME,
  options: ADD_OPTIONS,
  notes: [
    "codex mcp add NAME [--env NAME=VALUE]… -- COMMAND [ARGUMENT]…",
    "codex mcp add NAME --url URL [--bearer-token-env-var VARIABLE]",
    "The rest of the file stays as it is. Further settings are explained in docs/mcp.md.",
  ],
};

export const MCP_LIST: Command = { name: "mcp list", aliases: [], summary: "List the MCP servers.", options: NAME_OPTIONS, notes: [] };

export const MCP_GET: Command = {
  name: "mcp get",
  aliases: [],
  summary: "Show one MCP server.",
  positional: NAME,
  options: NAME_OPTIONS,
  notes: [],
};

export const MCP_REMOVE: Command = {
  name: "mcp remove",
  aliases: [],
  summary: "Remove an MCP server from config.toml.",
  positional: NAME,
  options: NAME_OPTIONS,
  notes: [],
};

export const MCP_LOGIN: Command = {
  name: "mcp login",
  aliases: [],
  summary: "Log in to an MCP server on the network.",
  positional: NAME,
  options: LOGIN_OPTIONS,
  notes: ["Prints an address to open in a browser on this machine and waits until the login comes back, ten minutes at most."],
};

export const MCP_LOGOUT: Command = {
  name: "mcp logout",
  aliases: [],
  summary: "Forget the login to an MCP server.",
  positional: NAME,
  options: NAME_OPTIONS,
  notes: [],
};

export const MCP_COMMANDS: readonly Command[] = [MCP_ADD, MCP_LIST, MCP_GET, MCP_REMOVE, MCP_LOGIN, MCP_LOGOUT];
