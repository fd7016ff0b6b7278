import { Codex, createNodeHost, findGitRoot, type Config } from "@codex/core";
import type { Connection } from "@codex/tui";
import { readImages } from "../input/images.ts";
import { loadSessionConfig, openSessionHost, type SessionValues } from "../session-config.ts";

/** The agent for the interface, with this machine as its host. Rejects with a CodexError when the configuration is wrong. */
export async function connect(values: SessionValues & { readonly image: readonly string[] }): Promise<Connection> {
  const config = await loadTuiConfig(values);
  // The screen is taken: a log that cannot be written must not write on it.
  const host = openSessionHost(config, () => undefined);
  const images = await readImages(values.image, process.cwd(), host.fs);
  const gitRoot = await findGitRoot(config.cwd, host.fs);
  const paths = images.flatMap((image) => (image.type === "local_image" ? [image.path] : []));
  return { host, config, gitRoot, images: paths, openSession: () => Codex.open(config, host) };
}

/** What the interface is to work with. Throws a CodexError where it is wrong. */
export function loadTuiConfig(values: SessionValues): Promise<Config> {
  return loadSessionConfig(values, { processCwd: process.cwd(), host: createNodeHost() });
}
