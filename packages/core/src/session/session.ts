import { isUnrestricted } from "@codex/linux-sandbox";
import type { Config } from "../config/config.ts";
import type { LoginShells } from "../exec/login-shell.ts";
import type { ApprovalAnswer } from "../host/approval.ts";
import type { Confinement, Host, SandboxStatus } from "../host/host.ts";
import type { ModelClient } from "../model/model-client.ts";
import { openModelClient } from "../model/open-client.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { Event, EventMsg, EventOf } from "../protocol/event.ts";
import { uuidV7 } from "../protocol/ids.ts";
import type { MessageItem } from "../protocol/item.ts";
import type { InputItem, Op } from "../protocol/op.ts";
import { recoverPatchesIn } from "../safety/recover-patches.ts";
import { NO_SANDBOX, sandboxConfinement, sandboxNotice } from "../sandbox/confinement.ts";
import { builtInTools } from "../tools/built-in.ts";
import type { CommandRules } from "../safety/command-rules.ts";
import { createToolRegistry, extendToolRegistry, type ToolRegistry } from "../tools/registry.ts";
import type { SessionGrants, ToolContext } from "../tools/tool.ts";
import { History } from "../transcript/history.ts";
import { buildInitialContext, type InitialContext } from "../transcript/initial-context.ts";
import { openRollout, rolloutItem, type Rollout } from "../transcript/rollout.ts";
import { runTurn, type TurnEnd } from "../turn/run-turn.ts";
import { answerOf, type AnsweringOp } from "./answer-of-op.ts";
import { ApprovalDesk, type Answerer } from "./approval-desk.ts";
import { EventLog, type SubscribeOptions } from "./event-log.ts";
import { createSessionGrants } from "./grants.ts";
import { openCommandRules, openLoginShells, openTurnDiff } from "./lazy-services.ts";
import { openMcpSession, type McpSession } from "./mcp-session.ts";
import { notifyTurnEnd } from "./notify.ts";
import { configuredEvent, sessionMeta, startWarnings } from "./opening.ts";
import { overrideConfig, overrideNote } from "./override-config.ts";
import { queue } from "./queue.ts";
import { rollBack } from "./roll-back.ts";
import { inputText, userMessage } from "./user-message.ts";

export interface SessionOptions {
  /** Who answers approval requests when the host brings no handler. Default: submitted ops. */
  readonly approvals?: "ops" | "nobody";
  /** How long an approval request waits for its answer; it counts as denied then. Without it there is no limit. */
  readonly approvalTimeoutMs?: number | undefined;
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
  readonly approvalTimeoutMs: number | undefined;
  readonly closesHost: boolean;
  /** What was set right before the session began; warnings. */
  readonly notices: readonly string[];
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
  /** Where in the history each of the user's inputs went in. */
  readonly #turnStarts: number[] = [];
  readonly #grants: SessionGrants = createSessionGrants();
  readonly #desk: ApprovalDesk;
  readonly #background = new AbortController();
  #loginShells: Promise<LoginShells> | undefined;
  #rules: Promise<CommandRules> | undefined;
  readonly #mcp: McpSession | undefined;
  readonly #refusedTools = new Set<string>();
  #sandboxTold = false;
  #elicitations = 0;
  #task: Task | undefined;
  #nextId = 1;
  #closing: Promise<void> | undefined;
  /** Notify programs that were told to start; not their ends. */
  readonly #notices = new Set<Promise<void>>();

  /** Opens a session; its first event is `session_configured`. Rejects with a CodexError when it cannot be recorded or a tool's name is taken. */
  static async open(config: Config, host: Host, options: SessionOptions = {}): Promise<Session> {
    const sessionId = uuidV7(host.clock.now(), host.random.bytes(16));
    // First of all: what a patch left half done would be read as it is.
    const notices = await recoverPatchesIn(config, host);
    const [rollout, context] = await Promise.all([openRollout(config, host, sessionId), buildInitialContext(config, host)]);
    const answerer = host.approve ?? options.approvals ?? "ops";
    return new Session({
      notices,
      config,
      host,
      sessionId,
      rollout,
      context,
      model: openModelClient(config, host, { id: sessionId }),
      registry: createToolRegistry(builtInTools(config, answerer !== "nobody"), host.tools ?? []),
      answerer,
      approvalTimeoutMs: options.approvalTimeoutMs,
      closesHost: options.closesHost ?? false,
    });
  }

  private constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#toldConfig = parts.config;
    this.sessionId = parts.sessionId;
    this.rolloutPath = parts.rollout.path;
    this.#desk = new ApprovalDesk(
      parts.answerer,
      parts.approvalTimeoutMs === undefined ? undefined : { ms: parts.approvalTimeoutMs, clock: parts.host.clock },
    );
    this.#history = new History((item) => parts.rollout.append("response_item", rolloutItem(item)));
    parts.rollout.onFailure((message) => this.#emit(SESSION_ID, { type: "warning", message }));
    this.#configured();
    this.#mcp = this.#openMcp();
    this.#history.add(parts.context.items);
  }

  /** Hands in an op and returns its id, by default the next number. Throws `session_closed` after close. */
  submit(op: Op, id: string = String(this.#nextId++)): string {
    if (this.#closing !== undefined) throw new CodexError("session_closed", "the session is closed");
    this.#handle(op, id);
    return id;
  }

  /** Calls `listener` for each event, synchronously and in order. The first reader of a session gets all events from the start. */
  subscribe(listener: (event: Event) => void, options?: SubscribeOptions): () => void {
    return this.#log.subscribe(listener, options);
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
      case "patch_approval":
      case "mcp_approval":
      case "elicitation_answer":
        return this.#answer(id, op);
      case "override_turn_context":
        this.#override(op);
        return;
      case "thread_rollback":
        return this.#rollBack(id, op.num_turns);
      case "shutdown":
        this.#closing = this.#shutDown(id);
        return;
    }
  }

  #answer(id: string, op: AnsweringOp): void {
    const fault = this.#desk.answer(op.call_id, answerOf(op));
    if (fault !== undefined) this.#emit(id, { type: "warning", message: `The answer was not used: ${fault}.` });
  }

  /** A running task keeps what it was started with. */
  #override(op: Extract<Op, { type: "override_turn_context" }>): void {
    const { host, answerer } = this.#parts;
    const config = overrideConfig(this.#parts.config, op);
    const model = openModelClient(config, host, { id: this.sessionId });
    const registry = createToolRegistry(builtInTools(config, answerer !== "nobody"), host.tools ?? []);
    this.#parts = { ...this.#parts, config, model, registry };
    this.#emitConfigured();
  }

  #rollBack(id: string, turns: number): void {
    const fault = this.#task === undefined ? rollBack(turns, this.#history, this.#turnStarts) : "a task runs; interrupt it first";
    if (fault === undefined) this.#emit(id, { type: "thread_rolled_back", num_turns: turns, items_kept: this.#history.items.length });
    else this.#emit(id, { type: "warning", message: `Nothing was taken back: ${fault}.` });
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
      const { registry } = this.#parts;
      const offer = await this.#mcp?.offer(task.controller.signal);
      if (offer !== undefined) this.#history.add(offer.notes);
      end = await runTurn({
        instructions: this.#parts.context.instructions,
        history: this.#history,
        model: this.#parts.model,
        registry: offer === undefined ? registry : extendToolRegistry(registry, offer.tools),
        tools: this.#toolContext(task),
        refusedTools: this.#refusedTools,
        takePending: () => this.#takePending(task),
      });
    } catch (error) {
      // What was said before the turn came that far must not be taken for new input.
      this.#history.add(await this.#takePending(task).catch(() => []));
      this.#history.closeOpenCalls("not run: the turn failed");
      end = this.#failure(error);
    }
    this.#endTask(task, end);
  }

  #failure(error: unknown): TurnEnd {
    if (error instanceof CodexError) return { type: "failed", code: error.code, message: error.message, hint: error.hint };
    this.#parts.host.log.write("error", "a turn failed inside", { error: (error as Error).stack ?? String(error) });
    const hint = "This is a fault of Codex; the log holds the details.";
    return { type: "failed", code: "internal", message: (error as Error).message, hint };
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
    let at = this.#history.items.length;
    // The caller adds them next. One without content is a turn of its own as well: its reader counts what was sent.
    for (const { content } of messages) this.#turnStarts.push(content.length > 0 ? at++ : at);
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
    let turnDiff: ReturnType<typeof openTurnDiff> | undefined;
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
        rules: () => (this.#rules ??= openCommandRules(config, host, (message) => this.#emit(SESSION_ID, { type: "warning", message }))),
        loginShells: () => (this.#loginShells ??= openLoginShells(host, this.#background.signal)),
        sandbox: (confinement) => this.#sandbox(confinement),
        oneAtATime: queue(),
      },
    };
  }

  #openMcp(): McpSession | undefined {
    const { config, host } = this.#parts;
    const emit = (msg: EventMsg): void => {
      if (this.#closing === undefined) this.#emit(SESSION_ID, msg);
    };
    return openMcpSession({ config, host, emit, ask: (request, signal) => this.#askForServer(request, signal) });
  }

  /** What a server asks belongs to the task that runs; without one nobody is there to answer. */
  async #askForServer(request: Omit<EventOf<"elicitation_request">, "call_id">, signal: AbortSignal): Promise<ApprovalAnswer> {
    const task = this.#task;
    if (task === undefined) return { decision: "denied" };
    const call_id = `elicitation-${String((this.#elicitations += 1))}`;
    let asked = false;
    const emit = (msg: EventMsg): void => {
      asked = true;
      this.#emit(task.id, msg);
    };
    const over = AbortSignal.any([signal, task.controller.signal]);
    const answer = await this.#desk.forTask(emit, () => undefined).ask({ ...request, call_id }, over);
    const outcome = over.aborted ? "withdrawn" : ELICITATION_OUTCOMES[answer.decision];
    // Nothing comes after a task's last event.
    if (asked && this.#task === task) this.#emit(task.id, { type: "elicitation_end", call_id, server: request.server, outcome });
    return answer;
  }

  #configured(): void {
    const { config, host, rollout, context, notices } = this.#parts;
    rollout.append("session_meta", sessionMeta(this.sessionId, { config, host, instructions: context.instructions }));
    this.#emitConfigured();
    for (const message of [...startWarnings(config, context), ...notices]) this.#emit(SESSION_ID, { type: "warning", message });
    host.log.write("info", "session opened", {
      session_id: this.sessionId,
      model: config.model,
      provider: config.provider.id,
      cwd: config.cwd,
    });
  }

  #emitConfigured(): void {
    this.#emit(SESSION_ID, configuredEvent(this.sessionId, this.#parts.config, this.rolloutPath));
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
    await Promise.all([this.#loginShells?.then((shells) => shells.settled()), this.#mcp?.close()]);
    // What could not be started is logged, also when the process ends right after this.
    await Promise.all(this.#notices);
    this.#emit(id, { type: "shutdown_complete" });
    const { rollout, host, closesHost } = this.#parts;
    await Promise.all([rollout.close(), host.log.flush(), ...(closesHost ? [host.processes.close(), host.model.close()] : [])]);
    this.#log.end();
  }
}

const ELICITATION_OUTCOMES = { approved: "accept", approved_for_session: "accept", denied: "decline", abort: "cancel" } as const;

/** Deltas are not kept: the whole text follows. */
function isKept(msg: EventMsg): boolean {
  return !msg.type.endsWith("_delta") && msg.type !== "mcp_tool_call_progress";
}
