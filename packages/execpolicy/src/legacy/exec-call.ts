import type { ArgType } from "./arg-matcher.ts";

/** A command to judge: the program as it is called, and its arguments. */
export interface ExecCall {
  readonly program: string;
  readonly args: readonly string[];
}

export interface MatchedFlag {
  readonly name: string;
}

export interface MatchedOpt {
  readonly name: string;
  readonly value: string;
  readonly type: ArgType;
}

/** `index` counts all arguments, options and their values too. */
export interface MatchedArg {
  readonly index: number;
  readonly type: ArgType;
  readonly value: string;
}

export interface PositionalArg {
  readonly index: number;
  readonly value: string;
}

/** A command whose every argument a program specification accounts for. */
export interface ValidExec {
  readonly program: string;
  readonly flags: readonly MatchedFlag[];
  readonly opts: readonly MatchedOpt[];
  readonly args: readonly MatchedArg[];
  /** Where the program may be; empty when the specification does not say. */
  readonly system_path: readonly string[];
}
