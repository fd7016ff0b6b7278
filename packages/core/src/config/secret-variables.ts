import type { ModelProvider } from "./config.ts";

/** The variables that hold the provider's secrets: no child process sees them. */
export function secretVariables(provider: ModelProvider): readonly string[] {
  return [...(provider.envKey === undefined ? [] : [provider.envKey]), ...Object.values(provider.envHttpHeaders)];
}

/** What a program of the user's own is started with: the user's environment without the provider's secrets. */
export function ownProgramEnvironment(provider: ModelProvider, env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const secrets = secretVariables(provider);
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !secrets.includes(entry[0]));
  return Object.fromEntries(entries);
}

/** Values of `query_params` whose names say that they are secrets; an API version is none. */
export function secretQueryValues(provider: Pick<ModelProvider, "queryParams">): readonly string[] {
  return Object.entries(provider.queryParams).flatMap(([name, value]) => (SECRET_PARAMETER.test(name) ? [value] : []));
}

const SECRET_PARAMETER = /key|token|secret|sig|pass|auth|cred|^code$/i;
