import { isUnrestricted } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import type { LoginShells } from "../exec/login-shell.ts";
import type { Confinement, Host, SandboxStatus } from "../host/host.ts";
import { modelInfo } from "../model/catalog.ts";
import type { ModelClient } from "../model/model-client.ts";
import { openModelClient } from "../model/open-client.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { Event, EventMsg } from "../protocol/event.ts";
import { uuidV7 } from "../protocol/ids.ts";
import type { MessageItem } from "../protocol/item.ts";
import type { InputItem, Op } from "../protocol/op.ts";
import { NO_SANDBOX, sandboxConfinement, sandboxNotice } from "../sandbox/confinement.ts";
import { builtInTools } from "../tools/built-in.ts";
import { createToolRegistry, type ToolRegistry } from "../tools/registry.ts";
import type { SessionGrants, ToolContext, TurnDiff } from "../tools/tool.ts";
import { History } from "../transcript/history.ts";
import { buildInitialContext, type InitialContext } from "../transcript/initial-context.ts";
import { openRollout, rolloutItem, type Rollout } from "../transcript/rollout.ts";
import { runTurn, type TurnEnd } from "../turn/run-turn.ts";
import { VERSION } from "../version.ts";
import { ApprovalDesk, type Answerer } from "./approval-desk.ts";
import { EventLog } from "./event-log.ts";
import { createSessionGrants } from "./grants.ts";
import { notifyTurnEnd } from "./notify.ts";
import { overrideConfig, overrideNote } from "./override-config.ts";
import { inputText, userMessage } from "./user-message.ts";

export interface SessionOptions {
  /** Who answers approval requests when the host brings no handler. Default: submitted ops. */
  readonly approvals?: "ops" | "nobody";
  /** Closes the host's processes and connections with the session; for a host that no other session uses. */
  readonly closesHost?: boolean;
}

/** The tools are loaded while the model thinks; a turn that is over sooner needs none. ms. */
const PRELOAD_AFTER_MS = 50;

/** The id of the session's own events. */
const SESSION_ID = "0";

interface SubmittedInput {
  readonly id: string;
  readonly items: InputItem[];
}

interface Task {
  readonly id: string;
  readonly controller: AbortController;
  readonly pending: SubmittedInput[];
  readonly messages: string[];
  abortReason: "interrupted" | "shutdown";
  done: Promise<void>;
}

interface SessionParts {
  readonly config: Config;
  readonly host: Host;
  readonly sessionId: string;
  readonly rollout: Rollout;
  readonly context: InitialContext;
  readonly model: ModelClient;
  readonly registry: ToolRegistry;
  readonly answerer: Answerer;
  readonly closesHost: boolean;
}

/**
 * One conversation: submissions in, events out. At most one task runs at a time; input that comes meanwhile joins it.
 * Every task ends with exactly one of `task_complete`, `error` and `turn_aborted`.
 */
export class Session {
  readonly sessionId: string;
  /** The rollout file, absolute; null when the session keeps none. */
  readonly rolloutPath: string | null;
  #parts: SessionParts;
  /** The configuration as the model was told of it last. */
  #toldConfig: Config;
  readonly #log = new EventLog();
  readonly #history: History;
  readonly #grants: SessionGrants = createSessionGrants();
  readonly #desk: ApprovalDesk;
  readonly #background = new AbortController();
  #loginShells: Promise<LoginShells> | undefined;
  #sandboxTold = false;
  #task: Task | undefined;
  #nextId = 1;
  #closing: Promise<void> | undefined;
  /** Notify programs that were told to start; not their ends. */
  readonly #notices = new Set<Promise<void>>();

  /** Opens a session; its first event is `session_configured`. Rejects with a CodexError when it cannot be recorded or a tool's name is taken. */
  static async open(config: Config, host: Host, options: SessionOptions = {}): Promise<Session> {
    const sessionId = uuidV7(host.clock.now(), host.random.bytes(16));
    const [rollout, context] = await Promise.all([openRollout(config, host, sessionId), buildInitialContext(config, host)]);
    return new Session({
      config,
      host,
      sessionId,
      rollout,
      context,
      model: openModelClient(config, host, { id: sessionId }),
      registry: createToolRegistry(builtInTools(config), host.tools ?? []),
      answerer: host.approve ?? options.approvals ?? "ops",
      closesHost: options.closesHost ?? false,
    });
  }

  private constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#toldConfig = parts.config;
    this.sessionId = parts.sessionId;
    this.rolloutPath = parts.rollout.path;
    this.#desk = new ApprovalDesk(parts.answerer);
    this.#history = new History((item) => parts.rollout.append("response_item", rolloutItem(item)));
    parts.rollout.onFailure((message) => this.#emit(SESSION_ID, { type: "warning", message }));
    this.#configured();
    this.#history.add(parts.context.items);
  }

  /** Hands in an op and returns its id, by default the next number. Throws `session_closed` after close. */
  submit(op: Op, id: string = String(this.#nextId++)): string {
    if (this.#closing !== undefined) throw new CodexError("session_closed", "the session is closed");
    this.#handle(op, id);
    return id;
  }

  /** Calls `listener` for each event, synchronously and in order. The first reader of a session gets all events from the start. */
  subscribe(listener: (event: Event) => void): () => void {
    return this.#log.subscribe(listener);
  }

  /** The events as an iterator that ends after `shutdown_complete`. */
  events(): AsyncIterableIterator<Event> {
    return this.#log.read();
  }

  /** Stops the running task, waits until its children are gone and the records are written. May be called more than once. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown(SESSION_ID);
    return this.#closing;
  }

  /** Resolves when no task is running. */
  async idle(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- a task may leave input behind for the next
    while (this.#task !== undefined) await this.#task.done;
  }

  #handle(op: Op, id: string): void {
    switch (op.type) {
      case "user_input":
        if (op.items.length === 0) return;
        if (this.#task === undefined) this.#startTask(id, op.items);
        else this.#task.pending.push({ id, items: op.items });
        return;
      case "interrupt":
        this.#task?.controller.abort();
        return;
      case "exec_approval":
      case "patch_approval": {
        const unconfined = op.type === "exec_approval" ? op.unconfined : undefined;
        const fault = this.#desk.answer(op.call_id, { decision: op.decision, reason: op.reason, unconfined });
        if (fault !== undefined) this.#emit(id, { type: "warning", message: `The answer was not used: ${fault}.` });
        return;
      }
      case "override_turn_context":
        this.#override(op);
        return;
      case "shutdown":
        this.#closing = this.#shutDown(id);
        return;
    }
  }

  /** A running task keeps what it was started with. */
  #override(op: Extract<Op, { type: "override_turn_context" }>): void {
    const { host } = this.#parts;
    const config = overrideConfig(this.#parts.config, op);
    const model = openModelClient(config, host, { id: this.sessionId });
    this.#parts = { ...this.#parts, config, model, registry: createToolRegistry(builtInTools(config), host.tools ?? []) };
    this.#emitConfigured();
  }

  #startTask(id: string, items: InputItem[]): void {
    const task: Task = {
      id,
      controller: new AbortController(),
      pending: [{ id, items }],
      messages: [],
      abortReason: "interrupted",
      done: Promise.resolve(),
    };
    this.#task = task;
    this.#emit(id, { type: "task_started" });
    const { config } = this.#parts;
    const note = overrideNote(this.#toldConfig, config);
    this.#toldConfig = config;
    if (note !== undefined) this.#history.add([note]);
    this.#parts.rollout.append("turn_context", {
      turn_id: id,
      cwd: config.cwd,
      approval_policy: config.approvalPolicy,
      sandbox_policy: config.sandboxPolicy,
      model: config.model,
      effort: config.reasoning.effort ?? null,
      summary: config.reasoning.summary,
    });
    const cancelPreload = this.#parts.host.clock.timer(PRELOAD_AFTER_MS, () => this.#preload(), { unref: true });
    task.done = this.#runTask(task).finally(cancelPreload);
  }

  async #runTask(task: Task): Promise<void> {
    let end: TurnEnd;
    try {
      end = await runTurn({
        instructions: this.#parts.context.instructions,
        history: this.#history,
        model: this.#parts.model,
        registry: this.#parts.registry,
        tools: this.#toolContext(task),
        takePending: () => this.#takePending(task),
      });
    } catch (error) {
      this.#parts.host.log.write("error", "a turn failed inside", { error: (error as Error).stack ?? String(error) });
      this.#history.closeOpenCalls("not run: the turn failed");
      const hint = "This is a fault of Codex; the log holds the details.";
      end = { type: "failed", code: error instanceof CodexError ? error.code : "internal", message: (error as Error).message, hint };
    }
    this.#endTask(task, end);
  }

  #endTask(task: Task, end: TurnEnd): void {
    // Cleared first: a reader may submit the next input while it handles the terminal event.
    this.#task = undefined;
    this.#emitEnd(task, end);
    if (end.type === "aborted" || this.#closing !== undefined) return;
    // Input that came after the task had looked for the last time.
    for (const { id, items } of task.pending.splice(0)) this.#handle({ type: "user_input", items }, id);
  }

  #emitEnd(task: Task, end: TurnEnd): void {
    switch (end.type) {
      case "complete": {
        const notice = { sessionId: this.sessionId, turnId: task.id, inputMessages: task.messages, lastAssistantMessage: end.lastMessage };
        const starting = notifyTurnEnd(this.#parts.config, this.#parts.host, notice).finally(() => this.#notices.delete(starting));
        this.#notices.add(starting);
        this.#emit(task.id, { type: "task_complete", last_agent_message: end.lastMessage, usage: end.usage });
        return;
      }
      case "failed":
        this.#emit(task.id, { type: "error", code: end.code, message: end.message, ...(end.hint === undefined ? {} : { hint: end.hint }) });
        return;
      case "aborted":
        this.#emit(task.id, { type: "turn_aborted", reason: task.abortReason });
        return;
    }
  }

  async #takePending(task: Task): Promise<readonly MessageItem[]> {
    const { config, host } = this.#parts;
    const warn = (message: string): void => this.#emit(task.id, { type: "warning", message });
    const taken = task.pending.splice(0);
    task.messages.push(...taken.map(({ items }) => inputText(items)));
    const messages = await Promise.all(taken.map(({ items }) => userMessage(items, { config, host, warn })));
    return messages.filter((message) => message.content.length > 0);
  }

  /** What the first command needs, while the model thinks. */
  #preload(): void {
    this.#parts.registry.preload();
    const { config } = this.#parts;
    if (!isUnrestricted(config.sandboxPolicy)) void this.#sandbox(sandboxConfinement(config, this.#grants));
  }

  async #sandbox(confinement: Confinement): Promise<SandboxStatus> {
    const status = (await this.#parts.host.processes.sandbox?.(confinement)) ?? NO_SANDBOX;
    if (!this.#sandboxTold && this.#closing === undefined) {
      this.#sandboxTold = true;
      this.#emit(SESSION_ID, sandboxNotice(status));
    }
    return status;
  }

  #toolContext(task: Task): ToolContext {
    const { config, host } = this.#parts;
    const emit = (msg: EventMsg): void => this.#emit(task.id, msg);
    let turnDiff: Promise<TurnDiff> | undefined;
    return {
      config,
      host,
      signal: task.controller.signal,
      emit,
      session: {
        sessionId: this.sessionId,
        approvals: this.#desk.forTask(emit, () => task.controller.abort()),
        grants: this.#grants,
        turnDiff: () => (turnDiff ??= openTurnDiff(host.fs, config.cwd)),
        loginShells: () => (this.#loginShells ??= openLoginShells(host, this.#background.signal)),
        sandbox: (confinement) => this.#sandbox(confinement),
        oneAtATime: queue(),
      },
    };
  }

  #configured(): void {
    const { config, host, rollout, context } = this.#parts;
    rollout.append("session_meta", {
      id: this.sessionId,
      session_id: this.sessionId,
      timestamp: new Date(host.clock.now()).toISOString(),
      cwd: config.cwd,
      originator: "codex_ts",
      cli_version: VERSION,
      model_provider: config.provider.id,
      base_instructions: context.instructions,
    });
    this.#emitConfigured();
    for (const message of this.#startWarnings()) this.#emit(SESSION_ID, { type: "warning", message });
    host.log.write("info", "session opened", {
      session_id: this.sessionId,
      model: config.model,
      provider: config.provider.id,
      cwd: config.cwd,
    });
  }

  #emitConfigured(): void {
    const { config, rollout } = this.#parts;
    this.#emit(SESSION_ID, {
      type: "session_configured",
      session_id: this.sessionId,
      model: config.model,
      provider: config.provider.id,
      cwd: config.cwd,
      approval_policy: config.approvalPolicy,
      sandbox_policy: { permissions: [...config.sandboxPolicy.permissions] },
      rollout_path: rollout.path,
    });
  }

  #startWarnings(): readonly string[] {
    const { config, context } = this.#parts;
    const warnings = [...config.warnings];
    if (!modelInfo(config.model).known) warnings.push(`Nothing is known of the model ${config.model}; common limits are assumed.`);
    for (const doc of context.projectDocs) {
      if (doc.cutBytes > 0) warnings.push(`${doc.path} is longer than project_doc_max_bytes; its last ${doc.cutBytes} bytes are left out.`);
    }
    return warnings;
  }

  #emit(id: string, msg: EventMsg): void {
    if (isKept(msg)) this.#parts.rollout.append("event_msg", msg);
    this.#log.emit({ id, msg });
  }

  async #shutDown(id: string): Promise<void> {
    const task = this.#task;
    if (task !== undefined) {
      task.abortReason = "shutdown";
      task.controller.abort();
      await task.done;
    }
    this.#background.abort();
    await (await this.#loginShells)?.settled();
    // What could not be started is logged, also when the process ends right after this.
    await Promise.all(this.#notices);
    this.#emit(id, { type: "shutdown_complete" });
    const { rollout, host, closesHost } = this.#parts;
    await Promise.all([rollout.close(), host.log.flush(), ...(closesHost ? [host.processes.close(), host.model.close()] : [])]);
    this.#log.end();
  }
}

async function openTurnDiff(fs: Host["fs"], cwd: string): Promise<TurnDiff> {
  const { createTurnDiff } = await import("../patch/turn-diff.ts");
  return createTurnDiff(fs, cwd);
}

async function openLoginShells({ fs, processes }: Host, signal: AbortSignal): Promise<LoginShells> {
  const { createLoginShells } = await import("../exec/login-shell.ts");
  return createLoginShells({ fs, run: (request, stop) => processes.run(request, stop), signal });
}

/** Runs what it is given one after the other; a failure does not hold up the next. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Deltas are not kept: the whole text follows. */
function isKept(msg: EventMsg): boolean {
  return msg.type !== "agent_message_delta" && msg.type !== "agent_reasoning_delta" && msg.type !== "exec_command_output_delta";
}
