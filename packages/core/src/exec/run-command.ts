import type { Confinement, Host, ProcessOutcome, ProcessRequest } from "../host/host.ts";
import { LiveOutput, type OnOutputDelta } from "./live-output.ts";
import type { LoginShells } from "./login-shell.ts";
import { OutputBuffer, type CapturedOutput } from "./output-buffer.ts";
import { joinOutput } from "./truncate.ts";

/** Bytes of an output that are kept, half from its beginning and half from its end. */
export const KEPT_OUTPUT_BYTES = 256 * 1024;

export interface CommandRequest {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
  /** The whole environment; see `childEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  readonly confinement?: Confinement | undefined;
}

export interface CommandContext {
  readonly host: Pick<Host, "clock" | "processes">;
  readonly signal: AbortSignal;
  /** Output as it comes, the first MiB of it, in pieces of at most 8 Ki characters. */
  readonly onChunk?: OnOutputDelta | undefined;
  /** Spares login shells their profile where that is proven to make no difference. */
  readonly loginShells?: LoginShells | undefined;
}

export type CommandResult = CommandEnd & {
  /** Both streams in one text; a line counts what is missing from the middle. */
  readonly output: string;
  readonly captured: CapturedOutput;
  /** Bytes of the output that `output` lacks. */
  readonly cutBytes: number;
  readonly durationMs: number;
  /** It was ended because its time was up. May come with an exit code, when the program handled TERM. */
  readonly timedOut: boolean;
  /** It was ended because the signal was aborted. */
  readonly aborted: boolean;
  /** Protected paths that it changed in spite of its confinement. */
  readonly violated: readonly string[];
};

type CommandEnd =
  | { readonly type: "exited"; readonly exitCode: number; readonly signal: null }
  | { readonly type: "signalled"; readonly exitCode: null; readonly signal: string }
  /** `code` is Node's; `message` says in a sentence why. */
  | { readonly type: "not_started"; readonly exitCode: null; readonly signal: null; readonly code: string; readonly message: string }
  /** It ran, but what ran it died; nobody knows how far it came. */
  | { readonly type: "lost"; readonly exitCode: null; readonly signal: null; readonly code: string; readonly message: string };

/** Runs one command to its end, in bounded memory. Never rejects: a command that fails or does not start is an outcome. */
export async function runCommand(request: CommandRequest, context: CommandContext): Promise<CommandResult> {
  const { host, signal, onChunk, loginShells } = context;
  const kept = new OutputBuffer(KEPT_OUTPUT_BYTES);
  const live = onChunk === undefined ? undefined : new LiveOutput(host.clock, onChunk);
  const onOutput: ProcessRequest["onOutput"] = (chunk, stream) => {
    kept.push(chunk);
    live?.push(chunk, stream);
  };
  const started = host.clock.monotonic();
  const { cwd, timeoutMs, confinement } = request;
  const planned = (await loginShells?.plan(request)) ?? request;
  const outcome = await host.processes.run({ argv: planned.argv, env: planned.env, cwd, timeoutMs, confinement, onOutput }, signal);
  live?.end();
  loginShells?.learn(request);
  const captured = kept.captured();
  return {
    ...endOf(outcome),
    output: joinOutput(captured),
    captured,
    cutBytes: captured.cutBytes,
    durationMs: host.clock.monotonic() - started,
    ...howStopped(outcome),
    violated: (outcome.type === "exited" ? outcome.violated : undefined) ?? [],
  };
}

function howStopped(outcome: ProcessOutcome): { readonly timedOut: boolean; readonly aborted: boolean } {
  if (outcome.type === "not_started") return { timedOut: false, aborted: outcome.code === "ABORT_ERR" };
  return outcome.type === "lost" ? { timedOut: false, aborted: false } : { timedOut: outcome.timedOut, aborted: outcome.aborted };
}

function endOf(outcome: ProcessOutcome): CommandEnd {
  switch (outcome.type) {
    case "exited":
      return { type: "exited", exitCode: outcome.exitCode, signal: null };
    case "signalled":
      return { type: "signalled", exitCode: null, signal: outcome.signal };
    case "not_started":
    case "lost":
      return { type: outcome.type, exitCode: null, signal: null, code: outcome.code, message: outcome.message };
  }
}
