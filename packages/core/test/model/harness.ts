import type { Config, ModelProvider } from "../../src/config/config.ts";
import type { Clock, Host, ModelTransport } from "../../src/host/host.ts";
import type { ModelClient, ModelStep, ModelStepOutcome, ModelStepSink } from "../../src/model/model-client.ts";
import { openModelClient } from "../../src/model/open-client.ts";
import type { ResponseItem } from "../../src/protocol/item.ts";

/** A clock that moves only when told, or jumps over waits by itself. */
export interface VirtualClock extends Clock {
  /** Delays of the timers set so far, in order. */
  readonly waits: readonly number[];
  advance(ms: number): void;
  /** Resolves once a timer of exactly `ms` was set. */
  timerSet(ms: number): Promise<void>;
}

const START = Date.UTC(2026, 0, 1);

/** The waits between attempts that a provider does not ask for otherwise, under the test host's randomness. */
export const BACKOFF: readonly number[] = [190, 380, 760, 1520, 3040];

/** Timers of the lengths in `skip` fire at once and move the clock; others wait for `advance`. */
export function virtualClock({ skip = BACKOFF }: { readonly skip?: readonly number[] } = {}): VirtualClock {
  let now = 0;
  const waits: number[] = [];
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  const watchers: { readonly ms: number; readonly resolve: () => void }[] = [];
  return {
    waits,
    now: () => START + now,
    monotonic: () => now,
    timer(ms, callback) {
      waits.push(ms);
      const timer = { due: now + ms, callback };
      timers.add(timer);
      for (const watcher of watchers) if (watcher.ms === ms) watcher.resolve();
      if (skip.includes(ms)) {
        queueMicrotask(() => {
          if (!timers.delete(timer)) return;
          now = Math.max(now, timer.due);
          callback();
        });
      }
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...timers].filter(({ due }) => due <= until).toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.due);
        next.callback();
      }
      now = until;
    },
    timerSet: (ms) => new Promise((resolve) => void watchers.push({ ms, resolve })),
  };
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface TestHost extends Host {
  readonly lines: LogLine[];
}

const refused = (): never => {
  throw new Error("the model client has no business here");
};

export function testHost(model: ModelTransport, options: { readonly clock?: Clock; readonly env?: Host["env"] } = {}): TestHost {
  const lines: LogLine[] = [];
  let byte = 0;
  return {
    lines,
    clock: options.clock ?? virtualClock(),
    random: { number: () => 0.25, bytes: (length) => Uint8Array.from({ length }, () => byte++ % 256) },
    env: options.env ?? { TEST_KEY: "sk-test-secret" },
    platform: { os: "linux", arch: "x64", temporaryDirectory: "/nowhere" },
    fs: new Proxy({} as Host["fs"], { get: refused }),
    processes: new Proxy({} as Host["processes"], { get: refused }),
    model,
    log: { write: (level, message, fields) => void lines.push({ level, message, fields }), flush: async () => undefined },
  };
}

export function testConfig(provider: Partial<ModelProvider> = {}, config: Partial<Config> = {}): Config {
  return {
    model: "gpt-5.5",
    tui: { theme: "auto", mouse: "wheel", notifications: true, reducedMotion: false, screenReader: false, vim: false, keymap: {} },
    provider: {
      id: "test",
      name: "Test",
      baseUrl: "http://model.test/v1",
      envKey: "TEST_KEY",
      envKeyInstructions: undefined,
      wireApi: "responses",
      httpHeaders: {},
      envHttpHeaders: {},
      queryParams: {},
      requestMaxRetries: 5,
      streamMaxRetries: 5,
      streamIdleTimeoutMs: 300_000,
      supportsResponseStorage: false,
      ...provider,
    },
    approvalPolicy: "never",
    sandboxRequire: [],
    trustedProjects: [],
    sandboxPolicy: { permissions: [] } as unknown as Config["sandboxPolicy"],
    cwd: "/nowhere",
    codexHome: "/nowhere",
    disableResponseStorage: false,
    notify: [],
    baseInstructions: undefined,
    developerInstructions: undefined,
    projectDoc: { maxBytes: 0, fallbackFilenames: [], rootMarkers: [] },
    reasoning: { effort: undefined, summary: "auto", hide: false },
    verbosity: undefined,
    shellEnvironment: { inherit: "all", ignoreDefaultExcludes: false, exclude: [], set: {}, includeOnly: [] },
    toolOutputTokenLimit: 10_000,
    contextWindow: undefined,
    ephemeral: true,
    mcpServers: [],
    logDirectory: "/nowhere",
    outputSchema: undefined,
    profile: undefined,
    warnings: [],
    ...config,
  };
}

/** What a sink was told, in order; deltas joined. */
export interface Told {
  readonly sink: ModelStepSink;
  readonly messages: string[];
  readonly reasoning: string[];
  readonly retries: { readonly message: string; readonly attempt: number; readonly max: number; readonly delayMs: number }[];
  readonly quiet: number[];
}

export function listen(): Told {
  const told: Omit<Told, "sink"> = { messages: [], reasoning: [], retries: [], quiet: [] };
  return {
    ...told,
    sink: {
      messageDelta: (text) => void told.messages.push(text),
      reasoningDelta: (text) => void told.reasoning.push(text),
      retrying: (notice) => {
        told.messages.length = 0;
        told.reasoning.length = 0;
        told.retries.push(notice);
      },
      quiet: (seconds) => void told.quiet.push(seconds),
    },
  };
}

const SESSION_ID = "session-1";

export function openTestClient(host: Host, config: Config = testConfig()): ModelClient {
  return openModelClient(config, host, { id: SESSION_ID });
}

export function stepOf(items: readonly ResponseItem[], rest: Partial<ModelStep> = {}): ModelStep {
  return { instructions: "Be brief.", tools: [], ...rest, items };
}

export function userMessage(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

/** One step of a new client, with what its sink was told. */
export async function ask(host: Host, config: Config = testConfig()): Promise<{ readonly outcome: ModelStepOutcome; readonly told: Told }> {
  const told = listen();
  const outcome = await openTestClient(host, config).step(stepOf([userMessage("hello")]), told.sink, never());
  return { outcome, told };
}
