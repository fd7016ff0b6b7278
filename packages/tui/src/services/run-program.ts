import type { Host, ProcessOutcome } from "@codex/core";

export interface ProgramResult {
  readonly outcome: ProcessOutcome;
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Default 30 s. */
  readonly timeoutMs?: number;
  readonly onOutput?: (chunk: string) => void;
}

const TIMEOUT_MS = 30_000;

/** Runs a program that the user asked for, unconfined, and gives what it printed. */
export async function runProgram(
  host: Pick<Host, "processes" | "env">,
  argv: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const decoder = new TextDecoder();
  let output = "";
  const outcome = await host.processes.run(
    {
      argv,
      cwd: options.cwd,
      env: Object.fromEntries(Object.entries(host.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      onOutput: (bytes) => {
        const chunk = decoder.decode(bytes, { stream: true });
        if (options.onOutput === undefined) output += chunk;
        else options.onOutput(chunk);
      },
    },
    options.signal,
  );
  return { outcome, output };
}
