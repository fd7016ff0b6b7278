// @ts-check
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyTree } from "../isolated/copy-tree.mjs";
import { cleanEnvironment } from "../isolated/pnpm.mjs";
import { runCommand } from "../isolated/run-command.mjs";

/**
 * Runs every generator in a fresh copy of the repository and says which generated files come out different. The tree itself is not
 * touched, so it may hold uncommitted work.
 * @param {string} root
 * @param {readonly string[]} pnpm
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function checkGenerated(root, pnpm) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "generated-")));
  try {
    await copyTree(root, copy);
    const env = cleanEnvironment(root);
    const steps = [
      ["git", "init", "--quiet"],
      ["git", "add", "--all"],
      [...pnpm, "install", "--frozen-lockfile", "--prefer-offline"],
      [...pnpm, "generate"],
    ];
    for (const argv of steps) {
      const { code, output } = await runCommand(argv, { cwd: copy, env });
      if (code !== 0) return { ok: false, output: `${argv.join(" ")} failed\n${output}` };
    }
    return await differences(copy, env);
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {string} copy
 * @param {NodeJS.ProcessEnv} env
 */
async function differences(copy, env) {
  const changed = await runCommand(["git", "diff", "--stat", "--patch", "--no-color"], { cwd: copy, env });
  const added = await runCommand(["git", "ls-files", "--others", "--exclude-standard"], { cwd: copy, env });
  const output = `${changed.output}${added.output.replace(/^(?=.)/gm, "new file: ")}`;
  if (output.trim() === "") return { ok: true, output: "" };
  return { ok: false, output: `stale; run "pnpm generate" and commit what it writes\n${output.slice(0, 6000)}\n` };
}
