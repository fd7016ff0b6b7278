/** What holds where nothing else was said. docs/config.md shows the same values; a test compares them. */
export const DEFAULTS = {
  model: "gpt-5.5",
  /** The model `--oss` and the `ollama` provider use. */
  localModel: "gpt-oss:20b",
  modelProvider: "openai",
  approvalPolicy: "unless-allow-listed",
  sandboxMode: "read-only",
  shellEnvironmentInherit: "all",
  projectDocMaxBytes: 32_768,
  projectRootMarkers: [".git"],
  reasoningSummary: "auto",
  toolOutputTokenLimit: 10_000,
  requestMaxRetries: 5,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
  mcpStartupTimeoutSec: 30,
  mcpToolTimeoutSec: 300,
} as const;
