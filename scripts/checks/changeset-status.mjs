// @ts-check
import { runCommand } from "../isolated/run-command.mjs";

/** @typedef {{ ok: boolean, output: string, skipped?: string }} StepResult */

/**
 * Whether every package changed since the main branch has a changeset. Skipped where there is no main branch to compare with.
 * @param {string} root
 * @param {readonly string[]} pnpm
 * @returns {Promise<StepResult>}
 */
export async function checkChangesets(root, pnpm) {
  for (const base of ["origin/main", "main"]) {
    const found = await runCommand(["git", "merge-base", base, "HEAD"], { cwd: root });
    if (found.code !== 0) continue;
    // Told a base, the tool reads committed changesets only.
    const pending = await runCommand(["git", "status", "--porcelain", "--", ".changeset"], { cwd: root });
    const since = pending.output.trim() === "" ? [`--since=${base}`] : [];
    const { code, output } = await runCommand([...pnpm, "exec", "changeset", "status", ...since], { cwd: root });
    return { ok: code === 0, output };
  }
  return { ok: true, output: "", skipped: "no main branch to compare with" };
}
