import { Codex, CodexError, createNodeHost, type Event, type EventMsg } from "@codex/core";
import { STOP_LIMIT_MS, watchForStop, type StopReason } from "../exec/stop-request.ts";
import { DONE, stopExitCode } from "../exit.ts";
import { readLines } from "../proto/read-lines.ts";
import { parseSubmission } from "../proto/parse-submission.ts";
import { loadSessionConfig, openSessionHost, type SessionValues } from "../session-config.ts";

/**
 * `codex proto`: submissions in on stdin, events out on stdout, one JSON object a line. Returns the exit code once stdin has
 * ended and the running task is done, after a `shutdown` op, or after a signal.
 */
export async function proto(values: SessionValues): Promise<number> {
  if (process.stdin.isTTY) {
    throw new CodexError("usage", "proto reads submissions from a pipe, and stdin is a terminal", {
      hint: "Programs start it; people want codex exec.",
    });
  }
  const config = await loadSessionConfig(values, { processCwd: process.cwd(), host: createNodeHost() });
  const host = openSessionHost(config);
  const codex = await Codex.open(config, host);
  const session = new ProtoSession(codex);
  const giveUp = (reason: StopReason): void => {
    session.tellAborted();
    process.exit(stopExitCode(reason));
  };
  const stop = watchForStop((reason) => {
    session.stop();
    // A client that reads nothing more would be waited for without end.
    setTimeout(() => giveUp(reason), STOP_LIMIT_MS).unref();
  }, giveUp);
  void session.readStdin();
  await session.ended;
  await Promise.all([host.processes.close(), host.model.close()]);
  return stop.reason === undefined ? DONE : stopExitCode(stop.reason);
}

/** The op that answers. */
type Question = "exec_approval" | "patch_approval" | "mcp_approval" | "elicitation_answer";

const QUESTIONS: Readonly<Partial<Record<EventMsg["type"], Question>>> = {
  exec_approval_request: "exec_approval",
  apply_patch_approval_request: "patch_approval",
  mcp_approval_request: "mcp_approval",
  elicitation_request: "elicitation_answer",
};

/** What shows that a question is open no more. */
const ANSWERED: ReadonlySet<EventMsg["type"]> = new Set<EventMsg["type"]>([
  "exec_command_begin",
  "patch_apply_begin",
  "mcp_tool_call_begin",
  "tool_call_declined",
  "elicitation_end",
]);

class ProtoSession {
  /** Resolves after the last event was written. */
  readonly ended: Promise<void>;
  readonly #codex: Codex;
  readonly #open = new Map<string, Question>();
  #inputEnded = false;
  #stopped = false;
  #task: string | undefined;

  constructor(codex: Codex) {
    this.#codex = codex;
    this.ended = this.#writeEvents();
  }

  /** Ends the session; a running task is stopped. */
  stop(): void {
    this.#stopped = true;
    process.stdin.destroy();
    void this.#codex.close();
  }

  /** Writes the end of a task that is not waited for any longer. */
  tellAborted(): void {
    if (this.#task !== undefined) this.#write({ id: this.#task, msg: { type: "turn_aborted", reason: "interrupted" } });
    this.#task = undefined;
  }

  async readStdin(): Promise<void> {
    let number = 0;
    try {
      for await (const line of readLines(process.stdin)) {
        number++;
        this.#take(line, number);
      }
    } catch (error) {
      if (!this.#stopped) complain(`stdin cannot be read: ${(error as Error).message}`);
    }
    if (this.#stopped) return;
    this.#inputEnded = true;
    // Nobody is left to answer what is being asked.
    for (const [callId, type] of this.#open) this.#deny(callId, type);
    await this.#codex.idle();
    await this.#codex.close();
  }

  #take(line: Buffer, number: number): void {
    const parsed = parseSubmission(line);
    if (parsed === undefined) return;
    if (!parsed.ok) {
      complain(`line ${String(number)} is not a submission: ${parsed.message}`);
      return;
    }
    try {
      const { op, id } = parsed.submission;
      this.#codex.submit(op, id);
      if (op.type === "elicitation_answer") this.#open.delete(op.call_id ?? "");
    } catch (error) {
      if (!(error instanceof CodexError)) throw error;
      complain(`line ${String(number)}: ${error.message}`);
    }
  }

  async #writeEvents(): Promise<void> {
    for await (const event of this.#codex.events()) {
      this.#write(event);
      this.#follow(event);
      // Written ahead of a slow reader it would all be kept in memory.
      if (process.stdout.writableNeedDrain) await drained(process.stdout);
    }
  }

  #write(event: Event): void {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  }

  #follow({ id, msg }: Event): void {
    if (msg.type === "task_started") this.#task = id;
    if (msg.type === "task_complete" || msg.type === "error" || msg.type === "turn_aborted") this.#task = undefined;
    if (msg.type === "shutdown_complete" || this.#stopped) return;
    const question = QUESTIONS[msg.type];
    if (question !== undefined && "call_id" in msg) this.#asked(msg.call_id, question);
    if (ANSWERED.has(msg.type) && "call_id" in msg) this.#open.delete(msg.call_id);
    if (msg.type === "task_complete" || msg.type === "error" || msg.type === "turn_aborted") this.#open.clear();
  }

  #asked(callId: string, type: Question): void {
    if (this.#inputEnded) this.#deny(callId, type);
    else this.#open.set(callId, type);
  }

  #deny(callId: string, type: Question): void {
    if (type === "elicitation_answer") this.#codex.submit({ type, call_id: callId, action: "decline" });
    else this.#codex.submit({ type, call_id: callId, decision: "denied", reason: "nobody is there to answer" });
  }
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}

function complain(message: string): void {
  process.stderr.write(`codex proto: ${message}\n`);
}
