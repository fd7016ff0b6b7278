import type { SandboxPermission } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../host/approval.ts";
import type { LoginShells } from "../exec/login-shell.ts";
import type { Confinement, Host, SandboxStatus } from "../host/host.ts";
import type { ToolSpec } from "../model/tool-spec.ts";
import type { EventMsg } from "../protocol/event.ts";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import type { CommandRules } from "../safety/command-rules.ts";

/** One tool. Its name and specification never change during a session, so the request's prefix stays the same bytes. */
export interface Tool {
  readonly spec: ToolSpec;
  /** Other names the model may call it by. */
  readonly aliases?: readonly string[];
  /** Calls may run beside others of the same answer. */
  readonly parallel: boolean;
  /** Runs one call to its end. A failing tool is an outcome: text for the model. Throws only on a fault of ours. */
  run(call: ToolCallItem, context: ToolContext): Promise<OutputPayload>;
  /** Loads what the first call needs, ahead of it. */
  preload?(): Promise<unknown>;
}

/** A tool whose body is loaded when it is first needed: the first request to the model needs its declaration only. */
export function lazyTool(declaration: Pick<Tool, "spec" | "aliases" | "parallel">, load: () => Promise<Tool["run"]>): Tool {
  let body: Promise<Tool["run"]> | undefined;
  const loaded = (): Promise<Tool["run"]> => (body ??= load());
  return { ...declaration, run: async (call, context) => (await loaded())(call, context), preload: loaded };
}

/** What a running call may use. */
export interface ToolContext {
  readonly config: Config;
  readonly host: Host;
  /** Aborted when the turn is. The tool ends its children and returns. */
  readonly signal: AbortSignal;
  readonly emit: (msg: EventMsg) => void;
  readonly session: SessionServices;
}

/** The parts of the session a tool may reach. */
export interface SessionServices {
  readonly sessionId: string;
  /** Asks the user or the host; resolves to an answer, `denied` when nobody can give one. */
  readonly approvals: Approvals;
  readonly grants: SessionGrants;
  /** What the user's rule files say of commands. */
  readonly rules: () => Promise<CommandRules>;
  /** Writable state of the turn: every file changed so far, for `turn_diff`. */
  readonly turnDiff: () => Promise<TurnDiff>;
  /** Spares login shells their profile where that makes no difference. */
  readonly loginShells: () => Promise<LoginShells>;
  /** How commands can be confined here; told to the readers once. */
  readonly sandbox: (confinement: Confinement) => Promise<SandboxStatus>;
  /** Runs patches one after the other, whatever tool they came by. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface Approvals {
  /** False when there is no answerer: what would ask is declined instead. */
  readonly canAsk: boolean;
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
}

/** What the user granted for the rest of the session. */
export interface SessionGrants {
  /** This very command, in this folder. */
  hasCommand(argv: readonly string[], cwd: string): boolean;
  addCommand(argv: readonly string[], cwd: string): void;
  hasMcpTool(server: string, tool: string): boolean;
  addMcpTool(server: string, tool: string): void;
  readonly roots: readonly string[];
  addRoot(directory: string): void;
  /** Beyond the configured policy; folders of `roots` are among them. */
  readonly permissions: readonly SandboxPermission[];
  addPermission(permission: SandboxPermission): void;
}

export interface TurnDiff {
  /** Remembers a file's content before its first change in the turn; null = it did not exist. */
  remember(path: string, before: Uint8Array | null): void;
  /**
   * The unified diff of everything since the turn began. `added` are new files of ordinary mode that were just written, by path, with their
   * content: they need not be read.
   */
  render(added?: ReadonlyMap<string, Uint8Array>): Promise<string>;
}

/** The answer to a call that came in another form than the tool was declared with. */
export function wrongKind(call: ToolCallItem): string {
  return `${call.name} was called as a ${call.type}, but it is declared in another form. Call it as declared.`;
}
