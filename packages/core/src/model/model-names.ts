import type { Config } from "../config/config.ts";
import { nearMisses } from "../config/near-miss.ts";
import type { Host } from "../host/host.ts";
import type { Endpoint } from "./endpoint.ts";

const LIMIT_MS = 3000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_NAMES = 3;

interface Context {
  readonly config: Config;
  readonly host: Host;
}

/** Names in the provider's model list that resemble the configured one, closest first. Empty when the list cannot be had within 3 s. */
export async function closeModelNames({ config, host }: Context, endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener("abort", stop, { once: true });
  const cancel = host.clock.timer(LIMIT_MS, stop);
  try {
    if (signal.aborted) return [];
    const ended = new Promise<never>((_resolve, reject) => {
      controller.signal.addEventListener("abort", () => reject(new Error("the model list took too long")), { once: true });
    });
    const names = await Promise.race([listModels({ config, host }, endpoint, controller.signal), ended]);
    return closest(config.model, names);
  } catch (error) {
    host.log.write("debug", "the model list could not be read", { error: error instanceof Error ? error.message : String(error) });
    return [];
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

async function listModels({ config, host }: Context, endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]> {
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: endpoint.key ?? "none",
    baseURL: config.provider.baseUrl,
    defaultHeaders: { ...endpoint.headers, authorization: endpoint.key === undefined ? null : `Bearer ${endpoint.key}` },
    defaultQuery: { ...config.provider.queryParams },
    maxRetries: 0,
    fetch: (input, init) => fetchThrough(host, input, init),
    organization: null,
    project: null,
    logLevel: "off",
  });
  const page = await client.models.list({ signal });
  return page.data.flatMap((model) => (typeof model.id === "string" ? [model.id] : []));
}

/** `fetch` over the host's transport, for small answers. */
async function fetchThrough(host: Host, input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
  const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
  const headers = Object.fromEntries(new Headers(init?.headers).entries());
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let answerHeaders: Readonly<Record<string, string | undefined>> = {};
  const sink = {
    head: (code: number, received: Readonly<Record<string, string | undefined>>): void => {
      status = code;
      answerHeaders = received;
    },
    data: (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size <= MAX_BYTES) chunks.push(Buffer.from(chunk));
    },
  };
  const end = await host.model.send({ method: "GET", url, headers, body: "" }, sink, init?.signal ?? new AbortController().signal);
  if (end.type !== "ended" || status < 200 || size > MAX_BYTES) throw new TypeError("the request failed");
  return new Response(Buffer.concat(chunks), { status, headers: { "content-type": answerHeaders["content-type"] ?? "application/json" } });
}

function closest(wanted: string, names: readonly string[]): readonly string[] {
  const longer = names.filter((name) => name.startsWith(wanted));
  return [...new Set([...nearMisses(wanted, names), ...longer])].slice(0, MAX_NAMES);
}
