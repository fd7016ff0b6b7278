import { tmpdir } from "node:os";
import type { CanonicalConfig } from "../../src/cassette/canonical.ts";
import type { Host, ModelHttpRequest, ModelHttpSink, ModelTransport, ModelTransportEnd } from "../../src/host/host.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { systemRandom } from "../../src/node/random.ts";

export interface TestHostOptions {
  readonly env?: Record<string, string>;
  readonly temporaryDirectory?: string;
  readonly model?: ModelTransport;
  readonly parts?: Partial<Host>;
}

/** A host on real files whose processes and model throw unless given. */
export function testHost({ env = {}, temporaryDirectory = tmpdir(), model = FORBIDDEN_MODEL, parts = {} }: TestHostOptions = {}): Host {
  return {
    clock: systemClock,
    random: systemRandom,
    env,
    platform: { os: process.platform, arch: process.arch, temporaryDirectory },
    fs: nodeFileSystem,
    processes: FORBIDDEN_PROCESSES,
    model,
    log: { write: () => undefined, flush: async () => undefined },
    ...parts,
  };
}

export function testConfig(places: { readonly cwd: string; readonly codexHome?: string }): CanonicalConfig {
  return {
    cwd: places.cwd,
    codexHome: places.codexHome ?? `${places.cwd}/.codex`,
    provider: {
      id: "test",
      name: "Test",
      baseUrl: "http://127.0.0.1:9/v1",
      envKey: "TEST_KEY",
      envKeyInstructions: undefined,
      wireApi: "responses",
      httpHeaders: {},
      envHttpHeaders: {},
      queryParams: {},
      requestMaxRetries: 4,
      streamMaxRetries: 5,
      streamIdleTimeoutMs: 300_000,
      supportsResponseStorage: false,
    },
  };
}

const FORBIDDEN_MODEL: ModelTransport = {
  send: () => {
    throw new Error("the network was used");
  },
  close: async () => undefined,
};

const FORBIDDEN_PROCESSES: Host["processes"] = {
  run: () => {
    throw new Error("a process was run");
  },
  start: () => {
    throw new Error("a process was started");
  },
  close: async () => undefined,
};

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Each is one chunk of the body. */
  readonly chunks?: readonly string[];
  readonly end?: ModelTransportEnd;
}

/** A transport that gives the answers in order. */
export function answering(...answers: readonly Answer[]): ModelTransport {
  const left = [...answers];
  return {
    async send(_request, sink) {
      const answer = left.shift() ?? {};
      const headers = { "content-type": "text/event-stream", "set-cookie": "id=1", ...answer.headers };
      if (answer.status !== 0) sink.head(answer.status ?? 200, headers);
      for (const chunk of answer.chunks ?? []) sink.data(new TextEncoder().encode(chunk));
      return answer.end ?? { type: "ended" };
    },
    close: async () => undefined,
  };
}

export interface Received {
  status: number | undefined;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  end: ModelTransportEnd;
}

/** Sends a body and gathers the answer. */
export async function send(
  model: ModelTransport,
  body: unknown,
  options: { readonly url?: string; readonly signal?: AbortSignal } = {},
): Promise<Received> {
  const request: ModelHttpRequest = {
    method: "POST",
    url: options.url ?? "http://127.0.0.1:9/v1/responses?api-version=secret-looking",
    headers: { authorization: "Bearer tk-abcdef" },
    body: JSON.stringify(body),
  };
  const received = { status: undefined as number | undefined, headers: {}, body: "" };
  const sink: ModelHttpSink = {
    head: (status, headers) => Object.assign(received, { status, headers }),
    data: (chunk) => (received.body += new TextDecoder().decode(chunk)),
  };
  const end = await model.send(request, sink, options.signal ?? new AbortController().signal);
  return { ...received, end };
}
