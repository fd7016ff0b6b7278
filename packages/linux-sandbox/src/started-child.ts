export interface StartedChild {
  /** Also the id of its process group. */
  readonly pid: number;
  readonly exit: Promise<ChildExit>;
  readonly backend?: "landlock" | "bwrap";
}

/** A child whose output goes into a pipe of its own. */
export interface StartedCommand extends StartedChild {
  /** The read end: a descriptor of this process. */
  readonly pipe: number;
}

/** What is to be run. */
export interface Command {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment, but for what tells a command how it is confined. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when nobody saw the end. */
  readonly lost?: string;
  readonly violated?: readonly string[];
}

/** Why a command was not started. `code` is Node's or one of the protocol's. */
export class SpawnFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
