import { quoteCommand, type Event, type EventMsg, type EventOf } from "@codex/core";
import { formatDuration } from "../terminal/duration.ts";
import { harmless } from "../terminal/harmless.ts";
import type { Paint, Style } from "../terminal/paint.ts";
import { bannerLines } from "./banner.ts";
import { changeLines } from "./change-lines.ts";
import { declinedCall } from "./declined-call.ts";
import type { DeclinedCall } from "./events.ts";
import { formatRetry } from "./notice.ts";
import { endingOf, type FailedEnding, type Reader } from "./reader.ts";

/** Lines of one command's or tool's output that are shown. */
const OUTPUT_LINES = 20;

export interface HumanOptions {
  readonly version: string;
  readonly prompt: string;
  readonly images: number;
  readonly paint: Paint;
  /** Standard error: everything but the final message. */
  readonly note: (text: string) => void;
  /** Standard output: the final message, with a line feed. */
  readonly answer: (text: string) => void;
  /** Standard output is a terminal, so the final message is made harmless too; into a file or pipe it goes as it is. */
  readonly answerIsTerminal: boolean;
  /** What is replayed, for the eye; undefined for a session that is real. */
  readonly replay?: string | undefined;
}

/** Shows a session to a person: the final message alone on stdout, all else on stderr. */
export function makeHumanReader(options: HumanOptions): Reader {
  const view = new View(options);
  let ended = false;
  const fail = (ending: FailedEnding): void => {
    ended = true;
    view.flush();
    view.summary();
    view.section("red", "error", `${ending.message} (${ending.code})`);
    if (ending.hint !== undefined) view.line(ending.hint);
  };
  return {
    read(event) {
      if (ended) return;
      const ending = endingOf(event);
      if (ending === undefined) show(event, view);
      else if (ending.type === "failed") fail(ending);
      else if (event.msg.type === "task_complete") {
        ended = true;
        view.complete(event.msg);
      }
    },
    finish(fallback) {
      if (!ended) fail(fallback);
    },
  };
}

/** What is on the screen so far: the last message, which may turn out to be the final one, and the commands that run. */
class View {
  readonly options: HumanOptions;
  readonly #running = new Map<string, string>();
  #held: string | undefined;
  readonly #declined: DeclinedCall[] = [];

  constructor(options: HumanOptions) {
    this.options = options;
  }

  line(text: string, style?: Style): void {
    const safe = harmless(text);
    this.options.note(`${style === undefined ? safe : this.options.paint(style, safe)}\n`);
  }

  section(style: Style, title: string, text: string): void {
    this.options.note(`${this.options.paint(style, title)}\n`);
    this.line(text);
  }

  /** Keeps a message back until it is known whether more follows. */
  hold(message: string): void {
    this.flush();
    this.#held = message;
  }

  flush(): void {
    if (this.#held !== undefined) this.section("cyan", "codex", this.#held);
    this.#held = undefined;
  }

  declined(call: DeclinedCall): void {
    this.#declined.push(call);
    this.section("red", "declined", call.command ?? call.tool);
    this.line(call.reason);
  }

  /** What was declined, and what would allow it: each piece of advice once. */
  summary(): void {
    const calls = this.#declined.splice(0);
    if (calls.length === 0) return;
    this.section("red", "declined calls", `${plural(calls.length, "call")} did not run:`);
    for (const { command, tool, call_id } of calls) this.line(`- ${firstLine(command ?? tool)} (codex explain ${call_id})`);
    const advice = new Set(calls.flatMap(({ change = [] }) => change));
    if (advice.size > 0) this.line("What would change that:");
    for (const text of advice) this.line(`- ${text}`);
  }

  begin(callId: string, what: string): void {
    this.#running.set(callId, what);
  }

  take(callId: string): string {
    const what = this.#running.get(callId) ?? "";
    this.#running.delete(callId);
    return what;
  }

  complete({ last_agent_message: message, usage }: EventOf<"task_complete">): void {
    if (this.#held !== message) this.flush();
    this.summary();
    const cached = usage.cached_input_tokens === 0 ? "" : `, ${count(usage.cached_input_tokens)} of them cached`;
    this.section(
      "dim",
      "tokens used",
      `${count(usage.total_tokens)} (${count(usage.input_tokens)} in${cached}; ${count(usage.output_tokens)} out)`,
    );
    if (message === null) return;
    // Somebody who sees both streams sees where the answer begins.
    if (this.options.answerIsTerminal) this.line("codex", "cyan");
    const text = this.options.answerIsTerminal ? harmless(message) : message;
    this.options.answer(text.endsWith("\n") ? text : `${text}\n`);
  }
}

function show({ msg }: Event, view: View): void {
  // What is shown next proves that the message before it was not the final one.
  if (SHOWN.has(msg.type)) view.flush();
  switch (msg.type) {
    case "session_configured":
      for (const line of bannerLines(msg, view.options)) view.line(line);
      view.section("cyan", "user", view.options.prompt);
      if (view.options.images > 0) view.line(`(with ${plural(view.options.images, "image")})`, "dim");
      return;
    case "agent_message":
      view.hold(msg.message);
      return;
    case "agent_reasoning":
      view.section("magenta", "thinking", msg.text);
      return;
    case "plan_update":
      view.section("magenta", "plan", planText(msg));
      return;
    case "stream_error":
      view.line(formatRetry(msg), "yellow");
      return;
    case "warning":
      view.line(`warning: ${msg.message}`, "yellow");
      return;
    case "sandbox_status":
      if (msg.message !== undefined) view.line(`sandbox: ${msg.message}`, "yellow");
      return;
    case "background_event":
      view.line(msg.message, "dim");
      return;
    default:
      showCall(msg, view);
  }
}

const SHOWN: ReadonlySet<EventMsg["type"]> = new Set<EventMsg["type"]>([
  "agent_reasoning",
  "plan_update",
  "stream_error",
  "exec_command_begin",
  "patch_apply_begin",
  "tool_call_begin",
  "mcp_tool_call_begin",
  "tool_call_declined",
  "exec_approval_request",
  "apply_patch_approval_request",
  "mcp_approval_request",
  "elicitation_request",
]);

function showCall(msg: EventMsg, view: View): void {
  switch (msg.type) {
    case "exec_command_begin":
      view.begin(msg.call_id, quoteCommand(msg.command));
      view.section("magenta", "exec", `${quoteCommand(msg.command)} in ${msg.cwd}`);
      return;
    case "exec_command_end":
      showCommandEnd(msg, view);
      return;
    case "exec_approval_request":
      view.section("yellow", "asking", quoteCommand(msg.command));
      if (msg.reason !== undefined) view.line(msg.reason);
      return;
    case "apply_patch_approval_request":
      view.section("yellow", "asking", "to change files");
      for (const { style, text } of changeLines(msg.changes)) view.line(text, style);
      if (msg.reason !== undefined) view.line(msg.reason);
      return;
    case "patch_apply_begin":
      view.section("magenta", "patch", msg.auto_approved ? "applying" : "applying, as approved");
      for (const { style, text } of changeLines(msg.changes)) view.line(text, style);
      return;
    case "patch_apply_end":
      if (msg.success) view.line("patch applied", "green");
      else view.line(`patch failed: ${msg.stderr === "" ? msg.stdout : msg.stderr}`, "red");
      return;
    case "tool_call_begin":
      view.section("magenta", "tool", `${msg.tool} ${JSON.stringify(msg.arguments) ?? ""}`);
      return;
    case "tool_call_end":
      view.line(`${msg.tool} ${msg.success ? "succeeded" : "failed"}:`, msg.success ? "green" : "red");
      showOutput(msg.output, view);
      return;
    case "tool_call_declined":
      view.declined(declinedCall(msg));
      return;
    default:
      showServerCall(msg, view);
  }
}

function showServerCall(msg: EventMsg, view: View): void {
  switch (msg.type) {
    case "mcp_tool_call_begin":
      view.section("magenta", "tool", `${msg.server}.${msg.tool} ${JSON.stringify(msg.arguments) ?? ""}`);
      return;
    case "mcp_tool_call_progress":
      view.line(progressText(msg), "dim");
      return;
    case "mcp_tool_call_end": {
      const time = formatDuration(msg.duration_ms);
      view.line(`${msg.server}.${msg.tool} ${msg.success ? "succeeded in" : "failed after"} ${time}:`, msg.success ? "green" : "red");
      showOutput(msg.error ?? mcpResultText(msg.result), view);
      return;
    }
    case "mcp_approval_request":
      view.section("yellow", "asking", `to call ${msg.server}.${msg.tool} ${JSON.stringify(msg.arguments) ?? ""}`);
      if (msg.reason !== undefined) view.line(msg.reason);
      return;
    case "elicitation_request":
      view.section("yellow", "asking", `for the MCP server ${msg.server}: ${msg.message}`);
      if (msg.url !== undefined) view.line(msg.url);
      return;
    case "elicitation_end":
      if (msg.outcome === "withdrawn") view.line(`${msg.server} no longer wants an answer`, "dim");
      return;
    default:
    // Deltas, counts and the diff of the whole turn: the whole messages, the total and each patch are shown instead.
  }
}

function progressText({ progress, total, message }: EventOf<"mcp_tool_call_progress">): string {
  const share = total === undefined ? String(progress) : `${String(progress)} of ${String(total)}`;
  return message === undefined ? share : `${share}: ${message}`;
}

/** The texts of a server's result; other content by its kind. */
function mcpResultText(result: EventOf<"mcp_tool_call_end">["result"]): string {
  const parts = (result?.content ?? []).map((block) => {
    const { type, text } = Object(block) as { readonly type?: unknown; readonly text?: unknown };
    return typeof text === "string" ? text : `(${String(type)})`;
  });
  if (parts.length === 0 && result?.structured_content !== undefined) return JSON.stringify(result.structured_content);
  return parts.join("\n");
}

function showCommandEnd(msg: EventOf<"exec_command_end">, view: View): void {
  const command = view.take(msg.call_id);
  const time = formatDuration(msg.duration_ms);
  const succeeded = msg.exit_code === 0 && !msg.timed_out;
  const outcome = succeeded ? `succeeded in ${time}` : msg.timed_out ? `timed out after ${time}` : `${howItEnded(msg)} after ${time}`;
  view.line(`${firstLine(command)} ${outcome}${msg.aggregated_output === "" ? "" : ":"}`, succeeded ? "green" : "red");
  showOutput(msg.aggregated_output, view);
  if (msg.denial?.denied === true) view.line(`the sandbox refused ${deniedThing(msg.denial)}`, "red");
}

function deniedThing({ what, path, address, permission }: NonNullable<EventOf<"exec_command_end">["denial"]>): string {
  const thing =
    what === "write"
      ? `to let it write ${path ?? "there"}`
      : what === "network"
        ? `it the network${address === undefined ? "" : ` (${address})`}`
        : "a system call";
  return permission === undefined ? thing : `${thing}; ${permission} would allow it`;
}

function howItEnded({ exit_code, signal }: EventOf<"exec_command_end">): string {
  if (exit_code !== null) return `exited ${String(exit_code)}`;
  return signal === null ? "did not start" : `ended by ${signal}`;
}

function showOutput(output: string, view: View): void {
  const lines = harmless(output).replace(/\n+$/, "").split("\n");
  if (lines.length === 1 && lines[0] === "") return;
  view.line(lines.slice(0, OUTPUT_LINES).join("\n"), "dim");
  const rest = lines.length - OUTPUT_LINES;
  if (rest > 0) view.line(`… ${plural(rest, "more line")}`, "dim");
}

function planText({ explanation, plan }: EventOf<"plan_update">): string {
  const marks = { pending: "[ ]", in_progress: "[>]", completed: "[x]" };
  const steps = plan.map(({ step, status }) => `${marks[status]} ${step}`);
  return [...(explanation === undefined ? [] : [explanation]), ...steps].join("\n");
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : `${text.slice(0, end)} …`;
}

function count(tokens: number): string {
  return String(tokens).replace(/\B(?=(\d{3})+$)/g, ",");
}

function plural(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? "" : "s"}`;
}
