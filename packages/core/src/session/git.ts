import { join } from "node:path";
import { ancestors, isThere } from "../config/project-root.ts";
import type { FileSystem } from "../host/host.ts";

/** The nearest directory from `cwd` upwards that holds `.git`, a folder or a worktree's file; undefined outside a repository. */
export async function findGitRoot(cwd: string, fs: Pick<FileSystem, "stat">): Promise<string | undefined> {
  const directories = ancestors(cwd);
  const hits = await Promise.all(directories.map((directory) => isThere(join(directory, ".git"), fs)));
  return directories[hits.indexOf(true)];
}
