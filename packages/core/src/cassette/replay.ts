import type { ApprovalHandler } from "../host/approval.ts";
import type { Host, ModelHttpRequest, ModelHttpSink, ModelTransport, ModelTransportEnd, Processes, ToolTape } from "../host/host.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { Grant } from "../protocol/grant.ts";
import { canonicalFor, type Canonical, type CanonicalConfig } from "./canonical.ts";
import { firstDifference, type Difference } from "./difference.ts";
import type { Cassette, RecordedApproval, RecordedChunk, RecordedExchange, RecordedOffer } from "./format.ts";
import { parseBody, pathOf } from "./record.ts";
import { replayClock, type ReplayClock } from "./replay-clock.ts";
import { encodeBlock } from "./split-events.ts";

export interface ReplayOptions {
  readonly config: CanonicalConfig;
  /** Tools really run, and what they print is left out of the comparison. Otherwise no tool and no process is run. */
  readonly liveTools: boolean;
  /** `recorded` waits between events as the recording did. Default `fast`. */
  readonly timing?: "fast" | "recorded";
}

export interface Replay {
  /** What the session has to be opened with. It never opens a connection. */
  readonly host: Host;
  /** To be called after the session. Throws CodexError `replay_mismatch` when it asked for less than was recorded. */
  finish(): void;
}

/**
 * Wraps a host so that one session on it is answered from a cassette. A request that differs from the recorded one ends
 * with the transport failure `replay_mismatch`, whose message points to the first difference. Waits that the recording
 * made for a retry pass at once, on the clock too. In a full replay the clock starts when the recording did, and the events
 * of calls that ran side by side come one call after another.
 */
export async function replayHost(host: Host, cassette: Cassette, options: ReplayOptions): Promise<Replay> {
  const { config, liveTools, timing = "fast" } = options;
  const canonical = await canonicalFor(host, config);
  const clock = replayClock(host.clock, liveTools ? undefined : Date.parse(cassette.header.started_at));
  const player: Player = { cassette, canonical, clock, liveTools, timing, next: 0 };
  const approve = replayedApprover(cassette, canonical, host.approve);
  return {
    host: {
      ...host,
      clock,
      model: replayTransport(player),
      ...(liveTools ? {} : { processes: NO_PROCESSES, mcp: undefined, toolTape: replayTape(cassette, canonical) }),
      ...(approve === undefined ? {} : { approve }),
    },
    finish() {
      const recorded = cassette.exchanges.length;
      if (player.next < recorded)
        throw mismatch(cassette, `the session ended after ${String(player.next)} of ${String(recorded)} recorded requests`);
    },
  };
}

interface Player {
  readonly cassette: Cassette;
  readonly canonical: Canonical;
  readonly clock: ReplayClock;
  readonly liveTools: boolean;
  readonly timing: "fast" | "recorded";
  /** Index of the exchange that answers the next request. */
  next: number;
}

const NO_PROCESSES: Processes = {
  run: async () => ({ type: "not_started", code: "EPERM", message: "a replay starts no process" }),
  start: async () => ({}),
  close: async () => undefined,
};

function replayTransport(player: Player): ModelTransport {
  return {
    offline: true,
    async send(request, sink, signal) {
      if (signal.aborted) return { type: "aborted" };
      player.clock.skipWaits(false);
      const exchange = player.cassette.exchanges[player.next];
      const problem = checkRequest(player, request, exchange);
      if (exchange === undefined || problem !== undefined) return failed(problem ?? "");
      player.next++;
      const afterwards = (): void => player.clock.skipWaits(player.timing === "fast" && isRepeated(player, exchange));
      // The client aborts an answer that failed inside, and may begin its wait before this function returns.
      signal.addEventListener("abort", afterwards, { once: true });
      const end = await playAnswer(player, exchange, { sink, signal });
      signal.removeEventListener("abort", afterwards);
      afterwards();
      return end;
    },
    close: async () => undefined,
  };
}

/** Whether the recorded session sent the same request once more, after a wait. */
function isRepeated({ cassette }: Player, exchange: RecordedExchange): boolean {
  const following = cassette.exchanges[exchange.n];
  return following !== undefined && firstDifference(exchange.request.body, following.request.body) === undefined;
}

function checkRequest(
  { cassette, canonical, liveTools }: Player,
  request: ModelHttpRequest,
  exchange: RecordedExchange | undefined,
): string | undefined {
  if (exchange === undefined) {
    const ended = cassette.outcome === "complete" ? "" : `, whose session ended with ${cassette.outcome}`;
    return `the session asks more than the ${String(cassette.exchanges.length)} requests that ${cassette.file} holds${ended}`;
  }
  const where = `request ${String(exchange.n)} differs from ${cassette.file}`;
  const line = `${request.method} ${pathOf(request.url)}`;
  const recordedLine = `${exchange.request.method} ${exchange.request.path}`;
  if (line !== recordedLine) return `${where}: recorded ${recordedLine}, now ${line}`;
  const prepare = liveTools ? withoutToolOutputs : (body: unknown): unknown => body;
  const difference = firstDifference(prepare(exchange.request.body), prepare(canonical.request(parseBody(request))));
  return difference === undefined ? undefined : `${where} at ${describe(difference)}`;
}

function describe({ pointer, recorded, actual }: Difference): string {
  return `${pointer === "" ? "its root" : pointer}: recorded ${recorded}, now ${actual}`;
}

/** Blanks what tools gave back, in both wire formats. Which calls were answered still counts. */
function withoutToolOutputs(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const blank = (item: unknown): unknown => {
    if (typeof item !== "object" || item === null) return item;
    if ("type" in item && (item.type === "function_call_output" || item.type === "custom_tool_call_output")) return { ...item, output: "" };
    return "role" in item && item.role === "tool" ? { ...item, content: "" } : item;
  };
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      (key === "input" || key === "messages") && Array.isArray(value) ? value.map(blank) : value,
    ]),
  );
}

interface Listener {
  readonly sink: ModelHttpSink;
  readonly signal: AbortSignal;
}

async function playAnswer(player: Player, { head, chunks, end }: RecordedExchange, { sink, signal }: Listener): Promise<ModelTransportEnd> {
  const { canonical, clock } = player;
  const sent = clock.monotonic();
  const encoder = new TextEncoder();
  const reach = async (atMs: number): Promise<boolean> => {
    await moment(player, sent + atMs, signal);
    return !signal.aborted;
  };
  if (head !== undefined) {
    if (!(await reach(head.at_ms))) return { type: "aborted" };
    sink.head(head.status, head.headers);
  }
  for (const chunk of chunks) {
    // oxlint-disable-next-line no-await-in-loop -- events come one after another
    if (!(await reach(chunk.at_ms))) return { type: "aborted" };
    sink.data(encoder.encode(chunkText(canonical.restore(chunk) as RecordedChunk)));
  }
  if (end.end.type === "aborted") return endAborted(player, sent + end.at_ms, signal);
  if (!(await reach(end.at_ms))) return { type: "aborted" };
  return canonical.restore(end.end) as ModelTransportEnd;
}

function chunkText(chunk: RecordedChunk): string {
  if (chunk.type === "response_event") return encodeBlock(chunk);
  return chunk.text ?? JSON.stringify(chunk.body);
}

/** Comes to `monotonicMs` by moving the clock, or by waiting when the recorded timing is kept. */
async function moment({ clock, timing }: Player, monotonicMs: number, signal: AbortSignal): Promise<void> {
  if (timing === "fast") {
    clock.advanceTo(monotonicMs);
    // Lets the reader take each event before the next, as it would from a socket.
    await Promise.resolve();
    return;
  }
  const wait = monotonicMs - clock.monotonic();
  if (wait <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.timer(wait, done);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** The recorded request was given up, by the idle timeout or by a person. The timeout is brought about again; a person cannot be. */
async function endAborted(player: Player, monotonicMs: number, signal: AbortSignal): Promise<ModelTransportEnd> {
  const { clock } = player;
  await moment(player, monotonicMs, signal);
  const limit = clock.monotonic() + TIMEOUT_SLACK_MS;
  for (let due = clock.nextDue(); !signal.aborted && due !== undefined && due <= limit; due = clock.nextDue()) clock.advanceTo(due);
  return signal.aborted ? { type: "aborted" } : failed("the recorded session was interrupted here");
}

const TIMEOUT_SLACK_MS = 1000;

function failed(message: string): ModelTransportEnd {
  return { type: "failed", kind: "replay_mismatch", code: "replay_mismatch", message };
}

function replayTape(cassette: Cassette, canonical: Canonical): ToolTape {
  const left = [...cassette.tools];
  const offers = [...cassette.mcpOffers];
  return {
    // A session that was recorded without servers is replayed without any.
    playMcp: async () => (canonical.restore(offers.shift()) as RecordedOffer | undefined) ?? { servers: [], events: [] },
    recordMcp: () => undefined,
    async play(callId) {
      const index = left.findIndex((tool) => tool.call_id === callId);
      const tool = index === -1 ? undefined : left.splice(index, 1)[0];
      // The next request then differs from the recorded one, which is what the user is told.
      if (tool === undefined) return { output: `${cassette.file} holds no result of this call`, events: [] };
      return { output: canonical.restore(tool.output), events: canonical.restore(tool.events) as unknown[] };
    },
    record: () => undefined,
  };
}

/** Recorded answers first; a request that was not recorded goes to the host's own answerer. */
function replayedApprover(cassette: Cassette, canonical: Canonical, otherwise: ApprovalHandler | undefined): ApprovalHandler | undefined {
  if (cassette.approvals.length === 0) return otherwise;
  const left: RecordedApproval[] = [...cassette.approvals];
  return async (request, signal) => {
    const index = left.findIndex((approval) => approval.call_id === request.call_id);
    const recorded = index === -1 ? undefined : left.splice(index, 1)[0];
    if (recorded !== undefined)
      return {
        decision: recorded.decision,
        reason: recorded.reason === undefined ? undefined : String(canonical.restore(recorded.reason)),
        unconfined: recorded.unconfined,
        grants: (canonical.restore(recorded.grants) as Grant[] | undefined)?.map(forSession),
      };
    return otherwise === undefined
      ? { decision: "denied", reason: `${cassette.file} holds no answer to this request` }
      : otherwise(request, signal);
  };
}

/** A replay leaves the user's rule files alone. */
function forSession(grant: Grant): Grant {
  return grant.type === "prefix" ? { ...grant, scope: "session" } : grant;
}

function mismatch(cassette: Cassette, message: string): CodexError {
  return new CodexError("replay_mismatch", `${cassette.file}: ${message}`);
}
