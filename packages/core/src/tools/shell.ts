import { resolve } from "node:path";
import * as z from "zod/mini";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { runShellCommand } from "./run-shell-command.ts";
import { wrongKind, type Tool, type ToolContext } from "./tool.ts";

/** How long a command may run when the call does not say, ms. */
const DEFAULT_TIMEOUT_MS = 120_000;
/** The most a call may ask for, ms. */
const MAX_TIMEOUT_MS = 3_600_000;

const ARGUMENTS = z.object({
  /** A list; a string is taken as a script for bash, since models slip into that. */
  command: z.union([z.array(z.string()), z.string()]),
  workdir: z.optional(z.nullable(z.string())),
  timeout: z.optional(z.nullable(z.number())),
  timeout_ms: z.optional(z.nullable(z.number())),
});

/** `shell`: runs a command to its end and gives its output. */
export const shellTool: Tool = {
  spec: {
    type: "function",
    name: "shell",
    description:
      "Runs a command and returns its exit code and its output, standard output and standard error in the order they were written. " +
      "The command has no terminal and no input. Commands that need a shell go through [\"bash\", \"-lc\", \"…\"].",
    strict: false,
    parameters: {
      type: "object",
      properties: {
        command: { type: "array", items: { type: "string" }, description: "The program and its arguments." },
        timeout: { type: "number", description: `Milliseconds after which the command is ended; ${DEFAULT_TIMEOUT_MS} when left out.` },
        workdir: { type: "string", description: "Where to run it: absolute, or relative to the session's working directory." },
      },
      required: ["command"],
      additionalProperties: false,
    },
  },
  aliases: ["container.exec"],
  parallel: true,
  run: runShell,
};

async function runShell(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  if (call.type !== "function_call") return wrongKind(call);
  const parsed = parseArguments(call, ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const { command, workdir, timeout, timeout_ms: timeoutMs } = parsed.value;
  const argv = typeof command === "string" ? ["bash", "-lc", command] : command;
  const [program, ...rest] = argv;
  if (program === undefined || program === "") return "The command is empty. Give the program and its arguments.";
  if (argv.some((word) => word.includes("\0"))) return "The command holds a NUL character, which no program can be given.";
  return runShellCommand(
    {
      callId: call.call_id,
      argv: [program, ...rest],
      cwd: resolve(context.config.cwd, workdir ?? "."),
      timeoutMs: Math.min(Math.max(1, timeoutMs ?? timeout ?? DEFAULT_TIMEOUT_MS), MAX_TIMEOUT_MS),
    },
    context,
  );
}
