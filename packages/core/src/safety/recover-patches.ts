import type { Host } from "../host/host.ts";
import { journalFolders } from "./journal-folders.ts";

/**
 * Takes back patches in `cwd` that were cut off by a crash; a sentence for each. Loads nothing when there are none. Never rejects.
 */
export async function recoverPatchesIn(
  place: { readonly codexHome: string | undefined; readonly cwd: string },
  host: Pick<Host, "fs" | "clock" | "identity">,
): Promise<readonly string[]> {
  const { fs, clock, identity } = host;
  const folders = await journalFolders(fs, place);
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
  const cwd = await fs.realPath(place.cwd).catch(() => place.cwd);
  return (await recoverPatches({ fs, clock, identity, folders, cwd })).map(describeRecovery);
}
