import { CodexError, createNodeHost, seatbeltArguments, seatbeltEnvironment } from "@codex/core";
import { parseLauncherArguments } from "@codex/linux-sandbox";
import { spawn } from "node:child_process";
import { FAILED, stopExitCode } from "../exit.ts";

/** Runs a command under sandbox-exec with the same options as the Linux launcher, input and output passed through. */
export async function runSeatbelt(args: readonly string[]): Promise<number> {
  const parsed = parseLauncherArguments(args, process.cwd());
  if (parsed.type !== "run") throw new CodexError("usage", parsed.type === "error" ? parsed.message : "codex help sandbox explains it");
  const { policy, command } = parsed.arguments;
  const host = createNodeHost();
  const status = await host.processes.sandbox?.({ policy, cwd: process.cwd(), require: [] });
  if (status?.type !== "available") throw new CodexError("sandbox_unavailable", status?.reason ?? "commands cannot be confined here");
  const [program, ...rest] = seatbeltArguments(status.reach, command);
  const child = spawn(program, rest, { stdio: "inherit", env: { ...process.env, ...seatbeltEnvironment(status.reach) } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === null ? FAILED : stopExitCode(signal))));
  });
}
