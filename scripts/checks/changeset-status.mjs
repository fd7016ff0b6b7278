// @ts-check
import { runCommand } from "../isolated/run-command.mjs";

/** @typedef {{ ok: boolean, output: string, skipped?: string }} StepResult */

/**
 * Whether every package changed since the main branch has a changeset, and every changeset makes sense. On the main branch itself
 * all pending changesets count. Skipped where there is no main branch to compare with.
 * @param {string} root
 * @param {readonly string[]} pnpm
 * @returns {Promise<StepResult>}
 */
export async function checkChangesets(root, pnpm) {
  const head = await git(root, "rev-parse", "HEAD");
  for (const base of ["origin/main", "main"]) {
    const fork = await git(root, "merge-base", base, "HEAD");
    if (fork === undefined) continue;
    // Told a base, the tool reads only the changesets committed since; untold, it needs a local main.
    const readsAll = fork === head || (await git(root, "status", "--porcelain", "--", ".changeset")) !== "";
    if (readsAll && (await git(root, "rev-parse", "--verify", "--quiet", "main")) === undefined) break;
    const since = readsAll ? [] : [`--since=${base}`];
    const { code, output } = await runCommand([...pnpm, "exec", "changeset", "status", ...since], { cwd: root });
    return { ok: code === 0, output };
  }
  return { ok: true, output: "", skipped: "no main branch to compare with" };
}

/**
 * What git printed, or undefined when it failed.
 * @param {string} root
 * @param {string[]} args
 */
async function git(root, ...args) {
  const { code, output } = await runCommand(["git", ...args], { cwd: root });
  return code === 0 ? output.trim() : undefined;
}
