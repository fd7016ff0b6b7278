import type { ModelHttpRequest, ModelHttpSink, ModelTransport, ModelTransportEnd } from "../host/host.ts";
import { encodeTurn } from "./encode-turn.ts";
import { modelList, parseBody, wireOf, type RecordedRequest } from "./recorded-request.ts";
import { refuse, type ScriptedTurn } from "./scripted-turn.ts";

/** A model that follows a script, without a socket and without a key. */
export interface ScriptedModel extends ModelTransport {
  /** The model requests so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
}

export interface ScriptOptions {
  /** Names that the model list holds. */
  readonly models?: readonly string[];
}

/**
 * A scripted model: each request is answered by the next of `turns`, in the wire format its address asks for. A request
 * after the last turn is refused with a 400 that says so. Use it as `host.model`.
 *
 * @example
 * const model = script([call("shell", { command: ["ls"] }), say("There are two files.")]);
 */
export function script(turns: readonly ScriptedTurn[], options: ScriptOptions = {}): ScriptedModel {
  const requests: RecordedRequest[] = [];
  const started = performance.now();

  async function send(request: ModelHttpRequest, sink: ModelHttpSink, signal: AbortSignal): Promise<ModelTransportEnd> {
    if (signal.aborted) return { type: "aborted" };
    const url = new URL(request.url);
    const path = `${url.pathname}${url.search}`;
    const wire = wireOf(path);
    if (wire === undefined) return answerOther(path, sink);
    const body = parseBody(request.body);
    requests.push({
      method: request.method,
      path,
      headers: request.headers,
      rawBody: request.body,
      body,
      atMs: performance.now() - started,
    });
    const number = requests.length;
    const turn = turns[number - 1] ?? refuse(400, `the script has no turn for request ${number}`);
    if (turn.type === "unreachable")
      return { type: "failed", kind: "unreachable", code: "ECONNREFUSED", message: "scripted: nobody listens" };
    return deliver(encodeTurn(turn, { wire, number, model: String(body["model"]) }), sink, signal);
  }

  async function answerOther(path: string, sink: ModelHttpSink): Promise<ModelTransportEnd> {
    const isList = path.split("?")[0]?.endsWith("/models") === true;
    sink.head(isList ? 200 : 404, { "content-type": "application/json" });
    sink.data(Buffer.from(isList ? modelList(options.models ?? []) : "{}"));
    return { type: "ended" };
  }

  return { offline: true, requests, send, close: async () => undefined };
}

async function deliver(turn: ReturnType<typeof encodeTurn>, sink: ModelHttpSink, signal: AbortSignal): Promise<ModelTransportEnd> {
  const { head, writes, end, delivery } = turn;
  if ((await wait(delivery.delayMs, signal)) === "aborted") return { type: "aborted" };
  if (head !== undefined) sink.head(head.status, head.headers);
  for (const write of writes) {
    // oxlint-disable-next-line no-await-in-loop -- writes come one after another
    if ((await wait(delivery.deltaDelayMs, signal)) === "aborted") return { type: "aborted" };
    sink.data(write);
  }
  if (signal.aborted) return { type: "aborted" };
  if (end === "stall") return untilAborted(signal);
  return end === "clean"
    ? { type: "ended" }
    : { type: "failed", kind: "cut", code: "ECONNRESET", message: "scripted: the connection broke" };
}

/** Lets the reader run before the next write, also when there is nothing to wait for. */
function wait(ms: number | undefined, signal: AbortSignal): Promise<"elapsed" | "aborted"> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      clearImmediate(immediate);
      signal.removeEventListener("abort", done);
      resolve(signal.aborted ? "aborted" : "elapsed");
    };
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    const immediate = ms === undefined ? setImmediate(done) : undefined;
    signal.addEventListener("abort", done, { once: true });
  });
}

function untilAborted(signal: AbortSignal): Promise<ModelTransportEnd> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve({ type: "aborted" }), { once: true }));
}
