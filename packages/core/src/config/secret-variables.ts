import type { Config, ModelProvider } from "./config.ts";

/** The variables that hold secrets of the provider and of MCP servers on the network: no child process sees them. */
export function secretVariables({ provider, mcpServers }: Pick<Config, "provider" | "mcpServers">): readonly string[] {
  const ofServers = mcpServers.flatMap(({ transport }) => {
    if (transport.type === "stdio") return [];
    return [transport.bearerTokenEnvVar, transport.oauth.clientSecretEnvVar, ...Object.values(transport.envHttpHeaders)];
  });
  return [provider.envKey, ...Object.values(provider.envHttpHeaders), ...ofServers].filter((name) => name !== undefined);
}

/** What a program of the user's own is started with: the user's environment without those secrets. */
export function ownProgramEnvironment(
  config: Pick<Config, "provider" | "mcpServers">,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const secrets = secretVariables(config);
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !secrets.includes(entry[0]));
  return Object.fromEntries(entries);
}

/** Values of `query_params` whose names say that they are secrets; an API version is none. */
export function secretQueryValues(provider: Pick<ModelProvider, "queryParams">): readonly string[] {
  return Object.entries(provider.queryParams).flatMap(([name, value]) => (SECRET_PARAMETER.test(name) ? [value] : []));
}

const SECRET_PARAMETER = /key|token|secret|sig|pass|auth|cred|^code$/i;
