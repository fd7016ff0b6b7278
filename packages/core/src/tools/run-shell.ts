import { resolve } from "node:path";
import * as z from "zod/mini";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS } from "./command-timeout.ts";
import { runShellCommand } from "./run-shell-command.ts";
import { wrongKind, type ToolContext } from "./tool.ts";

const ARGUMENTS = z.object({
  /** A list; a string is taken as a script for bash, since models slip into that. */
  command: z.union([z.array(z.string()), z.string()]),
  workdir: z.optional(z.nullable(z.string())),
  timeout: z.optional(z.nullable(z.number())),
  timeout_ms: z.optional(z.nullable(z.number())),
  with_escalated_permissions: z.optional(z.nullable(z.boolean())),
  justification: z.optional(z.nullable(z.string())),
});

/** Runs one call of `shell`. */
export async function runShell(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
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
      ...(parsed.value.with_escalated_permissions === true ? { leaveSandbox: { why: onOneLine(parsed.value.justification ?? "") } } : {}),
      timeoutMs: Math.min(Math.max(1, timeoutMs ?? timeout ?? DEFAULT_TIMEOUT_MS), MAX_TIMEOUT_MS),
    },
    context,
  );
}

/** A model's words, shown to a person beside a question. */
function onOneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}

const MOST_WORDS = 500;
