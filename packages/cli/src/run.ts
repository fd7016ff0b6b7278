import {
  DOCTOR_OPTIONS,
  EXEC_OPTIONS,
  EXPLAIN_OPTIONS,
  MCP_SERVER_OPTIONS,
  PLAIN_OPTIONS,
  PROTO_OPTIONS,
  TUI,
  TUI_OPTIONS,
} from "./flags/commands.ts";
import { findCommand } from "./flags/find-command.ts";
import { parseFlags, type Parsed } from "./flags/parse.ts";
import type { Command, Option } from "./flags/option.ts";
import { BROKEN_PIPE, DONE, FAILED, leave, reportFailure, USAGE } from "./exit.ts";

/** Finds the command, runs it and ends the process with its exit code. */
export async function run(args: readonly string[], version: string): Promise<void> {
  const unwritten: Error[] = [];
  // A running session listens too and ends its turn first; then these leave the end of the process to it.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") unwritten.push(error);
    else if (process.stdout.listenerCount("error") === 1) process.exit(BROKEN_PIPE);
  });
  process.stderr.on("error", () => undefined);
  process.on("uncaughtException", (error) => {
    if (process.listenerCount("uncaughtException") === 1) process.exit(reportFailure(error));
  });
  let code: number;
  try {
    code = await dispatch(args, version);
  } catch (error) {
    code = reportFailure(error);
  }
  // A stream tells of a failed write one turn of the event loop later.
  await new Promise((resolve) => setImmediate(resolve));
  const [fault] = unwritten;
  if (fault !== undefined) process.stderr.write(`error: stdout cannot be written: ${fault.message}\n`);
  await leave(fault !== undefined && code === DONE ? FAILED : code);
}

async function dispatch(args: readonly string[], version: string): Promise<number> {
  const raw = await runRaw(args);
  if (raw !== undefined) return raw;
  const line = findCommand(args);
  if (line.type === "none") {
    if (line.help) return showHelp(undefined, version);
    if (line.version) return showVersion(version);
    return runInterface(line.misspelt, args, version);
  }
  return runCommand(line.command, line.args, version);
}

function runCommand(command: Command, args: readonly string[], version: string): Promise<number> {
  const given = { command, args, version };
  switch (command.name) {
    case "exec":
      return withFlags(EXEC_OPTIONS, given, async ({ values, argument }) =>
        (await import("./commands/exec.ts")).exec(values, argument, version),
      );
    case "proto":
      return withFlags(PROTO_OPTIONS, given, async ({ values }) => (await import("./commands/proto.ts")).proto(values));
    case "mcp":
      return import("./commands/mcp.ts").then(({ mcp }) => mcp(args, version));
    case "mcp-server":
      return withFlags(MCP_SERVER_OPTIONS, given, async ({ values }) => (await import("./commands/mcp-server.ts")).mcpServer(values));
    case "explain":
      return withFlags(EXPLAIN_OPTIONS, given, async ({ values, argument }) =>
        (await import("./commands/explain.ts")).explain(values, argument),
      );
    case "doctor":
      return withFlags(DOCTOR_OPTIONS, given, async ({ values }) => (await import("./commands/doctor.ts")).doctor(values, version));
    default:
      return withFlags(PLAIN_OPTIONS, given, ({ argument }) => runPlain(command, argument, version));
  }
}

/** No command: the terminal interface, unless the word is a command's that was misspelt. */
async function runInterface(
  misspelt: { readonly message: string; readonly at: number } | undefined,
  args: readonly string[],
  version: string,
): Promise<number> {
  // An option that does not exist is the likelier mistake, so it is named first.
  const { values, argument } = parseFlags(TUI, TUI_OPTIONS, misspelt === undefined ? args : args.slice(0, misspelt.at));
  if (misspelt !== undefined) {
    const { renderHelp } = await import("./commands/help.ts");
    process.stderr.write(`${misspelt.message}\n\n${renderHelp(undefined, version)}\n`);
    return USAGE;
  }
  const { tui } = await import("./commands/tui.ts");
  return tui(values, argument, version);
}

interface Given {
  readonly command: Command;
  readonly args: readonly string[];
  readonly version: string;
}

/** Reads the flags and answers --help and --version; everything else is for `run`. `options` are the command's, with their types. */
async function withFlags<const Options extends readonly Option[]>(
  options: Options,
  { command, args, version }: Given,
  run: (parsed: Parsed<Options>) => Promise<number>,
): Promise<number> {
  const parsed = parseFlags(command, options, args);
  const { help, version: asked } = parsed.values as { readonly help?: boolean; readonly version?: boolean };
  if (help === true) return showHelp(command, version);
  if (asked === true) return showVersion(version);
  return run(parsed);
}

/** The commands that pass arguments on to another program, which therefore read their own. */
async function runRaw(args: readonly string[]): Promise<number | undefined> {
  const [command, ...rest] = args;
  if (command !== "sandbox" && command !== "debug" && command !== "execpolicy") return undefined;
  if (rest.length === 0 || ["--help", "-h", "--version", "-V"].includes(rest[0] ?? "")) return undefined;
  if (command === "execpolicy") {
    const { execpolicy } = await import("./commands/execpolicy.ts");
    return execpolicy(rest);
  }
  const { debug, sandbox } = await import("./commands/sandbox.ts");
  return command === "sandbox" ? sandbox(rest) : debug(rest);
}

/** The commands that open no session. */
async function runPlain(command: Command, argument: string | undefined, version: string): Promise<number> {
  if (command.name === "help") {
    const { helpOn } = await import("./commands/help.ts");
    process.stdout.write(`${helpOn(argument, version)}\n`);
    return DONE;
  }
  // The others were called without what they work on.
  if (command.name !== "completion") return showHelp(command, version);
  const { completionScript } = await import("./commands/completion.ts");
  process.stdout.write(completionScript(argument));
  return DONE;
}

async function showHelp(command: Command | undefined, version: string): Promise<number> {
  const { renderHelp } = await import("./commands/help.ts");
  process.stdout.write(`${renderHelp(command, version)}\n`);
  return DONE;
}

function showVersion(version: string): number {
  process.stdout.write(`codex ${version}\n`);
  return DONE;
}
