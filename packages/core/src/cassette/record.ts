import type { ApprovalHandler } from "../host/approval.ts";
import type { Host, ModelHttpRequest, ModelHttpSink, ModelTransport, ModelTransportEnd, ToolTape } from "../host/host.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { Grant } from "../protocol/grant.ts";
import { canonicalAnswer } from "./canonical-answer.ts";
import { canonicalFor, type Canonical, type CanonicalConfig } from "./canonical.ts";
import { compactBody, type CassetteLine } from "./format.ts";
import { eventSplitter, type StreamBlock } from "./split-events.ts";

export interface RecordOptions {
  /** Absolute path of the cassette; mode 0600. Until the end the lines are in FILE.partial. */
  readonly file: string;
  readonly config: CanonicalConfig;
}

export interface Recording {
  /** What the session has to be opened with. */
  readonly host: Host;
  /**
   * Writes the last line, waits for the disk and returns the file's path: the cassette's own, replaced when it existed, or FILE.failed
   * when the outcome is not "complete" and there is an earlier cassette to keep. Throws CodexError `cassette_invalid` when something
   * could not be written.
   */
  finish(outcome?: string): Promise<string>;
}

/**
 * Wraps a host so that one session on it is recorded. Lines are appended as things complete: a request when it is sent, its
 * answer when it is over. Approvals are recorded when the host's `approve` gives them. Rejects with CodexError
 * `cassette_invalid` when the file cannot be written.
 */
export async function recordingHost(host: Host, { file, config }: RecordOptions): Promise<Recording> {
  const canonical = await canonicalFor(host, config);
  const earlier = await host.fs.stat(file);
  if (earlier !== undefined && earlier.kind !== "file") throw notWritten(file, new Error("it is not a file"));
  const partial = `${file}.partial`;
  const writer = lineWriter(host, partial);
  const begun = host.clock.monotonic();
  const recorder: Recorder = {
    host,
    canonical,
    writer,
    sinceBegin: () => Math.round(host.clock.monotonic() - begun),
    giveUpOpenAnswer: () => undefined,
  };
  writer.add({ type: "cassette", version: 1, started_at: new Date(host.clock.now()).toISOString() });
  await writer.flush();
  return {
    host: {
      ...host,
      model: recordingTransport(recorder),
      toolTape: recordingTape(recorder),
      ...(host.approve === undefined ? {} : { approve: recordingApprover(recorder, host.approve) }),
    },
    async finish(outcome = "complete") {
      recorder.giveUpOpenAnswer();
      writer.add({ type: "end", at_ms: recorder.sinceBegin(), outcome });
      await writer.flush();
      const target = outcome === "complete" || (await host.fs.stat(file)) === undefined ? file : `${file}.failed`;
      try {
        await host.fs.rename(partial, target);
      } catch (error) {
        throw notWritten(target, error as Error);
      }
      return target;
    },
  };
}

interface Recorder {
  readonly host: Host;
  readonly canonical: Canonical;
  readonly writer: LineWriter;
  readonly sinceBegin: () => number;
  /** Writes the end of the answer that is under way, if there is one. */
  giveUpOpenAnswer: () => void;
}

function recordingTransport(recorder: Recorder): ModelTransport {
  const { host, canonical, writer, sinceBegin } = recorder;
  let count = 0;
  let lastBody: unknown;
  return {
    offline: host.model.offline,
    async send(request, sink, signal) {
      // An answer that the client gave up may still be ending while the next request goes out.
      recorder.giveUpOpenAnswer();
      const n = ++count;
      const sent = host.clock.monotonic();
      const at = (): number => Math.round(host.clock.monotonic() - sent);
      const body = canonical.request(parseBody(request));
      writer.add({
        type: "request",
        n,
        at_ms: sinceBegin(),
        method: request.method,
        path: pathOf(request.url),
        ...compactBody(body, lastBody),
      });
      lastBody = body;
      const answer = answerRecorder(n, at, { canonical, writer, sink });
      recorder.giveUpOpenAnswer = () => answer.finish({ type: "aborted" });
      const end = await host.model.send(request, answer.sink, signal);
      answer.finish(end);
      return end;
    },
    close: () => host.model.close(),
  };
}

/** Headers that change how an answer is read or retried; everything else an answer brings is left out. */
const KEPT_HEADERS = ["content-type", "retry-after", "retry-after-ms", "x-should-retry"];

interface AnswerRecorder {
  readonly sink: ModelHttpSink;
  /** Writes how the answer ended; what comes after the first call is not recorded. */
  finish(end: ModelTransportEnd): void;
}

function answerRecorder(
  n: number,
  at: () => number,
  out: { readonly canonical: Canonical; readonly writer: LineWriter; readonly sink: ModelHttpSink },
): AnswerRecorder {
  const { canonical, writer, sink } = out;
  const splitter = eventSplitter();
  const decoder = new TextDecoder();
  let isStream = false;
  let body = "";
  let finished = false;
  // Kept until the answer is over: a path or a key may be torn between two events.
  const blocks: StreamBlock[] = [];
  const times: number[] = [];
  const keep = (block: StreamBlock): void => {
    blocks.push(block);
    times.push(at());
  };
  const record = (chunk: Uint8Array): void => {
    if (finished) return;
    if (isStream) splitter.push(chunk).forEach(keep);
    else body += decoder.decode(chunk, { stream: true });
  };
  return {
    sink: {
      head(status, headers) {
        const kept = KEPT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
        isStream = (headers["content-type"] ?? "").includes("text/event-stream");
        if (!finished) writer.add({ type: "response_head", n, at_ms: at(), status, headers: Object.fromEntries(kept) });
        sink.head(status, headers);
      },
      data(chunk) {
        record(chunk);
        sink.data(chunk);
      },
    },
    finish(end) {
      if (finished) return;
      finished = true;
      splitter.end().forEach(keep);
      canonicalAnswer(blocks, canonical).forEach((block, index) =>
        writer.add({ type: "response_event", n, at_ms: times[index] ?? 0, ...block }),
      );
      if (body !== "")
        writer.add({ type: "response_body", n, at_ms: at(), ...(canonical.value(parseText(body)) as { body?: unknown; text?: string }) });
      const clean = end.type === "failed" ? { ...end, message: String(canonical.value(end.message)) } : end;
      writer.add({ type: "response_end", n, at_ms: at(), end: clean });
    },
  };
}

function parseText(text: string): { body: unknown } | { text: string } {
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** The request's JSON; text that is not JSON stays a string. */
export function parseBody(request: ModelHttpRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    return request.body;
  }
}

/** Path of a URL, and the names of its query; values may be secrets. */
export function pathOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const names = [...searchParams.keys()];
  return names.length === 0 ? pathname : `${pathname}?${names.join("&")}`;
}

function recordingTape({ canonical, writer, sinceBegin }: Recorder): ToolTape {
  return {
    playMcp: async () => undefined,
    recordMcp({ servers, events }) {
      const shown = canonical.value({ servers, events }) as { servers: unknown[]; events: unknown[] };
      writer.add({ type: "mcp_offer", at_ms: sinceBegin(), ...shown });
    },
    play: async () => undefined,
    record(callId, result) {
      writer.add({
        type: "tool_result",
        at_ms: sinceBegin(),
        call_id: callId,
        output: canonical.value(result.output),
        events: canonical.value(result.events) as unknown[],
      });
    },
  };
}

function recordingApprover({ canonical, writer, sinceBegin }: Recorder, approve: ApprovalHandler): ApprovalHandler {
  return async (request, signal) => {
    const answer = await approve(request, signal);
    const reason = answer.reason === undefined ? {} : { reason: String(canonical.value(answer.reason)) };
    const grants = answer.grants === undefined ? {} : { grants: canonical.value(answer.grants) as Grant[] };
    const unconfined = answer.unconfined === undefined ? {} : { unconfined: answer.unconfined };
    const given = { decision: answer.decision, ...reason, ...grants, ...unconfined };
    writer.add({ type: "approval", at_ms: sinceBegin(), call_id: request.call_id, ...given });
    return answer;
  };
}

interface LineWriter {
  add(line: CassetteLine): void;
  /** Throws CodexError `cassette_invalid` when a write failed, now or before. */
  flush(): Promise<void>;
}

/** Appends lines in order; lines that come while a write is under way go out together in the next. */
function lineWriter({ fs, log }: Host, file: string): LineWriter {
  let waiting = "";
  let busy: Promise<void> | undefined;
  let fresh = true;
  let failure: Error | undefined;
  const drain = async (): Promise<void> => {
    while (waiting !== "" && failure === undefined) {
      const text = waiting;
      waiting = "";
      try {
        // oxlint-disable-next-line no-await-in-loop -- one write at a time keeps the lines in order
        await write(text);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        log.write("error", "the cassette cannot be written", { file, error: failure.message });
      }
    }
    busy = undefined;
  };
  const write = async (text: string): Promise<void> => {
    if (!fresh) return fs.appendFile(file, text, { mode: 0o600 });
    fresh = false;
    await fs.writeFile(file, text, { mode: 0o600 });
    await fs.changeMode(file, 0o600);
  };
  return {
    add(line) {
      waiting += `${JSON.stringify(line)}\n`;
      busy ??= drain();
    },
    async flush() {
      await busy;
      if (failure === undefined) return;
      throw notWritten(file, failure);
    },
  };
}

function notWritten(file: string, cause: Error): CodexError {
  return new CodexError("cassette_invalid", `${file}: cannot be written: ${cause.message}`, { cause });
}
