import type { Denial } from "../protocol/event.ts";
import type { CommandResult } from "./run-command.ts";
import { truncateOutput } from "./truncate.ts";

/** What the model is told of a command that was run: how it ended, how long it took, what was left out, and its output cut to about `maxTokens`. */
export function describeResult(result: CommandResult, maxTokens: number, denial?: Denial): string {
  if (result.type === "not_started") return `The command was not started: ${result.message} (${result.code}).`;
  if (result.type === "lost") return `The command was lost: ${result.message} (${result.code}). It may have done part of its work.`;
  const { text, cutBytes } = truncateOutput(result.captured, maxTokens);
  const lines = [howItEnded(result), `Wall time: ${(result.durationMs / 1000).toFixed(1)} s`];
  if (denial !== undefined) lines.push(...denialLines(denial));
  if (result.violated.length > 0) lines.push(`Changed although protected: ${result.violated.join(", ")}`);
  if (cutBytes > 0) lines.push(`Left out of the output: ${cutBytes} of ${result.captured.totalBytes} bytes`);
  return `${lines.join("\n")}\n${text === "" ? "No output." : `Output:\n${text}`}`;
}

function howItEnded(result: Exclude<CommandResult, { type: "not_started" | "lost" }>): string {
  const end = result.type === "exited" ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
  if (result.aborted) return `Interrupted before it was done: the command and its children were ended (${end}).`;
  if (result.timedOut) return `Timed out: the command and its children were ended (${end}).`;
  return result.type === "exited" ? `Exit code: ${result.exitCode}` : `Ended by signal: ${result.signal}`;
}

/** What the sandbox had to do with the failure, in words; nothing when it had nothing to do with it. */
export function denialLines(denial: Denial): string[] {
  if (denial.denied === false) return [];
  if (denial.denied === "unknown")
    return ["Sandbox: it ran confined and complains of missing permission; whether the sandbox is the cause is not known."];
  const permission = denial.permission === undefined ? "" : ` ${remedy(denial.permissions ?? [denial.permission])}`;
  return [`Sandbox: it was refused ${deniedThing(denial)}.${permission}`];
}

function remedy(permissions: readonly string[]): string {
  if (permissions.length === 1) return `The user can allow it with the permission ${permissions.join()}.`;
  return `It seems to need more than one permission; the user can allow ${permissions.join(" and ")}.`;
}

function deniedThing({ what, path, address }: Denial): string {
  if (what === "network") return address === undefined ? "the network" : `the network (${address})`;
  if (what === "write") return path === undefined ? "a write" : `writing ${path}`;
  return "a system call";
}
