import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";

export interface RepositoryScan {
  /** Paths of entries with one of the names below the root, not those at its top. */
  readonly found: readonly string[];
  /** False when the limit ended the search. */
  readonly complete: boolean;
}

/**
 * Searches a folder for entries with the given names, nearest first, opening at most `folders` folders and stopping at `most`
 * entries. Links are not followed and found entries not entered. Folders of installed packages come last: repositories are rare there.
 */
export function findRepositories(
  root: string,
  { names, folders, most }: { names: readonly string[]; folders: number; most: number },
): RepositoryScan {
  const wanted = new Set(names);
  const found: string[] = [];
  const queue: string[] = [root];
  const later: string[] = [];
  for (let opened = 0; ; opened++) {
    const folder = queue.shift() ?? later.shift();
    if (folder === undefined) return { found, complete: true };
    if (opened === folders || found.length >= most) return { found, complete: false };
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (wanted.has(entry.name)) {
        if (folder !== root) found.push(path);
      } else if (entry.isDirectory()) {
        (PACKAGE_FOLDERS.has(entry.name) ? later : queue).push(path);
      }
    }
  }
}

const PACKAGE_FOLDERS = new Set(["node_modules", "target", ".venv", "venv", ".cache", "__pycache__"]);

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
