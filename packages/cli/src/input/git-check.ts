import { CodexError, findGitRoot, type Host } from "@codex/core";

/** Throws a CodexError `not_a_git_repository` when changes made below `cwd` could not be looked at and undone with git. */
export async function requireGitRepository(cwd: string, fs: Host["fs"]): Promise<void> {
  if ((await findGitRoot(cwd, fs)) !== undefined) return;
  throw new CodexError("not_a_git_repository", `${cwd} is not inside a git repository`, {
    hint: "What Codex changes could not be undone with git. To work here all the same, pass --skip-git-repo-check.",
  });
}
