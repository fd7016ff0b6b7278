import type { PipeReader } from "./pipe-reader.ts";

/** A command that runs, however it was started. */
export interface StartedCommand {
  /** Also the id of its process group. */
  readonly pid: number;
  readonly exit: Promise<CommandExit>;
  /** How it is asked to end, where a signal to its group is not the way. */
  readonly terminate?: () => void;
  readonly output: CommandOutput;
}

export type CommandExit =
  | { readonly type: "ended"; readonly code: number | null; readonly signal: string | null; readonly violated?: readonly string[] }
  /** On Windows a program that is not there shows only after the start. */
  | { readonly type: "not_started"; readonly code: string; readonly message: string }
  | { readonly type: "lost"; readonly code: string; readonly message: string };

export interface CommandOutput extends Omit<PipeReader, "read"> {
  /** Ends that are still to come: `onEnd` is called once for each. */
  readonly pipes: 1 | 2;
  read(onData: (chunk: Uint8Array, stream: "stdout" | "stderr" | "merged") => void, onEnd: () => void): void;
}

export type StartOutcome =
  | { readonly ok: true; readonly command: StartedCommand }
  | { readonly ok: false; readonly error: unknown }
  /** The error needs no more explaining. */
  | { readonly ok: false; readonly code: string; readonly message: string };
