import type { ModelProvider } from "./config.ts";

/** The variables that hold the provider's secrets: no child process sees them. */
export function secretVariables(provider: ModelProvider): readonly string[] {
  return [...(provider.envKey === undefined ? [] : [provider.envKey]), ...Object.values(provider.envHttpHeaders)];
}
