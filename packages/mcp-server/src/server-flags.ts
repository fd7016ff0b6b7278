/** The options of the program and of `codex mcp-server`, as data. */
export const SERVER_FLAGS = [
  {
    name: "config",
    short: "c",
    type: "string",
    multiple: true,
    placeholder: "KEY=VALUE",
    description: "Set a key of config.toml for every thread. What a call says itself goes first. May be repeated.",
  },
  {
    name: "profile",
    short: "p",
    type: "string",
    placeholder: "NAME",
    description: "Use a profile of config.toml unless a call names one.",
  },
  { name: "strict-config", type: "boolean", description: "Treat unknown keys in config.toml as errors." },
  {
    name: "listen",
    type: "string",
    placeholder: "ADDRESS",
    description: "Serve over HTTP instead, on loopback: 127.0.0.1:PORT. CODEX_MCP_SERVER_TOKEN holds the token that hosts must send.",
  },
  {
    name: "approval-timeout",
    type: "string",
    placeholder: "SECONDS",
    description: "How long a question to the user may stay unanswered before it counts as a no. Default 300.",
  },
  {
    name: "idle-timeout",
    type: "string",
    placeholder: "SECONDS",
    description: "How long a thread is kept without a call. Default 3600.",
  },
  {
    name: "max-threads",
    type: "string",
    placeholder: "N",
    description: "How many threads may be open; the one that was idle longest makes room. Default 16.",
  },
] as const;

export interface ServerFlagValues {
  readonly config: readonly string[];
  readonly profile: string | undefined;
  readonly "strict-config": boolean;
  readonly listen: string | undefined;
  readonly "approval-timeout": string | undefined;
  readonly "idle-timeout": string | undefined;
  readonly "max-threads": string | undefined;
}

export interface ListenAddress {
  readonly host: "127.0.0.1" | "::1";
  /** 0 = one that is free. */
  readonly port: number;
}

/** What the server is to be like; everything has a default. */
export interface ServerSettings {
  /** `key=value` for every thread, as `codex -c` takes them. */
  readonly overrides?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  /** Unknown keys of the configuration are errors. */
  readonly strict?: boolean | undefined;
  /** Serve over HTTP there, on this machine only, instead of on the standard streams. */
  readonly listen?: ListenAddress | undefined;
  /** Default 300,000. */
  readonly approvalTimeoutMs?: number | undefined;
  /** Default 3,600,000. */
  readonly idleMs?: number | undefined;
  /** Default 16. */
  readonly maxThreads?: number | undefined;
}

/** The settings that the flags say, or the first flag that makes no sense. */
export function readServerFlags(
  values: ServerFlagValues,
): { readonly ok: true; readonly settings: ServerSettings } | { readonly ok: false; readonly message: string } {
  const numbers = { "approval-timeout": MAX_SECONDS, "idle-timeout": MAX_SECONDS, "max-threads": 1000 } as const;
  for (const [name, most] of Object.entries(numbers)) {
    const value = values[name as keyof typeof numbers];
    if (value === undefined || (/^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= most)) continue;
    return { ok: false, message: `--${name} takes a whole number from 1 to ${String(most)}, not ${JSON.stringify(value)}` };
  }
  const listen = values.listen === undefined ? undefined : listenAddress(values.listen);
  if (values.listen !== undefined && listen === undefined) {
    return {
      ok: false,
      message: `--listen takes an address of this machine, as 127.0.0.1:PORT or [::1]:PORT, not ${JSON.stringify(values.listen)}`,
    };
  }
  const ms = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value) * 1000);
  const { config: overrides, profile, "strict-config": strict, "max-threads": maxThreads } = values;
  return {
    ok: true,
    settings: {
      overrides,
      profile,
      strict,
      listen,
      approvalTimeoutMs: ms(values["approval-timeout"]),
      idleMs: ms(values["idle-timeout"]),
      maxThreads: maxThreads === undefined ? undefined : Number(maxThreads),
    },
  };
}

/** Other machines cannot reach it, and must not. */
function listenAddress(text: string): ListenAddress | undefined {
  const [, name, digits] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (name === undefined || port > 65_535) return undefined;
  return { host: name === "[::1]" ? "::1" : "127.0.0.1", port };
}

/** What a timer can hold. */
const MAX_SECONDS = 2_147_483;
