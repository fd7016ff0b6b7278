import { join } from "node:path";
import type { FileSystem } from "../host/host.ts";
import type { JournalFolder } from "../patch/journal.ts";
import { isWritableBelow } from "./path-containment.ts";

/**
 * Where journals of patches in `cwd` are kept: in codex home, or, where that cannot be written (inside a sandbox, say), beside
 * the files. What lies beside the files may have come with them, so it reaches no farther than they do. Both absolute.
 */
export async function journalFolders(
  fs: Pick<FileSystem, "realPath">,
  place: { readonly codexHome: string | undefined; readonly cwd: string },
): Promise<JournalFolder[]> {
  const { codexHome } = place;
  const cwd = await fs.realPath(place.cwd).catch(() => place.cwd);
  const beside = { path: join(cwd, ".codex-patch-journal"), covers: (path: string) => isWritableBelow(cwd, path) };
  return codexHome === undefined ? [beside] : [{ path: join(codexHome, "patch-journal") }, beside];
}
