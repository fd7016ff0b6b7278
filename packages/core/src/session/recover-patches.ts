import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { journalFolders } from "../safety/journal-folders.ts";

/** Takes back patches in the working directory that were cut off by a crash; a sentence for each. Never rejects. */
export async function recoverPatchesAtStart(config: Config, host: Host): Promise<readonly string[]> {
  const { fs, clock, identity } = host;
  const folders = await journalFolders(fs, config);
  const kept = await Promise.all(
    folders.map(({ path }) =>
      fs.readDirectory(path).then(
        (names) => names.length > 0,
        () => false,
      ),
    ),
  );
  if (!kept.includes(true)) return [];
  const { describeRecovery, recoverPatches } = await import("../patch/recover.ts");
  const cwd = await fs.realPath(config.cwd).catch(() => config.cwd);
  return (await recoverPatches({ fs, clock, identity, folders, cwd })).map(describeRecovery);
}
