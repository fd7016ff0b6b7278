import { parseArgs } from "node:util";
import { readServerFlags, SERVER_FLAGS, type ServerFlagValues } from "./server-flags.ts";
import { runServer } from "./serve.ts";
import { VERSION } from "./version.ts";

const code = await main(process.argv.slice(2));
// Threads that could not be closed in time, idle connections: none of it keeps this process.
// oxlint-disable-next-line unicorn/no-process-exit -- this is the end of the program
process.exit(code);

async function main(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args);
  if (!parsed.ok) {
    process.stderr.write(`error: ${parsed.message}\nSee codex-mcp-server --help\n`);
    return 2;
  }
  const { values } = parsed;
  if (values.help) return told(help());
  if (values.version) return told(`codex-mcp-server ${VERSION}\n`);
  const read = readServerFlags(values);
  if (!read.ok) {
    process.stderr.write(`error: ${read.message}\n`);
    return 2;
  }
  if (process.stdin.isTTY && read.settings.listen === undefined)
    process.stderr.write("codex-mcp-server waits for an MCP host on stdin; --help says how it is used.\n");
  return runServer(read.settings);
}

type Values = ServerFlagValues & { readonly help: boolean; readonly version: boolean };

function readArguments(
  args: readonly string[],
): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly message: string } {
  const options: Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> = {
    help: { type: "boolean", short: "h" },
    version: { type: "boolean", short: "V" },
  };
  for (const { name, type, ...more } of SERVER_FLAGS) {
    options[name] = { type, ...("short" in more && { short: more.short }), ...("multiple" in more && { multiple: more.multiple }) };
  }
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return { ok: true, values: { config: [], ...values } as unknown as Values };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

function help(): string {
  const rows = SERVER_FLAGS.map((flag) => {
    const short = "short" in flag ? `-${flag.short}, ` : "    ";
    const value = "placeholder" in flag ? ` ${flag.placeholder}` : "";
    return `  ${`${short}--${flag.name}${value}`.padEnd(34)}${flag.description}`;
  });
  return [
    "Usage: codex-mcp-server [OPTIONS]",
    "",
    "Offers the coding agent to an MCP host, which starts this program and speaks on its stdin and stdout.",
    "The tools are codex, codex-reply and codex-close.",
    "",
    ...rows,
    "",
  ].join("\n");
}

function told(text: string): number {
  process.stdout.write(text);
  return 0;
}
