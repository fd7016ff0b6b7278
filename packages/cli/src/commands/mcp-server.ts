import { CodexError } from "@codex/core";
import { readServerFlags, runServer, type ServerFlagValues } from "@codex/mcp-server";

/** `codex mcp-server`: serves MCP hosts on stdin and stdout, or where `--listen` says, until it is done, and returns the exit code. */
export async function mcpServer(values: ServerFlagValues): Promise<number> {
  const read = readServerFlags(values);
  if (!read.ok) throw new CodexError("usage", read.message, { hint: "See codex mcp-server --help" });
  if (process.stdin.isTTY && read.settings.listen === undefined) {
    throw new CodexError("usage", "mcp-server reads an MCP host's messages from a pipe, and stdin is a terminal", {
      hint: "Hosts start it: docs/mcp-server.md shows how. People want codex exec, or codex mcp --help to add servers.",
    });
  }
  return runServer(read.settings);
}
