import { DOCTOR, DOCTOR_OPTIONS, EXEC, EXEC_OPTIONS, PLAIN_OPTIONS, PROTO, PROTO_OPTIONS, TUI, TUI_OPTIONS } from "./flags/commands.ts";
import { findCommand } from "./flags/find-command.ts";
import { parseFlags } from "./flags/parse.ts";
import type { Command } from "./flags/option.ts";
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
  switch (line.command.name) {
    case "exec": {
      const { values, argument } = parseFlags(EXEC, EXEC_OPTIONS, line.args);
      if (values.help) return showHelp(line.command, version);
      if (values.version) return showVersion(version);
      const { exec } = await import("./commands/exec.ts");
      return exec(values, argument, version);
    }
    case "proto": {
      const { values } = parseFlags(PROTO, PROTO_OPTIONS, line.args);
      if (values.help) return showHelp(line.command, version);
      if (values.version) return showVersion(version);
      const { proto } = await import("./commands/proto.ts");
      return proto(values);
    }
    case "doctor": {
      const { values } = parseFlags(DOCTOR, DOCTOR_OPTIONS, line.args);
      if (values.help) return showHelp(line.command, version);
      if (values.version) return showVersion(version);
      const { doctor } = await import("./commands/doctor.ts");
      return doctor(values, version);
    }
    default:
      return runPlain(line.command, line.args, version);
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

/** The commands that pass arguments on to another program, which therefore read their own. */
async function runRaw(args: readonly string[]): Promise<number | undefined> {
  const [command, ...rest] = args;
  if (command !== "sandbox" && command !== "debug") return undefined;
  if (rest.length === 0 || ["--help", "-h", "--version", "-V"].includes(rest[0] ?? "")) return undefined;
  const { debug, sandbox } = await import("./commands/sandbox.ts");
  return command === "sandbox" ? sandbox(rest) : debug(rest);
}

/** The commands that open no session. */
async function runPlain(command: Command, args: readonly string[], version: string): Promise<number> {
  const { values, argument } = parseFlags(command, PLAIN_OPTIONS, args);
  if (values.help) return showHelp(command, version);
  if (values.version) return showVersion(version);
  if (command.name === "help") {
    const { helpOn } = await import("./commands/help.ts");
    process.stdout.write(`${helpOn(argument, version)}\n`);
    return DONE;
  }
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
