import { CodexError, type Clock } from "@codex/core";
import type { CallToolResult } from "@codex/mcp-types";
import { openThread, UnusableSetting, type ThreadSettings } from "./open-thread.ts";
import { threadResult, type Thread } from "./thread.ts";
import { parseCloseArguments, parseCodexArguments, parseReplyArguments, type CodexCall } from "./tool-schemas.ts";
import type { HostPort, ToolCall, ToolRunner } from "./tool-runner.ts";

export interface AgentOptions extends ThreadSettings {
  readonly host: HostPort;
  readonly clock: Pick<Clock, "timer">;
  /** Threads that may be open at once. When one more is wanted, the one that was idle longest is closed. */
  readonly maxThreads: number;
  /** How long a thread stays open without a call, ms. */
  readonly idleMs: number;
}

type Opened = { readonly thread: Thread } | { readonly fault: string };

/** Ends of threads that are remembered, to tell a host why a thread is gone. */
const REMEMBERED = 1000;

/** The tools: threads by their ids, and what calls do with them. */
export class Agent implements ToolRunner {
  readonly #options: AgentOptions;
  /** The one used last is last. */
  readonly #threads = new Map<string, Thread>();
  readonly #idle = new Map<Thread, () => void>();
  /** Why a thread is no longer there. */
  readonly #gone = new Map<string, string>();
  readonly #opening = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  async call(call: ToolCall): Promise<CallToolResult> {
    switch (call.name) {
      case "codex": {
        const parsed = parseCodexArguments(call.arguments);
        return parsed.ok ? this.#start(parsed.values, call) : failed(parsed.message);
      }
      case "codex-reply": {
        const parsed = parseReplyArguments(call.arguments);
        if (!parsed.ok) return failed(parsed.message);
        const thread = this.#threads.get(parsed.values.threadId);
        return thread === undefined ? this.#notThere(parsed.values.threadId) : this.#run(thread, parsed.values.prompt, call);
      }
      case "codex-close": {
        const parsed = parseCloseArguments(call.arguments);
        if (!parsed.ok) return failed(parsed.message);
        const { threadId } = parsed.values;
        const thread = this.#threads.get(threadId);
        if (thread === undefined) return this.#notThere(threadId);
        await this.#drop(thread, "it was closed");
        return threadResult(threadId, "The thread is closed.", false);
      }
      default:
        throw new Error(`no tool is called ${call.name}`);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#opening);
    await Promise.all([...this.#threads.values()].map((thread) => this.#drop(thread, "the server is shutting down")));
  }

  async #start(values: CodexCall, call: ToolCall): Promise<CallToolResult> {
    // Up to the first wait, so that calls that come together see each other.
    const room = this.#makeRoom();
    if ("fault" in room) return failed(room.fault);
    const opening = room.made.then(() => this.#open(values, call));
    this.#opening.add(opening);
    let opened: Opened;
    try {
      opened = await opening;
    } finally {
      this.#opening.delete(opening);
    }
    if ("fault" in opened) return failed(opened.fault);
    if (call.signal.aborted) await this.#drop(opened.thread, "its call was cancelled before it began");
    return this.#run(opened.thread, values.prompt, call);
  }

  async #open(values: CodexCall, call: ToolCall): Promise<Opened> {
    try {
      const thread = await openThread(values, call, this.#options);
      this.#threads.set(thread.id, thread);
      return { thread };
    } catch (error) {
      if (error instanceof UnusableSetting) return { fault: error.message };
      if (!(error instanceof CodexError)) throw error;
      // The settings came as arguments, whatever the words of the command line are.
      const message = error.message.replaceAll(/^-c /gm, "config: ");
      return { fault: error.hint === undefined ? message : `${message}\n${error.hint}` };
    }
  }

  async #run(thread: Thread, prompt: string, call: ToolCall): Promise<CallToolResult> {
    if (this.#threads.delete(thread.id)) this.#threads.set(thread.id, thread);
    this.#idle.get(thread)?.();
    this.#idle.delete(thread);
    const result = await thread.run(prompt, call);
    if (!thread.busy && this.#threads.has(thread.id)) this.#startIdleTime(thread);
    return result;
  }

  #startIdleTime(thread: Thread): void {
    const { clock, idleMs } = this.#options;
    const minutes = String(Math.round(idleMs / 60_000));
    this.#idle.set(
      thread,
      clock.timer(idleMs, () => void this.#drop(thread, `it was closed after ${minutes} min without a call`), { unref: true }),
    );
  }

  /** Makes sure that one more thread may be opened: another may have to be closed for it. */
  #makeRoom(): { readonly made: Promise<void> } | { readonly fault: string } {
    const { maxThreads } = this.#options;
    if (this.#closed) return { fault: "the server is shutting down" };
    if (this.#threads.size + this.#opening.size < maxThreads) return { made: Promise.resolve() };
    const oldest = [...this.#threads.values()].find((thread) => !thread.busy);
    if (oldest !== undefined)
      return { made: this.#drop(oldest, `it was closed to make room: at most ${String(maxThreads)} threads are kept`) };
    return { fault: `${String(maxThreads)} threads are at work, which is the limit: wait for one, or close one with codex-close` };
  }

  async #drop(thread: Thread, why: string): Promise<void> {
    this.#threads.delete(thread.id);
    this.#idle.get(thread)?.();
    this.#idle.delete(thread);
    this.#gone.set(thread.id, why);
    for (const id of this.#gone.keys()) {
      if (this.#gone.size <= REMEMBERED) break;
      this.#gone.delete(id);
    }
    await thread.close();
  }

  #notThere(threadId: string): CallToolResult {
    const why = this.#gone.get(threadId);
    const message = why === undefined ? `There is no thread ${threadId}.` : `The thread ${threadId} is gone: ${why}.`;
    return threadResult(threadId, `${message} Start one with codex.`, true);
  }
}

function failed(message: string): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}
