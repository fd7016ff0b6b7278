import type { CommandResult } from "./run-command.ts";
import { truncateOutput } from "./truncate.ts";

/** What the model is told of a command that was run: how it ended, how long it took, what was left out, and its output cut to about `maxTokens`. */
export function describeResult(result: CommandResult, maxTokens: number): string {
  if (result.type === "not_started") return `The command was not started: ${result.message} (${result.code}).`;
  const { text, cutBytes } = truncateOutput(result.captured, maxTokens);
  const lines = [howItEnded(result), `Wall time: ${(result.durationMs / 1000).toFixed(1)} s`];
  if (cutBytes > 0) lines.push(`Left out of the output: ${cutBytes} of ${result.captured.totalBytes} bytes`);
  return `${lines.join("\n")}\n${text === "" ? "No output." : `Output:\n${text}`}`;
}

function howItEnded(result: Exclude<CommandResult, { type: "not_started" }>): string {
  const end = result.type === "exited" ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
  if (result.aborted) return `Interrupted before it was done: the command and its children were ended (${end}).`;
  if (result.timedOut) return `Timed out: the command and its children were ended (${end}).`;
  return result.type === "exited" ? `Exit code: ${result.exitCode}` : `Ended by signal: ${result.signal}`;
}
