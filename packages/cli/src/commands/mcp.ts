import { CodexError, didYouMean } from "@codex/core";
import { DONE } from "../exit.ts";
import {
  ADD_OPTIONS,
  LOGIN_OPTIONS,
  MCP_ADD,
  MCP_COMMANDS,
  MCP_GET,
  MCP_LIST,
  MCP_LOGIN,
  MCP_LOGOUT,
  MCP_REMOVE,
  NAME_OPTIONS,
} from "../flags/mcp-commands.ts";
import { MCP, MCP_SERVER_OPTIONS } from "../flags/commands.ts";
import type { Command } from "../flags/option.ts";
import { parseFlags } from "../flags/parse.ts";

/** `codex mcp …`: the MCP servers of config.toml; without a subcommand, with the options of `codex mcp-server`, this program as one. */
export async function mcp(args: readonly string[], version: string): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || word.startsWith("-")) return serve(args, version);
  const command = MCP_COMMANDS.find(({ name }) => name === `mcp ${word}`);
  if (command === undefined) throw unknown(word);
  const end = rest.indexOf("--");
  const flags = end === -1 ? rest : rest.slice(0, end);
  if (flags.some((flag) => flag === "--help" || flag === "-h")) return help(command, version);
  if (end !== -1 && command !== MCP_ADD) throw new CodexError("usage", `codex ${command.name} starts no command`);
  return run(command, flags, end === -1 ? [] : rest.slice(end + 1));
}

async function serve(args: readonly string[], version: string): Promise<number> {
  const { values, argument } = parseFlags(MCP, MCP_SERVER_OPTIONS, args);
  if (values.help) return help(MCP, version);
  if (values.version) {
    process.stdout.write(`codex ${version}\n`);
    return DONE;
  }
  if (argument !== undefined) {
    throw new CodexError("usage", `codex mcp takes ${JSON.stringify(argument)} before its options`, {
      hint: `Options without a subcommand are those of the server that codex mcp is then; codex mcp ${argument} --help shows the others.`,
    });
  }
  const { mcpServer } = await import("./mcp-server.ts");
  return mcpServer(values);
}

async function run(command: Command, flags: readonly string[], program: readonly string[]): Promise<number> {
  switch (command) {
    case MCP_ADD: {
      const { values, argument } = parseFlags(MCP_ADD, ADD_OPTIONS, flags);
      const { addServer } = await import("../mcp/add-server.ts");
      return addServer(wanted(command, argument), program, values);
    }
    case MCP_LIST: {
      const { values } = parseFlags(MCP_LIST, NAME_OPTIONS, flags);
      const { listServers } = await import("../mcp/show-servers.ts");
      return listServers(values.json);
    }
    case MCP_GET: {
      const { values, argument } = parseFlags(MCP_GET, NAME_OPTIONS, flags);
      const { showServer } = await import("../mcp/show-servers.ts");
      return showServer(wanted(command, argument), values.json);
    }
    case MCP_REMOVE: {
      const { values, argument } = parseFlags(MCP_REMOVE, NAME_OPTIONS, flags);
      const { removeServer } = await import("../mcp/remove-server.ts");
      return removeServer(wanted(command, argument), values.json);
    }
    case MCP_LOGIN: {
      const { values, argument } = parseFlags(MCP_LOGIN, LOGIN_OPTIONS, flags);
      const { logIn } = await import("../mcp/login.ts");
      return logIn(wanted(command, argument), values);
    }
    default: {
      const { values, argument } = parseFlags(MCP_LOGOUT, NAME_OPTIONS, flags);
      const { logOut } = await import("../mcp/login.ts");
      return logOut(wanted(command, argument), values.json);
    }
  }
}

function wanted({ name }: Command, argument: string | undefined): string {
  if (argument === undefined) throw new CodexError("usage", "the server's name is missing", { hint: `Usage: codex ${name} NAME` });
  return argument;
}

async function help(command: Command, version: string): Promise<number> {
  const { renderHelp } = await import("./help.ts");
  process.stdout.write(`${renderHelp(command, version)}\n`);
  return DONE;
}

function unknown(word: string): CodexError {
  return new CodexError("usage", `codex mcp has no subcommand ${JSON.stringify(word)}${didYouMean(word, names())}`, {
    hint: `It is one of ${names().join(", ")}.`,
  });
}

function names(): readonly string[] {
  return MCP_COMMANDS.map(({ name }) => name.replace("mcp ", ""));
}
