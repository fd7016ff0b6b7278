import { CodexError, type ErrorCode } from "@codex/core";
import { constants } from "node:os";
import { harmless } from "./terminal/harmless.ts";

/** How long the passing on of the last output may take after a signal. ms. */
const LEAVE_LIMIT_MS = 2000;

export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;
/** 128 + SIGPIPE: whoever read our output went away. */
export const BROKEN_PIPE = 141;

/** The failures that the command line or the configuration caused, before anything ran. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "usage",
  "no_prompt",
  "config_invalid",
  "cwd_not_found",
  "not_a_git_repository",
  "image_unreadable",
  "file_unreadable",
  "home_unusable",
  "cassette_invalid",
]);

/** The exit code of a process that a signal ended, or that nobody listens to any more. */
export function stopExitCode(reason: NodeJS.Signals | "EPIPE"): number {
  return reason === "EPIPE" ? BROKEN_PIPE : 128 + constants.signals[reason];
}

/** Prints why the command could not be carried out, in one or two lines on stderr, and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (process.env["CODEX_DEBUG"] === "1" && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  if (error instanceof CodexError) {
    process.stderr.write(harmless(`error: ${error.message}\n${error.hint === undefined ? "" : `${error.hint}\n`}`));
    return USAGE_CODES.has(error.code) ? USAGE : FAILED;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    harmless(`error: ${message.replaceAll("\n", " ")} (a fault in Codex: please report it; CODEX_DEBUG=1 shows where)\n`),
  );
  return FAILED;
}

/** Ends the process once what was written has been passed on; after a signal a reader that takes nothing is not waited for long. */
export async function leave(code: number): Promise<never> {
  const limit = code > 128 ? setTimeout(() => process.exit(code), LEAVE_LIMIT_MS) : undefined;
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  clearTimeout(limit);
  process.exit(code);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  });
}
