import { MCP_SCHEMA_VERSION } from "@codex/mcp-types";
import { McpError, messageOf } from "./error.ts";
import { connectStdio } from "./connect.ts";
import { VERSION } from "./version.ts";

const USAGE = "Usage: codex-mcp-client PROGRAM [ARGS...]\n\nStarts an MCP server and prints the tools it has, as JSON.\n";

const INITIALIZE_TIMEOUT_MS = 10_000;

process.exitCode = await main(process.argv.slice(2));

async function main([program, ...args]: readonly string[]): Promise<number> {
  if (program === "--version" || program === "-V") {
    process.stdout.write(`codex-mcp-client ${VERSION}\n`);
    return 0;
  }
  if (program === undefined || program === "-h" || program === "--help") {
    process.stderr.write(USAGE);
    return 1;
  }
  try {
    await printTools(program, args);
    return 0;
  } catch (error) {
    const hint = error instanceof McpError && error.hint !== undefined ? `\n${error.hint}` : "";
    process.stderr.write(`${messageOf(error)}${hint}\n`);
    return 1;
  }
}

async function printTools(command: string, args: readonly string[]): Promise<void> {
  await using client = await connectStdio(
    { command, args },
    {
      protocolVersion: MCP_SCHEMA_VERSION,
      initializeTimeoutMs: INITIALIZE_TIMEOUT_MS,
      onWarning: (text) => process.stderr.write(`${text}\n`),
    },
  );
  const server = await client.initialize();
  process.stderr.write(`${sortedJson(server)}\n`);
  // The user sees the program wait and can stop it.
  const tools = await client.listTools(undefined, { timeoutMs: Infinity, maxTotalMs: Infinity });
  process.stdout.write(`${sortedJson(tools)}\n`);
}

/** JSON with two spaces and every object's keys in alphabetical order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    2,
  );
}
