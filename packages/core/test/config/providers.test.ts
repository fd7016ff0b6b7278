import { expect, test } from "vitest";
import { BUILT_IN_PROVIDERS } from "../../src/config/providers.ts";
import { fixture } from "./config-fixture.ts";

test("the built-in providers have their address, key variable and protocol", () => {
  expect(Object.entries(BUILT_IN_PROVIDERS).map(([id, { base_url, env_key, wire_api }]) => [id, base_url, env_key, wire_api])).toEqual([
    ["openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "responses"],
    ["openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "chat"],
    ["gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", "chat"],
    ["ollama", "http://localhost:11434/v1", undefined, "chat"],
    ["mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", "chat"],
    ["deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY", "chat"],
    ["xai", "https://api.x.ai/v1", "XAI_API_KEY", "chat"],
    ["groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", "chat"],
  ]);
});

test("an unknown provider is named with its near misses and where it was asked for", async () => {
  const { fail } = await fixture({
    ".codex/config.toml": '# mine\nmodel_provider = "opnai"\n[model_providers.local]\nbase_url = "http://127.0.0.1:1"\n',
  });
  const hint =
    "Known providers: openai, openrouter, gemini, ollama, mistral, deepseek, xai, groq, local. Define others under [model_providers.<id>] in config.toml.";
  expect(await fail()).toEqual({
    code: "config_invalid",
    message:
      '~/.codex/config.toml:2:18: unknown model provider `opnai`; did you mean `openai`?\n2 | model_provider = "opnai"\n                     ^',
    hint,
  });
  expect(await fail({ overrides: ["model_provider=loca"] })).toEqual({
    code: "config_invalid",
    message: "-c model_provider: unknown model provider `loca`; did you mean `local`?",
    hint,
  });
  expect(await fail({ flags: { provider: "toString" } })).toEqual({
    code: "config_invalid",
    message: "unknown model provider `toString`",
    hint,
  });
});

test("a table under a built-in id changes the fields it names only", async () => {
  const { load } = await fixture({ ".codex/config.toml": '[model_providers.groq]\nenv_key = "OTHER"\nstream_idle_timeout_ms = 9\n' });
  const { provider } = await load({ flags: { provider: "groq" } });
  expect(provider).toEqual({
    id: "groq",
    name: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    envKey: "OTHER",
    envKeyInstructions: undefined,
    wireApi: "chat",
    httpHeaders: {},
    envHttpHeaders: {},
    queryParams: {},
    requestMaxRetries: 5,
    streamMaxRetries: 5,
    streamIdleTimeoutMs: 9,
    supportsResponseStorage: false,
  });
});

test("a provider of one's own needs a base_url, and speaks responses by default", async () => {
  const { fail, load } = await fixture({ ".codex/config.toml": 'model_provider = "mine"\n\n[model_providers.mine]\nname = "Mine"\n' });
  expect(await fail()).toEqual({
    code: "config_invalid",
    message: "~/.codex/config.toml:3:1: the provider `mine` has no `base_url`\n3 | [model_providers.mine]\n    ^",
    hint: "Set model_providers.mine.base_url to the URL that requests go to.",
  });
  const { provider } = await load({ overrides: ['model_providers.mine={ base_url = "http://h/v1///" }'] });
  expect([provider.name, provider.baseUrl, provider.wireApi, provider.envKey, provider.supportsResponseStorage]).toEqual([
    "Mine",
    "http://h/v1",
    "responses",
    undefined,
    false,
  ]);
});

test("OPENAI_BASE_URL moves openai only, and any setting beats it", async () => {
  const { load, fail } = await fixture(
    { ".codex/config.toml": '[profiles.p]\nopenai_base_url = "https://profile/v1"\n' },
    { OPENAI_BASE_URL: "http://127.0.0.1:9/v1/" },
  );
  const baseUrl = async (sources: Parameters<typeof load>[0]) => (await load(sources)).provider.baseUrl;
  expect(await baseUrl({})).toBe("http://127.0.0.1:9/v1");
  expect(await baseUrl({ flags: { provider: "groq" } })).toBe("https://api.groq.com/openai/v1");
  expect(await baseUrl({ profile: "p" })).toBe("https://profile/v1");
  expect(await baseUrl({ profile: "p", overrides: ["model_providers.openai.base_url=https://over/v1"] })).toBe("https://over/v1");
  expect(await baseUrl({ overrides: ["openai_base_url=https://short/v1", "model_providers.openai.name=O"] })).toBe("https://short/v1");
  expect((await fail({ overrides: ["openai_base_url=https://a/v1", "model_providers.openai.base_url=https://b/v1"] })).message).toBe(
    "-c model_providers.openai.base_url: set `openai_base_url` or `model_providers.openai.base_url`, not both",
  );
});

test("an OPENAI_BASE_URL that is no URL is named without being shown; a blank one does not count", async () => {
  const wrong = await fixture({}, { OPENAI_BASE_URL: "user:secret@host" });
  expect(await wrong.fail()).toEqual({
    code: "config_invalid",
    message: "the variable OPENAI_BASE_URL is not an http:// or https:// URL without query or fragment",
    hint: undefined,
  });
  const blank = await fixture({}, { OPENAI_BASE_URL: " " });
  expect((await blank.load()).provider.baseUrl).toBe("https://api.openai.com/v1");
});

test("--oss is ollama with a model that runs there, and contradicts another provider", async () => {
  const { load, fail } = await fixture({ ".codex/config.toml": 'model_provider = "groq"\n' });
  const config = await load({ flags: { oss: true } });
  expect([config.provider.id, config.provider.envKey, config.model]).toEqual(["ollama", undefined, "gpt-oss:20b"]);
  expect((await load({ flags: { oss: true, model: "qwen" } })).model).toBe("qwen");
  expect((await fail({ flags: { oss: true, provider: "groq" } })).message).toBe(
    "--oss means the provider `ollama`, but `groq` was asked for",
  );
});
