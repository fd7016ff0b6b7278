import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { ConfigSources } from "../../src/config/config-sources.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { ConfigHost } from "../../src/config/paths.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { CodexError } from "../../src/protocol/error-code.ts";

/** A user's home with a Codex home and a project in it, removed when the test is over. */
export interface Fixture {
  /** Absolute, canonical. */
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly host: ConfigHost;
  readonly load: (sources?: Partial<ConfigSources>) => Promise<Config>;
  /** What loading fails with: code, message, hint. Paths below `root` are shown as `~`. */
  readonly fail: (sources?: Partial<ConfigSources>) => Promise<{ code: string; message: string; hint: string | undefined }>;
}

export async function fixture(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Fixture> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "config-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const project = join(root, "project");
  await mkdir(project);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  const host: ConfigHost = {
    env: { HOME: root, ...env },
    fs: nodeFileSystem,
    platform: { os: "linux", arch: "x64", temporaryDirectory: tmpdir() },
  };
  const load: Fixture["load"] = (sources = {}) => loadConfig({ processCwd: project, ...sources }, host);
  const fail: Fixture["fail"] = async (sources) => {
    const error: unknown = await load(sources).then(
      () => new Error("loading succeeded"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof CodexError)) throw error;
    return { code: error.code, message: error.message.replaceAll(root, "~"), hint: error.hint?.replaceAll(root, "~") };
  };
  return { root, home: join(root, ".codex"), project, host, load, fail };
}
