import type { ModelProvider } from "./config.ts";
import { DEFAULTS } from "./defaults.ts";
import { didYouMean } from "./near-miss.ts";
import type { ModelProviderToml } from "./schema.ts";

type BuiltIn = Required<Pick<ModelProviderToml, "name" | "base_url">> & ModelProviderToml;

/** The providers that need no configuration but a key. */
export const BUILT_IN_PROVIDERS: Readonly<Record<string, BuiltIn>> = {
  openai: {
    name: "OpenAI",
    base_url: "https://api.openai.com/v1",
    env_key: "OPENAI_API_KEY",
    env_key_instructions: "Set OPENAI_API_KEY to your key; create one at https://platform.openai.com/api-keys.",
    wire_api: "responses",
    supports_response_storage: true,
  },
  openrouter: chat("OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
  gemini: chat("Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
  ollama: chat("Ollama", "http://localhost:11434/v1"),
  mistral: chat("Mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
  deepseek: chat("DeepSeek", "https://api.deepseek.com", "DEEPSEEK_API_KEY"),
  xai: chat("xAI", "https://api.x.ai/v1", "XAI_API_KEY"),
  groq: chat("Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
};

export type ResolvedProvider =
  | { readonly ok: true; readonly provider: ModelProvider }
  | { readonly ok: false; readonly unknown: boolean; readonly message: string; readonly hint: string };

/**
 * The provider `id`: a built-in one with the fields `entries[id]` sets put over its own, or a user-defined one.
 */
export function resolveProvider(id: string, entries: Readonly<Record<string, ModelProviderToml>>): ResolvedProvider {
  const builtIn = Object.hasOwn(BUILT_IN_PROVIDERS, id) ? BUILT_IN_PROVIDERS[id] : undefined;
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined;
  if (builtIn === undefined && entry === undefined) {
    const known = [...new Set([...Object.keys(BUILT_IN_PROVIDERS), ...Object.keys(entries)])];
    const hint = `Known providers: ${known.join(", ")}. Define others under [model_providers.<id>] in config.toml.`;
    return { ok: false, unknown: true, message: `unknown model provider \`${id}\`${didYouMean(id, known)}`, hint };
  }
  const fields: ModelProviderToml = { ...builtIn, ...entry };
  if (fields.base_url === undefined) {
    return {
      ok: false,
      unknown: false,
      message: `the provider \`${id}\` has no \`base_url\``,
      hint: `Set model_providers.${id}.base_url to the URL that requests go to.`,
    };
  }
  return { ok: true, provider: toProvider(id, fields, fields.base_url) };
}

function toProvider(id: string, fields: ModelProviderToml, baseUrl: string): ModelProvider {
  return {
    id,
    name: fields.name ?? id,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    envKey: fields.env_key,
    envKeyInstructions: fields.env_key_instructions,
    wireApi: fields.wire_api ?? "responses",
    httpHeaders: fields.http_headers ?? {},
    envHttpHeaders: fields.env_http_headers ?? {},
    queryParams: fields.query_params ?? {},
    requestMaxRetries: fields.request_max_retries ?? DEFAULTS.requestMaxRetries,
    streamMaxRetries: fields.stream_max_retries ?? DEFAULTS.streamMaxRetries,
    streamIdleTimeoutMs: fields.stream_idle_timeout_ms ?? DEFAULTS.streamIdleTimeoutMs,
    supportsResponseStorage: fields.supports_response_storage ?? false,
  };
}

function chat(name: string, baseUrl: string, envKey?: string): BuiltIn {
  return { name, base_url: baseUrl, wire_api: "chat", ...(envKey === undefined ? {} : { env_key: envKey }) };
}
