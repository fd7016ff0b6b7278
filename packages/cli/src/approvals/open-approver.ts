import { CodexError, type ApprovalHandler } from "@codex/core";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApproverPlace } from "./command-approver.ts";

/** How long an answer is waited for when nothing else was said. */
const DEFAULT_TIMEOUT_S = 300;
const LONGEST_TIMEOUT_S = 86_400;

export interface Approver {
  readonly answer: ApprovalHandler;
  readonly timeoutMs: number;
}

export interface ApproverOptions {
  readonly approvals: string | undefined;
  readonly "approvals-timeout": string | undefined;
  readonly json: boolean;
}

/** Who was named to answer; undefined for nobody. Throws CodexError `usage` or `file_unreadable` when that cannot be. */
export async function chooseApprover(
  options: ApproverOptions,
  processCwd: string,
): Promise<((place: ApproverPlace) => Promise<Approver>) | undefined> {
  const { approvals } = options;
  const timeoutMs = readTimeout(options["approvals-timeout"]);
  if (approvals === undefined || approvals === "deny") return undefined;
  if (approvals === "stdio") {
    if (!options.json) {
      throw new CodexError("usage", "--approvals stdio needs --json", {
        hint: "Questions are lines of stdout, answers are lines of stdin.",
      });
    }
    return async () => ({ answer: (await import("./stdio-approver.ts")).openStdioApprover(), timeoutMs });
  }
  const program = await findProgram(approvals.slice("command:".length), processCwd);
  return async (place) => ({ answer: (await import("./command-approver.ts")).openCommandApprover(program, place), timeoutMs });
}

function readTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT_S * 1000;
  const seconds = /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_S) return Math.max(1, Math.round(seconds * 1000));
  throw new CodexError("usage", `--approvals-timeout ${text} is no number of seconds`, {
    hint: `It takes a number above 0, at most ${String(LONGEST_TIMEOUT_S)}.`,
  });
}

/** A path starts at the folder the command was started in; a bare name is left to PATH. */
async function findProgram(program: string, processCwd: string): Promise<string> {
  if (program.trim() === "") throw new CodexError("usage", "--approvals command: names no program");
  if (!/[/\\]/u.test(program)) return program;
  const path = resolve(processCwd, program);
  const found = await stat(path).catch(() => undefined);
  const runs = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found?.isFile() === true && runs) return path;
  const what = found === undefined ? "does not exist" : found.isFile() ? "may not be run" : "is not a file";
  throw new CodexError("file_unreadable", `--approvals: ${path} ${what}`, {
    hint: "After command: stands one program, without arguments.",
  });
}
