/**
 * The host: the one door through which a session meets anything that is not deterministic. Replace a port and the session
 * can be recorded, replayed, run on a virtual clock, or embedded many times in one process.
 */
import type { RuleFileSystem } from "@codex/execpolicy";
import type { Guarantee, SandboxPolicy } from "@codex/linux-sandbox";
import type { CustomTool } from "./custom-tool.ts";
import type { ApprovalHandler } from "./approval.ts";
import type { McpConnector } from "./mcp.ts";

export interface Host {
  readonly clock: Clock;
  readonly random: Random;
  /** The environment the session was started in. Never changes during a session. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: Platform;
  readonly fs: FileSystem;
  /** Tells whose unfinished work a file on disk is. Without it such work counts as abandoned once it is old. */
  readonly identity?: ProcessIdentity | undefined;
  readonly processes: Processes;
  readonly model: ModelTransport;
  readonly log: Logger;
  /** Where "always allow" is written. Without it such answers hold for the session only. */
  readonly ruleFiles?: RuleFileSystem | undefined;
  /** Tools of the embedding program, offered to the model beside the built-in ones. */
  readonly tools?: readonly CustomTool[] | undefined;
  /** Connects to the MCP servers of the configuration. A host without it has none. */
  readonly mcp?: McpConnector | undefined;
  /** Answers approval requests. Without it they are answered by submitted ops. */
  readonly approve?: ApprovalHandler | undefined;
  /** Set while a session is recorded or replayed; sees every tool call. */
  readonly toolTape?: ToolTape | undefined;
}

export interface Platform {
  readonly os: NodeJS.Platform;
  readonly arch: string;
  readonly temporaryDirectory: string;
}

export interface Clock {
  /** Unix time, ms. */
  now(): number;
  /** Time that only moves forward, ms, for durations. */
  monotonic(): number;
  /** Calls back once after `ms`, unless the returned function was called first. Does not keep the process alive by itself when `unref`. */
  timer(ms: number, callback: () => void, options?: { readonly unref?: boolean }): () => void;
}

export interface Random {
  /** In [0, 1). */
  number(): number;
  bytes(length: number): Uint8Array;
}

/** The file system as the session uses it. Paths are absolute. Rejections are Node's, with `code`. */
export interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  /** Replaces the file. */
  writeFile(path: string, data: Uint8Array | string, options?: WriteFileOptions): Promise<void>;
  appendFile(path: string, data: string, options?: { readonly mode?: number }): Promise<void>;
  makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  /** Removes a file, or a folder with all it holds. */
  remove(path: string): Promise<void>;
  /** Removes a file or a link, never a folder. */
  removeFile(path: string): Promise<void>;
  /** Removes a folder that is empty. */
  removeEmptyFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file, or a link itself, a second name. Rejects with EEXIST when the name is taken. */
  link(from: string, to: string): Promise<void>;
  /** Has what the folder lists survive a loss of power. Does nothing where that cannot be asked for. */
  syncFolder(path: string): Promise<void>;
  readDirectory(path: string): Promise<readonly string[]>;
  /** Follows links; undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Does not follow a final link; undefined when nothing is there. */
  lstat(path: string): Promise<FileStat | undefined>;
  realPath(path: string): Promise<string>;
  changeMode(path: string, mode: number): Promise<void>;
  /** Whether this process may write to the file or into the folder. A host may be unable to tell. */
  isWritable?(path: string): Promise<boolean>;
  /** Holds on to a folder, so that a link put in its place cannot lead elsewhere. Where it cannot be done, there is no such function. */
  holdFolder?(path: string): Promise<HeldFolder>;
}

export interface WriteFileOptions {
  /** Permission bits of a file that is made, less the umask. */
  readonly mode?: number;
  /** Permission bits that the file has afterwards, whatever the umask. */
  readonly exactMode?: number;
  /** Makes the file; rejects with EEXIST when anything is there. */
  readonly exclusive?: boolean;
  /** Writes to the file that is there, and rejects when a link is. */
  readonly noFollow?: boolean;
  /** Resolves once the content would survive a loss of power. */
  readonly flush?: boolean;
}

export interface HeldFolder {
  /** Where it really is, links resolved. */
  readonly realPath: string;
  /** Leads to the very folder, whatever happens to its name. Ends when it is closed. */
  readonly path: string;
  close(): Promise<void>;
}

/** Which process this is, told apart from all others on machines that share its files. */
export interface ProcessIdentity {
  /** Letters, digits and dashes. */
  readonly id: string;
  /** Whether the process with `id` has ended; undefined when it cannot be told from here. */
  hasEnded(id: string): Promise<boolean | undefined>;
}

export interface FileStat {
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly modifiedMs: number;
  /** Hard links to the file; undefined where it cannot be told. */
  readonly links?: number;
  /** User and group, in any form that compares; undefined where there are none. */
  readonly owner?: string;
}

export interface Processes {
  /**
   * Runs a command to its end. Never rejects: failure to start is an outcome. A command that was stopped settles only when its whole group is gone or
   * was killed. One that ended by itself settles then; what it left in the background ends when `signal` is aborted or on `close`.
   */
  run(command: ProcessRequest, signal: AbortSignal): Promise<ProcessOutcome>;
  /** Starts a program that outlives the call, without a terminal or pipes; used by notify. Resolves once it has started. */
  start(
    argv: readonly string[],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<{ readonly error?: Error }>;
  /**
   * How commands with this confinement would be confined here, found out by trying; makes that ready for the first of them.
   * Never rejects. A host without it confines nothing.
   */
  sandbox?(confinement: Confinement): Promise<SandboxStatus>;
  /** Ends what is still running. */
  close(): Promise<void>;
}

/** What a command is to be confined to. */
export interface Confinement {
  readonly policy: SandboxPolicy;
  /** Absolute: the session's, which the policy's `disk-write-cwd` means; the command may run elsewhere. */
  readonly cwd: string;
  /** Guarantees whose absence is a refusal. */
  readonly require: readonly Guarantee[];
  /** Absolute; what the machine can do is remembered there. */
  readonly cacheDirectory?: string | undefined;
  /** Absolute: Codex home, which stays closed inside of a writable folder; its settings even where it may be written itself. */
  readonly agentFolder?: string | undefined;
}

export type SandboxStatus =
  | {
      readonly type: "available";
      readonly backend: SandboxBackend;
      /** Guarantees that the policy asks for and that cannot be given here. */
      readonly missing: readonly Guarantee[];
      /** Why, and what else is worth knowing; a sentence each. */
      readonly reasons: readonly string[];
      readonly reach: SandboxReach;
    }
  /** `hint` is what the user can do about it; may be empty. */
  | { readonly type: "unavailable"; readonly reason: string; readonly hint: string };

export type SandboxBackend = "landlock" | "bwrap" | "seatbelt";

/** What a confined command can do, as real paths. */
export interface SandboxReach {
  /** How it is confined: a refusal to write is told in other words by each. */
  readonly backend?: SandboxBackend;
  readonly network: "full" | "none";
  /** Everything may be written; the lists are empty then. */
  readonly fullWrite: boolean;
  readonly writableRoots: readonly string[];
  /** Below the roots, and still closed; existing or not. */
  readonly protectedPaths: readonly string[];
}

export interface ProcessRequest {
  /** Program and arguments, at least the program; never a shell string. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** ms; the group gets TERM then, and KILL after the grace time. */
  readonly timeoutMs: number;
  /** Undefined: not confined. A command that cannot be confined is not started. */
  readonly confinement?: Confinement | undefined;
  /** Called for each chunk as it arrives. */
  readonly onOutput: (chunk: Uint8Array, stream: "stdout" | "stderr" | "merged") => void;
}

export type ProcessOutcome =
  | {
      readonly type: "exited";
      readonly exitCode: number;
      readonly timedOut: boolean;
      readonly aborted: boolean;
      /** Protected paths that were changed or created in spite of the confinement. */
      readonly violated?: readonly string[] | undefined;
    }
  | { readonly type: "signalled"; readonly signal: string; readonly timedOut: boolean; readonly aborted: boolean }
  /** `code` is Node's, ENOENT for a program that is not there. */
  | { readonly type: "not_started"; readonly code: string; readonly message: string }
  /** It ran, and nobody saw its end: what started it died. What was left of it was killed. */
  | { readonly type: "lost"; readonly code: string; readonly message: string };

/** One HTTP exchange with the provider, body streamed. */
export interface ModelTransport {
  /** Nothing leaves the process (a script, a replay): no key is looked for and none is put into requests. */
  readonly offline?: boolean | undefined;
  /**
   * Sends `request` and feeds the answer to `sink` as it arrives: `head` once, then `data` per chunk.
   * Resolves when the body is over; never rejects. After an abort no sink function is called any more.
   */
  send(request: ModelHttpRequest, sink: ModelHttpSink, signal: AbortSignal): Promise<ModelTransportEnd>;
  close(): Promise<void>;
}

export interface ModelHttpRequest {
  readonly method: "POST" | "GET";
  /** Absolute, with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

export interface ModelHttpSink {
  head(status: number, headers: Readonly<Record<string, string | undefined>>): void;
  data(chunk: Uint8Array): void;
}

export type ModelTransportEnd =
  | { readonly type: "ended" }
  | { readonly type: "aborted" }
  /**
   * `unreachable`: no connection was made. `cut`: a connection ended before the body was over. `replay_mismatch`: a replay has
   * no answer to this request; final, never retried. `code` is Node's, if any.
   */
  | { readonly type: "failed"; readonly kind: "unreachable" | "cut" | "replay_mismatch"; readonly code: string; readonly message: string };

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Logger {
  /** Never throws and never blocks the caller on the disk. Fields must hold no secrets. */
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Resolves when everything written so far is on disk, or could not be. */
  flush(): Promise<void>;
}

/** Lets a recording see each tool call's result, and a replay give it; the same for the tools that MCP servers offered to a turn. */
export interface ToolTape {
  /** What the servers offered to the next turn, or undefined when they have to be asked. */
  playMcp(): Promise<RecordedMcpOffer | undefined>;
  recordMcp(offer: RecordedMcpOffer): void;
  /** The recorded output for the call, or undefined when the tool has to run. */
  play(callId: string): Promise<RecordedToolResult | undefined>;
  record(callId: string, result: RecordedToolResult): void;
}

export interface RecordedMcpOffer {
  /** What each server offered. */
  readonly servers: readonly unknown[];
  /** The protocol events about servers since the offer before, in order, verbatim. */
  readonly events: readonly unknown[];
}

export interface RecordedToolResult {
  /** What the model was given, verbatim: a string, or content parts. */
  readonly output: unknown;
  /** The protocol events the call emitted, in order, verbatim. */
  readonly events: readonly unknown[];
}
