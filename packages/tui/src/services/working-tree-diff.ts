import type { Host } from "@codex/core";
import { runProgram, type ProgramResult } from "./run-program.ts";

/** New files shown, at most. */
const NEW_FILES = 50;

/** What `git diff` says of the working tree, new files included; a sentence when there is nothing to show. */
export async function workingTreeDiff(host: Pick<Host, "processes" | "env">, cwd: string, signal: AbortSignal): Promise<string> {
  const git = (...words: string[]): Promise<ProgramResult> =>
    runProgram(host, ["git", "-c", "core.quotepath=off", ...words], { cwd, signal });
  // External diff programs and text conversions are the user's configuration, and would run unasked.
  const plain = ["--no-ext-diff", "--no-textconv", "--no-color"];
  const tracked = await git("diff", ...plain, "HEAD");
  const isHead = tracked.outcome.type === "exited" && tracked.outcome.exitCode === 0;
  const changed = isHead ? tracked : await git("diff", ...plain);
  if (changed.outcome.type !== "exited" || changed.outcome.exitCode !== 0) {
    return changed.outcome.type === "not_started" ? "git is not installed here." : "This folder is not inside a git repository.";
  }
  const others = await git("ls-files", "-z", "--others", "--exclude-standard");
  const files = others.output.split("\0").filter((path) => path !== "");
  const made = await Promise.all(files.slice(0, NEW_FILES).map((path) => git("diff", ...plain, "--no-index", "--", "/dev/null", path)));
  const text = changed.output + made.map(({ output }) => output).join("");
  return text === "" ? "Nothing has changed since the last commit." : text;
}
