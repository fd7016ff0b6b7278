import { Codex, createNodeHost, findGitRoot } from "@codex/core";
import type { Connection } from "@codex/tui";
import { loadSessionConfig, openSessionHost, type SessionValues } from "../session-config.ts";

/** The agent for the interface, with this machine as its host. Rejects with a CodexError when the configuration is wrong. */
export async function connect(values: SessionValues): Promise<Connection> {
  const config = await loadSessionConfig(values, { processCwd: process.cwd(), host: createNodeHost() });
  // The screen is taken: a log that cannot be written must not write on it.
  const host = openSessionHost(config, () => undefined);
  const gitRoot = await findGitRoot(config.cwd, host.fs);
  return { host, config, gitRoot, openSession: () => Codex.open(config, host) };
}
