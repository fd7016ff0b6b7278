import type { FileSystem } from "@codex/core";

/** The branch of the repository at `root`, or the first letters of the commit it is at; empty when it cannot be told. */
export async function readBranch(fs: FileSystem, root: string): Promise<string> {
  try {
    const dotGit = `${root}/.git`;
    const stat = await fs.stat(dotGit);
    const folder = stat?.kind === "file" ? linkedFolder(await text(fs, dotGit), root) : dotGit;
    const head = (await text(fs, `${folder}/HEAD`)).trim();
    return head.startsWith("ref: refs/heads/") ? head.slice("ref: refs/heads/".length) : head.slice(0, 8);
  } catch {
    return "";
  }
}

/** A worktree's `.git` is a file that names its folder. */
function linkedFolder(content: string, root: string): string {
  const path = content.replace(/^gitdir:\s*/, "").trim();
  return path.startsWith("/") ? path : `${root}/${path}`;
}

async function text(fs: FileSystem, path: string): Promise<string> {
  return new TextDecoder().decode(await fs.readFile(path));
}
